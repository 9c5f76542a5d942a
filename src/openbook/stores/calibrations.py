"""Versions of the confidence of a tenant, and what people said of answers that were sent.

The newest version counts. Nothing here is text of customers or sources.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from openbook.codec import decode
from openbook.stores.schema import calibrations, receipts, reviews
from openbook.types import Calibration, to_plain, utc_now


def active_calibration(connection: Connection, tenant: str) -> Calibration | None:
    """The version that counts, withdrawn or not; None where what Openbook brings along does."""
    row = connection.execute(_newest_first(tenant).limit(1)).first()
    return _calibration(row) if row else None


def list_calibrations(connection: Connection, tenant: str) -> tuple[Calibration, ...]:
    """Every version, the newest first."""
    return tuple(_calibration(row) for row in connection.execute(_newest_first(tenant)))


def put_calibration(connection: Connection, tenant: str, calibration: Calibration) -> Calibration:
    """Keeps a version as the one that counts, in place of the one before. Returns it with its number and time."""
    counted = (calibrations.c.tenant == tenant, calibrations.c.state == "active")
    connection.execute(update(calibrations).where(*counted).values(state="replaced"))
    latest = connection.execute(select(func.max(calibrations.c.number)).where(calibrations.c.tenant == tenant)).scalar()
    plain = to_plain(calibration) | {"number": (latest or 0) + 1, "state": "active", "created_at": utc_now()}
    connection.execute(insert(calibrations).values(tenant=tenant, **plain))
    return _calibration(plain)


def withdraw_calibration(
    connection: Connection, tenant: str, calibration_id: str, *, reason: str
) -> Calibration | None:
    """Says of one version, for good, that its promise was broken; returns the one that counts then."""
    mine = (calibrations.c.tenant == tenant, calibrations.c.id == calibration_id)
    connection.execute(update(calibrations).where(*mine).values(state="withdrawn", reason=reason))
    return active_calibration(connection, tenant)


def put_review(connection: Connection, tenant: str, receipt_id: str, *, right: bool) -> None:
    """Keeps what a person said of an answer; a later word takes the place of an earlier one, not its turn."""
    mine = (reviews.c.tenant == tenant, reviews.c.receipt_id == receipt_id)
    first = connection.execute(select(reviews.c.created_at).where(*mine)).scalar()
    connection.execute(delete(reviews).where(*mine))
    row = {"tenant": tenant, "receipt_id": receipt_id, "right": right, "created_at": first or utc_now()}
    connection.execute(insert(reviews).values(**row))


def reviews_under(connection: Connection, tenant: str, calibration_ids: Collection[str]) -> Iterator[bool]:
    """Whether each reviewed answer that was sent under one of these calibrations was right, in order of the reviews."""
    query = (
        select(reviews.c.right, receipts.c.settings)
        .join(receipts, (receipts.c.tenant == reviews.c.tenant) & (receipts.c.id == reviews.c.receipt_id))
        .where(reviews.c.tenant == tenant, receipts.c.decision == "send")
        .order_by(reviews.c.created_at, reviews.c.receipt_id)
    )
    for right, settings in connection.execute(query):
        if settings.get("calibration", "") in calibration_ids:
            yield right


def _newest_first(tenant: str) -> Select[Any]:
    return select(calibrations).where(calibrations.c.tenant == tenant).order_by(calibrations.c.number.desc())


def _calibration(row: Row[Any] | dict[str, Any]) -> Calibration:
    plain = dict(row) if isinstance(row, dict) else dict(row._mapping)
    plain.pop("tenant", None)
    return decode(Calibration, to_plain(plain))
