"""The kinds of columns that tables are made of. It knows no table."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    PrimaryKeyConstraint,
    String,
    Text,
    TypeDecorator,
)


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses naive times, so that a local time never slips in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a stored time needs a time zone, got {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Gives every time its zone back."""
        return value if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def tenant_column() -> Column[str]:
    """Whose the row is."""
    return Column("tenant", String(64), nullable=False)


def id_column(name: str = "id") -> Column[str]:
    """The id of something that Openbook named."""
    return Column(name, String(64), nullable=False)


def text_column(name: str, *, default: str = "") -> Column[str]:
    """Words that never name a customer."""
    return Column(name, Text, nullable=False, default=default)


def hash_column(name: str, *, nullable: bool = True) -> Column[Any]:
    """The hash of a text or of content."""
    return Column(name, String(64), nullable=nullable)


def time_column(name: str, *, nullable: bool = True) -> Column[datetime]:
    """A moment in UTC."""
    return Column(name, UtcTime, nullable=nullable)


def json_column(name: str) -> Column[Any]:
    """Plain values."""
    return Column(name, JSON, nullable=False)


def later_json_column(name: str) -> Column[Any]:
    """A list that older rows, written before the column came, read as empty."""
    return Column(name, JSON, nullable=False, server_default="[]", default=list)


def later_text_column(name: str) -> Column[str]:
    """A text that older rows, written before the column came, read as empty."""
    return Column(name, Text, nullable=False, server_default="", default="")


def count_column(name: str, *, default: int = 0) -> Column[int]:
    """A number that is added to."""
    return Column(name, BigInteger, nullable=False, default=default)


def tenant_key(*columns: str) -> PrimaryKeyConstraint:
    """The key of a table: the tenant, then these columns."""
    return PrimaryKeyConstraint("tenant", *columns)
