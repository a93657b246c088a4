"""Reads: everything that may need a coordinator, each as the rows that are behind its count.

Each is a statement for the rows' numbers with `since`, when it began to wait, and `due`, when it is too late. What is
counted and what a page lists come from the same statement, so that they are the same."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.accounts.models import Person, Qualification
from catalog.attendance import deadlines
from catalog.courses import queries as courses
from catalog.courses.models import (
    Course,
    CourseState,
    Meeting,
    Offering,
    OfferingState,
    Review,
    ReviewAct,
    Seat,
    meeting_substitute,
    meeting_trainer,
)
from catalog.disputes.models import Dispute, DisputeEntry, DisputeState
from catalog.enrollment.models import HOLDING, IS_OFFERED, IS_REQUESTED, IS_WAITING, Enrollment
from catalog.extensions import UtcDateTime
from catalog.notices.models import Bounce, Job
from catalog.notices.queries.outgoing import IS_DEAD, IS_MAIL
from catalog.records.models import CheckState, Education, EntryState, HourEntry

BEFORE_DECIDING = timedelta(days=7)
BEFORE_LAPSING = timedelta(hours=24)
BEFORE_EXPIRING = timedelta(days=90)
NO_TIME = sa.cast(sa.null(), UtcDateTime())
NO_DAY = sa.cast(sa.null(), sa.Date())


@dataclass(frozen=True)
class Moment:
    """The present, for people and for calendars."""

    now: datetime
    today: date
    zone: str


Found = sa.Select[Any]


def _found(id_: Any, since: Any = NO_TIME, due: Any = NO_TIME, due_on: Any = NO_DAY) -> Found:
    return sa.select(id_.label("id"), since.label("since"), due.label("due"), due_on.label("due_on"))


def rosters(at: Moment) -> Found:
    ended = deadlines.ended_before(deadlines.midnight(at.today, at.zone))
    return _found(Offering.id, Offering.ends_at, Offering.ends_at).where(*ended)


def reviews(_at: Moment) -> Found:
    sent = sa.select(sa.func.max(Review.at)).where(
        Review.course_id == Course.id, Review.act == ReviewAct.SUBMITTED
    )
    return _found(Course.id, sent.correlate(Course).scalar_subquery()).where(
        Course.state == CourseState.IN_REVIEW
    )


def disputes(_at: Moment) -> Found:
    last = sa.select(sa.func.max(DisputeEntry.at)).where(DisputeEntry.dispute_id == Dispute.id)
    since = sa.func.coalesce(last.correlate(Dispute).scalar_subquery(), Dispute.opened_at)
    return _found(Dispute.id, since).where(Dispute.state == DisputeState.WITH_COORDINATOR)


def hours(_at: Moment) -> Found:
    return _found(HourEntry.id, HourEntry.added_at).where(
        HourEntry.state == EntryState.PENDING, HourEntry.superseded_at.is_(None)
    )


def education(_at: Moment) -> Found:
    return _found(Education.id, Education.added_at).where(Education.state == CheckState.PENDING)


def requests(at: Moment) -> Found:
    """Asked for on sessions that have nobody to answer but the coordinators."""
    return (
        _found(Enrollment.id, Enrollment.joined_at, Offering.starts_at)
        .join(Offering, Offering.id == Enrollment.offering_id)
        .where(IS_REQUESTED, Offering.trainer_id.is_(None), _is_to_come(at))
    )


def minimum(at: Moment) -> Found:
    """Sessions with fewer people than they need, to be decided on within a week, or already too late."""
    held = _how_many(Enrollment.state.in_(HOLDING))
    return _found(Offering.id, due_on=Offering.decide_on).where(
        Offering.minimum.is_not(None),
        Offering.decide_on <= at.today + BEFORE_DECIDING,
        _is_to_come(at),
        held < Offering.minimum,
    )


def queues(at: Moment) -> Found:
    """A free seat and somebody who waits: the queue should have moved."""
    # As the index of free seats is written, and no EXISTS: PostgreSQL would look at every seat that is taken.
    free = sa.select(sa.true()).where(Seat.offering_id == Offering.id, ~Seat.is_taken).limit(1)
    return _found(Offering.id, _first_waiting(), Offering.starts_at).where(
        _is_to_come(at),
        sa.exists().where(Enrollment.offering_id == Offering.id, IS_WAITING),
        free.scalar_subquery(),
    )


def offers(at: Moment) -> Found:
    """Seats that are kept for somebody who has not answered, and go to the next within a day."""
    return _found(Enrollment.id, due=Enrollment.offer_ends_at).where(
        IS_OFFERED, Enrollment.offer_ends_at <= at.now + BEFORE_LAPSING
    )


def qualifications(at: Moment) -> Found:
    """Those that expire soon, and those that have expired while their holder still has sessions to come."""
    until = Qualification.held_until
    return (
        _found(Qualification.id, due_on=until)
        .join(Person, Person.id == Qualification.person_id)
        .where(
            Person.merged_into_id.is_(None),
            until <= at.today + BEFORE_EXPIRING,
            sa.or_(until >= at.today, is_to_teach(at)),
            ~_is_renewed(),
        )
    )


def is_to_teach(at: Moment) -> sa.ColumnElement[bool]:
    """Whether the holder of the qualification leads or helps at something still to come."""
    helps = sa.union(
        *(
            sa.select(link.c.person_id)
            .join(Meeting, Meeting.id == link.c.meeting_id)
            .join(Offering, Offering.id == Meeting.offering_id)
            .where(Meeting.ends_at > at.now, Offering.state == OfferingState.SCHEDULED)
            for link in (meeting_trainer, meeting_substitute)
        )
    )
    leads = sa.select(Offering.trainer_id).where(
        Offering.trainer_id.is_not(None), Offering.state == OfferingState.SCHEDULED, Offering.ends_at > at.now
    )
    return sa.or_(Qualification.person_id.in_(leads), Qualification.person_id.in_(helps))


def _is_renewed() -> sa.ColumnElement[bool]:
    """Whether the same is written down once more, for longer."""
    later = aliased(Qualification)
    return sa.exists().where(
        later.person_id == Qualification.person_id,
        later.label == Qualification.label,
        later.provides_rsc == Qualification.provides_rsc,
        sa.or_(later.held_until.is_(None), later.held_until > Qualification.held_until),
    )


def letters(_at: Moment) -> Found:
    return _found(Job.id, Job.created_at).where(IS_MAIL, IS_DEAD)


def bounces(_at: Moment) -> Found:
    """People whose address takes no mail any more."""
    came = sa.select(sa.func.min(Bounce.came_at)).where(
        Bounce.is_permanent, Bounce.cleared_at.is_(None), Bounce.address == Person.email
    )
    since = came.correlate(Person).scalar_subquery()
    return _found(Person.id, since).where(
        Person.merged_into_id.is_(None),
        sa.exists().where(Bounce.is_permanent, Bounce.cleared_at.is_(None), Bounce.address == Person.email),
    )


def memberships(at: Moment) -> Found:
    """Those that end before the last day of the year, by which endorsements are renewed."""
    return _found(Person.id, due_on=Person.member_until).where(
        Person.merged_into_id.is_(None),
        Person.member_until >= at.today,
        Person.member_until < date(at.today.year, 12, 31),
    )


def mappings(_at: Moment) -> Found:
    return _found(Course.id).where(courses.is_mapping_unseen())


def _is_to_come(at: Moment) -> sa.ColumnElement[bool]:
    not_begun = sa.or_(Offering.starts_at.is_(None), Offering.starts_at > at.now)
    return sa.and_(Offering.state == OfferingState.SCHEDULED, not_begun)


def _how_many(*wanted: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(Enrollment)
        .where(Enrollment.offering_id == Offering.id, *wanted)
        .correlate(Offering)
        .scalar_subquery()
    )


def _first_waiting() -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.min(Enrollment.queued_at))
        .where(Enrollment.offering_id == Offering.id, IS_WAITING)
        .correlate(Offering)
        .scalar_subquery()
    )


def within(kind: str, found: Found, person: Person) -> Found:
    """The rows that are about sessions the person coordinates; all of them for whoever coordinates everything."""
    if person.is_coordinator:
        return found
    theirs = courses.coordinated_by(person)
    sessions = sa.select(Offering.id).where(theirs)
    if kind == "offers":
        return found.where(Enrollment.offering_id.in_(sessions))
    if kind == "disputes":
        seats = sa.select(Enrollment.id).where(Enrollment.offering_id.in_(sessions))
        return found.where(Dispute.enrollment_id.in_(seats))
    return found.where(theirs)


def work_of(person: Person) -> list[str]:
    """The kinds of work there are for them: of a county or a provider, what is about sessions."""
    return list(WORK) if person.is_coordinator else [kind for kind in WORK if kind in ABOUT_SESSIONS]


ABOUT_SESSIONS = frozenset({"rosters", "offers", "minimum", "queues", "requests", "disputes"})
WORK: dict[str, Callable[[Moment], Found]] = {
    "rosters": rosters,
    "offers": offers,
    "minimum": minimum,
    "queues": queues,
    "requests": requests,
    "disputes": disputes,
    "hours": hours,
    "education": education,
    "reviews": reviews,
    "letters": letters,
    "bounces": bounces,
    "qualifications": qualifications,
    "memberships": memberships,
    "mappings": mappings,
}
