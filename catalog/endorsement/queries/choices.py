"""Reads: what a plan is made from. Sessions to come as plain values, whatever keeps people from joining them, and the
sessions the person is on already. Eight statements of plain columns, however many sessions there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from catalog.accounts.models import Person, Qualification
from catalog.competencies.models import HourTag, Ledger
from catalog.competencies.rulebook import Rulebook
from catalog.courses.models import (
    Course,
    CourseArea,
    CourseState,
    CourseTopic,
    Format,
    Kind,
    Listing,
    Meeting,
    MeetingKind,
    Offering,
    OfferingState,
    Seat,
    course_prerequisite,
    course_tag,
)
from catalog.endorsement.plan.problem import Choice, Held, Line
from catalog.endorsement.plan.wishes import Wishes
from catalog.endorsement.rules.months import later
from catalog.endorsement.rules.rsc import Quality, quality
from catalog.enrollment.models import HOLDING, IS_WAITING, LIVE, Enrollment
from catalog.enrollment.queries.standing import LISTING_CLOSED
from catalog.extensions import db
from catalog.places import distance_km
from catalog.records.ledger import Entry, Rsc
from catalog.records.models import Standing


@dataclass(frozen=True)
class CourseFacts:
    """What courses are mapped to, by course id."""

    topics: dict[int, frozenset[int]]
    areas: frozenset[int]
    """Courses that name an area: the hours of others are no training hours."""
    tags: dict[int, frozenset[str]]
    required: dict[int, frozenset[int]]

    def topics_of_any(self) -> frozenset[int]:
        return frozenset[int]().union(*self.topics.values())


@dataclass(frozen=True)
class Opens:
    """Within which days RSC would count beside what counts already; None is open."""

    first: date | None = None
    most_months: int | None = None

    def holds(self, on: date) -> bool:
        return self.first is None or self.most_months is None or on < later(self.first, self.most_months)


def course_facts() -> CourseFacts:
    """Of every published course."""
    of_course = sa.select(Course.id).where(Course.state == CourseState.PUBLISHED, Course.apply_url == "")
    topics = db.session.execute(
        sa.select(CourseTopic.course_id, CourseTopic.topic_id).where(CourseTopic.course_id.in_(of_course))
    )
    areas = db.session.scalars(
        sa.select(CourseArea.course_id).where(CourseArea.course_id.in_(of_course)).distinct()
    )
    tags = db.session.execute(
        sa.select(course_tag.c.course_id, HourTag.code)
        .join(HourTag, HourTag.id == course_tag.c.tag_id)
        .where(course_tag.c.course_id.in_(of_course))
    )
    required = db.session.execute(
        sa.select(course_prerequisite.c.course_id, course_prerequisite.c.required_id)
    )
    return CourseFacts(_grouped(topics), frozenset(areas), _grouped(tags), _grouped(required))


def lines_of_any_course(facts: CourseFacts) -> set[Line]:
    """The lines that some published course gives hours for, by what it lists."""
    rows = db.session.execute(
        sa.select(Course.id, Course.minutes, Course.rsc_minutes, Course.kind).where(
            Course.state == CourseState.PUBLISHED, Course.apply_url == ""
        )
    )
    found = set()
    for course_id, minutes, rsc_minutes, kind in rows:
        ledgers = []
        if kind == Kind.REFLECTIVE_GROUP or rsc_minutes:
            ledgers.append(Ledger.RSC)
        if kind != Kind.REFLECTIVE_GROUP and (minutes or 0) > 0 and course_id in facts.areas:
            ledgers.append(Ledger.TRAINING)
        for ledger in ledgers:
            found |= {Line(ledger), *(Line(ledger, tag) for tag in facts.tags.get(course_id, ()))}
    return found


@dataclass(frozen=True)
class Reading:
    """For whom and by what rules sessions are read."""

    person: Person
    wishes: Wishes
    rulebook: Rulebook
    facts: CourseFacts
    at: datetime
    opens: Opens


def choices(reading: Reading) -> list[Choice]:
    """Every session to come of every published course, joinable or not."""
    rows = db.session.execute(_offerings(reading.at)).all()
    meetings = _meetings(sa.select(Offering.id).where(*_to_come(reading.at)))
    held = _qualifications({row.trainer_id for row in rows if row.trainer_id})
    return [_choice(reading, row, meetings.get(row.id, []), held.get(row.trainer_id, [])) for row in rows]


def held_sessions(person: Person, at: datetime) -> list[Held]:
    """What the person is on and is not over: a seat, a place in the queue, a request."""
    rows = db.session.execute(
        sa.select(Offering.id, Offering.course_id, Offering.ends_at, Course.title, Enrollment.state)
        .join(Offering, Offering.id == Enrollment.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(
            Enrollment.person_id == person.id,
            Enrollment.state.in_(LIVE),
            Offering.state == OfferingState.SCHEDULED,
            sa.or_(Offering.ends_at.is_(None), Offering.ends_at > at),
        )
    ).all()
    meetings = _meetings([row.id for row in rows])
    return [
        Held(
            row.course_id,
            row.title,
            tuple((one.starts_at, one.ends_at) for one in _sittings(meetings.get(row.id, []))),
            frozenset(one.starts_wall.date() for one in _sittings(meetings.get(row.id, []))),
            row.ends_at,
            has_seat=row.state in HOLDING,
        )
        for row in rows
    ]


def _choice(reading: Reading, row: Any, meetings: Sequence[Any], held: Sequence[Qualification]) -> Choice:
    facts, wishes = reading.facts, reading.wishes
    sittings = _sittings(meetings)
    days = tuple(one.starts_wall.date() for one in sittings)
    is_online = row.format != Format.IN_PERSON
    is_there = row.format in (Format.IN_PERSON, Format.HYBRID)
    goes = is_there and not (is_online and wishes.online)
    rsc = _worth(row, meetings, Ledger.RSC)
    does_count = bool(rsc) and _does_count(reading, row, days, held)
    return Choice(
        id=row.id,
        course_id=row.course_id,
        title=row.title,
        topics=facts.topics.get(row.course_id, frozenset()),
        tags=facts.tags.get(row.course_id, frozenset()),
        training=_worth(row, meetings, Ledger.TRAINING) if row.course_id in facts.areas else 0,
        rsc=rsc if does_count else 0,
        cost=_price(reading, row),
        km=2 * distance_km(reading.person.county, row.county) * len(set(days)) if goes else 0,
        spans=tuple((one.starts_at, one.ends_at) for one in sittings),
        days=days,
        starts=row.starts_at,
        ends=row.ends_at,
        required=facts.required.get(row.course_id, frozenset()),
        provider=f"person-{row.trainer_id}" if rsc and row.trainer_id else "",
        county=row.county,
        is_online=is_online,
        is_there=is_there,
        closed=_closed(row, reading.at),
        is_full=row.capacity is not None and (not row.has_free or row.has_queue),
        asks=row.asks,
        is_unqualified=bool(rsc) and not does_count,
    )


def _worth(row: Any, meetings: Sequence[Any], ledger: Ledger) -> int:
    minutes: int = sum(one.minutes for one in meetings if one.ledger == ledger)
    return minutes if row.credit_cap_minutes is None else min(minutes, row.credit_cap_minutes)


def _price(reading: Reading, row: Any) -> int | None:
    is_member = row.member_price_cents is not None and reading.person.is_member(reading.at.date())
    price: int | None = row.member_price_cents if is_member else row.price_cents
    return price


def _closed(row: Any, at: datetime) -> str:
    if row.listing != Listing.OPEN:
        return LISTING_CLOSED[row.listing]
    if row.opens_at and at < row.opens_at:
        return "Enrollment has not opened yet."
    return "Enrollment has closed." if row.closes_at and at >= row.closes_at else ""


def _does_count(reading: Reading, row: Any, days: Sequence[date], held: Sequence[Qualification]) -> bool:
    """By the provider as they stand on its first day, as hours of a seat are reckoned."""
    on = days[0] if days else reading.at.date()
    entry = Entry(
        key=f"seat-{row.id}",
        ledger=Ledger.RSC,
        began=on,
        on=on,
        minutes=1,
        rsc=_standing(row.trainer_id, held, on),
    )
    is_qualified = quality(entry, reading.rulebook)[0] == Quality.YES
    return is_qualified and reading.opens.holds(days[-1] if days else on)


def _standing(trainer_id: int | None, held: Iterable[Qualification], on: date) -> Rsc:
    holds = [one for one in held if one.holds(on)]
    codes = frozenset(one.category_code for one in holds if one.category_code)
    if codes or any(one.provides_rsc for one in holds):
        standing = Standing.ENDORSED
    else:
        standing = Standing.NOT_ENDORSED if trainer_id else Standing.UNKNOWN
    return Rsc(f"person-{trainer_id}", standing, codes)


def _to_come(at: datetime) -> tuple[Any, ...]:
    """Those that have not begun. What is published and applied for here is asked of the course."""
    return (
        Offering.state == OfferingState.SCHEDULED,
        sa.or_(Offering.starts_at.is_(None), Offering.starts_at > at),
    )


def _offerings(at: datetime) -> sa.Select[Any]:
    """In the order of the catalog, so that equal plans are the same plan."""
    has_free = sa.exists().where(Seat.offering_id == Offering.id, ~Seat.is_taken)
    has_queue = sa.exists().where(Enrollment.offering_id == Offering.id, IS_WAITING)
    return (
        sa.select(
            Offering.id,
            Offering.course_id,
            Offering.starts_at,
            Offering.ends_at,
            Offering.format,
            Offering.county,
            Offering.capacity,
            Offering.opens_at,
            Offering.closes_at,
            Offering.price_cents,
            Offering.member_price_cents,
            Offering.trainer_id,
            Course.title,
            Course.listing,
            Course.credit_cap_minutes,
            sa.or_(Offering.needs_approval, Offering.question != "").label("asks"),
            has_free.label("has_free"),
            has_queue.label("has_queue"),
        )
        .join(Course, Course.id == Offering.course_id)
        .where(*_to_come(at), Course.state == CourseState.PUBLISHED, Course.apply_url == "")
        .order_by(Offering.starts_at, Offering.id)
    )


def _meetings(offering_ids: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(
        sa.select(
            Meeting.offering_id,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.starts_wall,
            Meeting.minutes,
            Meeting.ledger,
            Meeting.kind,
        )
        .where(Meeting.offering_id.in_(offering_ids))
        .order_by(Meeting.starts_at, Meeting.id)
    ):
        found.setdefault(row.offering_id, []).append(row)
    return found


def _sittings(meetings: Iterable[Any]) -> list[Any]:
    return [one for one in meetings if one.kind == MeetingKind.SITTING]


def _qualifications(person_ids: Iterable[int]) -> dict[int, list[Qualification]]:
    found: dict[int, list[Qualification]] = {}
    for one in db.session.scalars(sa.select(Qualification).where(Qualification.person_id.in_(person_ids))):
        found.setdefault(one.person_id, []).append(one)
    return found


def _grouped(rows: Iterable[Any]) -> dict[int, frozenset[Any]]:
    found: dict[int, set[Any]] = {}
    for key, value in rows:
        found.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in found.items()}
