"""Reads: a report, the meeting it is of, and those who may be meant in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from catalog.accounts.models import Person
from catalog.attendance.models import Mark
from catalog.courses.models import Meeting, Offering
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.video.matching import Known
from catalog.video.models import Report

KEPT_UNSAVED = timedelta(days=30)
"""A report that nobody saves names people who may have nothing to do with us; it is not kept for longer."""


def _with_offering() -> tuple[Any, ...]:
    offering = joinedload(Meeting.offering, innerjoin=True)
    return (
        offering.joinedload(Offering.course, innerjoin=True),
        offering.joinedload(Offering.trainer),
        offering.selectinload(Offering.meetings).selectinload(Meeting.co_trainers),
    )


def meeting(meeting_id: int) -> Meeting | None:
    return db.session.scalar(sa.select(Meeting).options(*_with_offering()).where(Meeting.id == meeting_id))


def report(report_id: int) -> Report | None:
    return db.session.scalar(
        sa.select(Report)
        .options(
            joinedload(Report.meeting, innerjoin=True).options(*_with_offering()),
            joinedload(Report.read_by, innerjoin=True),
            joinedload(Report.saved_by),
        )
        .where(Report.id == report_id)
    )


def held_report(found: Report) -> Report:
    """The same report, read again and locked: two people who save it at once save it once."""
    return db.session.scalars(
        sa.select(Report)
        .where(Report.id == found.id)
        .with_for_update(of=Report)
        .execution_options(populate_existing=True)
    ).one()


def same_report(meeting_id: int, digest: str) -> Report | None:
    return db.session.scalar(
        sa.select(Report).where(Report.meeting_id == meeting_id, Report.digest == digest)
    )


def reports_of(of: Meeting) -> Sequence[Report]:
    """Reports of this meeting that were uploaded before, the latest first; without what they say."""
    return db.session.scalars(
        sa.select(Report)
        .options(
            load_only(Report.file_name, Report.read_at, Report.saved_at),
            joinedload(Report.read_by, innerjoin=True),
            selectinload(Report.saved_by),
        )
        .where(Report.meeting_id == of.id)
        .order_by(Report.id.desc())
        .limit(20)
    ).all()


def forgotten(at: datetime) -> sa.Delete:
    """The statement that forgets reports which nobody saved."""
    return sa.delete(Report).where(Report.saved_at.is_(None), Report.read_at < at - KEPT_UNSAVED)


def trainers_of(of: Meeting) -> list[Known]:
    """Who led it: they are in the report and not on the roster."""
    people = [*([of.offering.trainer] if of.offering.trainer else []), *of.co_trainers]
    return [Known(person.id, person.name, person.email) for person in people]


class SavedRow(NamedTuple):
    """Somebody of a saved report: what it said of them, and what the roster says today."""

    person: Person
    minutes: int
    spans: list[tuple[datetime, datetime]]
    mark: Mark | None


def saved_rows(found: Report) -> list[SavedRow]:
    kept = {row["enrollment_id"]: row for row in found.participants}
    rows = db.session.execute(
        sa.select(Enrollment, Mark)
        .join(Enrollment.person)
        .outerjoin(Mark, sa.and_(Mark.enrollment_id == Enrollment.id, Mark.meeting_id == found.meeting_id))
        .options(contains_eager(Enrollment.person))
        .where(Enrollment.id.in_(kept))
        .order_by(Person.name, Enrollment.id)
    )
    return [_saved_row(enrollment, mark, kept[enrollment.id]) for enrollment, mark in rows.tuples()]


def _saved_row(enrollment: Enrollment, mark: Mark | None, kept: dict[str, Any]) -> SavedRow:
    spans = [(datetime.fromisoformat(came), datetime.fromisoformat(left)) for came, left in kept["spans"]]
    return SavedRow(enrollment.person, kept["minutes"], spans, mark)
