"""Sources, documents, versions and chunks: what is known, and what of it serves right now.

A version is `building` while its points are written to the index, `live` from one transaction
on, `retiring` while its points are taken out again, then `superseded` or `withdrawn`. One that
is held back for a person is `waiting` first. Only live versions are ever returned for answering.
This module knows no index and no model.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from openbook.stores.chunks import from_sentence
from openbook.stores.ids import new_id
from openbook.stores.points import StoredPoint, seen_by
from openbook.stores.rows import advance
from openbook.stores.schema import chunks, documents, versions
from openbook.stores.texts import put_texts
from openbook.types import Chunk, Extract, utc_now

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DraftVersion:
    """A version that is read and cut, ready to be placed.

    Attributes:
        extract: Its text; the metadata already carries the source's defaults.
        embedding_texts: What the encoder reads of each chunk, one a chunk.
        embedding_hashes: Their hashes.
        hold: Why a person must approve it before it serves; empty if nobody must.
        suspicions: The passages that look like instructions, in plain values.
    """

    source_id: str
    path: str
    kind: str
    content_hash: str
    extract: Extract
    chunks: tuple[Chunk, ...]
    embedding_texts: tuple[str, ...]
    embedding_hashes: tuple[str, ...]
    hold: str = ""
    suspicions: tuple[dict[str, Any], ...] = ()


class Known(NamedTuple):
    """What the tables know of a document that is live or waits.

    Attributes:
        content_hash: Of the newest version, whatever became of it.
        number: The live version, or the one that waits.
        approved: Whether a person approved the live version.
    """

    document_id: str
    content_hash: str
    number: int
    approved: bool


@dataclass(frozen=True, slots=True)
class PlacedVersion:
    """A draft in the database: its document, its number, its chunks' ids."""

    document_id: str
    number: int
    chunk_ids: tuple[int, ...]
    draft: DraftVersion

    @property
    def pair(self) -> tuple[str, int]:
        """The document and the version's number."""
        return self.document_id, self.number

    def points(self) -> list[StoredPoint]:
        """Its chunks as the index takes them."""
        metadata = self.draft.extract.metadata
        audiences = seen_by(metadata.audiences, metadata.status)
        return [
            StoredPoint(identifier, digest, audiences, metadata.locale, metadata.product)
            for identifier, digest in zip(self.chunk_ids, self.draft.embedding_hashes, strict=True)
        ]


def known_documents(connection: Connection, tenant: str, source_id: str) -> dict[str, Known]:
    """By path every document of a source that is live or waits."""
    mine = select(documents.c.id).where(documents.c.tenant == tenant, documents.c.source_id == source_id)
    newest = (
        select(versions.c.document_id, func.max(versions.c.number).label("number"))
        .where(versions.c.tenant == tenant, versions.c.state != "abandoned", versions.c.document_id.in_(mine))
        .group_by(versions.c.document_id)
        .subquery()
    )
    live = versions.alias("live")
    query = (
        select(documents.c.path, documents.c.id, documents.c.live_version, versions.c.content_hash, versions.c.number)
        .add_columns(live.c.approved_at)
        .join(newest, newest.c.document_id == documents.c.id)
        .join(
            versions,
            and_(
                versions.c.tenant == tenant,
                versions.c.document_id == documents.c.id,
                versions.c.number == newest.c.number,
            ),
        )
        .outerjoin(
            live,
            and_(
                live.c.tenant == tenant,
                live.c.document_id == documents.c.id,
                live.c.number == documents.c.live_version,
            ),
        )
        .where(
            documents.c.tenant == tenant,
            documents.c.source_id == source_id,
            or_(documents.c.live_version.is_not(None), versions.c.state == "waiting"),
        )
    )
    return {
        row.path: Known(row.id, row.content_hash, row.live_version or row.number, row.approved_at is not None)
        for row in connection.execute(query)
    }


def move_document(connection: Connection, tenant: str, document_id: str, path: str) -> bool:
    """Gives a document another path, so that its history stays with it; False where that path has a history.

    Its text counts as unknown from then on, so that it is read again there even if the process dies
    before that: its name may be its title.
    """
    mine = (documents.c.tenant == tenant, documents.c.id == document_id)
    source_id = connection.execute(select(documents.c.source_id).where(*mine)).scalar()
    there = select(documents.c.id).where(
        documents.c.tenant == tenant, documents.c.source_id == source_id, documents.c.path == path
    )
    if connection.execute(there).first() is not None:
        return False
    connection.execute(update(documents).where(*mine).values(path=path))
    its_own = (versions.c.tenant == tenant, versions.c.document_id == document_id)
    serving = versions.c.state.in_(("live", "waiting"))
    connection.execute(update(versions).where(*its_own, serving).values(content_hash=""))
    advance(connection, tenant, "generation")
    return True


def place(connection: Connection, tenant: str, drafts: Sequence[DraftVersion]) -> list[PlacedVersion]:
    """Writes drafts as `building` versions, or `waiting` ones, and numbers their chunks."""
    if not drafts:
        return []
    placed = []
    count = sum(len(draft.chunks) for draft in drafts)
    next_id = advance(connection, tenant, "chunk", by=count) - count + 1
    for draft in drafts:
        document_id = _document(connection, tenant, draft)
        number = _next_number(connection, tenant, document_id)
        ids = tuple(range(next_id, next_id + len(draft.chunks)))
        next_id += len(ids)
        placed.append(PlacedVersion(document_id, number, ids, draft))
    _write_versions(connection, tenant, placed)
    _write_chunks(connection, tenant, placed)
    return placed


def _document(connection: Connection, tenant: str, draft: DraftVersion) -> str:
    mine = (
        documents.c.tenant == tenant,
        documents.c.source_id == draft.source_id,
        documents.c.path == draft.path,
    )
    found = connection.execute(select(documents.c.id).where(*mine)).scalar()
    if found is not None:
        return str(found)
    identifier = new_id("doc")
    row = {"tenant": tenant, "id": identifier, "source_id": draft.source_id, "path": draft.path}
    connection.execute(insert(documents).values(**row, created_at=utc_now()))
    return identifier


def _next_number(connection: Connection, tenant: str, document_id: str) -> int:
    query = select(func.max(versions.c.number)).where(
        versions.c.tenant == tenant, versions.c.document_id == document_id
    )
    return (connection.execute(query).scalar() or 0) + 1


def _write_versions(connection: Connection, tenant: str, placed: Sequence[PlacedVersion]) -> None:
    rows = []
    for version in placed:
        extract, metadata = version.draft.extract, version.draft.extract.metadata
        owned = [(version.document_id, extract.text), (version.document_id, metadata.title)]
        text_hash, title_hash = put_texts(connection, tenant, owned)
        rows.append(
            {
                "tenant": tenant,
                "document_id": version.document_id,
                "number": version.number,
                "state": "waiting" if version.draft.hold else "building",
                "content_hash": version.draft.content_hash,
                "text_hash": text_hash,
                "title_hash": title_hash,
                "url": metadata.url,
                "kind": version.draft.kind,
                "status": metadata.status,
                "audiences": list(metadata.audiences),
                "locale": metadata.locale,
                "product": metadata.product,
                "valid_from": metadata.valid_from,
                "valid_until": metadata.valid_until,
                "updated_at": metadata.updated_at,
                "created_at": utc_now(),
                "chunk_count": len(version.chunk_ids),
                "notices": list(extract.notices),
                "attributes": [list(pair) for pair in metadata.attributes],
                "suspicions": list(version.draft.suspicions),
                "hold": version.draft.hold,
            }
        )
    connection.execute(insert(versions), rows)


def _write_chunks(connection: Connection, tenant: str, placed: Sequence[PlacedVersion]) -> None:
    rows = []
    headings = []
    for version in placed:
        for identifier, chunk, digest in zip(
            version.chunk_ids, version.draft.chunks, version.draft.embedding_hashes, strict=True
        ):
            headings.append((version.document_id, json.dumps(chunk.heading_path, ensure_ascii=False)))
            rows.append(
                {
                    "tenant": tenant,
                    "id": identifier,
                    "document_id": version.document_id,
                    "version": version.number,
                    "ordinal": chunk.ordinal,
                    "start": chunk.span.start,
                    "end": chunk.span.end,
                    "kind": chunk.kind.value,
                    "header_start": chunk.header.start if chunk.header else None,
                    "header_end": chunk.header.end if chunk.header else None,
                    "locator": chunk.locator,
                    "sentences": [from_sentence(sentence) for sentence in chunk.sentences],
                    "embedding_hash": digest,
                }
            )
    for row, digest in zip(rows, put_texts(connection, tenant, headings), strict=True):
        row["heading_hash"] = digest
    if rows:
        connection.execute(insert(chunks), rows)


def make_live(connection: Connection, tenant: str, pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Flips each document to its version; returns the (document, version) pairs now retiring.

    Versions that waited and are older never served; they are abandoned.
    """
    retiring = []
    for document_id, number in pairs:
        document = and_(documents.c.tenant == tenant, documents.c.id == document_id)
        old = connection.execute(select(documents.c.live_version).where(document)).scalar()
        if old is not None and old != number:
            retiring.append((document_id, int(old)))
        connection.execute(update(documents).where(document).values(live_version=number, withdrawn_at=None))
        _end_waiting(connection, tenant, document_id, before=number)
        set_state(connection, tenant, [(document_id, number)], "live")
    set_state(connection, tenant, retiring, "retiring")
    advance(connection, tenant, "generation")
    return retiring


def _end_waiting(connection: Connection, tenant: str, document_id: str, *, before: int | None = None) -> None:
    mine = [versions.c.tenant == tenant, versions.c.document_id == document_id, versions.c.state == "waiting"]
    if before is not None:
        mine.append(versions.c.number < before)
    connection.execute(update(versions).where(*mine).values(state="abandoned"))


def withdraw(connection: Connection, tenant: str, document_ids: Sequence[str]) -> list[tuple[str, int]]:
    """Takes documents out of service; returns the (document, version) pairs now retiring."""
    query = select(documents.c.id, documents.c.live_version).where(
        documents.c.tenant == tenant, documents.c.id.in_(list(document_ids)), documents.c.live_version.is_not(None)
    )
    retiring = [(str(identifier), int(number)) for identifier, number in connection.execute(query)]
    gone = and_(documents.c.tenant == tenant, documents.c.id.in_(list(document_ids)))
    connection.execute(update(documents).where(gone).values(live_version=None, withdrawn_at=utc_now()))
    for document_id in document_ids:
        _end_waiting(connection, tenant, document_id)
    set_state(connection, tenant, retiring, "retiring")
    advance(connection, tenant, "generation")
    return retiring


def approve(connection: Connection, tenant: str, pair: tuple[str, int]) -> None:
    """Notes that a person approved a version: it may serve once it is live."""
    document_id, number = pair
    mine = (versions.c.tenant == tenant, versions.c.document_id == document_id, versions.c.number == number)
    connection.execute(update(versions).where(*mine).values(status="approved", hold="", approved_at=utc_now()))
    advance(connection, tenant, "generation")


def accepted_passages(connection: Connection, tenant: str) -> frozenset[str]:
    """The hashes of the passages that looked like instructions and that a person approved."""
    query = select(versions.c.suspicions).where(versions.c.tenant == tenant, versions.c.approved_at.is_not(None))
    return frozenset(item["hash"] for found in connection.execute(query).scalars() for item in found)


def set_state(connection: Connection, tenant: str, pairs: Iterable[tuple[str, int]], state: str) -> None:
    """Writes the state of these versions."""
    for document_id, number in pairs:
        mine = (
            versions.c.tenant == tenant,
            versions.c.document_id == document_id,
            versions.c.number == number,
        )
        connection.execute(update(versions).where(*mine).values(state=state))


def settle(connection: Connection, tenant: str, pairs: Sequence[tuple[str, int]]) -> None:
    """Marks retired versions `superseded` where a newer one lives, `withdrawn` where none does."""
    for document_id, number in pairs:
        query = select(documents.c.live_version).where(documents.c.tenant == tenant, documents.c.id == document_id)
        lives = connection.execute(query).scalar() is not None
        set_state(connection, tenant, [(document_id, number)], "superseded" if lives else "withdrawn")


def versions_in(connection: Connection, tenant: str, state: str) -> list[tuple[str, int]]:
    """The (document, version) pairs in a state."""
    query = select(versions.c.document_id, versions.c.number).where(
        versions.c.tenant == tenant, versions.c.state == state
    )
    return [(str(identifier), int(number)) for identifier, number in connection.execute(query)]


def chunk_ids(connection: Connection, tenant: str, pairs: Iterable[tuple[str, int]]) -> list[int]:
    """The ids of all chunks of these versions."""
    found: list[int] = []
    for document_id, number in pairs:
        query = select(chunks.c.id).where(
            chunks.c.tenant == tenant, chunks.c.document_id == document_id, chunks.c.version == number
        )
        found.extend(connection.execute(query).scalars())
    return found


def old_chunk_ids(connection: Connection, tenant: str, document_ids: Sequence[str]) -> set[int]:
    """The ids of all chunks of these documents that belong to no live version."""
    found: set[int] = set()
    for start in range(0, len(document_ids), _AT_ONCE):
        query = (
            select(chunks.c.id)
            .join(documents, and_(documents.c.tenant == tenant, documents.c.id == chunks.c.document_id))
            .where(
                chunks.c.tenant == tenant,
                chunks.c.document_id.in_(list(document_ids[start : start + _AT_ONCE])),
                or_(documents.c.live_version.is_(None), documents.c.live_version != chunks.c.version),
            )
        )
        found.update(connection.execute(query).scalars())
    return found


def count_live_chunks(connection: Connection, tenant: str) -> int:
    """How many chunks the live versions have together."""
    query = select(func.sum(versions.c.chunk_count)).where(versions.c.tenant == tenant, versions.c.state == "live")
    return int(connection.execute(query).scalar() or 0)


def places_of(connection: Connection, tenant: str, document_ids: Sequence[str]) -> list[tuple[str, str]]:
    """The source and the path of each of these documents, whatever became of it."""
    query = select(documents.c.source_id, documents.c.path).where(
        documents.c.tenant == tenant, documents.c.id.in_(list(document_ids))
    )
    return [(row.source_id, row.path) for row in connection.execute(query)]


def embedding_hashes(connection: Connection, tenant: str, document_ids: Sequence[str]) -> list[str]:
    """The hashes of everything that was ever embedded of these documents."""
    query = (
        select(chunks.c.embedding_hash)
        .where(chunks.c.tenant == tenant, chunks.c.document_id.in_(list(document_ids)))
        .distinct()
    )
    return list(connection.execute(query).scalars())


def blank_words(connection: Connection, tenant: str, document_ids: Sequence[str]) -> None:
    """Forgets what every version of these documents holds of their words: addresses, notices, attributes, reasons."""
    mine = (versions.c.tenant == tenant, versions.c.document_id.in_(list(document_ids)))
    blank = {"url": "", "notices": [], "attributes": [], "suspicions": [], "hold": ""}
    connection.execute(update(versions).where(*mine).values(**blank))
