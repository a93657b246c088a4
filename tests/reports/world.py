"""A catalog of made-up sessions, people, marks, credit and answers, the same for the same seed; and how to look at it
all without a single condition in SQL."""

import secrets
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Credit, CreditArea, KnownBy, Mark
from catalog.competencies.models import Ledger
from catalog.courses.models import Format, Kind, Meeting, MeetingKind, Offering, OfferingState, Seat
from catalog.enrollment.models import HOLDING, Enrollment, State
from catalog.evaluation.models import Evaluation
from catalog.evaluation.wording import SCALES
from catalog.extensions import db
from catalog.reports import services
from catalog.reports.frame import Asked, Line, Report, Table
from catalog.reports.period import Period
from tests import factories as make

YEAR = Asked(Period(date(2026, 1, 1), date(2026, 12, 31)))
COUNTIES = (None, "01101", "01003", "13121")
ZONES = ("America/Chicago", "America/New_York", "Pacific/Honolulu")
# The last evening of a month in Honolulu is the next month in UTC; and both days on which clocks change.
WALLS = tuple(
    datetime.fromisoformat(text)
    for text in (
        "2026-01-31T21:00",
        "2026-03-08T09:00",
        "2026-06-30T23:00",
        "2026-11-01T00:30",
        "2026-12-31T22:00",
        "2027-01-01T00:15",
    )
)
AREAS = ("TF", "DSS", "RF")
STATES = (
    State.SEATED,
    State.SEATED,
    State.SEATED,
    State.OFFERED,
    State.WAITING,
    State.WITHDRAWN,
    State.REQUESTED,
)


def made(seed: int, sessions: int = 10, people: int = 8) -> None:
    """Fill the database and count the tallies."""
    random = Random(seed)
    courses = [
        make.course(
            f"Course {number}",
            areas=AREAS,
            kind=random.choice(list(Kind)),
            provider=f"Provider {number % 3 or ''}",
        )
        for number in range(5)
    ]
    crowd = [make.person(f"Person {number}", county=random.choice(COUNTIES)) for number in range(people)]
    for _ in range(sessions):
        offering = _offering(random, random.choice(courses))
        for person in random.sample(crowd, random.randint(0, people)):
            _enrollment(random, offering, person)
        _answers(random, offering)
    db.session.flush()
    services.count()


def _offering(random: Random, course: object) -> Offering:
    zone = random.choice(ZONES)
    wall = random.choice(WALLS)
    made = make.offering(
        course,  # type: ignore[arg-type]
        seats=random.choice((None, 8, 20)),
        starts=wall.replace(tzinfo=ZoneInfo(zone)),
        meetings=random.choice((1, 2)),
        zone=zone,
        county=random.choice(COUNTIES),
        format=random.choice(list(Format)),
        state=random.choice((*[OfferingState.SCHEDULED] * 4, OfferingState.CANCELLED)),
    )
    if random.random() < 0.2:
        for meeting in made.meetings:
            meeting.kind = MeetingKind.HOMEWORK
    if random.random() < 0.6:
        made.settled_at = clock.now()
    return made


def _enrollment(random: Random, offering: Offering, person: Person) -> None:
    state = random.choice(STATES)
    seat = _seat(offering) if state in HOLDING else None
    if state in HOLDING and seat is None:
        state = State.WAITING
    starts = offering.starts_at or clock.now()
    enrollment = Enrollment(
        offering_id=offering.id,
        person_id=person.id,
        state=state,
        seat_id=seat.id if seat else None,
        joined_at=starts - timedelta(days=40),
        queued_at=starts - timedelta(days=random.randint(0, 40), hours=random.randint(0, 23))
        if state == State.WAITING
        else None,
        offer_ends_at=starts if state == State.OFFERED else None,
    )
    db.session.add(enrollment)
    db.session.flush()
    if state in (State.SEATED, State.WITHDRAWN):
        _attended(random, offering, enrollment)


def _seat(offering: Offering) -> Seat | None:
    if offering.capacity is None:
        seat = Seat(offering_id=offering.id, is_taken=True)
        db.session.add(seat)
        db.session.flush()
        return seat
    free = sa.select(Seat).where(Seat.offering_id == offering.id, ~Seat.is_taken).order_by(Seat.number)
    if found := db.session.scalars(free).first():
        found.is_taken = True
    return found


def _attended(random: Random, offering: Offering, enrollment: Enrollment) -> None:
    for meeting in offering.meetings:
        if random.random() < 0.7:
            db.session.add(
                Mark(
                    meeting_id=meeting.id,
                    enrollment_id=enrollment.id,
                    minutes=random.choice((0, 50, 180)),
                    marked_at=clock.now(),
                    marked_by_id=enrollment.person_id,
                )
            )
    if offering.settled_at is None:
        return
    for ledger in random.sample(list(Ledger), random.choice((1, 2))):
        _credit(random, offering, enrollment, ledger, superseded=True)
        _credit(random, offering, enrollment, ledger)


def _credit(
    random: Random, offering: Offering, enrollment: Enrollment, ledger: Ledger, *, superseded: bool = False
) -> None:
    minutes = random.choice((0, 0, 45, 60, 180))
    credit = Credit(
        person_id=enrollment.person_id,
        enrollment_id=enrollment.id,
        offering_id=offering.id,
        ledger=ledger,
        minutes=minutes,
        attended_minutes=minutes or random.choice((0, 30)),
        held_minutes=180,
        rule="",
        not_counted_because=random.choice(("", "", "Nobody qualified led it.")),
        earned_on=offering.meetings[-1].starts_wall.date(),
        known_by=KnownBy.ATTENDANCE,
        given_at=clock.now(),
        given_by_id=enrollment.person_id,
        superseded_at=clock.now() if superseded else None,
    )
    for code in random.sample(AREAS, random.randint(0, 2)) if minutes else ():
        split = random.choice((None, 15))
        credit.areas.append(CreditArea(area_id=make.area(code).id, minutes=split, was_reviewed=True))
    db.session.add(credit)
    db.session.flush()


def _answers(random: Random, offering: Offering) -> None:
    for number in range(random.choice((0, 0, 3, 5, 7))):
        points = {name: random.randint(1, 5) for name in SCALES if random.random() < 0.8}
        db.session.add(
            Evaluation(
                key=secrets.token_hex(16),
                offering_id=offering.id,
                scales=points,
                objectives={},
                is_shown=number < 5 if random.random() < 0.9 else False,
            )
        )


# Everything, row by row.


def offerings() -> list[Offering]:
    return list(db.session.scalars(sa.select(Offering).order_by(Offering.id)))


def credits_in_force() -> list[Credit]:
    return [
        one for one in db.session.scalars(sa.select(Credit)) if one.superseded_at is None and one.minutes > 0
    ]


def first_day(offering: Offering) -> date | None:
    """By the wall clock of its zone, from the instants: the tallies read the wall clock itself."""
    of = [one for one in offering.meetings if one.kind == MeetingKind.SITTING] or list(offering.meetings)
    zone = ZoneInfo(offering.zone)
    return min((_on_the_wall(one, zone) for one in of), default=None)


def _on_the_wall(meeting: Meeting, zone: ZoneInfo) -> date:
    return meeting.starts_at.astimezone(UTC).astimezone(zone).date()


def asked_of(asked: Asked, county: str | None) -> bool:
    return not asked.counties or county in asked.counties


def table(report: Report, key: str) -> Table:
    return next(one for one in report.tables if one.key == key)


def figures(report: Report, key: str, column: str) -> dict[str, object]:
    """What a table says in one column, by the keys of its lines, without its zeros; the total is a line too."""
    found = table(report, key)
    lines: list[Line] = [*found.lines, *([found.total] if found.total else [])]
    place = found.place(column)
    return {line.key: line.figures[place] for line in lines if line.figures[place]}
