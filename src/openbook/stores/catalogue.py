"""Lists and looks up: sources, documents, versions with their text. Reads, and registers sources.

What a person sees of the library; `library` holds what publishing and answering need.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, true, update

from openbook.stores.chunks import of_live_version, to_chunk
from openbook.stores.ids import new_id
from openbook.stores.schema import chunks, citations, documents, sources, texts, versions
from openbook.stores.tenants import ensure_tenant
from openbook.stores.texts import get_texts
from openbook.types import USUAL, Chunk, Document, Metadata, Source, SourceOptions, Version, to_plain, utc_now


def register_source(
    connection: Connection, tenant: str, location: str, kind: str, defaults: Metadata, options: SourceOptions = USUAL
) -> str:
    """Finds or makes the source of a location and remembers its defaults and options; returns its id.

    What is not said stays as it was: adding a staff folder again without its audience leaves it staff's.
    """
    ensure_tenant(connection, tenant)
    described = {
        "kind": kind,
        "audiences": list(defaults.audiences),
        "locale": defaults.locale,
        "product": defaults.product,
        "title": defaults.title,
    }
    mine = and_(sources.c.tenant == tenant, sources.c.location == location)
    wanted = {name: value for name, value in to_plain(options).items() if value}
    found = connection.execute(select(sources.c.id, sources.c.options).where(mine)).first()
    if found is not None:
        said = {name: value for name, value in described.items() if value}
        connection.execute(update(sources).where(mine).values(**said, options={**found.options, **wanted}))
        return str(found.id)
    identifier = new_id("src")
    row = {"tenant": tenant, "id": identifier, "location": location, "options": wanted, "notice": ""}
    connection.execute(insert(sources).values(**row, **described, created_at=utc_now()))
    return identifier


def mark_synced(connection: Connection, tenant: str, source_id: str, *, notice: str = "") -> None:
    """Remembers that a source was read just now, and what a person should know of it."""
    mine = and_(sources.c.tenant == tenant, sources.c.id == source_id)
    connection.execute(update(sources).where(mine).values(synced_at=utc_now(), notice=notice))


def excluded_paths(connection: Connection, tenant: str, source_id: str) -> set[str]:
    """Paths that a person removed from a source and that a sync must not bring back."""
    query = select(sources.c.options).where(sources.c.tenant == tenant, sources.c.id == source_id)
    return set((connection.execute(query).scalar() or {}).get("excluded", ()))


def exclude_paths(connection: Connection, tenant: str, source_id: str, paths: Iterable[str]) -> None:
    """Writes the set of a source's excluded paths."""
    mine = and_(sources.c.tenant == tenant, sources.c.id == source_id)
    options = dict(connection.execute(select(sources.c.options).where(mine)).scalar() or {})
    connection.execute(update(sources).where(mine).values(options={**options, "excluded": sorted(paths)}))


def gone_before(connection: Connection, tenant: str, source_id: str) -> set[str]:
    """Paths that were gone when the source was read last, and were kept."""
    query = select(sources.c.options).where(sources.c.tenant == tenant, sources.c.id == source_id)
    return set((connection.execute(query).scalar() or {}).get("gone", ()))


def note_gone(connection: Connection, tenant: str, source_id: str, paths: Iterable[str]) -> None:
    """Remembers which paths are gone and kept."""
    mine = and_(sources.c.tenant == tenant, sources.c.id == source_id)
    options = dict(connection.execute(select(sources.c.options).where(mine)).scalar() or {})
    connection.execute(update(sources).where(mine).values(options={**options, "gone": sorted(paths)}))


def forget_source(connection: Connection, tenant: str, source_id: str) -> None:
    """Takes a source off the list; its withdrawn documents stay for auditors."""
    connection.execute(delete(sources).where(sources.c.tenant == tenant, sources.c.id == source_id))


def list_sources(connection: Connection, tenant: str) -> list[Source]:
    """Every source with the number of its live documents, in order of their locations."""
    counted = (
        select(documents.c.source_id, func.count().label("documents"))
        .where(documents.c.tenant == tenant, documents.c.live_version.is_not(None))
        .group_by(documents.c.source_id)
        .subquery()
    )
    query = (
        select(sources, counted.c.documents)
        .outerjoin(counted, counted.c.source_id == sources.c.id)
        .where(sources.c.tenant == tenant)
        .order_by(sources.c.location)
    )
    return [_to_source(row) for row in connection.execute(query)]


def _to_source(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        location=row.location,
        kind=row.kind,
        audiences=tuple(row.audiences),
        locale=row.locale,
        product=row.product,
        title=row.title,
        documents=row.documents or 0,
        created_at=row.created_at,
        synced_at=row.synced_at,
        notice=row.notice,
        options=SourceOptions(
            **{item.name: row.options.get(item.name, item.default) for item in fields(SourceOptions)}
        ),
    )


def list_documents(
    connection: Connection, tenant: str, *, ids: Sequence[str] | None = None, waiting: bool = False
) -> list[Document]:
    """Live documents in order of their paths, or just those of `ids`; erased titles read as empty.

    Args:
        connection: Where they are stored.
        tenant: Whose they are.
        ids: The only documents that are wanted, or None for all.
        waiting: The versions that wait for a person instead, the newest of each document.
    """
    title = texts.alias("title")
    of_title = and_(
        title.c.tenant == documents.c.tenant, title.c.owner == documents.c.id, title.c.hash == versions.c.title_hash
    )
    counted = (
        select(citations.c.document_id, func.count(citations.c.receipt_id.distinct()).label("answers"))
        .where(citations.c.tenant == tenant)
        .group_by(citations.c.document_id)
        .subquery()
    )
    query = (
        select(documents, versions, title.c.body.label("title"), counted.c.answers)
        .select_from(documents)
        .join(versions, _waiting_version() if waiting else of_live_version())
        .outerjoin(title, of_title)
        .outerjoin(counted, counted.c.document_id == documents.c.id)
        .where(documents.c.tenant == tenant)
        .order_by(documents.c.path, documents.c.id)
    )
    if ids is not None:
        query = query.where(documents.c.id.in_(list(ids)))
    return [_to_document(row) for row in connection.execute(query)]


def _waiting_version() -> Any:
    """The condition that joins a document with the newest version of it that waits."""
    other = versions.alias("other")
    newest = (
        select(func.max(other.c.number))
        .where(other.c.tenant == documents.c.tenant, other.c.document_id == documents.c.id, other.c.state == "waiting")
        .correlate(documents)
        .scalar_subquery()
    )
    return and_(
        versions.c.tenant == documents.c.tenant,
        versions.c.document_id == documents.c.id,
        versions.c.number == newest,
    )


def _to_document(row: Row[Any]) -> Document:
    return Document(
        id=row.id,
        source_id=row.source_id,
        path=row.path,
        title=row.title or "",
        version=row.number,
        kind=row.kind,
        status=row.status,
        audiences=tuple(row.audiences),
        locale=row.locale,
        product=row.product,
        url=row.url,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        updated_at=row.updated_at,
        added_at=row.created_at,
        chunks=row.chunk_count,
        answers=row.answers or 0,
        hold=row.hold,
    )


def find_documents(connection: Connection, tenant: str, name: str, *, withdrawn: bool = False) -> list[str]:
    """Ids of live or waiting documents that `name` means: an id, path or address, or a source by id or location.

    Args:
        connection: Where to look.
        tenant: Whose documents.
        name: What a person calls them.
        withdrawn: Also those that were taken out of service before.
    """
    if not name:
        return []  # else it would mean every document that has no address
    query = (
        select(documents.c.id)
        .distinct()
        .join(versions, and_(versions.c.tenant == tenant, versions.c.document_id == documents.c.id))
        .outerjoin(sources, and_(sources.c.tenant == tenant, sources.c.id == documents.c.source_id))
        .where(
            documents.c.tenant == tenant,
            true() if withdrawn else or_(documents.c.live_version == versions.c.number, versions.c.state == "waiting"),
            or_(
                documents.c.id == name,
                documents.c.path == name,
                versions.c.url == name,
                documents.c.source_id == name,
                sources.c.location == name,
                sources.c.location + "/" + documents.c.path == name,
            ),
        )
        .order_by(documents.c.id)
    )
    return list(connection.execute(query).scalars())


def list_versions(connection: Connection, tenant: str, document_id: str) -> list[Version]:
    """Every version of a document, the newest first, each with its text unless it was erased."""
    query = (
        select(versions)
        .where(versions.c.tenant == tenant, versions.c.document_id == document_id)
        .order_by(versions.c.number.desc())
    )
    return [_to_version(connection, row) for row in connection.execute(query).all()]


def get_version(connection: Connection, tenant: str, document_id: str, number: int) -> Version | None:
    """One version with its text and its chunks."""
    query = select(versions).where(
        versions.c.tenant == tenant, versions.c.document_id == document_id, versions.c.number == number
    )
    row = connection.execute(query).first()
    return None if row is None else _to_version(connection, row, with_chunks=True)


def audiences_of(connection: Connection, tenant: str, document_id: str, number: int) -> tuple[str, ...]:
    """Who may see a version; nobody when there is no such version."""
    query = select(versions.c.audiences).where(
        versions.c.tenant == tenant, versions.c.document_id == document_id, versions.c.number == number
    )
    return tuple(connection.execute(query).scalar() or ())


def _to_version(connection: Connection, row: Row[Any], *, with_chunks: bool = False) -> Version:
    owner = row.document_id
    found = get_texts(connection, row.tenant, [(owner, row.text_hash), (owner, row.title_hash)])
    return Version(
        document_id=owner,
        number=row.number,
        title=found.get((owner, row.title_hash), ""),
        state=row.state,
        content_hash=row.content_hash,
        created_at=row.created_at,
        updated_at=row.updated_at,
        url=row.url,
        source_text=found.get((owner, row.text_hash)),
        chunks=_chunks_of(connection, row) if with_chunks else (),
        status=row.status,
        valid_from=row.valid_from,
    )


def _chunks_of(connection: Connection, version: Row[Any]) -> tuple[Chunk, ...]:
    query = (
        select(chunks, texts.c.body.label("heading"))
        .outerjoin(
            texts,
            and_(
                texts.c.tenant == chunks.c.tenant,
                texts.c.owner == chunks.c.document_id,
                texts.c.hash == chunks.c.heading_hash,
            ),
        )
        .where(
            chunks.c.tenant == version.tenant,
            chunks.c.document_id == version.document_id,
            chunks.c.version == version.number,
        )
        .order_by(chunks.c.ordinal)
    )
    return tuple(to_chunk(row) for row in connection.execute(query))
