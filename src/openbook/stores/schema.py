"""The tables: everything persistent except the vector index, which is derived from them.

Every table carries the tenant and every key begins with it. Text of sources and customers lives
only in `texts`, under the document, conversation or answer that owns it; all other tables refer
to it by hash, so that erasing a text is deleting its rows there. Times are UTC, money is in
micro-units. Migrations in `migrations/` are the way a database gets here; a test proves both equal.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=CONVENTION)


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


def _tenant() -> Column[str]:
    return Column("tenant", String(64), nullable=False)


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(64), nullable=False)


def _text(name: str, *, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, default=default)


def _hash(name: str, *, nullable: bool = True) -> Column[Any]:
    return Column(name, String(64), nullable=nullable)


def _time(name: str, *, nullable: bool = True) -> Column[datetime]:
    return Column(name, UtcTime, nullable=nullable)


def _json(name: str) -> Column[Any]:
    return Column(name, JSON, nullable=False)


def _count(name: str, *, default: int = 0) -> Column[int]:
    return Column(name, BigInteger, nullable=False, default=default)


def _key(*columns: str) -> PrimaryKeyConstraint:
    return PrimaryKeyConstraint("tenant", *columns)


tenants = Table("tenants", metadata, _tenant(), _text("name"), _time("created_at", nullable=False), _key())

properties = Table("properties", metadata, _tenant(), _id("name"), _text("value"), _key("name"))

counters = Table("counters", metadata, _tenant(), _id("name"), _count("value"), _key("name"))

texts = Table(
    "texts",
    metadata,
    _tenant(),
    _id("owner"),
    _hash("hash", nullable=False),
    _text("body"),
    _time("created_at", nullable=False),
    _key("owner", "hash"),
)

vectors = Table(
    "vectors",
    metadata,
    _tenant(),
    _hash("text_hash", nullable=False),
    Column("model", String(128), nullable=False),
    Column("numbers", LargeBinary, nullable=False),
    Column("sentences", LargeBinary, nullable=False),
    _time("created_at", nullable=False),
    _key("text_hash", "model"),
)

sources = Table(
    "sources",
    metadata,
    _tenant(),
    _id(),
    _text("location"),
    _text("kind"),
    _json("audiences"),
    _text("locale"),
    _text("product"),
    _text("title"),
    _json("options"),
    _text("notice"),
    _time("created_at", nullable=False),
    _time("synced_at"),
    _key("id"),
    UniqueConstraint("tenant", "location"),
)

documents = Table(
    "documents",
    metadata,
    _tenant(),
    _id(),
    _id("source_id"),
    _text("path"),
    Column("live_version", Integer),
    _time("created_at", nullable=False),
    _time("withdrawn_at"),
    _key("id"),
    UniqueConstraint("tenant", "source_id", "path"),
)

versions = Table(
    "versions",
    metadata,
    _tenant(),
    _id("document_id"),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    _hash("content_hash", nullable=False),
    _hash("text_hash", nullable=False),
    _hash("title_hash", nullable=False),
    _text("url"),
    _text("kind"),
    _text("status"),
    _json("audiences"),
    _text("locale"),
    _text("product"),
    _time("valid_from"),
    _time("valid_until"),
    _time("updated_at"),
    _time("created_at", nullable=False),
    _count("chunk_count"),
    _json("notices"),
    _key("document_id", "number"),
    Index(None, "tenant", "state"),
)

chunks = Table(
    "chunks",
    metadata,
    _tenant(),
    Column("id", BigInteger, nullable=False),
    _id("document_id"),
    Column("version", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    _hash("heading_hash", nullable=False),
    Column("header_start", Integer),
    Column("header_end", Integer),
    _text("locator"),
    _json("sentences"),
    _hash("embedding_hash", nullable=False),
    _key("id"),
    Index(None, "tenant", "document_id", "version"),
)

conversations = Table(
    "conversations",
    metadata,
    _tenant(),
    _id(),
    Column("channel", String(32), nullable=False),
    _text("visitor_id"),
    _text("locale"),
    Column("state", String(16), nullable=False),
    _time("created_at", nullable=False),
    _time("updated_at", nullable=False),
    _key("id"),
)

messages = Table(
    "messages",
    metadata,
    _tenant(),
    _id(),
    _id("conversation_id"),
    Column("ordinal", Integer, nullable=False),
    Column("author", String(16), nullable=False),
    _hash("text_hash", nullable=False),
    Column("answer_id", String(64)),
    _time("created_at", nullable=False),
    _key("id"),
    UniqueConstraint("tenant", "conversation_id", "ordinal"),
)

receipts = Table(
    "receipts",
    metadata,
    _tenant(),
    _id(),
    _id("conversation_id"),
    Column("idempotency_key", String(128)),
    Column("channel", String(32), nullable=False),
    _text("visitor_id"),
    _hash("question_hash", nullable=False),
    _hash("answer_hash", nullable=False),
    _hash("answer_digest", nullable=False),
    Column("decision", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    _text("writer"),
    _json("query"),
    _json("hits"),
    _json("settings"),
    _count("generation"),
    _json("model_ids"),
    _text("prompt_version"),
    _text("adapter_id"),
    _json("tool_call_ids"),
    _count("cost_micro_usd"),
    _count("tokens_in"),
    _count("tokens_out"),
    _text("openbook_version"),
    _time("created_at", nullable=False),
    _time("erased_at"),
    _key("id"),
    UniqueConstraint("tenant", "idempotency_key"),
    Index(None, "tenant", "conversation_id"),
)

citations = Table(
    "citations",
    metadata,
    _tenant(),
    _id("receipt_id"),
    Column("ordinal", Integer, nullable=False),
    _id("document_id"),
    Column("version", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _key("receipt_id", "ordinal"),
    Index(None, "tenant", "document_id"),
)

handoffs = Table(
    "handoffs",
    metadata,
    _tenant(),
    _id(),
    _id("conversation_id"),
    _id("answer_id"),
    Column("state", String(16), nullable=False),
    _text("reason"),
    _text("queue"),
    Column("claimed_by", String(64)),
    _time("created_at", nullable=False),
    _time("updated_at", nullable=False),
    _time("due_at"),
    _key("id"),
    Index(None, "tenant", "state"),
)

jobs = Table(
    "jobs",
    metadata,
    _tenant(),
    _id(),
    Column("kind", String(32), nullable=False),
    _json("payload"),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("idempotency_key", String(128)),
    Column("lease_owner", String(64)),
    _time("lease_until"),
    _time("run_at", nullable=False),
    _text("error"),
    _time("created_at", nullable=False),
    _time("updated_at", nullable=False),
    _key("id"),
    UniqueConstraint("tenant", "idempotency_key"),
    Index(None, "tenant", "state", "run_at"),
)

people = Table(
    "people",
    metadata,
    _tenant(),
    _id(),
    _text("email"),
    _text("name"),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text),
    _json("audiences"),
    Column("active", Boolean, nullable=False, default=True),
    _time("created_at", nullable=False),
    _key("id"),
    UniqueConstraint("tenant", "email"),
)

logins = Table(
    "logins",
    metadata,
    _tenant(),
    _hash("token_hash", nullable=False),
    _id("person_id"),
    Column("kind", String(16), nullable=False),
    _time("created_at", nullable=False),
    _time("expires_at", nullable=False),
    _time("used_at"),
    _key("token_hash"),
)

keys = Table(
    "keys",
    metadata,
    _tenant(),
    _id(),
    _text("name"),
    _hash("key_hash", nullable=False),
    Column("role", String(16), nullable=False),
    _json("audiences"),
    _time("created_at", nullable=False),
    _time("revoked_at"),
    _key("id"),
    UniqueConstraint("tenant", "key_hash"),
)
