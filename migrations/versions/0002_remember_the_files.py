"""remember what the files said, so that loading them again finds what people changed since"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hour_rule", sa.Column("file_key", sa.String(length=200), nullable=True))
    op.create_index(op.f("ix_hour_rule_file_key"), "hour_rule", ["file_key"], unique=True)
    op.add_column("course", sa.Column("imported_row", sa.String(length=64), nullable=True))
    op.add_column("course", sa.Column("imported_as", sa.String(length=64), nullable=True))


def downgrade() -> None:
    # Not as a batch: that would copy the table and drop the old one, which takes the rows that point at it along.
    op.drop_column("course", "imported_as")
    op.drop_column("course", "imported_row")
    op.drop_index(op.f("ix_hour_rule_file_key"), table_name="hour_rule")
    op.drop_column("hour_rule", "file_key")
