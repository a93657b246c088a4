"""Who was at which meeting, and the credit that follows."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.competencies.models import Area, HourTag, Ledger, Topic
from catalog.courses.models import Meeting, Offering
from catalog.enrollment.models import Enrollment
from catalog.extensions import Base, stored_by_value


class Method(StrEnum):
    """How somebody's attendance was taken. Every mark carries it, with its time and who wrote it down."""

    ROLL = "roll"
    CODE = "code"
    SPOKEN = "spoken"
    PRINTED = "printed"
    PAPER = "paper"
    VIDEO = "video"


class Mark(Base):
    """One person at one meeting: `minutes` 0 is absent; the whole meeting is present; less is in part.

    `came_at` and `left_at` are there where they are known. There is one mark, however often and in however many
    ways somebody was marked; each of those times is a Recording."""

    __tablename__ = "mark"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "enrollment_id"),
        sa.CheckConstraint("minutes >= 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    enrollment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrollment.id"), index=True)
    minutes: Mapped[int]
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    method: Mapped[Method] = stored_by_value(Method, default=Method.ROLL)
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    # Checked in where leaving is checked too, and not gone yet: somebody has to say how long they stayed.
    is_open: Mapped[bool] = mapped_column(default=False)

    meeting: Mapped[Meeting] = relationship()
    enrollment: Mapped[Enrollment] = relationship()
    marked_by: Mapped[Person] = relationship()


class Recording(Base):
    """One time that somebody was marked, by whom, how and when. Rows are only ever added.

    `said_at` is when it was seen, `recorded_at` when it reached the catalog: a tap made without a connection comes
    later. Whatever was seen last is what the Mark says; `was_taken` tells whether this one was."""

    __tablename__ = "recording"
    __table_args__ = (sa.Index("ix_recording_of", "meeting_id", "enrollment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    enrollment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrollment.id"), index=True)
    minutes: Mapped[int]
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    method: Mapped[Method] = stored_by_value(Method)
    said_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    was_taken: Mapped[bool]
    # What the device called this tap; the same tap sent twice is one recording.
    tap: Mapped[str | None] = mapped_column(sa.String(40), unique=True)

    by: Mapped[Person] = relationship()


class RosterClosing(Base):
    """That an offering's roster was closed, and, when it was opened again, by whom and why."""

    __tablename__ = "roster_closing"
    __table_args__ = (
        sa.Index(
            "uq_roster_closing_in_force",
            "offering_id",
            unique=True,
            sqlite_where=sa.text("reopened_at IS NULL"),
            postgresql_where=sa.text("reopened_at IS NULL"),
        ),
        sa.Index(
            "ix_roster_closing_reopened",
            "reopened_at",
            sqlite_where=sa.text("reopened_at IS NOT NULL"),
            postgresql_where=sa.text("reopened_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reopened_at: Mapped[datetime | None]
    reopened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    offering: Mapped[Offering] = relationship()
    closed_by: Mapped[Person] = relationship(foreign_keys=closed_by_id)


class KnownBy(StrEnum):
    """How an hour is known. Every hour on every screen carries this label."""

    ATTENDANCE = "attendance verified"
    COORDINATOR = "coordinator verified"
    SELF_REPORTED = "self-reported"
    # Of individual RSC, and of no credit: whoever gave it has confirmed it.
    PROVIDER = "confirmed by the provider"


class Credit(Base):
    """Minutes a person earned on an offering, in one ledger, by the course's rule as it was then written.

    Rows are never changed: when a roster is closed again the old row is superseded by a new one."""

    __tablename__ = "credit"
    __table_args__ = (
        sa.CheckConstraint("minutes >= 0", name="minutes"),
        sa.CheckConstraint("attended_minutes >= 0", name="attended"),
        sa.Index(
            "uq_credit_in_force",
            "enrollment_id",
            "ledger",
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        ),
        # Whoever was taken off a session and added again has two enrollments, and still one credit.
        sa.Index(
            "uq_credit_of_person",
            "person_id",
            "offering_id",
            "ledger",
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    enrollment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrollment.id"))
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    ledger: Mapped[Ledger] = stored_by_value(Ledger)
    minutes: Mapped[int]
    attended_minutes: Mapped[int]
    held_minutes: Mapped[int]
    rule: Mapped[str] = mapped_column(sa.Text)
    # Why minutes do not count in the ledger they were earned for; empty when they do.
    not_counted_because: Mapped[str] = mapped_column(sa.Text, default="")
    earned_on: Mapped[date]
    known_by: Mapped[KnownBy] = stored_by_value(KnownBy)
    # How attendance was taken, in words, as it was when the credit was given.
    taken_by: Mapped[str] = mapped_column(sa.Text, default="")
    given_at: Mapped[datetime]
    given_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    superseded_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    offering: Mapped[Offering] = relationship()
    enrollment: Mapped[Enrollment] = relationship()
    areas: Mapped[list["CreditArea"]] = relationship(back_populates="credit", cascade="all, delete-orphan")
    topics: Mapped[list["CreditTopic"]] = relationship(back_populates="credit", cascade="all, delete-orphan")
    tags: Mapped[list[HourTag]] = relationship(secondary="credit_tag")


class CreditArea(Base):
    """An area a credit touches, as the course was mapped on that day; `minutes` where the course splits them."""

    __tablename__ = "credit_area"

    credit_id: Mapped[int] = mapped_column(sa.ForeignKey("credit.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), primary_key=True)
    minutes: Mapped[int | None]
    was_reviewed: Mapped[bool]

    credit: Mapped[Credit] = relationship(back_populates="areas")
    area: Mapped[Area] = relationship()


class CreditTopic(Base):
    """A topic a credit covers, as the course was mapped on that day."""

    __tablename__ = "credit_topic"

    credit_id: Mapped[int] = mapped_column(sa.ForeignKey("credit.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"), primary_key=True)
    was_reviewed: Mapped[bool]

    credit: Mapped[Credit] = relationship(back_populates="topics")
    topic: Mapped[Topic] = relationship()


credit_tag = sa.Table(
    "credit_tag",
    Base.metadata,
    sa.Column("credit_id", sa.ForeignKey("credit.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("hour_tag.id"), primary_key=True),
)
