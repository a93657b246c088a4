"""The desks: letters in one's own words, calendars, saved searches, groups, materials, merged people, imports.

New tables and new columns only, as in 0008: nothing is rebuilt on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bounce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("is_permanent", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cleared_by_id"], ["person.id"], name=op.f("fk_bounce_cleared_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
        sa.UniqueConstraint("digest", name=op.f("uq_bounce_digest")),
    )
    op.create_index(op.f("ix_bounce_address"), "bounce", ["address"], unique=False)

    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_person_id"), "calendar_feed", ["person_id"], unique=False)

    op.create_table(
        "letter_template",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_letter_template_changed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_letter_template")),
    )
    op.create_table(
        "muted",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_muted_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_muted")),
    )
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_person_merge_two_people")),
        sa.ForeignKeyConstraint(["gone_id"], ["person.id"], name=op.f("fk_person_merge_gone_id_person")),
        sa.ForeignKeyConstraint(["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id_person")),
        sa.ForeignKeyConstraint(
            ["merged_by_id"], ["person.id"], name=op.f("fk_person_merge_merged_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["person.id"], name=op.f("fk_person_merge_undone_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_index(op.f("ix_person_merge_gone_id"), "person_merge", ["gone_id"], unique=False)
    op.create_index(op.f("ix_person_merge_kept_id"), "person_merge", ["kept_id"], unique=False)

    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column(
            "how_often",
            sa.Enum(
                "at_once",
                "daily",
                "weekly",
                name="howoften",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_search_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("person_id", "query", name=op.f("uq_saved_search_person_id_query")),
    )
    op.create_table(
        "interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_interest_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interest_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
        sa.UniqueConstraint("course_id", "person_id", name=op.f("uq_interest_course_id_person_id")),
    )
    op.create_index(op.f("ix_interest_person_id"), "interest", ["person_id"], unique=False)

    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("offering_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_calendar_entry_sequence")),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_calendar_entry_offering_id_offering")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_entry_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
        sa.UniqueConstraint("person_id", "meeting_id", name=op.f("uq_calendar_entry_person_id_meeting_id")),
    )
    op.create_index(
        "ix_calendar_entry_offering", "calendar_entry", ["offering_id", "person_id"], unique=False
    )

    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offering_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column(
            "shown",
            sa.Enum("before", "after", name="shown", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("once", sa.String(length=32), nullable=True),
        sa.CheckConstraint("(url = '') = (content IS NOT NULL)", name=op.f("ck_material_file_or_link")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_material_size")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_material_added_by_id_person")),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_material_offering_id_offering")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
        sa.UniqueConstraint("once", name=op.f("uq_material_once")),
    )
    op.create_index(op.f("ix_material_offering_id"), "material", ["offering_id"], unique=False)

    op.create_table(
        "rsc_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "confirmed",
                "declined",
                "withdrawn",
                name="rscstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("once", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(state = 'confirmed') = (entry_id IS NOT NULL)", name=op.f("ck_rsc_session_entry_when_confirmed")
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_rsc_session_minutes")),
        sa.CheckConstraint("person_id <> provider_id", name=op.f("ck_rsc_session_two_people")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["hour_entry.id"], name=op.f("fk_rsc_session_entry_id_hour_entry")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rsc_session_person_id_person")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["person.id"], name=op.f("fk_rsc_session_provider_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rsc_session")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_rsc_session_entry_id")),
        sa.UniqueConstraint("once", name=op.f("uq_rsc_session_once")),
    )
    op.create_index(op.f("ix_rsc_session_person_id"), "rsc_session", ["person_id"], unique=False)
    op.create_index("ix_rsc_session_provider", "rsc_session", ["provider_id", "state"], unique=False)

    op.create_table(
        "saved_search_hit",
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("offering_id", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_saved_search_hit_offering_id_offering")
        ),
        sa.ForeignKeyConstraint(
            ["search_id"],
            ["saved_search.id"],
            name=op.f("fk_saved_search_hit_search_id_saved_search"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("search_id", "offering_id", name=op.f("pk_saved_search_hit")),
    )
    op.create_index(
        op.f("ix_saved_search_hit_offering_id"), "saved_search_hit", ["offering_id"], unique=False
    )

    op.create_table(
        "table_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "memberships",
                "enrolling",
                "attendance",
                name="tablekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("offering_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_table_import_offering_id_offering")
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"], ["person.id"], name=op.f("fk_table_import_read_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_import")),
    )
    op.create_table(
        "meeting_substitute",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_meeting_substitute_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_meeting_substitute_person_id_person")
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meeting_substitute")),
    )
    op.create_index(
        op.f("ix_meeting_substitute_person_id"), "meeting_substitute", ["person_id"], unique=False
    )

    op.create_table(
        "roster_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offering_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "everyone",
                "seated",
                "waiting",
                "absent",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_roster_message_by_id_person")),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_roster_message_meeting_id_meeting"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_roster_message_offering_id_offering")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_message")),
        sa.UniqueConstraint("once", name=op.f("uq_roster_message_once")),
    )
    op.create_index(op.f("ix_roster_message_offering_id"), "roster_message", ["offering_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_absence_enrollment_id_enrollment")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_absence_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("enrollment_id", "meeting_id", name=op.f("uq_absence_enrollment_id_meeting_id")),
    )
    op.create_index(op.f("ix_absence_meeting_id"), "absence", ["meeting_id"], unique=False)

    op.create_table(
        "roster_message_person",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["roster_message.id"],
            name=op.f("fk_roster_message_person_message_id_roster_message"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_roster_message_person_person_id_person")
        ),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_roster_message_person")),
    )
    op.add_column("job", sa.Column("person_id", sa.Integer(), nullable=True))
    op.add_column("job", sa.Column("outcome", sa.String(length=300), nullable=True))
    op.create_index(op.f("ix_job_person_id"), "job", ["person_id"], unique=False)

    op.add_column("offering", sa.Column("decide_on", sa.Date(), nullable=True))
    op.add_column(
        "offering", sa.Column("when_full", sa.String(length=20), server_default="waitlist", nullable=False)
    )
    op.add_column("offering", sa.Column("joins_until", sa.Integer(), nullable=True))
    op.add_column("offering", sa.Column("follows_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_offering_follows_id"), "offering", ["follows_id"], unique=False)

    op.add_column("person", sa.Column("second_email", sa.String(length=254), nullable=True))
    op.add_column("person", sa.Column("licence", sa.String(length=40), nullable=True))
    op.add_column("person", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_person_merged_into_id"), "person", ["merged_into_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_person_merged_into_id"), table_name="person")
    op.drop_column("person", "merged_into_id")
    op.drop_column("person", "licence")
    op.drop_column("person", "second_email")

    op.drop_index(op.f("ix_offering_follows_id"), table_name="offering")
    op.drop_column("offering", "follows_id")
    op.drop_column("offering", "joins_until")
    op.drop_column("offering", "when_full")
    op.drop_column("offering", "decide_on")

    op.drop_index(op.f("ix_job_person_id"), table_name="job")
    op.drop_column("job", "outcome")
    op.drop_column("job", "person_id")

    op.drop_table("roster_message_person")
    op.drop_index(op.f("ix_absence_meeting_id"), table_name="absence")

    op.drop_table("absence")
    op.drop_index(op.f("ix_roster_message_offering_id"), table_name="roster_message")

    op.drop_table("roster_message")
    op.drop_index(op.f("ix_meeting_substitute_person_id"), table_name="meeting_substitute")

    op.drop_table("meeting_substitute")
    op.drop_table("table_import")
    op.drop_index(op.f("ix_saved_search_hit_offering_id"), table_name="saved_search_hit")

    op.drop_table("saved_search_hit")
    op.drop_index("ix_rsc_session_provider", table_name="rsc_session")
    op.drop_index(op.f("ix_rsc_session_person_id"), table_name="rsc_session")

    op.drop_table("rsc_session")
    op.drop_index(op.f("ix_material_offering_id"), table_name="material")

    op.drop_table("material")
    op.drop_index("ix_calendar_entry_offering", table_name="calendar_entry")

    op.drop_table("calendar_entry")
    op.drop_index(op.f("ix_interest_person_id"), table_name="interest")

    op.drop_table("interest")
    op.drop_table("saved_search")
    op.drop_index(op.f("ix_person_merge_kept_id"), table_name="person_merge")
    op.drop_index(op.f("ix_person_merge_gone_id"), table_name="person_merge")

    op.drop_table("person_merge")
    op.drop_table("muted")
    op.drop_table("letter_template")
    op.drop_index(op.f("ix_calendar_feed_person_id"), table_name="calendar_feed")

    op.drop_table("calendar_feed")
    op.drop_index(op.f("ix_bounce_address"), table_name="bounce")

    op.drop_table("bounce")
