"""Chunks as they are stored: which of them may be shown, their text, and their rows.

The two questions that every answer asks of the tables, each one statement, compiled once.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, and_, bindparam, func, or_, select, type_coerce

from openbook.stores.schema import chunks, documents, texts, vectors, versions
from openbook.stores.vectors import TextVectors, unpacked
from openbook.types import NOT_SERVED, BlockKind, Chunk, Sentence, Span

_FOLLOWING = 80


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
    following: str = ""
    vectors: TextVectors | None = None


def of_live_version() -> Any:
    """The condition that joins a document with its live version."""
    return and_(
        versions.c.tenant == documents.c.tenant,
        versions.c.document_id == documents.c.id,
        versions.c.number == documents.c.live_version,
    )


def live_places(
    connection: Connection,
    tenant: str,
    ids: Sequence[int],
    *,
    audiences: Sequence[str],
    at: datetime,
    since: datetime | None = None,
) -> dict[int, tuple[str, int]]:
    """Of these chunks those that may be shown: live, valid at that moment, for one of the audiences.

    Args:
        connection: Where they are stored.
        tenant: Whose they are.
        ids: The chunks.
        audiences: Who asks.
        at: The moment for which validity is judged.
        since: Only documents that were changed at or after this moment, or None for all.

    Returns:
        By chunk id its document's path and its place in there, which order equal scores.
    """
    rows = connection.execute(_live_query(dated=since is not None), _known(tenant, ids, at, since))
    return {row.id: (row.path, row.ordinal) for row in rows if not _seen_by(row.audiences).isdisjoint(audiences)}


def _known(tenant: str, ids: Sequence[int], at: datetime, since: datetime | None) -> dict[str, Any]:
    known = {"tenant": tenant, "ids": list(ids), "at": at}
    return known if since is None else {**known, "since": since}


@cache
def _live_query(*, dated: bool) -> Select[Any]:
    """Audiences come as they are stored, to be read once for all chunks that have the same."""
    query = (
        select(
            chunks.c.id, chunks.c.ordinal, documents.c.path, type_coerce(versions.c.audiences, Text).label("audiences")
        )
        .select_from(chunks)
        .join(documents, _of_document())
        .join(versions, and_(of_live_version(), versions.c.number == chunks.c.version))
        .where(
            chunks.c.tenant == bindparam("tenant"),
            chunks.c.id.in_(bindparam("ids", expanding=True)),
            versions.c.state == "live",
            versions.c.status.not_in(NOT_SERVED),
            or_(versions.c.valid_from.is_(None), versions.c.valid_from <= bindparam("at")),
            or_(versions.c.valid_until.is_(None), versions.c.valid_until > bindparam("at")),
        )
    )
    return query.where(versions.c.updated_at >= bindparam("since")) if dated else query


@lru_cache(maxsize=1024)
def _seen_by(audiences: str) -> frozenset[str]:
    return frozenset(json.loads(audiences))


def chunks_naming(
    connection: Connection,
    tenant: str,
    words: str,
    *,
    places: Callable[[str], Iterable[int]],
    matches: Callable[[Sequence[str], str, str], bool],
) -> list[int]:
    """The chunks of live versions in which these very words stand, in any case, in order of id.

    Looks through the texts themselves, since no index has the exact words.

    Args:
        connection: Where they are stored.
        tenant: Whose they are.
        words: What must stand in the text, letter by letter.
        places: Where in a text they stand as they are meant, from 0.
        matches: Whether a version of these audiences, this locale and this product counts.
    """
    find = func.strpos if connection.dialect.name == "postgresql" else func.instr
    of_version = and_(
        texts.c.tenant == versions.c.tenant,
        texts.c.owner == versions.c.document_id,
        texts.c.hash == versions.c.text_hash,
    )
    having = (
        select(versions.c.document_id, versions.c.number, versions.c.audiences, versions.c.locale, versions.c.product)
        .add_columns(texts.c.body)
        .join(texts, of_version)
        .where(
            versions.c.tenant == tenant, versions.c.state == "live", find(func.lower(texts.c.body), words.lower()) > 0
        )
    )
    found = [row for row in connection.execute(having) if matches(row.audiences, row.locale, row.product)]
    return sorted({identifier for row in found for identifier in _chunks_at(connection, tenant, row, places(row.body))})


def _chunks_at(connection: Connection, tenant: str, row: Row[Any], places: Iterable[int]) -> Iterator[int]:
    """The chunks of a version in which these places lie."""
    query = select(chunks.c.id, chunks.c.start, chunks.c.end).where(
        chunks.c.tenant == tenant, chunks.c.document_id == row.document_id, chunks.c.version == row.number
    )
    spans = connection.execute(query).all()
    for place in places:
        yield from (span.id for span in spans if span.start <= place < span.end)


def load_chunks(connection: Connection, tenant: str, ids: Sequence[int], *, model: str = "") -> dict[int, StoredChunk]:
    """These chunks with their text, whatever became of their versions; erased ones are left out.

    With the fingerprint of a model they come with the vectors that it made of them, where it did.
    """
    known = {"tenant": tenant, "ids": list(ids)}
    query = _chunk_query() if not model else _vector_query()
    rows = connection.execute(query, known | {"model": model} if model else known)
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
            cut(chunks.c.start, chunks.c.end + _FOLLOWING).label("text"),
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


@cache
def _vector_query() -> Select[Any]:
    of_chunk = and_(
        vectors.c.tenant == chunks.c.tenant,
        vectors.c.text_hash == chunks.c.embedding_hash,
        vectors.c.model == bindparam("model"),
    )
    made = (vectors.c.numbers, vectors.c.sentences.label("sentence_vectors"))
    return _chunk_query().add_columns(*made).outerjoin(vectors, of_chunk)


def _of_document() -> Any:
    return and_(chunks.c.tenant == documents.c.tenant, chunks.c.document_id == documents.c.id)


def _to_stored_chunk(row: Row[Any]) -> StoredChunk:
    chunk = to_chunk(row)
    length = row.end - row.start
    return StoredChunk(
        id=row.id,
        document_id=row.document_id,
        version=row.version,
        path=row.path,
        title=row.title or "",
        url=row.url,
        updated_at=row.updated_at,
        chunk=chunk,
        text=row.text[:length],
        header_text=row.header_text or "",
        following=row.text[length:],
        vectors=unpacked(row.numbers, row.sentence_vectors) if getattr(row, "numbers", None) else None,
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
