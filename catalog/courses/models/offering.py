"""The dated runs of a course (Offering), their sittings (Meeting) and their seats (Seat)."""

from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.courses.models.course import Course, Format, Kind
from catalog.extensions import Base, stored_by_value

MOST_SEATS = 5000
GROUP_SEATS = (6, 12)
"""The fewest and the most seats of a reflective practice group."""
USUAL_GROUP = 8


CLOSED_GROUP = "This group has begun and is closed: nobody joins it any more."


class MeetingKind(StrEnum):
    """A sitting at a time and place; or work of one's own between two days, which has minutes and no room."""

    SITTING = "sitting"
    HOMEWORK = "homework"
    PRACTICUM = "practicum"
    INDIVIDUAL = "individual"


class OfferingState(StrEnum):
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class WhenFull(StrEnum):
    """What happens once all seats are taken: people wait, or come to the door and take what is left, or neither. One
    choice of three, so that a queue and an open door can never contradict each other."""

    WAITLIST = "waitlist"
    WALK_INS = "walk_ins"
    NEITHER = "neither"


class Offering(Base):
    """One dated run of a course; the screens say "session".

    `capacity` None means there is no limit, and then there is no queue. `starts_at`, `ends_at`, `minutes`,
    `weekdays` (bit 0 is Monday) and `is_evening` repeat what the meetings say, so that the catalog can filter
    and sort without reading them; `courses.services.sum_up` is the only place that writes them. They speak of the
    sittings, to which people come. An offering without sittings is self-paced and has no dates; what it is worth
    stands in its own work."""

    __tablename__ = "offering"
    __table_args__ = (
        sa.CheckConstraint("capacity IS NULL OR capacity >= 1", name="capacity"),
        sa.CheckConstraint("minimum IS NULL OR minimum >= 1", name="minimum"),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="dates"),
        sa.Index("ix_offering_upcoming", "state", "ends_at", "starts_at", "id"),
        # The catalog's list is read from this index alone, whatever is filtered by; only the rows that are shown are
        # read from the table. The columns after `id` are those that filters look at.
        sa.Index(
            "ix_offering_by_start",
            *("state", "starts_at", "id", "course_id", "format", "county", "language", "minutes"),
            *("weekdays", "is_evening", "price_cents", "capacity", "closes_at"),
        ),
        sa.Index("ix_offering_by_length", "state", "minutes", "starts_at", "id", "course_id"),
        sa.Index("ix_offering_of_course", "course_id", "state", "starts_at", "id"),
        # Those that do not take place with too few people.
        sa.Index(
            "ix_offering_decide_on",
            "decide_on",
            sqlite_where=sa.text("minimum IS NOT NULL"),
            postgresql_where=sa.text("minimum IS NOT NULL"),
        ),
        # Rosters that nobody has closed yet.
        sa.Index(
            "ix_offering_unsettled",
            *("state", "ends_at", "id"),
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"))
    state: Mapped[OfferingState] = stored_by_value(OfferingState, default=OfferingState.SCHEDULED)
    cancel_reason: Mapped[str] = mapped_column(sa.Text, default="")
    # What took place before stays, and gives hours; what was still to come did not take place.
    cancelled_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(sa.String(64))
    format: Mapped[Format] = stored_by_value(Format)
    county: Mapped[str | None] = mapped_column(sa.String(5), index=True)
    place: Mapped[str] = mapped_column(sa.Text, default="")
    # Shown only to those who hold a seat, the trainers and the coordinators.
    online_link: Mapped[str] = mapped_column(sa.Text, default="")
    language: Mapped[str] = mapped_column(sa.String(40), default="English")
    interpretation: Mapped[str] = mapped_column(sa.Text, default="")
    accessibility: Mapped[str] = mapped_column(sa.Text, default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")

    capacity: Mapped[int | None]
    minimum: Mapped[int | None]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    needs_approval: Mapped[bool] = mapped_column(default=False)
    question: Mapped[str] = mapped_column(sa.Text, default="")
    price_cents: Mapped[int | None]
    member_price_cents: Mapped[int | None]
    price_note: Mapped[str] = mapped_column(sa.Text, default="")

    # By when its trainer decides whether it takes place with fewer people than its minimum.
    decide_on: Mapped[date | None]
    when_full: Mapped[str] = mapped_column(
        sa.String(20), default=WhenFull.WAITLIST, server_default="waitlist"
    )
    # The number of the last meeting before which a vacancy of a closed group is still filled; None: before the first.
    joins_until: Mapped[int | None]
    # The term of the same group before this one, whose members have the first say.
    follows_id: Mapped[int | None] = mapped_column(index=True)

    trainer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    # What the form that made this carried; the same form sent twice makes it once.
    once: Mapped[str | None] = mapped_column(sa.String(32), index=True, unique=True)
    # When its roster was closed; attendance writes it. What gave people their hours is not changed afterwards.
    settled_at: Mapped[datetime | None]

    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    minutes: Mapped[int] = mapped_column(default=0)
    weekdays: Mapped[int] = mapped_column(default=0)
    is_evening: Mapped[bool] = mapped_column(default=False)

    course: Mapped[Course] = relationship(back_populates="offerings")
    trainer: Mapped[Person | None] = relationship()
    meetings: Mapped[list["Meeting"]] = relationship(
        back_populates="offering", order_by="Meeting.number", cascade="all, delete-orphan"
    )

    # Whether a seat was free and nobody waited when it was read for joining: a hint, and no promise.
    looks_free = False

    @property
    def sittings(self) -> list["Meeting"]:
        """The meetings that people come to, in order."""
        return [meeting for meeting in self.meetings if not meeting.is_own_work]

    @property
    def own_work(self) -> list["Meeting"]:
        return [meeting for meeting in self.meetings if meeting.is_own_work]

    @property
    def questions(self) -> list[str]:
        """What is asked of whoever wants to join: one question a line."""
        return [line.strip() for line in self.question.splitlines() if line.strip()]

    @property
    def feeds_both_ledgers(self) -> bool:
        return len({meeting.ledger for meeting in self.meetings}) > 1

    @property
    def has_waitlist(self) -> bool:
        """Whether people can wait for a seat; what has no limit has no queue."""
        return self.capacity is not None and self.when_full == WhenFull.WAITLIST

    @property
    def is_cancelled(self) -> bool:
        return self.state == OfferingState.CANCELLED

    def has_begun(self, at: datetime) -> bool:
        return self.starts_at is not None and self.starts_at <= at

    @property
    def is_group(self) -> bool:
        """Whether it is a term of a reflective practice group: closed, and known to its members only."""
        return self.course.kind == Kind.REFLECTIVE_GROUP

    @property
    def rests_at(self) -> datetime | None:
        """From when on nobody joins or moves up any more: its beginning, or that of the last meeting before which
        a group still fills its vacancies. None without dates."""
        if self.joins_until is None:
            return self.starts_at
        before = [one.starts_at for one in self.sittings if one.number <= self.joins_until]
        return max(before, default=self.starts_at)

    def rests(self, at: datetime) -> bool:
        return self.rests_at is not None and self.rests_at <= at

    def is_over(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at

    def is_open(self, at: datetime) -> bool:
        """Whether people may join now: not cancelled, inside the enrollment window, not yet begun or, for a group,
        while its vacancies are filled."""
        return self.why_closed(at) is None

    def why_closed(self, at: datetime) -> str | None:
        """The sentence that says why nobody can join now; None when people can."""
        if self.is_cancelled:
            return "This session was cancelled."
        if self.settled_at:
            return "The roster of this session is closed, and people have their hours."
        if self.rests(at):
            return CLOSED_GROUP if self.is_group else "This session has already begun."
        if self.opens_at and at < self.opens_at:
            return "Enrollment has not opened yet."
        if self.closes_at and at >= self.closes_at:
            return "Enrollment has closed."
        return None

    def price_for(self, person: Person, at: datetime) -> int | None:
        if self.member_price_cents is not None and person.is_member(at.date()):
            return self.member_price_cents
        return self.price_cents


class Meeting(Base):
    """One sitting of an offering.

    The wall clock (`starts_wall`, `ends_wall`, in the offering's zone) is what people agreed on; the UTC
    instants follow from it. `minutes` is the time that can count: the length without `break_minutes`.

    Work of one's own, such as homework, has a first and a last day instead of a time and a place, and its
    `minutes` are what it is worth."""

    __tablename__ = "meeting"
    __table_args__ = (
        sa.UniqueConstraint("offering_id", "number"),
        # How many sittings a session has is read from this alone.
        sa.Index("ix_meeting_kind", "offering_id", "kind"),
        sa.Index(
            "ix_meeting_own_work",
            "ends_at",
            sqlite_where=sa.text("kind <> 'sitting'"),
            postgresql_where=sa.text("kind <> 'sitting'"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name="dates"),
        sa.CheckConstraint("minutes >= 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id", ondelete="CASCADE"))
    number: Mapped[int]
    starts_wall: Mapped[datetime] = mapped_column(sa.DateTime())
    ends_wall: Mapped[datetime] = mapped_column(sa.DateTime())
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    break_minutes: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int]
    ledger: Mapped[Ledger] = stored_by_value(Ledger, default=Ledger.TRAINING)
    kind: Mapped[MeetingKind] = stored_by_value(MeetingKind, default=MeetingKind.SITTING)
    title: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.Text, default="")

    offering: Mapped[Offering] = relationship(back_populates="meetings")
    co_trainers: Mapped[list[Person]] = relationship(secondary="meeting_trainer")
    # Who leads this meeting instead of the offering's trainer.
    substitute: Mapped[Person | None] = relationship(secondary="meeting_substitute", uselist=False)

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def is_own_work(self) -> bool:
        return self.kind != MeetingKind.SITTING


meeting_trainer = sa.Table(
    "meeting_trainer",
    Base.metadata,
    sa.Column("meeting_id", sa.ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True, index=True),
)


meeting_substitute = sa.Table(
    "meeting_substitute",
    Base.metadata,
    sa.Column("meeting_id", sa.ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False, index=True),
)


class Seat(Base):
    """One seat of one offering. An offering with a capacity has exactly that many rows, numbered from 1.

    Who sits on it is said by the enrollment that names it; `is_taken` is the mark by which a free row is found
    and locked. An offering without a limit makes an unnumbered seat for each person who joins."""

    __tablename__ = "seat"
    __table_args__ = (
        sa.UniqueConstraint("offering_id", "number"),
        # For the composite foreign key of enrollment: a seat can only be held within its own offering.
        sa.UniqueConstraint("id", "offering_id"),
        sa.CheckConstraint("number IS NULL OR number >= 1", name="number"),
        sa.Index(
            "ix_seat_free",
            "offering_id",
            "number",
            sqlite_where=sa.text("is_taken = 0"),
            postgresql_where=sa.text("NOT is_taken"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id", ondelete="CASCADE"))
    number: Mapped[int | None]
    is_taken: Mapped[bool] = mapped_column(default=False)
