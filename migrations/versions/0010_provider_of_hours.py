"""Who provided hours from elsewhere, where that person is known here.

A new column only, as in 0009: nothing is rebuilt on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hour_entry", sa.Column("provider_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("hour_entry", "provider_id")
