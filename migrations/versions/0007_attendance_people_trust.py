"""Attendance people trust: how it was taken, doors and their codes, reports, disputes, evaluations, certificates.

New tables and new columns only: rebuilding a table on SQLite would empty those that point at it and drop its
triggers. A column that takes few values brings its constraint along, which both databases understand."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ONE_OF = {
    ("course", "asking"): ("optional", "none", "before_certificate"),
    ("meeting", "kind"): ("sitting", "homework", "practicum", "individual"),
    ("mark", "method"): ("roll", "code", "spoken", "printed", "paper", "video"),
}
"""Columns that take one of these values; the first is what rows have that were there before."""
NAMES = {("course", "asking"): "asking", ("meeting", "kind"): "meetingkind", ("mark", "method"): "method"}

TEXTS = (("course", "objectives"), ("course", "ce_provider_number"), ("credit", "taken_by"))

CANCELLED = "UPDATE offering SET cancelled_at = updated_at WHERE state = 'cancelled'"
# What was marked before is known from the mark itself: it was the roster, by whoever marked it.
RECORDED = """
INSERT INTO recording (meeting_id, enrollment_id, minutes, method, said_at, recorded_at, by_id, was_taken)
SELECT meeting_id, enrollment_id, minutes, 'roll', marked_at, marked_at, marked_by_id, TRUE FROM mark
"""
TOUCHED = """
INSERT INTO {link} (credit_id, {key}{extra})
SELECT credit.id, mapped.{key}{value}
FROM credit JOIN offering ON offering.id = credit.offering_id
JOIN {mapped} AS mapped ON mapped.course_id = offering.course_id
WHERE credit.superseded_at IS NULL AND credit.minutes > 0
"""


def upgrade() -> None:
    for (table, column), values in ONE_OF.items():
        allowed = ", ".join(f"'{value}'" for value in values)
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(40) DEFAULT '{values[0]}' NOT NULL "
            f"CONSTRAINT ck_{table}_{NAMES[table, column]} CHECK ({column} IN ({allowed}))"
        )
    for table, column in TEXTS:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))
    op.add_column("mark", sa.Column("came_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("mark", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("mark", sa.Column("is_open", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("offering", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_meeting_kind", "meeting", ["offering_id", "kind"], unique=False)
    op.create_index(
        "ix_offering_unsettled",
        "offering",
        ["state", "ends_at", "id"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(
        "ix_meeting_own_work",
        "meeting",
        ["ends_at"],
        unique=False,
        sqlite_where=sa.text("kind <> 'sitting'"),
        postgresql_where=sa.text("kind <> 'sitting'"),
    )
    op.create_index(
        "ix_roster_closing_reopened",
        "roster_closing",
        ["reopened_at"],
        unique=False,
        sqlite_where=sa.text("reopened_at IS NOT NULL"),
        postgresql_where=sa.text("reopened_at IS NOT NULL"),
    )
    op.create_table(
        "tally",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tally")),
    )
    op.create_index(op.f("ix_tally_until"), "tally", ["until"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_evidence_size")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evidence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_person_id"), "evidence", ["person_id"], unique=False)
    op.create_table(
        "course_component",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("course_id <> component_id", name=op.f("ck_course_component_not_itself")),
        sa.ForeignKeyConstraint(
            ["component_id"], ["course.id"], name=op.f("fk_course_component_component_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
            name=op.f("fk_course_component_course_id_course"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", "component_id", name=op.f("pk_course_component")),
    )
    op.create_index(
        op.f("ix_course_component_component_id"), "course_component", ["component_id"], unique=False
    )
    op.create_table(
        "education",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("credit_hours", sa.Text(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "checked",
                "returned",
                name="checkstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_education_checked_by_id_person")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_education_course_id_course")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_education_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_education_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_education")),
        sa.UniqueConstraint("once", name=op.f("uq_education_once")),
    )
    op.create_index(op.f("ix_education_person_id"), "education", ["person_id"], unique=False)
    op.create_index(op.f("ix_education_state"), "education", ["state"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "offering",
                "course",
                name="certificatekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("offering_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'offering') = (offering_id IS NOT NULL)", name=op.f("ck_certificate_offering")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_certificate_course_id_course")),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_certificate_offering_id_offering")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id_person")),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["person.id"], name=op.f("fk_certificate_revoked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["certificate.id"], name=op.f("fk_certificate_superseded_by_id_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("superseded_by_id", name=op.f("uq_certificate_superseded_by_id")),
    )
    op.create_index(op.f("ix_certificate_course_id"), "certificate", ["course_id"], unique=False)
    op.create_index(op.f("ix_certificate_offering_id"), "certificate", ["offering_id"], unique=False)
    op.create_index(op.f("ix_certificate_person_id"), "certificate", ["person_id"], unique=False)
    op.create_index(
        "uq_certificate_of_course",
        "certificate",
        ["person_id", "course_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'course' AND superseded_at IS NULL AND revoked_at IS NULL"),
        postgresql_where=sa.text("kind = 'course' AND superseded_at IS NULL AND revoked_at IS NULL"),
    )
    op.create_index(
        "uq_certificate_of_offering",
        "certificate",
        ["person_id", "offering_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'offering' AND superseded_at IS NULL AND revoked_at IS NULL"),
        postgresql_where=sa.text("kind = 'offering' AND superseded_at IS NULL AND revoked_at IS NULL"),
    )
    op.create_table(
        "certificate_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offering_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_certificate_batch_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_certificate_batch_offering_id_offering")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batch")),
        sa.UniqueConstraint("offering_id", "digest", name=op.f("uq_certificate_batch_offering_id_digest")),
    )
    op.create_table(
        "evaluation",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("offering_id", sa.Integer(), nullable=False),
        sa.Column("scales", sa.JSON(), nullable=False),
        sa.Column("objectives", sa.JSON(), nullable=False),
        sa.Column("helped", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_evaluation_offering_id_offering")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_evaluation")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_evaluation_offering_id"), "evaluation", ["offering_id"], unique=False)
    op.create_table(
        "certificate_page",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_page_certificate_id_certificate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_page")),
    )
    op.create_table(
        "door",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("printed_secret", sa.String(length=64), nullable=True),
        sa.Column("allows_walk_ins", sa.Boolean(), nullable=False),
        sa.Column("checks_out", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_door_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_door_opened_by_id_person")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_door")),
    )
    op.create_table(
        "video_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "zoom", "teams", "meet", name="source", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_video_report_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"], ["person.id"], name=op.f("fk_video_report_read_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["person.id"], name=op.f("fk_video_report_saved_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_report")),
        sa.UniqueConstraint("meeting_id", "digest", name=op.f("uq_video_report_meeting_id_digest")),
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "with_trainer",
                "answered",
                "with_coordinator",
                "settled",
                name="disputestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_dispute_enrollment_id_enrollment")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_dispute_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    op.create_index(op.f("ix_dispute_enrollment_id"), "dispute", ["enrollment_id"], unique=False)
    op.create_index(op.f("ix_dispute_meeting_id"), "dispute", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_dispute_state"), "dispute", ["state"], unique=False)
    op.create_index(
        "uq_dispute_open",
        "dispute",
        ["enrollment_id", "meeting_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'settled'"),
        postgresql_where=sa.text("state <> 'settled'"),
    )
    op.create_table(
        "evaluation_given",
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_evaluation_given_enrollment_id_enrollment")
        ),
        sa.PrimaryKeyConstraint("enrollment_id", name=op.f("pk_evaluation_given")),
    )
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "method",
            sa.Enum(
                "roll",
                "code",
                "spoken",
                "printed",
                "paper",
                "video",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("was_taken", sa.Boolean(), nullable=False),
        sa.Column("tap", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_recording_by_id_person")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_recording_enrollment_id_enrollment")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_recording_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("tap", name=op.f("uq_recording_tap")),
    )
    op.create_index(op.f("ix_recording_enrollment_id"), "recording", ["enrollment_id"], unique=False)
    op.create_index("ix_recording_of", "recording", ["meeting_id", "enrollment_id", "id"], unique=False)
    op.create_table(
        "credit_tag",
        sa.Column("credit_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["credit.id"], name=op.f("fk_credit_tag_credit_id_credit"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["hour_tag.id"], name=op.f("fk_credit_tag_tag_id_hour_tag")),
        sa.PrimaryKeyConstraint("credit_id", "tag_id", name=op.f("pk_credit_tag")),
    )
    op.create_table(
        "credit_topic",
        sa.Column("credit_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("was_reviewed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["credit.id"], name=op.f("fk_credit_topic_credit_id_credit"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_credit_topic_topic_id_topic")),
        sa.PrimaryKeyConstraint("credit_id", "topic_id", name=op.f("pk_credit_topic")),
    )
    op.create_table(
        "dispute_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "opened",
                "answered",
                "passed_on",
                "accepted",
                "decided",
                name="disputeact",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("minutes_before", sa.Integer(), nullable=True),
        sa.Column("minutes_after", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_dispute_entry_by_id_person")),
        sa.ForeignKeyConstraint(
            ["dispute_id"],
            ["dispute.id"],
            name=op.f("fk_dispute_entry_dispute_id_dispute"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_entry")),
    )
    op.create_index(op.f("ix_dispute_entry_dispute_id"), "dispute_entry", ["dispute_id"], unique=False)
    op.execute(CANCELLED)
    op.execute(RECORDED)
    reviewed = ", mapped.reviewed_at IS NOT NULL"
    op.execute(
        TOUCHED.format(
            link="credit_topic", key="topic_id", extra=", was_reviewed", value=reviewed, mapped="course_topic"
        )
    )
    op.execute(TOUCHED.format(link="credit_tag", key="tag_id", extra="", value="", mapped="course_tag"))


def downgrade() -> None:
    op.drop_index("ix_roster_closing_reopened", table_name="roster_closing")
    op.drop_index("ix_meeting_own_work", table_name="meeting")
    op.drop_index("ix_offering_unsettled", table_name="offering")
    op.drop_column("offering", "cancelled_at")
    op.drop_index("ix_meeting_kind", table_name="meeting")
    op.drop_column("meeting", "kind")
    op.drop_column("mark", "is_open")
    op.drop_column("mark", "left_at")
    op.drop_column("mark", "came_at")
    op.drop_column("mark", "method")
    op.drop_column("credit", "taken_by")
    op.drop_column("course", "ce_provider_number")
    op.drop_column("course", "asking")
    op.drop_column("course", "objectives")
    op.drop_index(op.f("ix_dispute_entry_dispute_id"), table_name="dispute_entry")
    op.drop_table("dispute_entry")
    op.drop_table("credit_topic")
    op.drop_table("credit_tag")
    op.drop_index("ix_recording_of", table_name="recording")
    op.drop_index(op.f("ix_recording_enrollment_id"), table_name="recording")
    op.drop_table("recording")
    op.drop_table("evaluation_given")
    op.drop_index("uq_dispute_open", table_name="dispute")
    op.drop_index(op.f("ix_dispute_state"), table_name="dispute")
    op.drop_index(op.f("ix_dispute_meeting_id"), table_name="dispute")
    op.drop_index(op.f("ix_dispute_enrollment_id"), table_name="dispute")
    op.drop_table("dispute")
    op.drop_table("video_report")
    op.drop_table("door")
    op.drop_table("certificate_page")
    op.drop_index(op.f("ix_evaluation_offering_id"), table_name="evaluation")
    op.drop_table("evaluation")
    op.drop_table("certificate_batch")
    op.drop_index("uq_certificate_of_offering", table_name="certificate")
    op.drop_index("uq_certificate_of_course", table_name="certificate")
    op.drop_index(op.f("ix_certificate_person_id"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_offering_id"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_course_id"), table_name="certificate")
    op.drop_table("certificate")
    op.drop_index(op.f("ix_education_state"), table_name="education")
    op.drop_index(op.f("ix_education_person_id"), table_name="education")
    op.drop_table("education")
    op.drop_index(op.f("ix_course_component_component_id"), table_name="course_component")
    op.drop_table("course_component")
    op.drop_index(op.f("ix_evidence_person_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_tally_until"), table_name="tally")
    op.drop_table("tally")
