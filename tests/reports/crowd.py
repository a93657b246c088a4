"""Made-up people with goals and hours, and sessions to come: the same for the same seed. And how to look at them one
by one, without a roll-up."""

from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app

from catalog import clock
from catalog.competencies.models import Category, Ledger, Topic
from catalog.courses.models import (
    Basis,
    Course,
    CourseState,
    CourseTopic,
    Format,
    Listing,
    Offering,
    OfferingState,
    Seat,
)
from catalog.endorsement import queries as endorsement
from catalog.endorsement.models import Endorsed, Goal
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.records.models import EntrySource, EntryState, HourEntry
from catalog.reports.frame import Asked
from catalog.reports.period import Period
from catalog.reports.standings import reckoning
from catalog.reports.standings.models import StandingRun
from tests import factories as make
from tests.endorsement import goals

COUNTIES = (None, "01101", "01051", "01097", "13121")
CODES = ("TF.a", "TF.b", "SE.c", "SE.d", "DS.e", "REF.f")


def today() -> date:
    return clock.today(current_app.config["CATALOG"].site_zone)


def ahead(months: int = 12) -> Asked:
    return Asked(Period(today(), today() + timedelta(days=30 * months)))


def made(seed: int, people: int = 14, sessions: int = 10) -> None:
    random = Random(seed)
    make.area("REF", by_references=True)
    topics = [make.topic(code) for code in CODES]
    categories = [
        make.category(code, asks=tuple(random.sample(topics, 4))) for code in ("IFA", "IFS", "IMHS")
    ]
    for category in categories:
        goals.rule(category, random.choice((3, 30)))
        if random.random() < 0.5:
            goals.rule(category, 24, ledger=Ledger.RSC)
    courses = [_course(random, topics) for _ in range(6)]
    offerings = [_session(random, random.choice(courses)) for _ in range(sessions)]
    past = make.offering(courses[0], starts=clock.now() - timedelta(days=90))
    for number in range(people):
        person = make.person(f"Person{number} Sample", county=random.choice(COUNTIES))
        for category in random.sample(categories, random.randint(0, 2)):
            goals.goal(person, category, dropped_at=clock.now() if random.random() < 0.1 else None)
        if random.random() < 0.4:
            goals.credit(
                person, past, minutes=random.choice((60, 180)), topics=tuple(random.sample(topics, 2))
            )
        if random.random() < 0.4:
            _said(random, person.id, random.sample(topics, 2))
        if random.random() < 0.4:
            _seated(person.id, random.choice(offerings))
        if random.random() < 0.3:
            goals.endorsed(
                person,
                random.choice(categories),
                valid_until=date(today().year + random.choice((0, 1)), 12, 31),
            )
    merged = make.person("Merged Sample", county="01101", merged_into_id=1)
    goals.goal(merged, categories[0])
    db.session.flush()


def _course(random: Random, topics: list[Topic]) -> Course:
    course = make.course(state=random.choice((CourseState.PUBLISHED,) * 4 + (CourseState.DRAFT,)))
    for topic in random.sample(topics, random.randint(1, 3)):
        make._add(
            CourseTopic(
                course=course,
                topic=topic,
                basis=Basis.PROPOSED,
                reviewed_at=clock.now() if random.random() < 0.7 else None,
            )
        )
    course.listing = random.choice((Listing.OPEN,) * 5 + (Listing.SUSPENDED,))
    return course


def _session(random: Random, course: Course) -> Offering:
    offering = make.offering(
        course,
        seats=random.choice((None, 1, 3, 6)),
        starts=clock.now() + timedelta(days=random.choice((-5, 10, 100, 200, 400))),
        meetings=random.choice((1, 1, 1, 0)),
        county=random.choice(COUNTIES),
        format=random.choice(list(Format)),
        state=random.choice((OfferingState.SCHEDULED,) * 5 + (OfferingState.CANCELLED,)),
        closes_at=random.choice((None, None, None, clock.now() - timedelta(days=1))),
    )
    if random.random() < 0.2:
        for meeting in offering.meetings:
            meeting.ledger = Ledger.RSC
    return offering


def _seated(person_id: int, offering: Offering) -> None:
    seat = _free_seat(offering)
    if seat is None:
        make._add(_enrollment(person_id, offering, State.WAITING, queued_at=clock.now()))
        return
    seat.is_taken = True
    make._add(_enrollment(person_id, offering, State.SEATED, seat_id=seat.id))


def _free_seat(offering: Offering) -> Seat | None:
    if offering.capacity is None:
        return make._add(Seat(offering_id=offering.id))
    return db.session.scalars(sa.select(Seat).where(Seat.offering_id == offering.id, ~Seat.is_taken)).first()


def _enrollment(person_id: int, offering: Offering, state: State, **fields: object) -> Enrollment:
    return Enrollment(
        person_id=person_id, offering_id=offering.id, state=state, joined_at=clock.now(), **fields
    )


def _said(random: Random, person_id: int, topics: list[Topic]) -> None:
    is_verified = random.random() < 0.5
    make._add(
        HourEntry(
            person_id=person_id,
            ledger=Ledger.TRAINING,
            title="Elsewhere",
            began_on=date(2026, 2, 1),
            ended_on=date(2026, 2, 1),
            minutes=120,
            source=EntrySource.SELF_REPORTED,
            state=EntryState.VERIFIED if is_verified else EntryState.PENDING,
            checked_at=clock.now() if is_verified else None,
            added_at=clock.now(),
            added_by_id=person_id,
            topics=topics,
        )
    )


def reckoned(seed: int) -> None:
    made(seed)
    reckon()


def reckon() -> None:
    """A whole run, batch by batch, as the worker does it."""
    reckoning.begin(clock.now(), today())
    while payload := unfinished():
        reckoning.reckon_batch(payload)


def unfinished() -> dict[str, object] | None:
    """What the next batch of a run is asked with."""
    run = db.session.scalars(sa.select(StandingRun).where(StandingRun.finished_at.is_(None))).first()
    return {"run_id": run.id, "from": [run.goals_done, run.reached]} if run else None


# One by one.


def open_goals() -> list[Goal]:
    every = db.session.scalars(sa.select(Goal).order_by(Goal.id))
    return [one for one in every if one.dropped_at is None and one.person.merged_into_id is None]


def missing_by_person() -> dict[int, tuple[str, set[int]]]:
    """By person their county, and every topic that the page of one of their goals says is missing."""
    found: dict[int, tuple[str, set[int]]] = {}
    for goal in open_goals():
        standing = endorsement.standing(goal, clock.now())
        mine = found.setdefault(goal.person_id, (goal.person.county or "", set()))
        mine[1].update(topic.id for topic in standing.readiness.missing)
    return found


def people_missing(topic_id: int, counties: tuple[str, ...] = ()) -> int:
    return sum(
        topic_id in topics and (not counties or county in counties)
        for county, topics in missing_by_person().values()
    )


def coming(asked: Asked) -> list[tuple[Offering, str, int | None]]:
    """Each session to come with its place and its free seats."""
    found = []
    for one in db.session.scalars(sa.select(Offering).order_by(Offering.id)):
        if _is_coming(one, asked):
            seats = db.session.scalars(sa.select(Seat).where(Seat.offering_id == one.id)).all()
            free = None if one.capacity is None else sum(not seat.is_taken for seat in seats)
            place = (one.county or "unplaced") if one.format == Format.IN_PERSON else "online"
            found.append((one, place, free))
    return found


def _is_coming(one: Offering, asked: Asked) -> bool:
    now, course = clock.now(), one.course
    waiting = db.session.scalars(
        sa.select(Enrollment).where(Enrollment.offering_id == one.id, Enrollment.state == State.WAITING)
    ).all()
    if one.is_cancelled or waiting or course.state != CourseState.PUBLISHED or course.listing != Listing.OPEN:
        return False
    if one.closes_at and one.closes_at <= now:
        return False
    if one.starts_at is None:
        return True
    trains = any(meeting.ledger == Ledger.TRAINING for meeting in one.meetings)
    day = one.starts_at.astimezone(ZoneInfo(current_app.config["CATALOG"].site_zone)).date()
    return trains and one.starts_at > now and asked.period.holds(day)


def reviewed(course: Course) -> dict[int, bool]:
    return {one.topic_id: one.reviewed_at is not None for one in course.topics}


def held() -> list[Endorsed]:
    return list(db.session.scalars(sa.select(Endorsed).order_by(Endorsed.id)))


def categories() -> dict[str, Category]:
    return {one.code: one for one in db.session.scalars(sa.select(Category))}
