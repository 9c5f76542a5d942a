"""Copies what serves of one tenant into another database, so that an edit can be tried out there.

History, conversations and receipts stay behind, and so does every text that no live version has.
"""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import Connection, Select, Table, and_, insert, select, union

from openbook.stores.database import Database
from openbook.stores.schema import chunks, counters, documents, sources, tenants, texts, vectors, versions

_ROWS = 1_000


def copy_live(source: Database, target: Database, tenant: str) -> None:
    """Copies a tenant's sources, live versions, chunks, texts and vectors into an empty database."""
    with source.read() as connection:
        for table, query in _wanted(tenant):
            for rows in _groups(connection, query):
                target.write(partial(_put, table=table, rows=rows))


def _put(connection: Connection, table: Table, rows: list[dict]) -> None:  # type: ignore[type-arg]
    connection.execute(insert(table), rows)


def _groups(connection: Connection, query: Select) -> Iterator[list[dict]]:  # type: ignore[type-arg]
    result = connection.execution_options(yield_per=_ROWS).execute(query).mappings()
    for group in result.partitions(_ROWS):
        yield [dict(row) for row in group]


def _wanted(tenant: str) -> Iterator[tuple[Table, Select]]:  # type: ignore[type-arg]
    """The tables with the rows of each that are copied."""
    for table in (tenants, counters, sources):
        yield table, select(table).where(table.c.tenant == tenant)
    live = and_(versions.c.tenant == tenant, versions.c.state == "live")
    held = select(versions.c.document_id).where(live)
    yield documents, select(documents).where(documents.c.tenant == tenant, documents.c.id.in_(held))
    yield versions, select(versions).where(live)
    of_version = and_(
        versions.c.tenant == chunks.c.tenant,
        versions.c.document_id == chunks.c.document_id,
        versions.c.number == chunks.c.version,
    )
    yield chunks, select(chunks).join(versions, of_version).where(live)
    needed = union(
        select(versions.c.document_id.label("owner"), versions.c.text_hash.label("hash")).where(live),
        select(versions.c.document_id, versions.c.title_hash).where(live),
        select(chunks.c.document_id, chunks.c.heading_hash).join(versions, of_version).where(live),
    ).subquery()
    of_text = and_(texts.c.owner == needed.c.owner, texts.c.hash == needed.c.hash)
    yield texts, select(texts).join(needed, of_text).where(texts.c.tenant == tenant)
    embedded = select(chunks.c.embedding_hash).join(versions, of_version).where(live)
    yield vectors, select(vectors).where(vectors.c.tenant == tenant, vectors.c.text_hash.in_(embedded))
