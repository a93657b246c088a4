"""People who renew, reckoned by hand: which hours lie in the period, what is asked in it, and when it ends.

The framework asks 15 h of training of everybody, 3 h about providing RSC of those who provide it, and 12 h of RSC of
Family Specialists, Mental Health Specialists and Mentors-Clinical."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from catalog.competencies.models import Ledger, Purpose, RuleKind
from catalog.competencies.rulebook import Cycle, Rulebook
from catalog.endorsement.rules import period_from
from catalog.endorsement.rules.renewal import first_deadline, next_deadline
from tests.endorsement.examples import TODAY, Rows, h, monthly, r, renewed, said, t
from tests.endorsement.framework import CATEGORIES, rulebook
from tests.endorsement.people import PENDING, PLANNED, YEARLY, book, line

GIVING = "rsc_provision"
YES: dict[str, Any] = {"provides_rsc": True}
NO: dict[str, Any] = {"provides_rsc": False}
PAID: dict[str, Any] = {"member_until": date(2026, 12, 31)}
RENEWAL: dict[str, Any] = {"purpose": Purpose.RENEWAL}
RSC_12 = monthly("2026-01", 12, 1)
DECEMBER = {"on": date(2026, 12, 31)}

# Each: who, the category, the rows, what else is known, and the answer.
PEOPLE: list[tuple[str, str, Rows, dict[str, Any], dict[str, str]]] = [
    # 9 on 1 January + 6 on 31 December = 15; the 5 h of New Year's Eve before and of New Year's Day after are not in.
    (
        "Ada: the first day and the last day of the period",
        "IFA",
        [t("2025-12-31", 5), t("2026-01-01", 9), t("2026-12-31", 6), t("2027-01-01", 5)],
        {"on": date(2027, 1, 1)},
        {"training": "15:00 met"},
    ),
    # 14:59 of 15.
    ("Bo lacks a minute", "ECFA", [t("2026-02-01", h(14, 59))], {}, {"training": "14:59 not yet"}),
    # 12 + 3 about providing = 15; RSC 12 x 1 = 12.
    (
        "Cy provides RSC and has all of it",
        "IFS",
        [t("2026-02-01", 12), t("2026-03-01", 3, GIVING), RSC_12],
        YES | DECEMBER,
        {"training": "15:00 met", GIVING: "3:00 met", "rsc": "12:00 met", "providers": "met"},
    ),
    # 13 + 2 about providing = 15: 2 of 3.
    (
        "Di provides RSC and lacks an hour about it",
        "IMHS",
        [t("2026-02-01", 13), t("2026-03-01", 2, GIVING), RSC_12],
        YES | DECEMBER,
        {"training": "15:00 met", GIVING: "2:00 not yet", "rsc": "12:00 met", "providers": "met"},
    ),
    # The same hours; who provides no RSC is not asked about it.
    (
        "Ed provides none",
        "ECMHS",
        [t("2026-02-01", 13), t("2026-03-01", 2, GIVING), RSC_12],
        NO | DECEMBER,
        {"training": "15:00 met", "rsc": "12:00 met", "providers": "met"},
    ),
    # The same hours; nobody said whether RSC is provided, so whether 2 of 3 are too little cannot be told.
    (
        "Flo has not said",
        "ECFS",
        [t("2026-02-01", 13), t("2026-03-01", 2, GIVING), RSC_12],
        DECEMBER,
        {"training": "15:00 met", GIVING: "2:00 cannot tell", "rsc": "12:00 met", "providers": "met"},
    ),
    # 12 + 3 = 15; with 3 of 3 it is met whoever asks.
    (
        "Gus has not said either, and need not",
        "IMHM-C",
        [t("2026-02-01", 12), t("2026-03-01", 3, GIVING), RSC_12],
        DECEMBER,
        {"training": "15:00 met", GIVING: "3:00 met", "rsc": "12:00 met", "providers": "met"},
    ),
    # 5 x 1 + 5 x 1 + 1:59 = 11:59 of 12. Nothing is said of a window or of sources here.
    (
        "Hy lacks a minute of RSC, from three providers",
        "ECMHM-C",
        [
            t("2026-02-01", 15),
            monthly("2026-01", 5, 1),
            monthly("2026-06", 5, 1, "tess"),
            r("2026-11-14", h(1, 59), "nils"),
        ],
        NO,
        {"training": "15:00 met", "rsc": "11:59 not yet", "providers": "met"},
    ),
    # Policy and Research/Faculty renew training alone: 15 of 15; RSC of 12 adds nothing.
    ("Ira renews Policy", "IMHM-P", [t("2026-02-01", 15), RSC_12], DECEMBER, {"training": "15:00 met"}),
    (
        "Joy renews Research",
        "ECMHM-R/F",
        [t("2026-02-01", 14), RSC_12],
        DECEMBER,
        {"training": "14:00 not yet"},
    ),
    # Endorsed on 15 May: the 10 of the 14th were what it was given for. 8 of the 15th + 7 = 15. RSC from then on
    # 14 June to 14 November: 6 x 2 = 12; the 2 of 14 May are not in.
    (
        "Kit was endorsed amid the year",
        "IFS",
        [t("2026-05-14", 10), t("2026-05-15", 8), t("2026-09-01", 7), monthly("2026-05", 7, 2)],
        NO | {"endorsed_on": date(2026, 5, 15)},
        {"training": "15:00 met", "rsc": "12:00 met", "providers": "met"},
    ),
    # 8 verified, 3 pending, 4 booked in December; the seat of January is of the next period: 8 + 3 + 4 = 15.
    (
        "Lu has seats in this period and in the next",
        "IFA",
        [
            t("2026-02-01", 8),
            t("2026-10-01", 3, **PENDING),
            t("2026-12-05", 4, **PLANNED),
            t("2027-01-09", 6, **PLANNED),
        ],
        {},
        {"training": "8:00+3:00+4:00 not yet"},
    ),
    # Asked about on 30 June, when 8 of the 15 had been.
    (
        "Mo is asked about in the summer",
        "IFA",
        [t("2026-02-01", 8), t("2026-07-01", 7)],
        {"on": date(2026, 6, 30)},
        {"training": "8:00 not yet"},
    ),
]


@pytest.mark.parametrize(
    ("code", "rows", "more", "answer"), [one[1:] for one in PEOPLE], ids=[one[0] for one in PEOPLE]
)
def test_by_hand(code: str, rows: Rows, more: dict[str, Any], answer: dict[str, str]) -> None:
    assert said(renewed(code, rows, **more)) == answer


def test_everybody_but_the_add_on_renews() -> None:
    assert {one[1] for one in PEOPLE} | {"IMHM-R/F", "ECMHM-P", "ERS"} == set(CATEGORIES)
    assert renewed("ERS", []).checks == []


@pytest.mark.parametrize(
    ("member_until", "answer"),
    [(None, "not yet"), (date(2026, 11, 27), "not yet"), (TODAY, "met"), (date(2027, 3, 1), "met")],
)
def test_membership_is_met_on_its_last_day_too(member_until: date | None, answer: str) -> None:
    found = renewed("IFA", [t("2026-02-01", 15)], member_until=member_until)
    assert found.membership == answer
    assert found.is_complete == (answer == "met")


def test_membership_is_no_question_where_the_cycle_asks_for_none() -> None:
    rules = rulebook("IFA", cycles=(Cycle(needs_membership=False),))
    found = renewed(rules, [t("2026-02-01", 15)])
    assert (found.membership, found.is_complete) == (None, True)


def test_one_hour_too_few_keeps_it_open() -> None:
    found = renewed("IFS", [t("2026-02-01", 15), monthly("2026-01", 11, 1)], **NO, **PAID)
    assert [check.line.ledger for check in found.open] == [Ledger.RSC]
    assert not found.is_complete


def test_what_is_typical_keeps_no_renewal_open() -> None:
    rules = book(line(15, **RENEWAL), line(30, kind=RuleKind.TYPICAL, **RENEWAL))
    assert renewed(rules, [t("2026-02-01", 15)], **PAID).is_complete


# Figures and cycles that change. Yearly with 15 and 12 until the end of 2027, then three years with 45 and 36.

SHORT = replace(YEARLY, effective_until=date(2027, 12, 31))
LONG = Cycle(months=36, effective_from=date(2028, 1, 1))


def changing() -> Rulebook:
    older: dict[str, Any] = {"effective_until": date(2027, 12, 31)}
    newer: dict[str, Any] = {"effective_from": date(2028, 1, 1)}
    return book(
        line(15, **RENEWAL, **older),
        line(12, Ledger.RSC, **RENEWAL, **older),
        line(45, **RENEWAL, **newer),
        line(36, Ledger.RSC, **RENEWAL, **newer),
        cycles=(LONG, SHORT),
    )


def test_the_last_yearly_period_keeps_its_figures_to_the_end() -> None:
    """2027 by the yearly cycle: 15 of 15, RSC 12 x 1 = 12 of 12, asked about after the rules have changed."""
    rows = [t("2027-02-01", 15), monthly("2027-01", 12, 1), t("2028-01-05", 9)]
    found = renewed(changing(), rows, date(2028, 1, 10), valid_until=date(2027, 12, 31))
    assert (found.begins, found.is_over) == (date(2027, 1, 1), True)
    assert said(found) == {"training": "15:00 met", "rsc": "12:00 met", "providers": "met"}


def test_the_next_period_is_of_three_years() -> None:
    """2028 to 2030: 20 + 15 + 9:59 = 44:59 of 45; RSC 36 x 1 = 36 of 36. The 30 of 2027 are not in."""
    rows = [t("2027-12-31", 30), t("2028-01-01", 20), t("2029-06-01", 15), t("2030-12-31", h(9, 59))]
    found = renewed(
        changing(),
        [*rows, monthly("2028-01", 36, 1)],
        date(2030, 12, 31),
        valid_until=next_deadline(date(2027, 12, 31), changing()),
    )
    assert (found.begins, found.deadline) == (date(2028, 1, 1), date(2030, 12, 31))
    assert (found.cycle, found.days_left) == (LONG, 0)
    assert said(found) == {"training": "44:59 not yet", "rsc": "36:00 met", "providers": "met"}


def test_three_years_begin_with_the_endorsement() -> None:
    """Endorsed in May 2029: 45 h are asked until the end of 2031, not within the seven months of 2029."""
    until = first_deadline(date(2029, 5, 6), LONG)
    found = renewed(
        changing(),
        [t("2029-05-05", 30), t("2031-06-01", 45)],
        date(2031, 12, 1),
        endorsed_on=date(2029, 5, 6),
        valid_until=until,
    )
    assert (found.begins, found.deadline) == (date(2029, 5, 6), date(2031, 12, 31))
    assert said(found)["training"] == "45:00 met"


def test_the_cycle_is_that_of_the_day_of_an_endorsement_amid_a_year() -> None:
    """Three years are in force from July 2028 alone: endorsed in September, one is asked for them."""
    long = replace(LONG, effective_from=date(2028, 7, 1))
    rules = replace(changing(), cycles=(long, replace(SHORT, effective_until=date(2028, 6, 30))))
    found = renewed(rules, [], endorsed_on=date(2028, 9, 1), valid_until=date(2030, 12, 31))
    assert (found.begins, found.cycle) == (date(2028, 9, 1), long)
    assert said(found)["training"] == "0:00 not yet"


def test_a_figure_that_changes_amid_a_period_changes_the_next_one() -> None:
    """From July 2026 20 h are asked. Whose period began in January needs 15; whoever began in September, 20."""
    rules = book(
        line(15, **RENEWAL, effective_until=date(2026, 6, 30)),
        line(20, **RENEWAL, effective_from=date(2026, 7, 1)),
    )
    rows = [t("2026-10-01", 15)]
    assert said(renewed(rules, rows))["training"] == "15:00 met"
    assert said(renewed(rules, rows, endorsed_on=date(2026, 9, 1)))["training"] == "15:00 not yet"


# Days.

JUNE, LEAP = Cycle(month=6, day=30), Cycle(month=2, day=29)


@pytest.mark.parametrize(
    ("endorsed_on", "cycle", "deadline"),
    [
        (date(2026, 5, 6), YEARLY, date(2026, 12, 31)),
        (date(2026, 12, 31), YEARLY, date(2026, 12, 31)),
        (date(2027, 1, 1), YEARLY, date(2027, 12, 31)),
        (date(2026, 6, 30), JUNE, date(2026, 6, 30)),
        (date(2026, 7, 1), JUNE, date(2027, 6, 30)),
        (date(2026, 3, 1), LEAP, date(2027, 2, 28)),
        (date(2027, 3, 1), LEAP, date(2028, 2, 29)),
        (date(2028, 1, 1), LONG, date(2030, 12, 31)),
        (date(2028, 12, 31), LONG, date(2030, 12, 31)),
        (date(9999, 12, 1), JUNE, date.max),
    ],
)
def test_the_first_deadline(endorsed_on: date, cycle: Cycle, deadline: date) -> None:
    assert first_deadline(endorsed_on, cycle) == deadline


@pytest.mark.parametrize(
    ("deadline", "cycles", "following"),
    [
        (date(2026, 12, 31), (YEARLY,), date(2027, 12, 31)),
        (date(2026, 12, 31), (), date(2027, 12, 31)),
        (date(2026, 12, 31), (LONG, SHORT), date(2027, 12, 31)),
        (date(2027, 12, 31), (LONG, SHORT), date(2030, 12, 31)),
        (date(2026, 6, 30), (JUNE,), date(2027, 6, 30)),
        (date(2027, 2, 28), (LEAP,), date(2028, 2, 29)),
        (date(2028, 2, 29), (LEAP,), date(2029, 2, 28)),
        # The association moves its deadline to June: never more than the cycle, and on a day that the cycle names.
        (date(2026, 12, 31), (JUNE,), date(2027, 6, 30)),
        # A last day that somebody typed: back to the cycle's own.
        (date(2026, 6, 15), (YEARLY,), date(2026, 12, 31)),
        (date.max, (YEARLY,), date.max),
    ],
)
def test_the_next_deadline(deadline: date, cycles: tuple[Cycle, ...], following: date) -> None:
    assert next_deadline(deadline, book(cycles=cycles)) == following


@pytest.mark.parametrize(
    ("deadline", "cycle", "begins"),
    [
        (date(2026, 12, 31), YEARLY, date(2026, 1, 1)),
        (date(2030, 12, 31), Cycle(months=36), date(2028, 1, 1)),
        (date(2026, 6, 30), JUNE, date(2025, 7, 1)),
        (date(2025, 2, 28), LEAP, date(2024, 3, 1)),
        (date(2024, 2, 29), LEAP, date(2023, 3, 1)),
        (date(2025, 2, 28), Cycle(month=2, day=28), date(2024, 2, 29)),
        (date(2026, 12, 30), Cycle(month=12, day=30), date(2025, 12, 31)),
        (date(2026, 1, 28), Cycle(month=1, day=28), date(2025, 1, 29)),
        # A last day that somebody typed.
        (date(2026, 6, 15), YEARLY, date(2025, 6, 16)),
        (date(1, 6, 30), YEARLY, date.min),
        (date.max, YEARLY, date(9999, 1, 1)),
    ],
)
def test_the_first_day_of_a_period(deadline: date, cycle: Cycle, begins: date) -> None:
    assert period_from(deadline, book(cycles=(cycle,))) == (begins, cycle)


def test_without_a_cycle_a_period_is_a_year_and_asks_for_no_membership() -> None:
    rules = rulebook("IFA", cycles=())
    assert period_from(date(2026, 12, 31), rules) == (date(2026, 1, 1), None)
    assert renewed(rules, []).membership is None


def test_periods_follow_each_other_without_a_gap() -> None:
    for cycle in (YEARLY, JUNE, LEAP, Cycle(month=2, day=28), Cycle(month=12, day=30), Cycle(months=36)):
        rules, deadline = book(cycles=(cycle,)), first_deadline(date(2020, 5, 6), cycle)
        for _ in range(9):
            following = next_deadline(deadline, rules)
            assert (period_from(following, rules)[0] - deadline).days == 1
            deadline = following
