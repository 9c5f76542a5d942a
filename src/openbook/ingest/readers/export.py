"""Reads exports of help desks: articles become documents, tickets become tickets and, where resolved, documents.

Each record is matched to one of the layouts by the names of its fields, so a file may mix tickets and
articles. The records come one after another; of those that were read only the ids are kept, to
notice one that occurs twice. It knows nothing about how tickets are stored or evaluated.
"""

import io
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from openbook.errors import ReadError
from openbook.ingest.exports import freshdesk, intercom, tabular, zendesk
from openbook.ingest.exports.case import Case, Layout
from openbook.ingest.exports.fields import shown, text_at
from openbook.ingest.exports.knowledge import masked_ticket, ticket_part
from openbook.ingest.records import read_records
from openbook.types import BrokenPart, Part, Ticket

_LAYOUTS: tuple[Layout, ...] = (zendesk, intercom, freshdesk, tabular)
_NAME = re.compile(r'"([^"\\]{1,60})"\s*:')
_WRAPPERS = ("ticket", "article", "conversation", "helpdesk_ticket", "solution_article")


def recognises(sample: bytes, *, path: str) -> bool:
    """Whether the first record of a file that starts like this is a ticket or an article of a known layout."""
    return _layout(_first_names(sample, path=path)) is not None


def read_all(stream: BinaryIO, *, path: str) -> Iterator[Part | BrokenPart | Ticket]:
    """Every article and ticket of an export, in its order; after each resolved ticket its document.

    Raises:
        ReadError: The file is no text or holds no records, or a table lacks a column it needs.
    """
    seen: set[str] = set()
    is_table = PurePosixPath(path).suffix.lower() in (".csv", ".tsv")
    for number, record in enumerate(read_records(stream, path=path), start=1):
        if isinstance(record, BrokenPart):
            yield record
            continue
        if is_table and number == 1:
            tabular.refuse_missing_columns(record)
        inner = _unwrapped(record)
        try:
            for reading in _read(inner):
                yield from _unseen(reading, seen)
        except ReadError as error:
            yield BrokenPart(text_at(inner, "id") or f"record {number}", error.message)


def _read(record: Mapping[str, Any]) -> Iterator[Case | Part]:
    layout = _layout(record)
    if layout is None:
        raise ReadError(
            f"it is no ticket and no article of a known help desk; its fields are {shown(record)}.",
            fix="Export tickets with their messages, and articles with their bodies.",
        )
    yield from layout.read(record)


def _unseen(reading: Case | Part, seen: set[str]) -> Iterator[Part | BrokenPart | Ticket]:
    """What becomes of a reading whose id was not seen before."""
    name = f"ticket {reading.ticket.id}" if isinstance(reading, Case) else reading.name
    if name in seen:
        yield BrokenPart(name, "its id occurs more than once in the file; the first one was read")
        return
    seen.add(name)
    if isinstance(reading, Part):
        yield reading
        return
    ticket = masked_ticket(reading)
    yield ticket
    part = ticket_part(ticket, reading)
    if part is not None:
        yield part


def _layout(names: Collection[str]) -> Layout | None:
    return next((layout for layout in _LAYOUTS if layout.fits(names)), None)


def _unwrapped(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record itself where it stands alone under a name such as "ticket"."""
    found = (record[name] for name in _WRAPPERS if len(record) == 1 and isinstance(record.get(name), Mapping))
    return next(found, record)


def _first_names(sample: bytes, *, path: str) -> Collection[str]:
    """The names of the first record's fields; of one that the sample cuts off, all names in it."""
    try:
        first = next(read_records(io.BytesIO(sample), path=path))
    except ReadError:
        return ()
    if isinstance(first, BrokenPart):
        return set(_NAME.findall(sample.decode("utf-8", "replace")))
    return tuple(_unwrapped(first))
