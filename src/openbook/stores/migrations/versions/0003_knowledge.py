"""What was seen of each file and page, imported tickets, and versions that wait for approval."""

import sqlalchemy as sa
from alembic import op

from openbook.stores.columns import UtcTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("versions", sa.Column("attributes", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("versions", sa.Column("suspicions", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("versions", sa.Column("hold", sa.Text(), nullable=False, server_default=""))
    op.add_column("versions", sa.Column("approved_at", UtcTime()))
    op.create_table(
        "sightings",
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stamp", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcTime()),
        sa.Column("missing_since", UtcTime()),
        sa.PrimaryKeyConstraint("tenant", "source_id", "name_hash", name=op.f("pk_sightings")),
    )
    op.create_index(op.f("ix_sightings_tenant_source_id_state"), "sightings", ["tenant", "source_id", "state"])
    op.create_table(
        "tickets",
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime()),
        sa.Column("imported_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("tenant", "source_id", "name_hash", name=op.f("uq_tickets_tenant_source_id_name_hash")),
    )


def downgrade() -> None:
    op.drop_table("tickets")
    op.drop_table("sightings")
    for column in ("approved_at", "hold", "suspicions", "attributes"):
        op.drop_column("versions", column)
