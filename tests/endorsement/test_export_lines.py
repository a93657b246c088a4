"""Which lines an application has, and what each says: pure, reckoned by hand."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from catalog.attendance.models import KnownBy
from catalog.competencies.models import Ledger
from catalog.competencies.rulebook import Rulebook
from catalog.endorsement.application import AHEAD, BOOKED, Application, Counted, Names, application
from catalog.endorsement.rules import readiness
from catalog.records.ledger import Entry
from catalog.records.models import Standing
from tests.endorsement.people import PENDING, PLANNED, book, line, rsc, training

ON = date(2026, 11, 28)
NAMES = Names(
    {1: "Theoretical Foundations", 2: "Systems Expertise"},
    {11: "Attachment", 12: "Pregnancy", 21: "Systems", 99: "Something else"},
    {"rsc_provision": "About providing RSC"},
    {"IMHM-C": "Mentor"},
    {7: "AAAA-BBBB-CCCC"},
)
TWO_YEARS = line(24, Ledger.RSC, months=(12, 24))


def made(*entries: Entry, rules: Rulebook | None = None) -> Application:
    lines = list(entries)
    return application(
        lines,
        readiness(lines, rules or book(line(30), TWO_YEARS), ON),
        NAMES,
        person="Ana Sample",
        category="Family Specialist, IMH-E®",
        edition="test",
        at=datetime(2026, 11, 28, 18, tzinfo=UTC),
        association="First 5 Alabama",
    )


def counted(found: Application) -> dict[str, tuple[Counted, str]]:
    return {one.entry.key: (one.rsc.counted, one.rsc.why) for one in found.rsc if one.rsc}


def test_trainings_stand_the_oldest_first_by_their_last_day() -> None:
    found = made(
        training(1, date(2026, 3, 1), 3, 11),
        training(2, date(2024, 3, 9), 3, 11, began=date(2024, 1, 1)),
        training(3, date(2024, 3, 8), 3, 11),
    )
    assert [one.entry.key for one in found.trainings] == ["entry-3", "entry-2", "entry-1"]


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(60, "1.00"), (50, "0.83"), (100, "1.66"), (1, "0.01"), (119, "1.98"), (90, "1.50")],
)
def test_hours_are_cut_to_two_decimals_and_never_rounded_up(minutes: int, hours: str) -> None:
    (only,) = made(training(1, ON, minutes / 60, 11)).trainings
    assert (str(only.hours), only.entry.minutes) == (hours, minutes)


def test_the_first_day_is_said_only_where_it_is_another() -> None:
    one, series = made(
        training(1, date(2026, 3, 1), 3, 11), training(2, date(2026, 3, 9), 3, 11, began=date(2026, 3, 2))
    ).trainings
    assert one.first_day is None
    assert series.first_day == date(2026, 3, 2)


def test_topics_that_the_category_does_not_ask_for_stand_by_themselves() -> None:
    (only,) = made(training(1, ON, 3, 11, 21, 99, areas=frozenset({2, 1}))).trainings
    assert only.areas == ["Theoretical Foundations", "Systems Expertise"]
    assert (only.topics, only.other_topics) == (["Attachment", "Systems"], ["Something else"])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Attendance verified"),
        ({"known_by": KnownBy.COORDINATOR}, "Coordinator verified"),
        ({"known_by": KnownBy.SELF_REPORTED, **PENDING}, "Self-reported, not looked at yet"),
    ],
)
def test_each_line_says_how_it_is_known(fields: dict[str, Any], said: str) -> None:
    assert made(training(1, ON, 3, 11, **fields)).trainings[0].verification == said


def test_what_does_not_count_is_no_line_and_says_why() -> None:
    found = made(
        training(1, date(2026, 1, 1), 3, 11, not_counted="A coordinator sent it back: no proof"),
        training(2, date(2027, 1, 1), 3, 11, **PLANNED),
        training(3, date(2026, 12, 24), 3, 11, **PENDING),
    )
    assert (found.trainings, found.rsc) == ([], [])
    assert [one.reason for one in found.left_out] == ["A coordinator sent it back: no proof", AHEAD, BOOKED]


def test_rsc_says_whether_it_counts_and_why_not() -> None:
    found = made(
        rsc(1, date(2026, 1, 1), 2),
        rsc(2, date(2026, 2, 1), 2, standing=Standing.PEERS, held=()),
        rsc(3, date(2026, 3, 1), 2, standing=Standing.UNKNOWN, held=()),
        rsc(4, date(2026, 4, 1), 2, **PENDING),
        rsc(5, date(2020, 4, 1), 1),
    )
    assert counted(found) == {
        "entry-1": (Counted.YES, ""),
        "entry-2": (Counted.NO, "Peer groups without a provider do not count."),
        "entry-3": (
            Counted.UNSURE,
            "It is not known how the provider stood on that day. Check with First 5 Alabama.",
        ),
        "entry-4": (Counted.ONCE, ""),
        "entry-5": (Counted.NO, "It lies outside the 24 months that hold most of your hours."),
    }


def test_rsc_that_counts_stands_before_rsc_that_does_not() -> None:
    found = made(rsc(5, date(2020, 4, 1), 1), rsc(1, date(2026, 1, 1), 2), rsc(4, date(2025, 4, 1), 2))
    assert [one.entry.key for one in found.rsc] == ["entry-4", "entry-1", "entry-5"]
    assert (found.rsc_amount.verified, found.training.verified) == (240, 0)


def test_where_no_rsc_is_asked_its_lines_say_so() -> None:
    found = made(rsc(1, date(2026, 1, 1), 2), rules=book(line(30), line(0, Ledger.RSC)))
    assert counted(found) == {"entry-1": (Counted.NOT_ASKED, "")}
    assert any(one.said == "None are asked" for one in found.figures)


def test_a_figure_that_is_not_confirmed_says_with_whom_to_check() -> None:
    found = made(rules=book(line(30, edition="2026", is_confirmed=False), line(50, edition="2026", tag="a")))
    assert found.figures[0].known("First 5 Alabama") == "Edition 2026; check with First 5 Alabama"
    assert found.figures[1].known("First 5 Alabama") == "Edition 2026"


def test_others_see_neither_what_was_left_out_nor_numbers_of_certificates() -> None:
    found = made(
        training(1, ON, 3, 11, offering_id=7),
        training(2, ON, 3, 11, not_counted="A coordinator sent it back"),
    )
    assert [one.certificate for one in found.trainings] == ["AAAA-BBBB-CCCC"]
    for_others = found.for_others()
    assert [one.certificate for one in for_others.trainings] == [""]
    assert for_others.left_out == []
