"""What others see, everything about somebody as a file, somebody who leaves, and what the check found.

New tables, one column, and an index over the jobs that were given up."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    is_dead = sa.text("state = 'dead'")
    op.create_index(
        "ix_job_dead", "job", ["kind"], unique=False, sqlite_where=is_dead, postgresql_where=is_dead
    )
    op.create_table(
        "openness",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name_on_sessions", sa.Boolean(), nullable=False),
        sa.Column("address_in_groups", sa.Boolean(), nullable=False),
        sa.Column("address_as_trainer", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_openness_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_openness")),
    )
    op.create_table(
        "personal_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(made_at IS NULL) = (content IS NULL)", name=op.f("ck_personal_export_made")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_personal_export_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_export")),
    )
    op.create_index(op.f("ix_personal_export_person_id"), "personal_export", ["person_id"], unique=False)
    op.create_table(
        "departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("undone_at IS NULL OR done_at IS NULL", name=op.f("ck_departure_one_end")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_departure_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_departure_token_hash")),
    )
    op.create_index(op.f("ix_departure_person_id"), "departure", ["person_id"], unique=False)
    open_ones = sa.text("undone_at IS NULL AND done_at IS NULL")
    op.create_index(
        "uq_departure_open",
        "departure",
        ["person_id"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    op.create_table(
        "check_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_run")),
    )
    op.create_index(op.f("ix_check_run_began_at"), "check_run", ["began_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_check_run_began_at"), table_name="check_run")
    op.drop_table("check_run")
    op.drop_index("uq_departure_open", table_name="departure")
    op.drop_index(op.f("ix_departure_person_id"), table_name="departure")
    op.drop_table("departure")
    op.drop_index(op.f("ix_personal_export_person_id"), table_name="personal_export")
    op.drop_table("personal_export")
    op.drop_table("openness")
    op.drop_index("ix_job_dead", table_name="job")
    op.drop_column("person", "left_at")
