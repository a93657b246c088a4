"""What needs a trainer, each thing as one sentence with one way to it, the most urgent first."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from catalog import clock
from catalog.accounts.models import Person, Qualification
from catalog.attendance import deadlines
from catalog.courses import queries as courses
from catalog.courses.models import Course, Meeting, Offering, meeting_trainer
from catalog.courses.queries import TaughtCourse, TaughtOffering
from catalog.disputes.models import Dispute, DisputeState
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.wording import day, local

TO_ANSWER = timedelta(days=3)
"""How long people may wait for an answer to a request or a dispute before it is late."""
TO_CHANGE = timedelta(days=14)
LOOKS_AHEAD = timedelta(days=30)
"""From how long before the day to decide, or the first meeting, too few people are worth a sentence."""
RUNS_OUT = timedelta(days=90)


class Need(NamedTuple):
    """`due` is the day by which it should be done; `endpoint` and `values` are the way to where it is done."""

    due: date
    sentence: str
    link: str
    endpoint: str
    values: dict[str, Any]
    is_late: bool


class Desk(NamedTuple):
    needs: list[Need]
    courses: list[TaughtCourse]
    coming: list[TaughtOffering]
    past: list[TaughtOffering]
    qualifications: Sequence[Qualification]
    today: date

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing at all yet: the desk of somebody who begins."""
        return not (self.courses or self.coming or self.past)


def desk(person: Person, zone: str) -> Desk:
    """Everything on a trainer's desk, in as many statements however much it is. `zone` says which day it is."""
    now, today = clock.now(), clock.today(zone)
    taught = courses.courses_of(person)
    coming = courses.offerings_of(person, now, past=False)
    held = qualifications_of(person)
    needs = [
        *_rosters(person, now, today),
        *_disputes(person, today, zone),
        *_requests(person, today),
        *_too_few(coming, today),
        *_asked(taught, today, zone),
        *_running_out(held, today),
    ]
    past = courses.offerings_of(person, now, past=True)
    return Desk(sorted(needs, key=lambda need: need.due), taught, coming, past, held, today)


def qualifications_of(person: Person) -> Sequence[Qualification]:
    """What the person holds or held, what runs out first on top."""
    return db.session.scalars(
        sa.select(Qualification)
        .where(Qualification.person_id == person.id)
        .order_by(Qualification.held_until.is_(None), Qualification.held_until, Qualification.id)
    ).all()


def _rosters(person: Person, now: datetime, today: date) -> Iterator[Need]:
    for one in deadlines.overdue_of(person.id, now):
        offering, days = one.offering, one.days(now)
        due = local(one.since, offering.zone).date() + timedelta(days=1)
        ago = "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
        missing = f" {_people(one.unmarked)} not marked yet." if one.unmarked else ""
        was = "was opened again" if one.reopened_at else "ended"
        yield Need(
            due,
            f"{offering.course.title} {was} {ago}, and its roster is open.{missing}",
            "Close the roster",
            "attendance.sheet",
            {"offering_id": offering.id},
            due < today,
        )


def _disputes(person: Person, today: date, zone: str) -> Iterator[Need]:
    found = db.session.scalars(
        sa.select(Dispute)
        .join(Dispute.enrollment)
        .join(Dispute.meeting)
        .join(Meeting.offering)
        .options(
            contains_eager(Dispute.enrollment).joinedload(Enrollment.person, innerjoin=True),
            contains_eager(Dispute.meeting)
            .contains_eager(Meeting.offering)
            .joinedload(Offering.course, innerjoin=True),
        )
        .where(Dispute.state == DisputeState.WITH_TRAINER, _is_run_by(person))
        .order_by(Dispute.opened_at, Dispute.id)
    )
    for one in found:
        asked = local(one.opened_at, zone).date()
        yield Need(
            asked + TO_ANSWER,
            f"{one.enrollment.person.name} says that a mark at {one.meeting.offering.course.title} is not right, "
            f"since {day(asked)}.",
            "Answer",
            "disputes.show",
            {"dispute_id": one.id},
            asked + TO_ANSWER < today,
        )


def _requests(person: Person, today: date) -> Iterator[Need]:
    """One sentence a session, however many ask."""
    rows = db.session.execute(
        sa.select(Offering, sa.func.count(Enrollment.id), sa.func.min(Enrollment.joined_at))
        .join(Enrollment, Enrollment.offering_id == Offering.id)
        .join(Offering.course)
        .options(contains_eager(Offering.course))
        .where(
            Enrollment.state == State.REQUESTED,
            Offering.state == "scheduled",
            sa.or_(Offering.ends_at.is_(None), Offering.ends_at > clock.now()),
            _is_run_by(person),
        )
        .group_by(Offering.id, Course.id)
    )
    for offering, count, since in rows:
        asked = local(since, offering.zone).date()
        due = (
            min(asked + TO_ANSWER, local(offering.starts_at, offering.zone).date())
            if offering.starts_at
            else asked
        )
        who = "1 person asks" if count == 1 else f"{count} people ask"
        answers = ", with an answer to your question" if offering.question else ""
        yield Need(
            due,
            f"{who} for a seat on {_called(offering)}{answers}, since {day(asked)}.",
            "Decide",
            "enrollment.roster",
            {"offering_id": offering.id},
            due < today,
        )


def _too_few(coming: Sequence[TaughtOffering], today: date) -> Iterator[Need]:
    for row in coming:
        offering = row.offering
        if not row.is_own or offering.is_cancelled or row.taken >= (offering.minimum or 0):
            continue
        begins = local(offering.starts_at, offering.zone).date() if offering.starts_at else None
        due = offering.decide_on or begins
        if due is None or due > today + LOOKS_AHEAD or (begins and begins < today):
            continue
        until = (
            f"Decide by {day(due)} whether it takes place."
            if offering.decide_on
            else "No day to decide is set."
        )
        yield Need(
            due,
            f"{_called(offering)} has {row.taken} of the {offering.minimum} people it needs. {until}",
            "Look at it",
            "enrollment.roster",
            {"offering_id": offering.id},
            due < today,
        )


def _asked(taught: Sequence[TaughtCourse], today: date, zone: str) -> Iterator[Need]:
    for row in taught:
        if row.course.state == "changes_asked" and row.asked:
            due = local(row.asked.at, zone).date() + TO_CHANGE
            yield Need(
                due,
                f"{row.asked.by.name} asks you to change {row.course.title} before it is published.",
                "Read what",
                "courses.review_course",
                {"course_id": row.course.id},
                due < today,
            )


def _running_out(held: Sequence[Qualification], today: date) -> Iterator[Need]:
    """What was followed by one of the same name is no longer missed."""
    lasting = {one.label for one in held if one.held_until is None or one.held_until > today + RUNS_OUT}
    for one in held:
        if one.held_until is None or one.held_until > today + RUNS_OUT or one.label in lasting:
            continue
        is_over = one.held_until < today
        said = "ran out on" if is_over else "runs out on"
        yield Need(
            max(one.held_until, today - timedelta(days=1)),
            f"Your qualification “{one.label}” {said} {day(one.held_until)}. A coordinator writes down a new one.",
            "See it",
            "teaching.index",
            {"_anchor": "qualifications"},
            is_over,
        )


def _is_run_by(person: Person) -> sa.ColumnElement[bool]:
    """Whether the person teaches the session or helps at one of its meetings."""
    helps = (
        sa.select(Meeting.offering_id)
        .join(meeting_trainer, meeting_trainer.c.meeting_id == Meeting.id)
        .where(meeting_trainer.c.person_id == person.id)
    )
    return sa.or_(Offering.trainer_id == person.id, Offering.id.in_(helps))


def _called(offering: Offering) -> str:
    if offering.starts_at is None:
        return offering.course.title
    return f"{offering.course.title} on {day(offering.starts_at, offering.zone)}"


def _people(number: int) -> str:
    return "1 person is" if number == 1 else f"{number} people are"
