"""Two accounts that somebody looked at and found to be two people."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "not_same",
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_not_same_order")),
        sa.ForeignKeyConstraint(["low_id"], ["person.id"], name=op.f("fk_not_same_low_id_person")),
        sa.ForeignKeyConstraint(["high_id"], ["person.id"], name=op.f("fk_not_same_high_id_person")),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=op.f("fk_not_same_said_by_id_person")),
        sa.PrimaryKeyConstraint("low_id", "high_id", name=op.f("pk_not_same")),
    )


def downgrade() -> None:
    op.drop_table("not_same")
