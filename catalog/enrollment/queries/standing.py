"""How an offering stands, and how one person stands on it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course, Listing, Meeting, MeetingKind, Offering, Seat, WhenFull
from catalog.courses.queries import rsc_warning
from catalog.courses.services.filling import knows_waiting
from catalog.courses.wording import credit_sentence
from catalog.enrollment.models import IS_WAITING, LIVE, Enrollment, State
from catalog.enrollment.prerequisites import finished
from catalog.enrollment.refusals import NoWaitlist
from catalog.extensions import db
from catalog.notices.models import AuditEntry

QUEUE_MOVED = ("enrollment.offered", "enrollment.promoted")


@dataclass(frozen=True)
class Standing:
    """How an offering stands, and how one person stands on it."""

    left: int | None
    """Free seats; None when there is no limit."""
    waiting: int
    moved_at: datetime | None
    """When the queue last gave somebody a seat or an offer."""
    mine: Enrollment | None
    place: int | None
    """My place in the queue, from 1."""
    missing: tuple[str, ...] = ()
    """Titles of courses that are asked for first and that I have no credit for."""
    overlaps: tuple[str, ...] = ()
    """Titles of sessions I am on whose meetings overlap with these."""
    closed: str | None = None
    """The sentence that says why nobody can join now."""
    rule: str = ""
    """How attendance becomes hours; read before joining."""
    warning: str = ""
    """That RSC hours will not count, or not all of them; read before joining."""

    @property
    def is_full(self) -> bool:
        return self.left == 0 or self.waiting > 0


def standing(offering: Offering, person: Person | None) -> Standing:
    """Everything the join box says."""
    free = sa.select(sa.func.count()).where(Seat.offering_id == offering.id, ~Seat.is_taken)
    waiting = sa.select(sa.func.count()).where(Enrollment.offering_id == offering.id, IS_WAITING)
    left, queue, moved = db.session.execute(
        sa.select(free.scalar_subquery(), waiting.scalar_subquery(), _moved_at(offering).scalar_subquery())
    ).one()
    mine = live_enrollment(person, offering) if person else None
    course = offering.course
    return Standing(
        left=None if offering.capacity is None else left,
        waiting=queue,
        moved_at=moved,
        mine=mine,
        place=place_in_queue(mine) if mine else None,
        missing=tuple(missing_prerequisites(person, offering.course)) if person and not mine else (),
        overlaps=tuple(overlapping(person, offering)) if person else (),
        closed=why_closed(offering) or _why_full(offering, left, queue),
        rule="" if course.is_applied_for_elsewhere else credit_sentence(course, offering.feeds_both_ledgers),
        warning=rsc_warning(offering),
    )


LISTING_CLOSED = {
    Listing.COMING_SOON: "This course is announced, but nobody can join yet.",
    Listing.SUSPENDED: "The provider has paused this course.",
    Listing.APPLICATION_CLOSED: "The time to apply for this course is over.",
}


def _why_full(offering: Offering, left: int, queue: int) -> str | None:
    """The sentence for a full session on which nobody can wait."""
    if offering.capacity is None or offering.has_waitlist or left or queue:
        return None
    door = " Who comes takes what is left at the door." if offering.when_full == WhenFull.WALK_INS else ""
    return NoWaitlist.sentence + door


def why_closed(offering: Offering) -> str | None:
    """The sentence that says why nobody can join now, from the offering or from its course."""
    if reason := offering.why_closed(clock.now()) or LISTING_CLOSED.get(offering.course.listing):
        return reason
    return None if offering.course.is_public else "This course is not published."


def seats_left(offering: Offering) -> int | None:
    if offering.capacity is None:
        return None
    return db.session.scalar(
        sa.select(sa.func.count()).where(Seat.offering_id == offering.id, ~Seat.is_taken)
    )


def is_full_for_good(offering: Offering) -> bool:
    """Whether no seat is free, and there is no waitlist to hope on."""
    return offering.capacity is not None and not offering.has_waitlist and seats_left(offering) == 0


def waiting(offering: Offering) -> int:
    """How many stand in the queue or were asked and have not answered."""
    in_line = Enrollment.state.in_((State.WAITING, State.OFFERED))
    found = db.session.scalar(
        sa.select(sa.func.count()).where(Enrollment.offering_id == offering.id, in_line)
    )
    return found or 0


knows_waiting(waiting)


def first_waiting(offering: Offering) -> Enrollment | None:
    return db.session.scalar(
        sa.select(Enrollment)
        .options(joinedload(Enrollment.person, innerjoin=True))
        .where(Enrollment.offering_id == offering.id, IS_WAITING)
        .order_by(Enrollment.queued_at, Enrollment.id)
        .limit(1)
    )


def live_enrollment(person: Person, offering: Offering) -> Enrollment | None:
    return db.session.scalar(
        sa.select(Enrollment).where(
            Enrollment.offering_id == offering.id,
            Enrollment.person_id == person.id,
            Enrollment.state.in_(LIVE),
        )
    )


def place_in_queue(enrollment: Enrollment) -> int | None:
    """1 is next; None for those who do not wait. Places are distinct, because the order is."""
    if enrollment.state != State.WAITING:
        return None
    ahead = sa.select(sa.func.count()).where(
        Enrollment.offering_id == enrollment.offering_id,
        IS_WAITING,
        sa.or_(
            Enrollment.queued_at < enrollment.queued_at,
            sa.and_(Enrollment.queued_at == enrollment.queued_at, Enrollment.id < enrollment.id),
        ),
    )
    return 1 + (db.session.scalar(ahead) or 0)


def missing_prerequisites(person: Person, course: Course) -> list[str]:
    """Titles of required courses this person has not finished here: those that gave them no hours."""
    if not course.required:
        return []
    done = finished(person.id, [required.id for required in course.required])
    return [required.title for required in course.required if required.id not in done]


def overlapping(person: Person, offering: Offering) -> list[str]:
    """Titles of this person's other sessions with a meeting at the same time as one of these."""
    theirs, ours = aliased(Meeting), aliased(Meeting)
    return list(
        db.session.scalars(
            sa.select(Course.title)
            .distinct()
            .join(Offering, Offering.course_id == Course.id)
            .join(Enrollment, Enrollment.offering_id == Offering.id)
            .join(theirs, theirs.offering_id == Offering.id)
            .join(
                ours,
                sa.and_(
                    ours.offering_id == offering.id,
                    ours.starts_at < theirs.ends_at,
                    theirs.starts_at < ours.ends_at,
                    # Work of one's own takes days, and no hour of them is taken by it.
                    ours.kind == MeetingKind.SITTING,
                    theirs.kind == MeetingKind.SITTING,
                ),
            )
            .where(
                Enrollment.person_id == person.id,
                Enrollment.state.in_(LIVE),
                Offering.id != offering.id,
                Offering.state == "scheduled",
            )
            .order_by(Course.title)
        )
    )


def last_moved(offering: Offering) -> datetime | None:
    return db.session.scalar(_moved_at(offering))


def _moved_at(offering: Offering) -> sa.Select[tuple[datetime]]:
    return (
        sa.select(AuditEntry.at)
        .where(
            AuditEntry.about == "offering",
            AuditEntry.about_id == offering.id,
            AuditEntry.action.in_(QUEUE_MOVED),
        )
        .order_by(AuditEntry.at.desc())
        .limit(1)
    )
