"""Hand-offs with their steps, facts, people's deeds, macros, leads, corrections."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from openbook.stores.columns import UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _widen()
    _table(
        "handoff_steps",
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        _words("person_id"),
        _words("reason"),
        key=("handoff_id", "ordinal"),
    )
    _table(
        "facts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        _words("reason"),
        _words("channel"),
        sa.Column("seconds", sa.Float()),
    )
    op.create_index("ix_facts_tenant_created_at", "facts", ["tenant", "created_at"])
    op.create_index("ix_facts_tenant_conversation_id", "facts", ["tenant", "conversation_id"])
    _add_staff()


def _add_staff() -> None:
    _table(
        "audit",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        _words("role"),
        sa.Column("action", sa.String(length=64), nullable=False),
        _words("object"),
        sa.Column("detail", sa.JSON(), nullable=False),
    )
    _table(
        "macros",
        sa.Column("id", sa.String(length=64), nullable=False),
        _words("name"),
        _words("body"),
        _words("person_id"),
        unique=("name",),
    )
    _table(
        "leads",
        sa.Column("id", sa.String(length=64), nullable=False),
        _words("conversation_id"),
        _words("visitor_id"),
        sa.Column("fields_hash", sa.String(length=64), nullable=False),
        sa.Column("consent_hash", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=128)),
        unique=("idempotency_key",),
    )
    _table(
        "corrections",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("answer_id", sa.String(length=64), nullable=False),
        sa.Column("question_hash", sa.String(length=64), nullable=False),
        sa.Column("reply_hash", sa.String(length=64), nullable=False),
        _words("document_id"),
        _words("person_id"),
        unique=("kind", "answer_id"),
    )


def downgrade() -> None:
    for name in ("corrections", "leads", "macros", "audit", "facts", "handoff_steps"):
        op.drop_table(name)
    op.drop_index("ix_handoffs_tenant_conversation_id", "handoffs")
    op.drop_index("ix_messages_tenant_idempotency_key", "messages")
    for table, names in _ADDED.items():
        for name in names:
            op.drop_column(table, name)


_ONLY_THE_LAST = """UPDATE handoffs SET state = 'resolved' WHERE state = 'waiting' AND EXISTS (
    SELECT 1 FROM handoffs AS later WHERE later.tenant = handoffs.tenant
    AND later.conversation_id = handoffs.conversation_id
    AND (later.created_at > handoffs.created_at
         OR (later.created_at = handoffs.created_at AND later.id > handoffs.id)))"""
"""Older versions opened one for each answer; there is at most one open hand-off in a conversation."""

_ADDED = {
    "conversations": ("name_hash", "contact_hash", "page"),
    "messages": ("person_id", "idempotency_key"),
    "handoffs": ("rule", "language", "alarms"),
}


def _widen() -> None:
    op.add_column("conversations", sa.Column("name_hash", sa.String(length=64)))
    op.add_column("conversations", sa.Column("contact_hash", sa.String(length=64)))
    op.add_column("conversations", _later("page"))
    op.add_column("messages", _later("person_id"))
    op.add_column("messages", sa.Column("idempotency_key", sa.String(length=128)))
    op.create_index("ix_messages_tenant_idempotency_key", "messages", ["tenant", "idempotency_key"], unique=True)
    op.add_column("handoffs", _later("rule"))
    op.add_column("handoffs", _later("language"))
    op.add_column("handoffs", sa.Column("alarms", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE handoffs SET due_at = created_at WHERE due_at IS NULL")
    op.execute(_ONLY_THE_LAST)
    op.create_index("ix_handoffs_tenant_conversation_id", "handoffs", ["tenant", "conversation_id"])


def _table(name: str, *columns: "sa.Column[Any]", key: tuple[str, ...] = ("id",), unique: tuple[str, ...] = ()) -> None:
    """A table whose key begins with the tenant and whose rows have a time."""
    further = []
    if unique:
        label = f"uq_{name}_tenant_{'_'.join(unique)}"
        further.append(sa.UniqueConstraint("tenant", *unique, name=op.f(label)))
    op.create_table(
        name,
        sa.Column("tenant", sa.String(length=64), nullable=False),
        *columns,
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", *key, name=op.f(f"pk_{name}")),
        *further,
    )


def _words(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def _later(name: str) -> "sa.Column[str]":
    """A text that older rows read as empty."""
    return sa.Column(name, sa.Text(), nullable=False, server_default="")
