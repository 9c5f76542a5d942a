"""Chunks as they are stored: which of them may be shown, their text, and their rows.

The two questions that every answer asks of the tables, each one statement, compiled once.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, select

from openbook.stores.schema import chunks, documents, texts, versions
from openbook.types import NOT_SERVED, BlockKind, Chunk, Sentence, Span


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with everything that a hit shows of it."""

    id: int
    document_id: str
    version: int
    path: str
    title: str
    url: str
    updated_at: datetime | None
    chunk: Chunk
    text: str
    header_text: str


def of_live_version() -> Any:
    """The condition that joins a document with its live version."""
    return and_(
        versions.c.tenant == documents.c.tenant,
        versions.c.document_id == documents.c.id,
        versions.c.number == documents.c.live_version,
    )


def live_places(
    connection: Connection, tenant: str, ids: Sequence[int], *, audiences: Sequence[str], at: datetime
) -> dict[int, tuple[str, int]]:
    """Of these chunks those that may be shown: live, valid at that moment, for one of the audiences.

    Returns:
        By chunk id its document's path and its place in there, which order equal scores.
    """
    allowed = set(audiences)
    rows = connection.execute(_live_query(), {"tenant": tenant, "ids": list(ids)})
    return {
        row.id: (row.path, row.ordinal)
        for row in rows
        if allowed.intersection(row.audiences) and row.status not in NOT_SERVED and _valid(row, at)
    }


@cache
def _live_query() -> Select[Any]:
    return (
        select(
            chunks.c.id,
            chunks.c.ordinal,
            documents.c.path,
            versions.c.audiences,
            versions.c.status,
            versions.c.valid_from,
            versions.c.valid_until,
        )
        .select_from(chunks)
        .join(documents, _of_document())
        .join(versions, and_(of_live_version(), versions.c.number == chunks.c.version))
        .where(
            chunks.c.tenant == bindparam("tenant"),
            chunks.c.id.in_(bindparam("ids", expanding=True)),
            versions.c.state == "live",
        )
    )


def load_chunks(connection: Connection, tenant: str, ids: Sequence[int]) -> dict[int, StoredChunk]:
    """These chunks with their text, whatever became of their versions; erased ones are left out."""
    rows = connection.execute(_chunk_query(), {"tenant": tenant, "ids": list(ids)})
    return {row.id: _to_stored_chunk(row) for row in rows if row.text is not None and row.title is not None}


@cache
def _chunk_query() -> Select[Any]:
    source, title, heading = texts.alias("source"), texts.alias("title"), texts.alias("heading")

    def owned(table: Any, digest: Any) -> Any:
        return and_(table.c.tenant == chunks.c.tenant, table.c.owner == chunks.c.document_id, table.c.hash == digest)

    def cut(start: Any, end: Any) -> Any:
        return func.substr(source.c.body, start + 1, end - start)

    version = and_(
        versions.c.tenant == chunks.c.tenant,
        versions.c.document_id == chunks.c.document_id,
        versions.c.number == chunks.c.version,
    )
    return (
        select(
            chunks,
            versions.c.url,
            versions.c.updated_at,
            documents.c.path,
            title.c.body.label("title"),
            heading.c.body.label("heading"),
            cut(chunks.c.start, chunks.c.end).label("text"),
            cut(chunks.c.header_start, chunks.c.header_end).label("header_text"),
        )
        .select_from(chunks)
        .join(documents, _of_document())
        .join(versions, version)
        .outerjoin(source, owned(source, versions.c.text_hash))
        .outerjoin(title, owned(title, versions.c.title_hash))
        .outerjoin(heading, owned(heading, chunks.c.heading_hash))
        .where(chunks.c.tenant == bindparam("tenant"), chunks.c.id.in_(bindparam("ids", expanding=True)))
    )


def _of_document() -> Any:
    return and_(chunks.c.tenant == documents.c.tenant, chunks.c.document_id == documents.c.id)


def _valid(row: Row[Any], at: datetime) -> bool:
    return (row.valid_from is None or row.valid_from <= at) and (row.valid_until is None or at < row.valid_until)


def _to_stored_chunk(row: Row[Any]) -> StoredChunk:
    chunk = to_chunk(row)
    return StoredChunk(
        id=row.id,
        document_id=row.document_id,
        version=row.version,
        path=row.path,
        title=row.title or "",
        url=row.url,
        updated_at=row.updated_at,
        chunk=chunk,
        text=row.text or "",
        header_text=row.header_text or "",
    )


def to_chunk(row: Row[Any]) -> Chunk:
    """A chunk from its row, which carries its heading path's text as `heading`."""
    return Chunk(
        ordinal=row.ordinal,
        span=Span(row.start, row.end),
        heading_path=tuple(json.loads(row.heading)) if row.heading else (),
        sentences=tuple(_to_sentence(*stored) for stored in row.sentences),
        kind=BlockKind(row.kind),
        header=None if row.header_start is None else Span(row.header_start, row.header_end),
        locator=row.locator,
    )


def from_sentence(sentence: Sentence) -> list[int | str]:
    """A sentence as it is stored: start, end, kind, block, and its header's start and end if it has one."""
    header = sentence.header
    stored: list[int | str] = [sentence.start, sentence.end, sentence.kind.value, sentence.block]
    return stored if header is None else [*stored, header.start, header.end]


def _to_sentence(start: int, end: int, kind: str, block: int, *header: int) -> Sentence:
    return Sentence(start, end, BlockKind(kind), block, Span(*header) if header else None)
