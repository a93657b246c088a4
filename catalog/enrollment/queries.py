"""Reads: who is on what, who waits, and what one person should be told about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course, Meeting, Offering, Seat
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from catalog.wording import day

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

    @property
    def is_full(self) -> bool:
        return self.left == 0 or self.waiting > 0


@dataclass(frozen=True)
class RosterRow:
    enrollment: Enrollment
    person: Person
    seat_number: int | None
    place: int | None


def offering_to_join(offering_id: int) -> Offering | None:
    """The offering with all that joining asks about, in one statement."""
    return db.session.scalar(
        sa.select(Offering)
        .options(joinedload(Offering.course, innerjoin=True).joinedload(Course.required))
        .where(Offering.id == offering_id)
        .execution_options(populate_existing=True)
    )


def seats_left(offering: Offering) -> int | None:
    if offering.capacity is None:
        return None
    return db.session.scalar(
        sa.select(sa.func.count()).where(Seat.offering_id == offering.id, Seat.is_taken.is_(False))
    )


def first_waiting(offering: Offering) -> Enrollment | None:
    return db.session.scalar(
        sa.select(Enrollment)
        .options(joinedload(Enrollment.person, innerjoin=True))
        .where(Enrollment.offering_id == offering.id, Enrollment.state == State.WAITING)
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
        Enrollment.state == State.WAITING,
        sa.or_(
            Enrollment.queued_at < enrollment.queued_at,
            sa.and_(Enrollment.queued_at == enrollment.queued_at, Enrollment.id < enrollment.id),
        ),
    )
    return 1 + (db.session.scalar(ahead) or 0)


def missing_prerequisites(person: Person, course: Course) -> list[str]:
    """Titles of required courses this person has not finished here.

    A course counts as finished when one of its offerings that the person sat on is over; attendance is a
    floor above, so a person who did not come is found by whoever approves the request."""
    if not course.required:
        return []
    done = db.session.scalars(
        sa.select(Offering.course_id)
        .join(Enrollment, Enrollment.offering_id == Offering.id)
        .where(
            Enrollment.person_id == person.id,
            Enrollment.state == State.SEATED,
            Offering.ends_at < clock.now(),
            Offering.course_id.in_([required.id for required in course.required]),
        )
    ).all()
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


def standing(offering: Offering, person: Person | None) -> Standing:
    """Everything the join box says."""
    free = sa.select(sa.func.count()).where(Seat.offering_id == offering.id, Seat.is_taken.is_(False))
    waiting = sa.select(sa.func.count()).where(
        Enrollment.offering_id == offering.id, Enrollment.state == State.WAITING
    )
    left, queue, moved = db.session.execute(
        sa.select(free.scalar_subquery(), waiting.scalar_subquery(), _moved_at(offering).scalar_subquery())
    ).one()
    mine = live_enrollment(person, offering) if person else None
    return Standing(
        left=None if offering.capacity is None else left,
        waiting=queue,
        moved_at=moved,
        mine=mine,
        place=place_in_queue(mine) if mine else None,
        missing=tuple(missing_prerequisites(person, offering.course)) if person and not mine else (),
        overlaps=tuple(overlapping(person, offering)) if person else (),
    )


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


def last_moved(offering: Offering) -> datetime | None:
    return db.session.scalar(_moved_at(offering))


def roster(offering: Offering) -> list[RosterRow]:
    """Everyone with a live enrollment: requests first, then seated and offered by name, then the queue in order."""
    rows = db.session.execute(
        sa.select(Enrollment, Seat.number)
        .join(Enrollment.person)
        .options(contains_eager(Enrollment.person))
        .outerjoin(Seat, Seat.id == Enrollment.seat_id)
        .where(Enrollment.offering_id == offering.id, Enrollment.state.in_(LIVE))
        .order_by(Enrollment.queued_at, Enrollment.id)
    ).all()
    places = {
        enrollment.id: place
        for place, enrollment in enumerate((row[0] for row in rows if row[0].state == State.WAITING), start=1)
    }
    order = {State.REQUESTED: 0, State.OFFERED: 1, State.SEATED: 2, State.WAITING: 3}
    made = [RosterRow(row[0], row[0].person, row[1], places.get(row[0].id)) for row in rows]
    return sorted(
        made,
        key=lambda row: (order[row.enrollment.state], row.place or 0, row.person.name, row.enrollment.id),
    )


def ended(offering: Offering) -> Sequence[Enrollment]:
    """Those who were on it and no longer are, latest first."""
    return db.session.scalars(
        sa.select(Enrollment)
        .options(joinedload(Enrollment.person, innerjoin=True))
        .where(Enrollment.offering_id == offering.id, Enrollment.state.not_in(LIVE))
        .order_by(Enrollment.ended_at.desc(), Enrollment.id.desc())
    ).all()


def people_of(offering: Offering) -> Sequence[Enrollment]:
    """The seated, by name: those whose attendance is taken."""
    return db.session.scalars(
        sa.select(Enrollment)
        .join(Enrollment.person)
        .options(contains_eager(Enrollment.person))
        .where(Enrollment.offering_id == offering.id, Enrollment.state == State.SEATED)
        .order_by(Person.name, Enrollment.id)
    ).all()


def live_of(person: Person) -> Sequence[Enrollment]:
    """A person's live enrollments with offering, course and meetings, the next one first."""
    return db.session.scalars(
        sa.select(Enrollment)
        .join(Enrollment.offering)
        .options(
            contains_eager(Enrollment.offering).joinedload(Offering.course, innerjoin=True),
            contains_eager(Enrollment.offering).selectinload(Offering.meetings),
        )
        .where(Enrollment.person_id == person.id, Enrollment.state.in_(LIVE))
        .order_by(Offering.starts_at, Enrollment.id)
    ).all()


def enrollment_with_offering(enrollment_id: int) -> Enrollment | None:
    return db.session.scalar(
        sa.select(Enrollment)
        .options(
            joinedload(Enrollment.person, innerjoin=True),
            joinedload(Enrollment.offering, innerjoin=True).joinedload(Offering.course, innerjoin=True),
        )
        .where(Enrollment.id == enrollment_id)
    )


def offering_with_meetings(offering_id: int) -> Offering | None:
    return db.session.scalar(
        sa.select(Offering)
        .options(
            joinedload(Offering.course, innerjoin=True).selectinload(Course.required),
            selectinload(Offering.meetings).selectinload(Meeting.co_trainers),
        )
        .where(Offering.id == offering_id)
    )


def other_offerings(offering: Offering) -> Sequence[Offering]:
    """Where somebody could be moved: runs of the same course first, then every other one to come."""
    return db.session.scalars(
        sa.select(Offering)
        .options(joinedload(Offering.course, innerjoin=True))
        .where(
            Offering.id != offering.id,
            Offering.state == "scheduled",
            sa.or_(Offering.starts_at > clock.now(), Offering.starts_at.is_(None)),
        )
        .order_by(Offering.course_id != offering.course_id, Offering.starts_at, Offering.id)
        .limit(200)
    ).all()


def label_of(offering: Offering) -> str:
    """How an offering is named in a list of choices."""
    if offering.starts_at is None:
        return f"{offering.course.title}, at one's own pace"
    return f"{day(offering.starts_at, offering.zone)}: {offering.course.title}"


def history(enrollment: Enrollment) -> Sequence[AuditEntry]:
    """What happened to this person on this offering, latest first."""
    return db.session.scalars(
        sa.select(AuditEntry)
        .options(joinedload(AuditEntry.by))
        .where(
            AuditEntry.about == "offering",
            AuditEntry.about_id == enrollment.offering_id,
            AuditEntry.person_id == enrollment.person_id,
        )
        .order_by(AuditEntry.id.desc())
    ).all()
