"""What am I missing: hours earned elsewhere, policies, goals, plans, what one holds and shows.

New tables and new columns only, as in 0007: nothing is rebuilt on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "endorsed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("endorsed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("provides_rsc", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_until >= endorsed_on", name=op.f("ck_endorsed_days")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_endorsed_category_id_category")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_endorsed_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsed")),
        sa.UniqueConstraint("person_id", "category_id", name=op.f("uq_endorsed_person_id_category_id")),
    )
    op.create_index(op.f("ix_endorsed_category_id"), "endorsed", ["category_id"], unique=False)
    op.create_index(op.f("ix_endorsed_valid_until"), "endorsed", ["valid_until"], unique=False)
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticks", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.Column("summed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_goal_category_id_category")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_goal_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("person_id", "category_id", name=op.f("uq_goal_person_id_category_id")),
    )
    op.create_index(op.f("ix_goal_category_id"), "goal", ["category_id"], unique=False)
    op.create_table(
        "hour_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hour_import_person_id_person")),
        sa.ForeignKeyConstraint(["read_by_id"], ["person.id"], name=op.f("fk_hour_import_read_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_import")),
    )
    op.create_index(op.f("ix_hour_import_person_id"), "hour_import", ["person_id"], unique=False)
    op.create_table(
        "policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "providers",
                "sources",
                "cycle",
                name="policykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_until", sa.Date(), nullable=True),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("why_disabled", sa.Text(), nullable=True),
        sa.Column("file_key", sa.String(length=200), nullable=True),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum(
                "confirmed",
                "older edition",
                "inferred",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_in", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_policy_category_id_category")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
    )
    op.create_index(op.f("ix_policy_category_id"), "policy", ["category_id"], unique=False)
    op.create_index(op.f("ix_policy_file_key"), "policy", ["file_key"], unique=True)
    op.create_table(
        "recount",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_recount_asked_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recount")),
    )
    op.create_table(
        "hour_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "ledger",
            sa.Enum("training", "rsc", name="ledger", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("trainer", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=True),
        sa.Column(
            "provider_standing",
            sa.Enum(
                "endorsed",
                "vetted",
                "not_endorsed",
                "peers",
                "unknown",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("provider_categories", sa.String(length=200), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "self_reported",
                "coordinator",
                "imported",
                name="entrysource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "verified",
                "returned",
                "withdrawn",
                name="entrystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("once", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(state = 'pending') OR (checked_at IS NOT NULL)", name=op.f("ck_hour_entry_checked")
        ),
        sa.CheckConstraint("ended_on >= began_on", name=op.f("ck_hour_entry_days")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_hour_entry_minutes")),
        sa.CheckConstraint(
            "supersedes_id IS NULL OR supersedes_id <> id", name=op.f("ck_hour_entry_not_itself")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_hour_entry_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_hour_entry_checked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_hour_entry_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["hour_import.id"], name=op.f("fk_hour_entry_import_id_hour_import")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hour_entry_person_id_person")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["hour_entry.id"], name=op.f("fk_hour_entry_supersedes_id_hour_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_entry")),
        sa.UniqueConstraint("once", name=op.f("uq_hour_entry_once")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_hour_entry_supersedes_id")),
    )
    op.create_index(
        "ix_hour_entry_of", "hour_entry", ["person_id", "superseded_at", "ended_on"], unique=False
    )
    op.create_index(
        "ix_hour_entry_waiting",
        "hour_entry",
        ["added_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending' AND superseded_at IS NULL"),
        postgresql_where=sa.text("state = 'pending' AND superseded_at IS NULL"),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f("fk_plan_goal_id_goal"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_goal_id"), "plan", ["goal_id"], unique=False)
    op.create_table(
        "share_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_share_link_days")),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f("fk_share_link_goal_id_goal"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_link_token_hash")),
    )
    op.create_index(op.f("ix_share_link_goal_id"), "share_link", ["goal_id"], unique=False)
    op.create_table(
        "hour_entry_area",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_hour_entry_area_area_id_area")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["hour_entry.id"],
            name=op.f("fk_hour_entry_area_entry_id_hour_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "area_id", name=op.f("pk_hour_entry_area")),
    )
    op.create_table(
        "hour_entry_tag",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["hour_entry.id"],
            name=op.f("fk_hour_entry_tag_entry_id_hour_entry"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["hour_tag.id"], name=op.f("fk_hour_entry_tag_tag_id_hour_tag")),
        sa.PrimaryKeyConstraint("entry_id", "tag_id", name=op.f("pk_hour_entry_tag")),
    )
    op.create_table(
        "hour_entry_topic",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["hour_entry.id"],
            name=op.f("fk_hour_entry_topic_entry_id_hour_entry"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_hour_entry_topic_topic_id_topic")),
        sa.PrimaryKeyConstraint("entry_id", "topic_id", name=op.f("pk_hour_entry_topic")),
    )
    op.create_table(
        "plan_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("offering_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "seated",
                "waiting",
                "requested",
                "refused",
                "lost",
                name="stepstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_plan_step_offering_id_offering")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_step_plan_id_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_step")),
        sa.UniqueConstraint("plan_id", "offering_id", name=op.f("uq_plan_step_plan_id_offering_id")),
    )
    op.create_index(op.f("ix_plan_step_offering_id"), "plan_step", ["offering_id"], unique=False)
    op.execute(
        "ALTER TABLE hour_rule ADD COLUMN condition VARCHAR(40) "
        "CONSTRAINT ck_hour_rule_condition CHECK (condition IN ('provides_rsc'))"
    )
    # What the framework's file says in words is from now on said to the reckoning as well.
    op.execute(
        "UPDATE hour_rule SET condition = 'provides_rsc' WHERE applies_when = 'the endorsee provides RSC to others'"
    )
    op.add_column(
        "qualification", sa.Column("category_code", sa.String(length=20), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("qualification", "category_code")
    op.drop_column("hour_rule", "condition")

    op.drop_index(op.f("ix_plan_step_offering_id"), table_name="plan_step")
    op.drop_table("plan_step")
    op.drop_table("hour_entry_topic")
    op.drop_table("hour_entry_tag")
    op.drop_table("hour_entry_area")
    op.drop_index(op.f("ix_share_link_goal_id"), table_name="share_link")
    op.drop_table("share_link")
    op.drop_index(op.f("ix_plan_goal_id"), table_name="plan")
    op.drop_table("plan")
    op.drop_index(
        "ix_hour_entry_waiting",
        table_name="hour_entry",
        sqlite_where=sa.text("state = 'pending' AND superseded_at IS NULL"),
        postgresql_where=sa.text("state = 'pending' AND superseded_at IS NULL"),
    )
    op.drop_index("ix_hour_entry_of", table_name="hour_entry")
    op.drop_table("hour_entry")
    op.drop_table("recount")
    op.drop_index(op.f("ix_policy_file_key"), table_name="policy")
    op.drop_index(op.f("ix_policy_category_id"), table_name="policy")
    op.drop_table("policy")
    op.drop_index(op.f("ix_hour_import_person_id"), table_name="hour_import")
    op.drop_table("hour_import")
    op.drop_index(op.f("ix_goal_category_id"), table_name="goal")
    op.drop_table("goal")
    op.drop_index(op.f("ix_endorsed_valid_until"), table_name="endorsed")
    op.drop_index(op.f("ix_endorsed_category_id"), table_name="endorsed")
    op.drop_table("endorsed")
