"""Chunks as the tables know them for the index: their ids, their texts' hashes, who may find them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from openbook.stores.schema import chunks, versions
from openbook.types import NOT_SERVED

Labels = frozenset[tuple[tuple[str, ...], str, str]]


@dataclass(frozen=True, slots=True)
class StoredPoint:
    """A chunk as the tables know it for the index: its id, its text's hash, who may find it."""

    id: int
    embedding_hash: str
    audiences: tuple[str, ...]
    locale: str
    product: str


def live_labels(connection: Connection, tenant: str) -> Labels:
    """Every combination of audiences, locale and product that a live version has."""
    query = (
        select(versions.c.audiences, versions.c.status, versions.c.locale, versions.c.product)
        .where(versions.c.tenant == tenant, versions.c.state == "live")
        .distinct()
    )
    rows = connection.execute(query)
    return frozenset((seen_by(row.audiences, row.status), row.locale, row.product) for row in rows)


def seen_by(audiences: Iterable[str], status: str) -> tuple[str, ...]:
    """Who finds a version in the index: nobody while it is a draft, so that it moves no visible score."""
    return () if status in NOT_SERVED else tuple(audiences)


def stored_points(
    connection: Connection, tenant: str, pair: tuple[str, int], *, approved: bool = False
) -> list[StoredPoint]:
    """A version's chunks with what is needed to index them anew, in their order.

    Args:
        connection: Where they are stored.
        tenant: Whose they are.
        pair: The document and the version's number.
        approved: As they are once a person has approved the version.
    """
    document_id, number = pair
    query = (
        select(
            chunks.c.id,
            chunks.c.embedding_hash,
            versions.c.audiences,
            versions.c.status,
            versions.c.locale,
            versions.c.product,
        )
        .join(
            versions,
            and_(
                versions.c.tenant == chunks.c.tenant,
                versions.c.document_id == chunks.c.document_id,
                versions.c.number == chunks.c.version,
            ),
        )
        .where(chunks.c.tenant == tenant, chunks.c.document_id == document_id, chunks.c.version == number)
        .order_by(chunks.c.ordinal)
    )
    return [
        StoredPoint(row.id, row.embedding_hash, audiences, row.locale, row.product)
        for row in connection.execute(query)
        for audiences in [seen_by(row.audiences, "approved" if approved else row.status)]
    ]
