"""Every rule, worked by hand: what somebody did, and the minutes of credit it gives.

Times are Alabama's. The clocks go back in the night to 1 Nov 2026 and to 7 Nov 2027, and forward in the night to
8 Mar 2026 and to 14 Mar 2027."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.accounts.models import Person
from catalog.attendance import queries, services
from catalog.attendance.credit import Attended, attended_minutes, credit_minutes, held_minutes
from catalog.attendance.presence import Span, minutes_present
from catalog.attendance.sheet import Cell
from catalog.competencies.models import Ledger
from catalog.courses.models import CreditRule, Format, Meeting, MeetingKind, Offering
from catalog.courses.services.timing import Row, timed
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets

ALABAMA = "America/Chicago"
FULL, QUARTER, ALL, EACH = (
    CreditRule.FULL_FROM_PERCENT,
    CreditRule.QUARTER_HOUR,
    CreditRule.ALL_MEETINGS,
    CreditRule.PER_MEETING,
)

# Each: what happened, the rule, its percentage, its cap, (length, minutes there) of each meeting, and the credit.
BY_HAND = [
    ("all of one morning", FULL, 90, None, [(180, 180)], 180),
    ("exactly 90 percent", FULL, 90, None, [(200, 180)], 200),
    ("89.5 percent", FULL, 90, None, [(200, 179)], 0),
    ("89.9 percent of 1,000 minutes", FULL, 90, None, [(1000, 899)], 0),
    ("90 percent of 1,000 minutes", FULL, 90, None, [(1000, 900)], 1000),
    ("90 percent of 185 is 166.5, so 166 is too little", FULL, 90, None, [(185, 166)], 0),
    ("and 167 is enough", FULL, 90, None, [(185, 167)], 185),
    ("one of two days missed", FULL, 90, None, [(360, 360), (360, 0)], 0),
    ("one of two days missed where half is asked", FULL, 50, None, [(360, 360), (360, 0)], 720),
    ("a short second day missed, 300 of 330", FULL, 90, None, [(300, 300), (30, 0)], 330),
    ("100 percent asked and a minute missed", FULL, 100, None, [(180, 179)], 0),
    ("one percent asked and two minutes there", FULL, 1, None, [(180, 2)], 180),
    ("nothing attended", FULL, 90, None, [(180, 0)], 0),
    ("a meeting of no length changes nothing", FULL, 90, None, [(180, 162), (0, 0)], 180),
    ("20 hours met and 12 count", FULL, 90, 720, [(600, 600), (600, 600)], 720),
    ("12 count, and too little was attended", FULL, 90, 720, [(600, 600), (600, 0)], 0),
    ("every meeting whole", ALL, 90, None, [(120, 120), (120, 120), (120, 120)], 360),
    ("one of three missed", ALL, 90, None, [(120, 120), (120, 120), (120, 0)], 0),
    ("108 of 120 at each", ALL, 90, None, [(120, 108), (120, 108)], 240),
    ("107 of 120 at one", ALL, 90, None, [(120, 120), (120, 107)], 0),
    ("a long day whole and a short one missed", ALL, 90, None, [(420, 420), (60, 0)], 0),
    ("unequal meetings, each well attended", ALL, 80, None, [(420, 336), (60, 48)], 480),
    ("every meeting and the homework", ALL, 100, None, [(120, 120), (360, 360)], 480),
    ("every meeting and not the homework", ALL, 100, None, [(120, 120), (360, 0)], 0),
    ("all of it, capped", ALL, 90, 300, [(240, 240), (240, 240)], 300),
    ("two hours and fourteen minutes", QUARTER, 90, None, [(180, 134)], 120),
    ("two hours and a quarter", QUARTER, 90, None, [(180, 135)], 135),
    ("fourteen minutes", QUARTER, 90, None, [(180, 14)], 0),
    ("three times fifty minutes, rounded once", QUARTER, 90, None, [(60, 50), (60, 50), (60, 50)], 150),
    ("three times 49 minutes, rounded once", QUARTER, 90, None, [(60, 49), (60, 49), (60, 49)], 135),
    ("late by a minute", QUARTER, 90, None, [(180, 179)], 165),
    ("quarters up to a cap", QUARTER, 90, 120, [(180, 179)], 120),
    ("homework in part", QUARTER, 90, None, [(120, 120), (360, 100)], 210),
    ("a group of twelve, ten times there", EACH, 90, None, [(120, 120)] * 10 + [(120, 0)] * 2, 1200),
    ("a group, once for 47 minutes", EACH, 90, None, [(120, 120), (120, 47)], 167),
    ("a single minute", EACH, 90, None, [(120, 1)], 1),
    ("longer than the meeting was", EACH, 90, None, [(120, 150)], 120),
    ("less than nothing", EACH, 90, None, [(120, -5)], 0),
    ("a cap of nothing", EACH, 90, 0, [(120, 120)], 0),
    (
        "unequal meetings, twenty hours, twelve count",
        EACH,
        90,
        720,
        [(480, 480), (480, 480), (240, 240)],
        720,
    ),
    ("below the cap", EACH, 90, 720, [(480, 480), (240, 100)], 580),
]


@pytest.mark.parametrize(
    ("rule", "percent", "cap", "meetings", "gives"),
    [case[1:] for case in BY_HAND],
    ids=[case[0] for case in BY_HAND],
)
def test_by_hand(
    rule: CreditRule, percent: int, cap: int | None, meetings: list[tuple[int, int]], gives: int
) -> None:
    assert credit_minutes(rule, percent, cap, [Attended(*one) for one in meetings]) == gives


# From times to minutes.


def sitting(starts: str, ends: str, break_minutes: int = 0) -> Meeting:
    """A meeting as it is posted: the wall clock decides, and the minutes are those that pass."""
    row = Row(0, None, datetime.fromisoformat(starts), datetime.fromisoformat(ends), break_minutes)
    [one] = timed([row], ALABAMA, None)
    return Meeting(starts_at=one.starts_at, ends_at=one.ends_at, minutes=one.minutes)


def wall(text: str) -> datetime:
    """The instant of a time on Alabama's clocks; "b" behind it is the second time the clocks show it."""
    plain = datetime.fromisoformat(text.removesuffix("b"))
    return plain.replace(tzinfo=ZoneInfo(ALABAMA), fold=int(text.endswith("b"))).astimezone(UTC)


MORNING = ("2027-01-14 09:00", "2027-01-14 12:00", 0)
DAY = ("2027-01-14 09:00", "2027-01-14 16:00", 60)
BACK_2026 = ("2026-10-31 22:00", "2026-11-01 06:00", 0)
BACK_2027 = ("2027-11-07 00:30", "2027-11-07 02:30", 0)
FORWARD_2026 = ("2026-03-07 22:00", "2026-03-08 06:00", 30)
FORWARD_2027 = ("2027-03-14 01:00", "2027-03-14 04:00", 0)

# Each: what happened, the meeting, from when to when somebody was there, and the minutes that count.
TIMES = [
    ("the whole morning", MORNING, ["09:00 12:00"], 180),
    ("twenty minutes late", MORNING, ["09:20 12:00"], 160),
    ("gone ten minutes early", MORNING, ["09:00 11:50"], 170),
    ("late and early", MORNING, ["09:20 11:50"], 150),
    ("early to come and late to go", MORNING, ["08:30 12:45"], 180),
    ("a second late is a minute missed", MORNING, ["09:00:01 12:00"], 179),
    ("out for half an hour", MORNING, ["09:00 10:00", "10:30 12:00"], 150),
    ("computer and telephone at once", MORNING, ["09:00 11:00", "10:00 12:00"], 180),
    ("one join within another", MORNING, ["09:00 12:00", "10:00 10:30"], 180),
    ("the same join twice", MORNING, ["09:00 10:00", "09:00 10:00"], 60),
    ("three joins that touch", MORNING, ["09:00 10:00", "10:00 11:00", "11:00 12:00"], 180),
    ("overlapping joins with a gap after", MORNING, ["09:00 09:40", "09:30 10:00", "11:00 12:00"], 120),
    ("only before it began", MORNING, ["08:00 09:00"], 0),
    ("no time at all", MORNING, [], 0),
    ("left before coming", MORNING, ["11:00 10:00"], 0),
    ("a day with an hour of breaks", DAY, ["09:00 16:00"], 360),
    ("the same day, half an hour missed", DAY, ["09:30 16:00"], 330),
    ("the same day, there for the break alone", DAY, ["12:00 13:00"], 0),
]
NIGHTS = [
    ("the night of nine hours", BACK_2026, [("2026-10-31 22:00", "2026-11-01 06:00")], 540),
    ("gone when the clocks first showed 1:30", BACK_2026, [("2026-10-31 22:00", "2026-11-01 01:30")], 210),
    ("gone when they showed it again", BACK_2026, [("2026-10-31 22:00", "2026-11-01 01:30b")], 270),
    ("from the first 1:15 to the second", BACK_2026, [("2026-11-01 01:15", "2026-11-01 01:15b")], 60),
    ("three hours that look like two", BACK_2027, [("2027-11-07 00:30", "2027-11-07 02:30")], 180),
    ("the night of seven hours, with a break", FORWARD_2026, [("2026-03-07 22:00", "2026-03-08 06:00")], 390),
    ("two hours that look like three", FORWARD_2027, [("2027-03-14 01:00", "2027-03-14 04:00")], 120),
    ("half an hour around the jump", FORWARD_2027, [("2027-03-14 01:45", "2027-03-14 03:15")], 30),
    (
        "overlapping joins around the jump",
        FORWARD_2027,
        [("2027-03-14 01:00", "2027-03-14 03:15"), ("2027-03-14 01:30", "2027-03-14 03:30")],
        90,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("of", "there", "minutes"), [case[1:] for case in TIMES], ids=[case[0] for case in TIMES]
)
def test_times_of_a_day(of: tuple[str, str, int], there: list[str], minutes: int) -> None:
    day = of[0][:10]
    spans = [Span(*(wall(f"{day} {time}") for time in one.split())) for one in there]
    assert minutes_present(sitting(*of), spans) == minutes


@pytest.mark.parametrize(
    ("of", "there", "minutes"), [case[1:] for case in NIGHTS], ids=[case[0] for case in NIGHTS]
)
def test_nights_in_which_the_clocks_change(
    of: tuple[str, str, int], there: list[tuple[str, str]], minutes: int
) -> None:
    assert minutes_present(sitting(*of), [Span(wall(came), wall(left)) for came, left in there]) == minutes


@pytest.mark.parametrize(
    ("of", "rule", "there", "gives"),
    [
        (BACK_2026, FULL, 486, 540),
        (BACK_2026, FULL, 485, 0),
        (BACK_2027, QUARTER, 179, 165),
        (FORWARD_2026, FULL, 351, 390),
        (FORWARD_2027, EACH, 120, 120),
    ],
)
def test_the_rules_reckon_with_the_minutes_that_passed(
    of: tuple[str, str, int], rule: CreditRule, there: int, gives: int
) -> None:
    assert credit_minutes(rule, 90, None, [Attended(sitting(*of).minutes, there)]) == gives


# Whole sessions, from the marks to the credit that is written down.


@pytest.fixture
def ivo(context: None) -> Person:
    return make.person("Ivo Sample", is_trainer=True)


def session(ivo: Person, ledgers: str, **course: object) -> Offering:
    """Held weeks ago; a meeting of three hours for each letter: t for training, r for RSC, h for homework."""
    fields: dict[str, object] = {"credit_rule": EACH, **course}
    made = make.course(None, ("TF",), (), **fields)
    offering = sheets.held(made, meetings=len(ledgers), trainer_id=ivo.id)
    for letter, meeting in zip(ledgers, offering.meetings, strict=True):
        meeting.ledger = Ledger.RSC if letter == "r" else Ledger.TRAINING
        meeting.kind = MeetingKind.HOMEWORK if letter == "h" else MeetingKind.SITTING
    db.session.flush()
    return offering


def earned(offering: Offering, *minutes: int, by: Person) -> dict[str, tuple[int, bool]]:
    """What one person's credit is, and whether it counts, by ledger."""
    [ana] = sheets.seat(offering, "Ana Sample", by=by)
    cells = [Cell(meeting, ana, some) for meeting, some in zip(offering.meetings, minutes, strict=True)]
    services.mark(offering, cells, by=by)
    given = services.close(offering, by=by)
    return {one.ledger.value: (one.minutes, not one.not_counted_because) for one in given}


@pytest.mark.parametrize(
    ("ledgers", "course", "minutes", "gives"),
    [
        ("tr", {}, (180, 100), {"training": (180, True), "rsc": (100, True)}),
        ("tr", {"credit_rule": FULL}, (180, 100), {"training": (180, True), "rsc": (0, True)}),
        ("tr", {"credit_rule": ALL}, (0, 180), {"training": (0, True), "rsc": (180, True)}),
        (
            "ttrr",
            {"credit_cap_minutes": 300},
            (180, 180, 180, 180),
            {"training": (300, True), "rsc": (300, True)},
        ),
        ("th", {"credit_rule": ALL}, (180, 180), {"training": (360, True)}),
        ("th", {"credit_rule": ALL}, (180, 0), {"training": (0, True)}),
        ("th", {"credit_rule": FULL, "credit_percent": 50}, (180, 0), {"training": (360, True)}),
        ("hh", {"credit_rule": QUARTER}, (100, 100), {"training": (195, True)}),
    ],
)
def test_ledgers_homework_and_caps(
    ivo: Person,
    ledgers: str,
    course: dict[str, object],
    minutes: tuple[int, ...],
    gives: dict[str, tuple[int, bool]],
) -> None:
    sheets.qualified(ivo)
    assert earned(session(ivo, ledgers, **course), *minutes, by=ivo) == gives


@pytest.mark.parametrize(
    ("first", "last", "gives"),
    [
        (None, None, (360, True)),
        (1, 2, (360, True)),
        (2, None, (180, True)),
        (None, 1, (180, True)),
        (3, None, (360, False)),
        (None, 0, (360, False)),
    ],
    ids=[
        "always",
        "from the first day to the last",
        "from the second day",
        "until the first day",
        "later",
        "before",
    ],
)
def test_rsc_counts_on_the_days_of_the_qualification(
    ivo: Person, first: int | None, last: int | None, gives: tuple[int, bool]
) -> None:
    offering = session(ivo, "rr")
    day = offering.meetings[0].starts_wall.date()
    held = {
        name: day + timedelta(weeks=number - 1)
        for name, number in (("held_from", first), ("held_until", last))
        if number is not None
    }
    sheets.qualified(ivo, **held)
    assert earned(offering, 180, 180, by=ivo) == {"rsc": gives}


def test_with_rsc_at_one_end_all_meetings_asks_for_those_that_count(ivo: Person) -> None:
    offering = session(ivo, "rr", credit_rule=ALL)
    sheets.qualified(ivo, held_from=offering.meetings[1].starts_wall.date())
    assert earned(offering, 0, 180, by=ivo) == {"rsc": (180, True)}


def test_work_at_ones_own_pace_gives_its_hours_by_the_rule(ivo: Person) -> None:
    offering = session(ivo, "hhh", credit_rule=FULL)
    offering.format, offering.starts_at, offering.ends_at = Format.SELF_PACED, None, None
    ana, ben = sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    for of, done in ((ana, (180, 180, 180)), (ben, (180, 180, 0))):
        cells = [Cell(meeting, of, some) for meeting, some in zip(offering.meetings, done, strict=True)]
        services.mark(offering, cells, by=ivo)
    services.give_hours(offering, by=ivo)
    given = {one.person.name: one.minutes for one in queries.credits_in_force(offering)}
    assert given == {"Ana Sample": 540, "Ben Sample": 0}


# Whatever happens.

attended = st.lists(
    st.integers(0, 600).flatmap(lambda length: st.builds(Attended, st.just(length), st.integers(0, 700))),
    max_size=8,
)
rules, percents = st.sampled_from(list(CreditRule)), st.integers(1, 100)
caps = st.none() | st.integers(0, 3000)
MEETING = sitting(*DAY)
instants = st.integers(-3600, 9 * 3600).map(lambda second: MEETING.starts_at + timedelta(seconds=second))
spans = st.lists(st.builds(Span, instants, instants), max_size=6)


@given(rules, percents, caps, attended)
def test_a_cap_cuts_off_what_is_above_it_and_nothing_else(
    rule: CreditRule, percent: int, cap: int | None, meetings: list[Attended]
) -> None:
    whole = credit_minutes(rule, percent, None, meetings)
    assert credit_minutes(rule, percent, cap, meetings) == (whole if cap is None else min(cap, whole))


@given(st.sampled_from([FULL, ALL]), percents, attended)
def test_the_rules_of_all_or_nothing_give_all_or_nothing(
    rule: CreditRule, percent: int, meetings: list[Attended]
) -> None:
    assert credit_minutes(rule, percent, None, meetings) in (0, held_minutes(meetings))


@given(percents, attended)
def test_quarters_are_whole_and_less_than_one_is_lost(percent: int, meetings: list[Attended]) -> None:
    given_minutes = credit_minutes(QUARTER, percent, None, meetings)
    assert given_minutes % 15 == 0
    assert 0 <= attended_minutes(meetings) - given_minutes < 15


@given(spans, spans)
def test_another_join_never_takes_minutes_away(some: list[Span], more: list[Span]) -> None:
    both = minutes_present(MEETING, [*some, *more])
    assert minutes_present(MEETING, some) <= both <= MEETING.minutes


@given(spans)
def test_the_order_and_the_repetition_of_joins_change_nothing(joins: list[Span]) -> None:
    assert minutes_present(MEETING, joins) == minutes_present(MEETING, [*reversed(joins), *joins])
