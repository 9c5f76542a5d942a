"""The tables: everything persistent except the vector index, which is derived from them.

Every table carries the tenant and every key begins with it. Text of sources and customers lives
only in `texts`, under the document, conversation or answer that owns it; all other tables refer
to it by hash, so that erasing a text is deleting its rows there. The few words of a source that
stand in `versions` (address, notices, attributes, why it waits) are blanked with it. Times are UTC, money is in
micro-units. Migrations in `migrations/` are the way a database gets here; a test proves both equal.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from openbook.stores.columns import (
    count_column,
    hash_column,
    id_column,
    json_column,
    later_json_column,
    later_text_column,
    tenant_column,
    tenant_key,
    text_column,
    time_column,
)

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=CONVENTION)

tenants = Table(
    "tenants", metadata, tenant_column(), text_column("name"), time_column("created_at", nullable=False), tenant_key()
)

properties = Table("properties", metadata, tenant_column(), id_column("name"), text_column("value"), tenant_key("name"))

counters = Table("counters", metadata, tenant_column(), id_column("name"), count_column("value"), tenant_key("name"))

texts = Table(
    "texts",
    metadata,
    tenant_column(),
    id_column("owner"),
    hash_column("hash", nullable=False),
    text_column("body"),
    time_column("created_at", nullable=False),
    tenant_key("owner", "hash"),
)

vectors = Table(
    "vectors",
    metadata,
    tenant_column(),
    hash_column("text_hash", nullable=False),
    Column("model", String(128), nullable=False),
    Column("numbers", LargeBinary, nullable=False),
    Column("sentences", LargeBinary, nullable=False),
    time_column("created_at", nullable=False),
    tenant_key("text_hash", "model"),
)

sources = Table(
    "sources",
    metadata,
    tenant_column(),
    id_column(),
    text_column("location"),
    text_column("kind"),
    json_column("audiences"),
    text_column("locale"),
    text_column("product"),
    text_column("title"),
    json_column("options"),
    text_column("notice"),
    time_column("created_at", nullable=False),
    time_column("synced_at"),
    tenant_key("id"),
    UniqueConstraint("tenant", "location"),
)

documents = Table(
    "documents",
    metadata,
    tenant_column(),
    id_column(),
    id_column("source_id"),
    text_column("path"),
    Column("live_version", Integer),
    time_column("created_at", nullable=False),
    time_column("withdrawn_at"),
    tenant_key("id"),
    UniqueConstraint("tenant", "source_id", "path"),
)

versions = Table(
    "versions",
    metadata,
    tenant_column(),
    id_column("document_id"),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    hash_column("content_hash", nullable=False),
    hash_column("text_hash", nullable=False),
    hash_column("title_hash", nullable=False),
    text_column("url"),
    text_column("kind"),
    text_column("status"),
    json_column("audiences"),
    text_column("locale"),
    text_column("product"),
    time_column("valid_from"),
    time_column("valid_until"),
    time_column("updated_at"),
    time_column("created_at", nullable=False),
    count_column("chunk_count"),
    json_column("notices"),
    later_json_column("attributes"),
    later_json_column("suspicions"),
    later_text_column("hold"),
    time_column("approved_at"),
    tenant_key("document_id", "number"),
    Index(None, "tenant", "state"),
)

sightings = Table(
    "sightings",
    metadata,
    tenant_column(),
    id_column("source_id"),
    hash_column("name_hash", nullable=False),
    text_column("name"),
    Column("state", String(16), nullable=False),
    json_column("stamp"),
    text_column("reason"),
    Column("depth", Integer, nullable=False, default=0),
    time_column("seen_at"),
    time_column("missing_since"),
    tenant_key("source_id", "name_hash"),
    Index(None, "tenant", "source_id", "state"),
)

tickets = Table(
    "tickets",
    metadata,
    tenant_column(),
    id_column(),
    id_column("source_id"),
    hash_column("name_hash", nullable=False),
    hash_column("body_hash", nullable=False),
    Column("solved", Boolean, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    time_column("created_at"),
    time_column("imported_at", nullable=False),
    tenant_key("id"),
    UniqueConstraint("tenant", "source_id", "name_hash"),
)

chunks = Table(
    "chunks",
    metadata,
    tenant_column(),
    Column("id", BigInteger, nullable=False),
    id_column("document_id"),
    Column("version", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    hash_column("heading_hash", nullable=False),
    Column("header_start", Integer),
    Column("header_end", Integer),
    text_column("locator"),
    json_column("sentences"),
    hash_column("embedding_hash", nullable=False),
    tenant_key("id"),
    Index(None, "tenant", "document_id", "version"),
)

conversations = Table(
    "conversations",
    metadata,
    tenant_column(),
    id_column(),
    Column("channel", String(32), nullable=False),
    text_column("visitor_id"),
    text_column("locale"),
    Column("state", String(16), nullable=False),
    time_column("created_at", nullable=False),
    time_column("updated_at", nullable=False),
    hash_column("name_hash"),
    hash_column("contact_hash"),
    later_text_column("page"),
    tenant_key("id"),
)

messages = Table(
    "messages",
    metadata,
    tenant_column(),
    id_column(),
    id_column("conversation_id"),
    Column("ordinal", Integer, nullable=False),
    Column("author", String(16), nullable=False),
    hash_column("text_hash", nullable=False),
    Column("answer_id", String(64)),
    time_column("created_at", nullable=False),
    later_text_column("person_id"),
    Column("idempotency_key", String(128)),
    tenant_key("id"),
    UniqueConstraint("tenant", "conversation_id", "ordinal"),
    Index(None, "tenant", "idempotency_key", unique=True),
)

receipts = Table(
    "receipts",
    metadata,
    tenant_column(),
    id_column(),
    id_column("conversation_id"),
    Column("idempotency_key", String(128)),
    Column("channel", String(32), nullable=False),
    text_column("visitor_id"),
    hash_column("question_hash", nullable=False),
    hash_column("answer_hash", nullable=False),
    hash_column("answer_digest", nullable=False),
    Column("decision", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    text_column("writer"),
    json_column("query"),
    json_column("hits"),
    json_column("settings"),
    count_column("generation"),
    json_column("model_ids"),
    text_column("prompt_version"),
    text_column("adapter_id"),
    json_column("tool_call_ids"),
    count_column("cost_micro_usd"),
    count_column("tokens_in"),
    count_column("tokens_out"),
    text_column("openbook_version"),
    time_column("created_at", nullable=False),
    time_column("erased_at"),
    tenant_key("id"),
    UniqueConstraint("tenant", "idempotency_key"),
    Index(None, "tenant", "conversation_id"),
)

citations = Table(
    "citations",
    metadata,
    tenant_column(),
    id_column("receipt_id"),
    Column("ordinal", Integer, nullable=False),
    id_column("document_id"),
    Column("version", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    tenant_key("receipt_id", "ordinal"),
    Index(None, "tenant", "document_id"),
)

handoffs = Table(
    "handoffs",
    metadata,
    tenant_column(),
    id_column(),
    id_column("conversation_id"),
    id_column("answer_id"),
    Column("state", String(16), nullable=False),
    text_column("reason"),
    text_column("queue"),
    Column("claimed_by", String(64)),
    time_column("created_at", nullable=False),
    time_column("updated_at", nullable=False),
    time_column("due_at"),
    later_text_column("rule"),
    later_text_column("language"),
    Column("alarms", Integer, nullable=False, server_default="0", default=0),
    tenant_key("id"),
    Index(None, "tenant", "state"),
    Index(None, "tenant", "conversation_id"),
)

handoff_steps = Table(
    "handoff_steps",
    metadata,
    tenant_column(),
    id_column("handoff_id"),
    Column("ordinal", Integer, nullable=False),
    Column("event", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    text_column("person_id"),
    text_column("reason"),
    time_column("created_at", nullable=False),
    tenant_key("handoff_id", "ordinal"),
)

facts = Table(
    "facts",
    metadata,
    tenant_column(),
    id_column(),
    Column("kind", String(32), nullable=False),
    id_column("conversation_id"),
    id_column("subject"),
    text_column("reason"),
    text_column("channel"),
    Column("seconds", Float),
    time_column("created_at", nullable=False),
    tenant_key("id"),
    Index(None, "tenant", "created_at"),
    Index(None, "tenant", "conversation_id"),
)

jobs = Table(
    "jobs",
    metadata,
    tenant_column(),
    id_column(),
    Column("kind", String(32), nullable=False),
    json_column("payload"),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("idempotency_key", String(128)),
    Column("lease_owner", String(64)),
    time_column("lease_until"),
    time_column("run_at", nullable=False),
    text_column("error"),
    time_column("created_at", nullable=False),
    time_column("updated_at", nullable=False),
    tenant_key("id"),
    UniqueConstraint("tenant", "idempotency_key"),
    Index(None, "tenant", "state", "run_at"),
)

people = Table(
    "people",
    metadata,
    tenant_column(),
    id_column(),
    text_column("email"),
    text_column("name"),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text),
    json_column("audiences"),
    Column("active", Boolean, nullable=False, default=True),
    time_column("created_at", nullable=False),
    tenant_key("id"),
    UniqueConstraint("tenant", "email"),
)

logins = Table(
    "logins",
    metadata,
    tenant_column(),
    hash_column("token_hash", nullable=False),
    id_column("person_id"),
    Column("kind", String(16), nullable=False),
    time_column("created_at", nullable=False),
    time_column("expires_at", nullable=False),
    time_column("used_at"),
    tenant_key("token_hash"),
)

keys = Table(
    "keys",
    metadata,
    tenant_column(),
    id_column(),
    text_column("name"),
    hash_column("key_hash", nullable=False),
    Column("role", String(16), nullable=False),
    json_column("audiences"),
    time_column("created_at", nullable=False),
    time_column("revoked_at"),
    tenant_key("id"),
    UniqueConstraint("tenant", "key_hash"),
)

audit = Table(
    "audit",
    metadata,
    tenant_column(),
    id_column(),
    id_column("person_id"),
    text_column("role"),
    Column("action", String(64), nullable=False),
    text_column("object"),
    json_column("detail"),
    time_column("created_at", nullable=False),
    tenant_key("id"),
)

macros = Table(
    "macros",
    metadata,
    tenant_column(),
    id_column(),
    text_column("name"),
    text_column("body"),
    text_column("person_id"),
    time_column("created_at", nullable=False),
    tenant_key("id"),
    UniqueConstraint("tenant", "name"),
)

leads = Table(
    "leads",
    metadata,
    tenant_column(),
    id_column(),
    text_column("conversation_id"),
    text_column("visitor_id"),
    hash_column("fields_hash", nullable=False),
    hash_column("consent_hash", nullable=False),
    Column("idempotency_key", String(128)),
    time_column("created_at", nullable=False),
    tenant_key("id"),
    UniqueConstraint("tenant", "idempotency_key"),
)

corrections = Table(
    "corrections",
    metadata,
    tenant_column(),
    id_column(),
    Column("kind", String(16), nullable=False),
    id_column("conversation_id"),
    id_column("answer_id"),
    hash_column("question_hash", nullable=False),
    hash_column("reply_hash", nullable=False),
    text_column("document_id"),
    text_column("person_id"),
    time_column("created_at", nullable=False),
    tenant_key("id"),
    UniqueConstraint("tenant", "kind", "answer_id"),
)

calibrations = Table(
    "calibrations",
    metadata,
    tenant_column(),
    id_column(),
    count_column("number"),
    json_column("model"),
    Column("threshold", Float),
    text_column("method"),
    count_column("labels"),
    Column("certificate", JSON(none_as_null=True)),
    text_column("made_with"),
    Column("state", String(16), nullable=False),
    text_column("reason"),
    time_column("created_at", nullable=False),
    tenant_key("id"),
    UniqueConstraint("tenant", "number"),
)

reviews = Table(
    "reviews",
    metadata,
    tenant_column(),
    id_column("receipt_id"),
    Column("right", Boolean, nullable=False),
    time_column("created_at", nullable=False),
    tenant_key("receipt_id"),
)
