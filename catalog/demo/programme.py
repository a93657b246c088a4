"""What runs when: a plan of sample sessions around a day, without a database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from catalog.competencies.models import Ledger
from catalog.courses.models import Format
from catalog.courses.schedule import Pattern, Sitting, Unit, sittings

SUNDAY = 6
CENTRAL, EASTERN = "America/Chicago", "America/New_York"
MORNING, NOON, EVENING = time(9), time(12, 30), time(17, 30)

COUNTIES = (
    "01073", "01089", "01097", "01101", "01125", "01069", "01081", "01003", "01117", "01077", "01055",
    "01015", "01109", "01047", "01131", "01025", "01013", "01119", "01053", "01071", "01049", "01095",
    "01035", "01099", "01005", "01121", "01039", "01133",
)  # fmt: skip
PLACES = ("Sample library", "Sample health center", "Sample school annex", "Sample community hall")


@dataclass(frozen=True)
class Run:
    """How a course is run, `upcoming` times in the next five months and `past` times in the last six."""

    course: str
    hours: float
    upcoming: int = 2
    past: int = 0
    times: int = 1
    unit: Unit = Unit.WEEK
    interval: int = 1
    starts: tuple[time, ...] = (MORNING,)
    format: Format = Format.IN_PERSON
    zone: str = CENTRAL
    seats: int | None = 10
    minimum: int | None = None
    price: int | None = 0
    member_price: int | None = None
    ledger: Ledger = Ledger.TRAINING
    rsc_from: int | None = None
    """From this meeting on the meetings are reflective supervision."""
    break_minutes: int = 0
    needs_approval: bool = False
    question: str = ""
    language: str = "English"
    interpretation: str = ""
    trainer: str = "ivo"
    note: str = ""
    own_work: int = 0
    """Hours of work of one's own, which is all there is where people go at their own pace."""


@dataclass(frozen=True)
class Session:
    """One planned offering. `crowd` is how many people want to join for each seat there is."""

    run: Run
    sittings: tuple[Sitting, ...]
    zone: str
    county: str | None
    place: str
    crowd: float
    posted: datetime
    opens_in_days: int | None
    is_past: bool
    number: int
    """Which of the past or of the upcoming sessions of its course it is, from 0."""


GROUP = Run("", 2, times=6, unit=Unit.MONTH, seats=8, ledger=Ledger.RSC, starts=(MORNING, NOON))
ONLINE = Run("", 1.5, format=Format.VIRTUAL, starts=(NOON, EVENING), seats=12)

RUNS = (
    # In-service trainings.
    Run("Sample course: Holding steady in hard conversations", 3, 5, 3, seats=8, starts=(MORNING, NOON)),
    Run("Sample course: Watching together, part 1", 2, 4, 2, seats=6, starts=(NOON, EVENING), trainer="tess"),
    Run("Sample course: Watching together, part 2", 2, 3, 1, seats=6, starts=(EVENING,), trainer="tess"),
    Run("Sample course: Sleep, food and routines", 6, 4, 2, break_minutes=60, price=4500, member_price=3000,
        minimum=5, interpretation="Spanish interpretation", trainer="hugo"),
    replace(ONLINE, course="Sample course: The first home visit", upcoming=4, past=2, trainer="noor"),
    replace(ONLINE, course="Sample course: Rules and reporting in Alabama", hours=2, upcoming=3, past=2, seats=15),
    Run("Workshop 1: In the Beginning", 3, 4, 3, price=2500, member_price=1500, seats=9, trainer="tess"),
    Run("How To Be a Reflective Supervisee", 3, 3, 2, starts=(time(13),), price=4000, trainer="tess"),
    replace(ONLINE, course="Defining and Understanding Infant/Early", upcoming=3, past=1, starts=(time(19),)),
    Run("Infant Mental Health: Theory to Practice (ten-session", 2.5, 1, 0, 10, starts=(EVENING,), price=20000,
        member_price=15000, format=Format.HYBRID, seats=14, trainer="tess"),
    Run("COSP Facilitator Training", 6, 2, 0, 5, Unit.DAY, 2, format=Format.VIRTUAL, zone=EASTERN, price=None,
        break_minutes=45, trainer="noor"),
    replace(ONLINE, course="NBO training (online live", hours=3, upcoming=2, past=1, zone=EASTERN, trainer="noor"),
    Run("ZERO TO THREE Critical Competencies", 4, 2, 1, 5, price=7500, seats=12, trainer="hugo",
        interpretation="Spanish interpretation"),
    Run("Keeping Babies and Children in Mind", 3, 3, 1, 2, format=Format.HYBRID, trainer="noor"),
    Run("Reflective Supervision training (two-day", 7, 2, 1, 2, Unit.DAY, break_minutes=60, seats=8, price=12000,
        member_price=9000),
    Run("Infant and early childhood mental health fundamentals", 6, 2, 1, needs_approval=True, break_minutes=60,
        note="For service coordinators of school systems.", trainer="hugo"),
    Run("The Bigger, Stronger, Wiser, Kind", 2, 2, 0, 2, format=Format.VIRTUAL, zone=EASTERN, trainer="noor",
        question="Which two rounds of the program have you facilitated?", price=18000),
    Run("Promoting Parent-Child Attachment", 3, 3, 1, starts=(NOON,), seats=6, trainer="tess"),
    Run("Trauma-focused cognitive behavioral", 6, 2, 1, 2, Unit.DAY, break_minutes=60, seats=12, trainer="hugo"),
    replace(ONLINE, course="Introduction to Infant Mental Health", times=4, hours=2, upcoming=2, past=1, price=9900),
    Run("Colorado Foundations of Infant and Early Childhood Mental Health for", 3, 2, 0, 8, Unit.MONTH, seats=14),
    replace(ONLINE, course="Infant Mental Health: Supporting a Baby", hours=1, upcoming=3, seats=None,
            note="An open webinar: everybody who wants to come has a seat."),
    Run("Sample course: Words for feelings", 3, 2, 1, language="Spanish", seats=8, trainer="noor",
        interpretation="English interpretation"),
    Run("Sample course: Beginning to provide reflective supervision", 3, 2, 1, price=6000, seats=8),
    # At one's own pace: no meetings, no limit.
    Run("Perinatal Mood and Anxiety Disorder", 0, 1, 0, 0, format=Format.SELF_PACED, seats=None, own_work=6),
    Run("ADMH Infant and Early Childhood", 0, 1, 0, 0, format=Format.SELF_PACED, seats=None, own_work=6),
    Run("Infant & Toddler Mental Health: Issues", 0, 1, 0, 0, format=Format.SELF_PACED, seats=None, price=None,
        own_work=12),
    # Reflective practice groups.
    replace(GROUP, course="RSLC monthly reflective consultation", upcoming=3, past=1),
    replace(GROUP, course="ILAIMH Reflective Practice Groups", upcoming=2, times=10, trainer="tess"),
    replace(GROUP, course="Reflective Consultation for ECE Coaches", hours=1.5, upcoming=2, past=1, price=30000,
            format=Format.VIRTUAL, starts=(NOON,), trainer="tess"),
    replace(GROUP, course="EI service coordinator reflective", hours=1, upcoming=2, format=Format.VIRTUAL),
    replace(GROUP, course="2023 IECMH Reflective Consultation", upcoming=2, needs_approval=True),
    # Certificate courses.
    Run("Virginia Infant Mental Health Leadership", 3, 2, 0, 16, interval=3, rsc_from=9, seats=10, price=None,
        needs_approval=True),
    Run("Early Relational Health: From Theory", 2, 2, 0, 12, interval=2, format=Format.VIRTUAL, zone=EASTERN,
        starts=(EVENING,), price=60000, trainer="noor"),
    Run("Mental Health Micro-Credential", 2, 2, 0, 6, format=Format.VIRTUAL, price=None, trainer="hugo"),
    Run("IECMH Certificate Program: Centering", 6, 2, 0, 8, Unit.MONTH, format=Format.HYBRID, break_minutes=60),
)  # fmt: skip


def plan(at: datetime, rng: Random) -> list[Session]:
    """Every session, the past ones too, as they lie around that day; the same for the same random numbers."""
    return [session for run in RUNS for session in _of(run, at, rng)]


def _of(run: Run, at: datetime, rng: Random) -> Iterator[Session]:
    today = at.date()
    for number in range(run.past):
        # Half a year back at most, so what takes long has ended lately.
        latest = max(min(150, 180 - _span(run)), 10)
        first = today - timedelta(days=_span(run) + 4 + int(latest * (number + rng.random()) / run.past))
        yield _session(run, first, at, rng, number=number, is_past=True)
    for number in range(run.upcoming):
        if run.times > 5 and number == 0:
            # A long series has begun already.
            first = today - timedelta(days=rng.randint(40, 75))
        else:
            # More of them soon than late, as catalogs are.
            share = (number + rng.random()) / run.upcoming
            first = today + timedelta(days=2 + int(140 * share**1.4))
        yield _session(run, first, at, rng, number=number, is_past=False)


def _span(run: Run) -> int:
    """About how many days the meetings take, from the first to the last."""
    days = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 31}[run.unit]
    return max(run.times - 1, 0) * days * run.interval


def _session(run: Run, near: date, at: datetime, rng: Random, *, number: int, is_past: bool) -> Session:
    first = near + timedelta(days=rng.randint(0, 2))
    if first.weekday() == SUNDAY:
        first += timedelta(days=1)
    starts = rng.choice(run.starts)
    ends = (datetime.combine(first, starts) + timedelta(hours=run.hours)).time()
    is_online = run.format in (Format.VIRTUAL, Format.SELF_PACED)
    begins = datetime.combine(first, starts, at.tzinfo)
    opens_late = first > at.date() + timedelta(days=90) and rng.random() < 0.15
    return Session(
        run=run,
        sittings=tuple(sittings(Pattern(first, starts, ends, run.unit, run.interval, run.times))),
        zone=run.zone,
        county=None if is_online else rng.choice(COUNTIES),
        place="" if is_online else rng.choice(PLACES),
        crowd=rng.choice((0.2, 0.3, 0.5, 0.7, 0.9, 1.0, 1.3)),
        posted=min(begins - timedelta(days=rng.randint(40, 70)), at - timedelta(days=rng.randint(3, 25))),
        opens_in_days=40 if opens_late else None,
        is_past=is_past,
        number=number,
    )
