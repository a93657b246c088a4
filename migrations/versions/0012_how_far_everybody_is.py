"""How far everybody is, as reports read it: runs of the worker and their rows. New tables only."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standing_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.Column("goals_done", sa.Boolean(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_run")),
    )
    op.create_table(
        "goal_standing",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=5), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "begun",
                "under half",
                "half and more",
                "rsc open",
                "all seen",
                "no rules",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["standing_run.id"],
            name=op.f("fk_goal_standing_run_id_standing_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "goal_id", name=op.f("pk_goal_standing")),
    )
    op.create_index(
        "ix_goal_standing_step", "goal_standing", ["run_id", "category_id", "step", "county"], unique=False
    )
    op.create_table(
        "topic_gap",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=5), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["standing_run.id"],
            name=op.f("fk_topic_gap_run_id_standing_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "topic_id", "county", name=op.f("pk_topic_gap")),
    )
    op.create_table(
        "renewal_standing",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("endorsed_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=5), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("lacks_training", sa.Boolean(), nullable=False),
        sa.Column("lacks_rsc", sa.Boolean(), nullable=False),
        sa.Column("lacks_membership", sa.Boolean(), nullable=False),
        sa.Column("lacking", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["standing_run.id"],
            name=op.f("fk_renewal_standing_run_id_standing_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "endorsed_id", name=op.f("pk_renewal_standing")),
    )
    op.create_index("ix_renewal_standing_until", "renewal_standing", ["run_id", "valid_until"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_renewal_standing_until", table_name="renewal_standing")
    op.drop_table("renewal_standing")
    op.drop_table("topic_gap")
    op.drop_index("ix_goal_standing_step", table_name="goal_standing")
    op.drop_table("goal_standing")
    op.drop_table("standing_run")
