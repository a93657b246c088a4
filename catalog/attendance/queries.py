"""Reads: the sheet of an offering, with everyone, every meeting and every mark."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from catalog.accounts.models import Person, Qualification
from catalog.attendance.models import Credit, Mark, RosterClosing
from catalog.attendance.presence import MINUTE, Span, minutes_present
from catalog.courses.models import Course, CourseArea, Meeting, Offering
from catalog.courses.services import meetings
from catalog.enrollment import prerequisites
from catalog.enrollment import queries as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.wording import local

DOORS_OPEN_BEFORE = timedelta(hours=1)
"""People arrive before a meeting begins, and are marked as they come."""


def doors_open_at(meeting: Meeting) -> datetime:
    return meeting.starts_at - DOORS_OPEN_BEFORE


@dataclass(frozen=True)
class Cell:
    """One person at one meeting. `minutes` None is not marked yet.

    `is_open` is for somebody who checked in where leaving is checked too, and has not left yet: their minutes run
    to the end of the meeting until somebody says otherwise."""

    meeting: Meeting
    enrollment: Enrollment
    minutes: int | None
    came_at: datetime | None = None
    left_at: datetime | None = None
    is_open: bool = False
    mark: Mark | None = None
    """The mark as it is saved, with its method, time and who wrote it down."""

    def says_the_same_as(self, mark: Mark) -> bool:
        return (self.minutes, self.came_at, self.left_at, self.is_open) == (
            mark.minutes,
            mark.came_at,
            mark.left_at,
            mark.is_open,
        )

    @property
    def name(self) -> str:
        """What this cell is called in forms, URLs of fragments and ids."""
        return f"{self.meeting.id}-{self.enrollment.id}"

    @property
    def choice(self) -> str:
        """present, absent or minutes; nothing while unmarked."""
        if self.minutes is None:
            return ""
        if self.minutes == 0:
            return "absent"
        return "present" if self.minutes >= self.meeting.minutes else "minutes"

    @property
    def missed(self) -> tuple[int, int] | None:
        """Minutes late and minutes early, where these are all that was missed; a minute begun is a whole one.

        None where no times are known, or where more was missed than they say: somebody was away in between."""
        if self.minutes is None or not (self.came_at or self.left_at):
            return None
        meeting = self.meeting
        span = Span(self.came_at or meeting.starts_at, self.left_at or meeting.ends_at)
        if minutes_present(meeting, [span]) != self.minutes:
            return None
        late, early = (
            -((meeting.starts_at - span.came_at) // MINUTE),
            -((span.left_at - meeting.ends_at) // MINUTE),
        )
        return max(late, 0), max(early, 0)

    @property
    def was(self) -> str:
        """The mark as a form sends it back, so that a form changes only what its reader changed."""
        if self.minutes is None or self.is_open:
            return "open" if self.is_open else ""
        if self.choice == "minutes" and self.missed:
            return "{}+{}".format(*self.missed)
        return str(self.minutes)


@dataclass(frozen=True)
class Sheet:
    offering: Offering
    at: datetime
    people: Sequence[Enrollment]
    """The seated, by name."""
    left: Sequence[Enrollment]
    """Those who gave up their seat but were at a meeting before; what they attended still counts."""
    marks: dict[tuple[int, int], Mark]
    """By (meeting id, enrollment id)."""
    last_closing: RosterClosing | None

    @property
    def closing(self) -> RosterClosing | None:
        """The closing in force; None while the roster is open."""
        return self.last_closing if self.last_closing and self.last_closing.reopened_at is None else None

    @property
    def meetings(self) -> list[Meeting]:
        """Those whose doors are open or were, so that people can be marked."""
        return [meeting for meeting in self.offering.meetings if doors_open_at(meeting) <= self.at]

    @property
    def to_come(self) -> list[Meeting]:
        return [meeting for meeting in self.offering.meetings if doors_open_at(meeting) > self.at]

    @property
    def is_over(self) -> bool:
        return all(meeting.ends_at <= self.at for meeting in self.offering.meetings)

    @property
    def latest(self) -> Meeting | None:
        return self.meetings[-1] if self.meetings else None

    def cell(self, meeting: Meeting, of: Enrollment) -> Cell:
        mark = self.marks.get((meeting.id, of.id))
        if mark is None:
            return Cell(meeting, of, None)
        return Cell(meeting, of, mark.minutes, mark.came_at, mark.left_at, mark.is_open, mark)

    def marked(self, meeting: Meeting) -> int:
        return sum((meeting.id, of.id) in self.marks for of in self.people)

    @cached_property
    def cells(self) -> list[Cell]:
        """Everyone with a seat at every meeting that has begun."""
        return [self.cell(meeting, of) for meeting in self.meetings for of in self.people]

    @property
    def gone(self) -> list[Enrollment]:
        """Of those who left, whoever has not come back: each person once, by their latest enrollment."""
        seated = {of.person_id for of in self.people}
        latest: dict[int, Enrollment] = {}
        for of in self.left:
            known = latest.setdefault(of.person_id, of)
            latest[of.person_id] = max(known, of, key=lambda one: one.id)
        return [of for of in latest.values() if of.person_id not in seated]

    @cached_property
    def _of_person(self) -> dict[tuple[int, int], list[Mark]]:
        """Marks by (meeting id, person id), on whichever enrollment of theirs."""
        person_of = {of.id: of.person_id for of in (*self.people, *self.left)}
        found: dict[tuple[int, int], list[Mark]] = {}
        for (meeting_id, enrollment_id), mark in self.marks.items():
            if enrollment_id in person_of:
                found.setdefault((meeting_id, person_of[enrollment_id]), []).append(mark)
        return found

    def marks_of(self, meeting: Meeting, of: Enrollment) -> list[Mark]:
        """This person's marks at the meeting, also when they left the session since and came back."""
        return self._of_person.get((meeting.id, of.person_id), [])

    def minutes_at(self, meeting: Meeting, of: Enrollment) -> int:
        """How long this person was at the meeting: the most that was marked on any of their enrollments."""
        return max((mark.minutes for mark in self.marks_of(meeting, of)), default=0)

    @property
    def unmarked(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.minutes is None]

    @property
    def not_gone(self) -> list[Cell]:
        """Those who checked in where leaving is checked too, and never checked out: somebody has to say how long
        they stayed before the roster can be closed."""
        return [cell for cell in self.cells if cell.is_open]

    def day_of(self, meeting: Meeting) -> date:
        """The meeting's date on the offering's own calendar."""
        return local(meeting.starts_at, self.offering.zone).date()


def offering_to_mark(offering_id: int) -> Offering | None:
    """The offering with everything the sheet and its closing ask about."""
    return db.session.scalar(
        sa.select(Offering)
        .options(
            joinedload(Offering.trainer),
            joinedload(Offering.course, innerjoin=True)
            .selectinload(Course.areas)
            .joinedload(CourseArea.area),
            selectinload(Offering.meetings).selectinload(Meeting.co_trainers),
        )
        .where(Offering.id == offering_id)
    )


def sheet(offering: Offering, at: datetime) -> Sheet:
    marks = db.session.scalars(
        sa.select(Mark)
        .join(Mark.meeting)
        .options(joinedload(Mark.marked_by, innerjoin=True))
        .where(Meeting.offering_id == offering.id)
        .execution_options(populate_existing=True)
    ).all()
    return Sheet(
        offering=offering,
        at=at,
        people=enrollment.people_of(offering),
        left=_left(offering),
        marks={(mark.meeting_id, mark.enrollment_id): mark for mark in marks},
        last_closing=_last_closing(offering),
    )


def _left(offering: Offering) -> Sequence[Enrollment]:
    was_there = sa.exists().where(Mark.enrollment_id == Enrollment.id, Mark.minutes > 0)
    return db.session.scalars(
        sa.select(Enrollment)
        .join(Enrollment.person)
        .options(contains_eager(Enrollment.person))
        .where(Enrollment.offering_id == offering.id, Enrollment.state != State.SEATED, was_there)
        .order_by(Person.name, Enrollment.id)
    ).all()


def _last_closing(offering: Offering) -> RosterClosing | None:
    return db.session.scalar(
        sa.select(RosterClosing)
        .options(joinedload(RosterClosing.closed_by, innerjoin=True))
        .where(RosterClosing.offering_id == offering.id)
        .order_by(RosterClosing.id.desc())
        .limit(1)
    )


def closing_of(offering: Offering) -> RosterClosing | None:
    """The closing in force; None while the roster is open."""
    return db.session.scalar(
        sa.select(RosterClosing).where(
            RosterClosing.offering_id == offering.id, RosterClosing.reopened_at.is_(None)
        )
    )


def cell(meeting_id: int, enrollment_id: int) -> Cell | None:
    """The cell of a meeting and an enrollment of the same offering."""
    found = db.session.execute(
        sa.select(Meeting, Enrollment, Mark)
        .join(Enrollment, Enrollment.offering_id == Meeting.offering_id)
        .join(Enrollment.person)
        .options(
            contains_eager(Enrollment.person),
            joinedload(Meeting.offering, innerjoin=True)
            .selectinload(Offering.meetings)
            .selectinload(Meeting.co_trainers),
        )
        .outerjoin(Mark, sa.and_(Mark.meeting_id == Meeting.id, Mark.enrollment_id == Enrollment.id))
        .where(Meeting.id == meeting_id, Enrollment.id == enrollment_id)
    ).first()
    if found is None:
        return None
    at, of, mark = found
    if mark is None:
        return Cell(at, of, None)
    return Cell(at, of, mark.minutes, mark.came_at, mark.left_at, mark.is_open, mark)


def marked(meeting: Meeting) -> tuple[int, int]:
    """How many of the seated are marked at this meeting, and how many there are."""
    done = sa.select(sa.func.count(Mark.id)).join(Mark.enrollment)
    seated = sa.select(sa.func.count(Enrollment.id))
    here = (Enrollment.offering_id == meeting.offering_id, Enrollment.state == State.SEATED)
    row = db.session.execute(
        sa.select(
            done.where(Mark.meeting_id == meeting.id, *here).scalar_subquery(),
            seated.where(*here).scalar_subquery(),
        )
    ).one()
    return row[0], row[1]


def rsc_qualifications(person_id: int | None) -> Sequence[Qualification]:
    """What lets this person provide RSC, whenever it held."""
    return db.session.scalars(
        sa.select(Qualification)
        .where(Qualification.person_id == person_id, Qualification.provides_rsc)
        .order_by(Qualification.id)
    ).all()


def credits_in_force(offering: Offering, *loaded: ExecutableOption) -> Sequence[Credit]:
    return db.session.scalars(
        sa.select(Credit)
        .options(*loaded)
        .where(Credit.offering_id == offering.id, Credit.superseded_at.is_(None))
        .order_by(Credit.ledger, Credit.id)
    ).all()


def marked_among(meeting_ids: Collection[int]) -> set[int]:
    """Those of these meetings that somebody is marked at."""
    return set(db.session.scalars(sa.select(Mark.meeting_id).where(Mark.meeting_id.in_(meeting_ids))))


def finished_courses(person_id: int, course_ids: Collection[int]) -> set[int]:
    """Those of these courses that gave the person minutes which are in force."""
    return set(
        db.session.scalars(
            sa.select(Offering.course_id)
            .join(Credit, Credit.offering_id == Offering.id)
            .where(
                Credit.person_id == person_id,
                Credit.superseded_at.is_(None),
                Credit.minutes > 0,
                Offering.course_id.in_(course_ids),
            )
        )
    )


# Courses and enrollment stand below attendance: a meeting must not be moved from under its marks, and whoever
# attended a course has finished it.
meetings.knows_marks(marked_among)
prerequisites.register(finished_courses)


def names_of(enrollment_ids: Sequence[int]) -> list[str]:
    """Who these enrollments belong to; for those that a form names but the sheet no longer has."""
    return list(
        db.session.scalars(
            sa.select(Person.name)
            .join(Enrollment, Enrollment.person_id == Person.id)
            .where(Enrollment.id.in_(enrollment_ids))
            .order_by(Person.name)
        )
    )
