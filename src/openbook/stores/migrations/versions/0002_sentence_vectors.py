"""Vectors of sentences beside those of chunks.

Vectors are derived from texts: the old ones are dropped, and making the index anew fills the
table again.
"""

import sqlalchemy as sa
from alembic import op

from openbook.stores.columns import UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_table("vectors")
    op.create_table(
        "vectors",
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("sentences", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "text_hash", "model", name=op.f("pk_vectors")),
    )


def downgrade() -> None:
    op.drop_table("vectors")
    op.create_table(
        "vectors",
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "text_hash", "model", name=op.f("pk_vectors")),
    )
