"""Who is on an offering, for those who run it; and how all of them fill."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course, Offering, Seat
from catalog.courses.queries import coordinated_by
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from catalog.wording import day


@dataclass(frozen=True)
class RosterRow:
    enrollment: Enrollment
    person: Person
    seat_number: int | None
    place: int | None


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


def other_offerings(offering: Offering, by: Person) -> Sequence[Offering]:
    """Where this coordinator could move somebody: runs of the same course first, then every other one to come."""
    return db.session.scalars(
        sa.select(Offering)
        .options(joinedload(Offering.course, innerjoin=True))
        .where(
            Offering.id != offering.id,
            Offering.state == "scheduled",
            coordinated_by(by),
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


@dataclass(frozen=True)
class Fill:
    """How one offering has filled, for those who watch all of them."""

    offering: Offering
    taken: int
    waiting: int
    requested: int

    @property
    def is_below_minimum(self) -> bool:
        return self.offering.minimum is not None and self.taken < self.offering.minimum


PAGE = 50


def fills(*, past: bool, words: str, page: int, of: Person) -> tuple[list[Fill], int]:
    """One page of every offering that `of` coordinates, with how it has filled, and the number of pages; the
    nearest date comes first.

    What has no dates is open now and stands with those to come."""
    over = Offering.ends_at < clock.now()
    wanted = [over if past else sa.or_(~over, Offering.ends_at.is_(None)), coordinated_by(of)]
    wanted += [Course.title.icontains(word, autoescape=True) for word in words.split()]
    count = sa.select(sa.func.count()).select_from(Offering).join(Offering.course).where(*wanted)
    pages = max(1, -(-(db.session.scalar(count) or 0) // PAGE))
    start = Offering.starts_at.desc() if past else Offering.starts_at
    rows = db.session.execute(
        sa.select(
            Offering,
            _how_many(State.SEATED, State.OFFERED),
            _how_many(State.WAITING),
            _how_many(State.REQUESTED),
        )
        .join(Offering.course)
        .options(contains_eager(Offering.course))
        .where(*wanted)
        .order_by(start, Offering.id)
        .limit(PAGE)
        .offset((min(max(page, 1), pages) - 1) * PAGE)
    )
    return [Fill(*row) for row in rows], pages


def _how_many(*states: State) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(Enrollment.offering_id == Offering.id, Enrollment.state.in_(states))
        .correlate(Offering)
        .scalar_subquery()
    )
