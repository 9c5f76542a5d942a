"""Reads lists of articles in JSON and JSON Lines: help-centre pages, questions with answers, notes.

A record is an article if it has a title or question, and a text or sections of its own; the text may be
HTML, Markdown or plain. It is asked last, so JSON that nobody knows ends here, with its keys named. It
does not know the relations between articles.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, BinaryIO

from openbook.errors import ReadError
from openbook.ingest import article
from openbook.ingest.composer import Composer
from openbook.ingest.markup.rich_text import compose_text
from openbook.ingest.metadata import describe
from openbook.ingest.records import first_records, read_records
from openbook.types import BrokenPart, Extract, Metadata, Part, Ticket

_SUFFIXES = (".json", ".jsonl", ".ndjson")
_LOOKED_AT = 20
_DEPTH_LIMIT = 5
_DEEPEST_HEADING = 6
_SHOWN_KEYS = 12

Record = Mapping[str, Any]


def recognises(sample: bytes, *, path: str) -> bool:
    """Whether a file that starts like this lists articles."""
    if not path.lower().endswith(_SUFFIXES):
        return False
    return any(map(article.is_article, first_records(sample, path=path, limit=_LOOKED_AT)))


def read_all(stream: BinaryIO, *, path: str) -> Iterator[Part | BrokenPart | Ticket]:
    """The articles of a file. Of two with the same id the first counts.

    Raises:
        ReadError: The file holds no records, or none of them is an article.
    """
    seen: set[str] = set()
    held: list[BrokenPart] = []
    keys = ""
    for number, record in enumerate(read_records(stream, path=path), start=1):
        if isinstance(record, BrokenPart):
            yield record
        elif article.is_article(record):
            yield from held
            held.clear()
            yield _part(record, seen=seen, path=path)
        elif seen:
            yield _no_article(record, number=number)
        else:
            keys = keys or _found(record)
            held.append(_no_article(record, number=number))
            if len(held) == _LOOKED_AT:
                break
    if held:
        raise ReadError(f"{path} holds no articles: its records have {keys}.", fix=f"Give each record {_needed()}.")


def _no_article(record: Record, *, number: int) -> BrokenPart:
    name = article.name_of(record) or f"record {number}"
    return BrokenPart(name, f"it is no article: it has {_found(record)}, and needs {_needed()}")


def _part(record: Record, *, seen: set[str], path: str) -> Part | BrokenPart:
    name = article.name_of(record)
    if name in seen:
        return BrokenPart(name, f"another article before it is called {name}; the first one counts")
    seen.add(name)
    try:
        extract = _extract(record, path=path)
    except ReadError as error:
        return BrokenPart(name, error.message)
    return Part(name, "article", extract) if extract.blocks else BrokenPart(name, "it holds no text")


def _extract(record: Record, *, path: str) -> Extract:
    described = describe(article.values_of(record))
    composer = Composer()
    composer.notices.extend(described.notices)
    composer.heading(described.metadata.title, level=1)
    said = _compose(record, composer, level=1, title=described.metadata.title)
    labels = tuple(("label", label) for label in article.labels_of(record))
    return composer.finish(replace(_completed(described.metadata, said), attributes=labels), path=path)


def _compose(record: Record, composer: Composer, *, level: int, title: str) -> Metadata:
    """Writes text and sections of a record under its heading; returns what its text says about itself."""
    text, form = article.body_of(record)
    said = compose_text(text, composer, under=level, form=form, title=title)
    if level <= _DEPTH_LIMIT:
        for section in article.sections_of(record):
            heading = article.title_of(section)
            composer.heading(heading, level=min(level + 1, _DEEPEST_HEADING))
            _compose(section, composer, level=level + 1, title=heading)
    return said


def _completed(metadata: Metadata, said: Metadata) -> Metadata:
    """What the record says, completed by what its text says: front matter, or the head of a page."""
    return Metadata(
        title=metadata.title,
        audiences=metadata.audiences or said.audiences,
        locale=metadata.locale or said.locale,
        product=metadata.product or said.product,
        status=metadata.status or said.status,
        valid_from=metadata.valid_from or said.valid_from,
        valid_until=metadata.valid_until or said.valid_until,
        updated_at=metadata.updated_at or said.updated_at,
        url=metadata.url or said.url,
    )


def _found(record: Record) -> str:
    keys = [str(key)[:40] for key in islice(record, _SHOWN_KEYS)]
    return f"the keys {', '.join(keys)}" if keys else "no keys"


def _needed() -> str:
    return f"a title ({', '.join(article.TITLE_KEYS[:4])}) and a text ({', '.join(article.BODY_KEYS[:8])})"
