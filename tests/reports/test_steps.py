"""How far somebody is, reckoned by hand."""

from datetime import date

import pytest

from catalog.competencies.models import Ledger
from catalog.endorsement.rules import readiness
from catalog.records.ledger import Sure
from catalog.reports.standings.models import Step
from catalog.reports.standings.steps import share_of, step_of
from tests.endorsement.people import book, line, training

ON = date(2026, 11, 28)
DAY = date(2026, 3, 1)
# Of four topics the fourth is shown by references, so three are asked of trainings.
THREE = (11, 12, 21)


def step(hours: float, topics: tuple[int, ...] = (), rsc: bool = False, sure: Sure = Sure.VERIFIED) -> Step:
    rules = [line(30), *([line(24, Ledger.RSC)] if rsc else [])]
    return step_of(readiness([training(1, DAY, hours, *topics, sure=sure)], book(*rules), ON))


@pytest.mark.parametrize(
    ("hours", "topics", "rsc", "expected"),
    [
        (1, (), False, Step.BEGUN),  # (1/30 + 0) / 2 is under a tenth
        (6, (), False, Step.UNDER_HALF),  # (6/30 + 0) / 2 is a tenth
        (15, (11,), False, Step.UNDER_HALF),  # (1/2 + 1/3) / 2
        (30, (), False, Step.HALF),  # (1 + 0) / 2
        (60, (), False, Step.HALF),  # more than is asked counts as what is asked
        (30, THREE, False, Step.ALL_SEEN),
        (30, THREE, True, Step.RSC_OPEN),
        (29, THREE, True, Step.HALF),  # (29/30 + 1 + 0) / 3
        (30, (11, 12), False, Step.HALF),
    ],
)
def test_a_step_is_reckoned_from_minimums_and_topics(
    hours: float, topics: tuple[int, ...], rsc: bool, expected: Step
) -> None:
    assert step(hours, topics, rsc) == expected


@pytest.mark.parametrize("sure", [Sure.PENDING, Sure.PLANNED])
def test_what_is_not_verified_is_not_there_yet(sure: Sure) -> None:
    assert step(30, THREE, sure=sure) == Step.BEGUN


def test_without_a_rule_nothing_can_be_said() -> None:
    assert step_of(readiness([training(1, DAY, 30, *THREE)], book(), ON)) == Step.NO_RULES


def test_a_share_is_between_nothing_and_all() -> None:
    found = readiness([training(1, DAY, 90, *THREE)], book(line(30)), ON)
    assert share_of(found) == 1
