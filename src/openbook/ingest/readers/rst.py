"""Reads reStructuredText with docutils: the document tree by way of HTML elements into blocks.

Nothing is included, fetched or executed. What Sphinx adds keeps its text, as far as it stands
in this file: the titles of other pages, to which a reference only names a label, are not known.
"""

import re
import threading
from typing import Any

from openbook.ingest.composer import Composer
from openbook.ingest.decoding import decode
from openbook.ingest.markup.doctree import Converter, take_fields
from openbook.ingest.markup.visibility import is_hidden
from openbook.ingest.markup.walker import Walker
from openbook.ingest.metadata import Described, describe, parse_moment
from openbook.ingest.readers.plain import compose_lines
from openbook.types import Extract, Metadata

_DOCUTILS = threading.Lock()  # docutils keeps the roles that a text defines in one place for the whole process
_CHARACTERS_LIMIT = 500_000
_PARAGRAPH_LIMIT = 100_000
_LINE_LIMIT = 10_000
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 2,
    "halt_level": 5,
    "warning_stream": False,
    "syntax_highlight": "none",
    "smart_quotes": False,
    "docinfo_xform": False,
    "doctitle_xform": False,
    "sectnum_xform": False,
    "line_length_limit": _LINE_LIMIT,
    "input_encoding": "unicode",
}
_DATES = ("date", "lastmod", "last_modified", "modified", "updated")


def read(data: bytes, *, path: str) -> Extract:
    """The extract of a reStructuredText file.

    Raises:
        ReadError: The bytes are no text, or a field at the top that limits its readers does not fit.
    """
    decoded = decode(data, path=path)
    composer = Composer()
    composer.notices.extend(decoded.notices)
    metadata = Metadata()
    try:
        with _DOCUTILS:
            fields, converter, body = _converted(decoded.text)
    except _Unparsable as error:
        composer.notices.append(f"read as plain text: {error}")
        compose_lines(decoded.text, composer)
        return composer.finish(metadata, path=path)
    described = _described(fields)
    composer.notices.extend(described.notices)
    composer.notices.extend(f"includes {name}, which is read as its own file" for name in converter.included)
    if converter.problems:
        count = len(converter.problems)
        places = "1 place" if count == 1 else f"{count} places"
        composer.notices.append(f"the markup has a mistake in {places}, such as {converter.problems[0]}")
    Walker(composer, is_dropped=is_hidden).walk(body)
    return composer.finish(described.metadata, path=path)


class _Unparsable(Exception):
    """The text cannot be parsed as reStructuredText; the message says why."""


def _converted(text: str) -> tuple[list[tuple[str, str]], Converter, Any]:
    """The fields at the top, and the HTML elements; the caller holds the lock."""
    from docutils.parsers.rst import roles  # deferred: 100 ms that only such a file needs

    if len(text) > _CHARACTERS_LIMIT:
        raise _Unparsable(f"it has more than {_CHARACTERS_LIMIT} characters")
    if any(len(paragraph) > _PARAGRAPH_LIMIT for paragraph in re.split(r"\n[ \t]*\n", text)):
        raise _Unparsable(f"a paragraph has more than {_PARAGRAPH_LIMIT} characters")
    if any(len(line) > _LINE_LIMIT for line in text.split("\n")):
        raise _Unparsable(f"a line has more than {_LINE_LIMIT} characters")
    registered: dict[str, Any] = vars(roles)["_roles"]
    known = dict(registered)
    try:
        document = _parse(text)
        converter = Converter(_parse)
        return take_fields(document), converter, converter.convert(document)
    except RecursionError as error:
        raise _Unparsable("it is nested too deeply") from error
    except Exception as error:  # docutils has no common root of what it raises on odd texts
        raise _Unparsable(f"its markup is broken ({type(error).__name__})") from error
    finally:
        registered.clear()
        registered.update(known)


def _parse(text: str) -> Any:
    from docutils.core import publish_doctree  # deferred: see above

    return publish_doctree(text, settings_overrides=_SETTINGS)


def _described(fields: list[tuple[str, str]]) -> Described:
    """Metadata from the fields at the top, which Sphinx and docutils do not show as text either."""
    values = {name.strip().casefold().replace("-", "_"): " ".join(text.split()) for name, text in fields}
    changed = next((values[name] for name in _DATES if parse_moment(values.get(name, ""))), "")
    values.setdefault("updated_at", changed)
    values.setdefault("locale", values.get("language", ""))
    return describe(values)
