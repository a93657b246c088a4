"""Reads: the sheet of an offering, with everyone, every meeting and every mark."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from catalog.accounts.models import Person
from catalog.attendance.models import Credit, Mark, Recording, RosterClosing
from catalog.attendance.sheet import Cell, Sheet
from catalog.courses.models import Course, CourseArea, Meeting, Offering
from catalog.courses.services import timing
from catalog.enrollment import prerequisites
from catalog.enrollment import queries as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.notices.models import AuditEntry


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


def sheet(offering: Offering, at: datetime, only: frozenset[int] | None = None) -> Sheet:
    """Of all meetings, or only of those with these ids."""
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
        times=_times_recorded(offering),
        only=only,
    )


def _times_recorded(offering: Offering) -> dict[tuple[int, int], int]:
    """How often each cell was marked, where it was more than once."""
    found = db.session.execute(
        sa.select(Recording.meeting_id, Recording.enrollment_id, sa.func.count())
        .join(Meeting, Meeting.id == Recording.meeting_id)
        .where(Meeting.offering_id == offering.id)
        .group_by(Recording.meeting_id, Recording.enrollment_id)
        .having(sa.func.count() > 1)
    )
    return {(meeting_id, enrollment_id): times for meeting_id, enrollment_id, times in found}


def recordings(cell: Cell) -> Sequence[Recording]:
    """Every time this cell was marked, what was seen last first."""
    return db.session.scalars(
        sa.select(Recording)
        .options(joinedload(Recording.by, innerjoin=True))
        .where(Recording.meeting_id == cell.meeting.id, Recording.enrollment_id == cell.enrollment.id)
        .order_by(Recording.said_at.desc(), Recording.id.desc())
    ).all()


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
    times = sa.select(sa.func.count(Recording.id)).where(
        Recording.meeting_id == meeting_id, Recording.enrollment_id == enrollment_id
    )
    found = db.session.execute(
        sa.select(Meeting, Enrollment, Mark, times.scalar_subquery())
        .join(Enrollment, Enrollment.offering_id == Meeting.offering_id)
        .join(Enrollment.person)
        .options(
            contains_eager(Enrollment.person),
            joinedload(Mark.marked_by),
            joinedload(Meeting.offering, innerjoin=True)
            .selectinload(Offering.meetings)
            .selectinload(Meeting.co_trainers),
        )
        .outerjoin(Mark, sa.and_(Mark.meeting_id == Meeting.id, Mark.enrollment_id == Enrollment.id))
        .where(Meeting.id == meeting_id, Enrollment.id == enrollment_id)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        return None
    at, of, mark, marked_times = found
    return Cell.of(at, of, mark, marked_times)


def marked(meeting: Meeting) -> tuple[int, int, int]:
    """How many of the seated are marked at this meeting, how many there are, and how many of them have checked in
    and not out."""
    done = sa.select(sa.func.count(Mark.id)).join(Mark.enrollment)
    seated = sa.select(sa.func.count(Enrollment.id))
    here = (Enrollment.offering_id == meeting.offering_id, Enrollment.state == State.SEATED)
    row = db.session.execute(
        sa.select(
            done.where(Mark.meeting_id == meeting.id, *here).scalar_subquery(),
            seated.where(*here).scalar_subquery(),
            done.where(Mark.meeting_id == meeting.id, Mark.is_open, *here).scalar_subquery(),
        )
    ).one()
    return row[0], row[1], row[2]


def credits_in_force(offering: Offering, *loaded: ExecutableOption) -> Sequence[Credit]:
    return db.session.scalars(
        sa.select(Credit)
        .options(*loaded)
        .where(Credit.offering_id == offering.id, Credit.superseded_at.is_(None))
        .order_by(Credit.ledger, Credit.id)
    ).all()


def changes_of(offering: Offering) -> Sequence[AuditEntry]:
    """Every time somebody's hours were changed after they had been given, the latest first."""
    return db.session.scalars(
        sa.select(AuditEntry)
        .options(joinedload(AuditEntry.by), joinedload(AuditEntry.person))
        .where(
            AuditEntry.about == "offering",
            AuditEntry.about_id == offering.id,
            AuditEntry.action == "credit.changed",
        )
        .order_by(AuditEntry.id.desc())
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
timing.knows_marks(marked_among)
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
