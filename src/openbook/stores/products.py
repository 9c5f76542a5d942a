"""What live products say about themselves, for who may see it; one statement. It judges no attribute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select

from openbook.stores.chunks import of_live_version
from openbook.stores.schema import documents, texts, versions
from openbook.types import NOT_SERVED

PRODUCT = "product"
"""The kind of a version that is a product."""


@dataclass(frozen=True, slots=True)
class StoredProduct:
    """A product as its live version describes it; `attributes` are names and values as they are written."""

    document_id: str
    version: int
    path: str
    title: str
    audiences: tuple[str, ...]
    locale: str
    product: str
    valid_from: datetime | None
    valid_until: datetime | None
    updated_at: datetime | None
    attributes: tuple[tuple[str, str], ...]

    def is_valid(self, at: datetime) -> bool:
        """Whether it is within its time at a moment: from its first on, and before its last."""
        begun = self.valid_from is None or self.valid_from <= at
        return begun and (self.valid_until is None or self.valid_until > at)


def live_products(connection: Connection, tenant: str, *, audiences: Sequence[str]) -> tuple[StoredProduct, ...]:
    """The products that serve one of these audiences now or at some time, in order of path.

    They are those that `live_places` lets through at a moment for which `is_valid` holds: what is a
    draft, archived, withdrawn, waiting or for others is left out, and so is what was erased.

    Args:
        connection: Where they are stored.
        tenant: Whose they are.
        audiences: Who asks.
    """
    rows = connection.execute(_query(), {"tenant": tenant})
    return tuple(_product(row) for row in rows if not set(row.audiences).isdisjoint(audiences))


@cache
def _query() -> Select[Any]:
    of_title = and_(
        texts.c.tenant == versions.c.tenant,
        texts.c.owner == versions.c.document_id,
        texts.c.hash == versions.c.title_hash,
    )
    return (
        select(documents.c.path, texts.c.body.label("title"), *_columns())
        .select_from(versions)
        .join(documents, of_live_version())
        .join(texts, of_title)
        .where(
            versions.c.tenant == bindparam("tenant"),
            versions.c.state == "live",
            versions.c.kind == PRODUCT,
            versions.c.status.not_in(NOT_SERVED),
        )
        .order_by(documents.c.path, documents.c.id)
    )


def _columns() -> tuple[Any, ...]:
    told = versions.c
    labels = (told.audiences, told.locale, told.product, told.valid_from, told.valid_until, told.updated_at)
    return (told.document_id, told.number, *labels, told.attributes)


def _product(row: Any) -> StoredProduct:
    return StoredProduct(
        document_id=row.document_id,
        version=row.number,
        path=row.path,
        title=row.title,
        audiences=tuple(row.audiences),
        locale=row.locale,
        product=row.product,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        updated_at=row.updated_at,
        attributes=tuple((name, value) for name, value in row.attributes),
    )
