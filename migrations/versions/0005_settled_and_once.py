"""Remember when a session's roster was closed, and what the form that made a course or session carried.

Columns and indexes only: rebuilding a table on SQLite would empty those that point at it and drop its triggers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("course", "offering"):
        op.add_column(table, sa.Column("once", sa.String(length=32), nullable=True))
        op.create_index(f"ix_{table}_once", table, ["once"], unique=True)
    op.add_column("offering", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("offering", "settled_at")
    for table in ("offering", "course"):
        op.drop_index(f"ix_{table}_once", table_name=table)
        op.drop_column(table, "once")
