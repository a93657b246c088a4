"""Which RSC counts, reckoned by hand: the provider on the day, the window, the main provider, the best choice.

Most people here work toward Infant Family Specialist: 24 h within 12 to 24 months. The sum stands above each."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from catalog.competencies.rulebook import Providers, Sources
from catalog.endorsement.rules import Readiness
from catalog.records.models import Standing
from tests.endorsement.examples import Rows, h, monthly, r, reckoned, said, t
from tests.endorsement.framework import QUALIFIED
from tests.endorsement.people import PENDING, PLANNED, TWO_SOURCES

ABOUT = "rsc_about_rsc_provided"
NOT_ENDORSED: dict[str, Any] = {"standing": Standing.NOT_ENDORSED, "held": ()}
UNKNOWN: dict[str, Any] = {"standing": Standing.UNKNOWN, "held": ()}
PEERS: dict[str, Any] = {"standing": Standing.PEERS, "held": ()}
VETTED: dict[str, Any] = {"standing": Standing.VETTED, "held": ()}
MHS_ALONE: dict[str, Any] = {"held": {"IMHS"}}
# Before 2022 a Mental Health Specialist served without the add-on.
OLDER = Providers(any_of=(("IMHS", None), ("IMHM-C", None)), effective_until=date(2021, 12, 31))
NEWER = replace(QUALIFIED, effective_from=date(2022, 1, 1))


def answer(of: Readiness) -> str:
    """The four answers about RSC in one line: hours, window, sources, providers."""
    found = said(of)
    return ", ".join(found[name] for name in ("rsc", "window", "sources", "providers"))


# Each: who, the rows, what else the rules say, and the answer.
PROVIDERS: list[tuple[str, Rows, dict[str, Any], str]] = [
    # 11 x 2 = 22 while endorsed; the last 2 on 14 December, the day after the endorsement ended.
    (
        "Abe: endorsed until the day before the last meeting",
        [monthly("2025-01", 11, 2), r("2025-12-14", 2, **NOT_ENDORSED)],
        {},
        "22:00 not yet, not yet, met, met",
    ),
    # 3 x 2 = 6 before the day, 9 x 2 = 18 from April on, in 9 months of which 12 are asked.
    (
        "Bea: qualified only from April on",
        [monthly("2025-01", 3, 2, **NOT_ENDORSED), monthly("2025-04", 9, 2)],
        {},
        "18:00 not yet, not yet, met, met",
    ),
    # 12 x 2 = 24 with somebody who holds a category without the add-on: 0 count.
    ("Cal: a Family Specialist without the add-on", [monthly("2025-01", 12, 2, held={"IFS"})], {}, "NONE"),
    # The same with the add-on: 24.
    (
        "Dot: a Family Specialist with the add-on",
        [monthly("2025-01", 12, 2, held={"IFS", "ERS"})],
        {},
        "24:00 met, met, met, met",
    ),
    # The add-on of an Early Childhood base serves as well: 24.
    (
        "Edo: an Early Childhood Specialist with the add-on",
        [monthly("2025-01", 12, 2, held={"ECMHS", "ERS"})],
        {},
        "24:00 met, met, met, met",
    ),
    # July to December 2021 by the older rule 6 x 2 = 12; January to June 2022 by the newer none.
    (
        "Eva: the rule changes amid a year",
        [monthly("2021-07", 12, 2, **MHS_ALONE)],
        {"providers": (NEWER, OLDER)},
        "12:00 not yet, not yet, met, met",
    ),
    # All of 2021: 12 x 2 = 24 by the rule of those days, whatever is asked of a provider today.
    (
        "Eno: all of it under the older rule",
        [monthly("2021-01", 12, 2, **MHS_ALONE)],
        {"providers": (NEWER, OLDER)},
        "24:00 met, met, met, met",
    ),
    # In the last meeting, on 1 January 2022, the newer rule holds: 11 x 2 = 22.
    (
        "Ela: the last meeting on the first day of the newer rule",
        [monthly("2021-01", 11, 2, **MHS_ALONE), r("2022-01-01", 2, **MHS_ALONE)],
        {"providers": (NEWER, OLDER)},
        "22:00 not yet, not yet, met, met",
    ),
    ("Fin: vetted, and the rule does not know vetted", [monthly("2025-01", 12, 2, **VETTED)], {}, "NONE"),
    (
        "Gia: vetted, and the rule allows it",
        [monthly("2025-01", 12, 2, **VETTED)],
        {"providers": (replace(QUALIFIED, allows_vetted=True),)},
        "24:00 met, met, met, met",
    ),
    ("Hal: peers", [monthly("2025-01", 12, 2, **PEERS)], {}, "NONE"),
    (
        "Ivy: peers, where peers count",
        [monthly("2025-01", 12, 2, **PEERS)],
        {"sources": (replace(TWO_SOURCES, peers_count=True),)},
        "24:00 met, met, met, met",
    ),
    # 10 x 2 = 20 known + 2 x 2 = 4 unknown: 24 if the unknown ones count, in 12 months.
    (
        "Kay: 4 h of an unknown provider would be enough",
        [monthly("2025-01", 10, 2), monthly("2025-11", 2, 2, **UNKNOWN)],
        {},
        "20:00 cannot tell, cannot tell, met, cannot tell",
    ),
    # 20 + 3:59 = 23:59 even if the unknown ones count.
    (
        "Lou: even with the unknown hours a minute is lacking",
        [monthly("2025-01", 10, 2), r("2025-11-14", 2, **UNKNOWN), r("2025-12-14", h(1, 59), **UNKNOWN)],
        {},
        "20:00 not yet, cannot tell, met, cannot tell",
    ),
    # 24 known; the 6 unknown h beside them decide nothing.
    (
        "Moe: unknown hours beside enough known ones",
        [monthly("2025-01", 12, 2), r("2025-06-20", 6, **UNKNOWN)],
        {},
        "24:00 met, met, met, met",
    ),
    # Nobody wrote down what the provider held: 0 are sure, 24 may be.
    (
        "Nan: endorsed, in an unknown category",
        [monthly("2025-01", 12, 2, held=())],
        {},
        "0:00 cannot tell, cannot tell, cannot tell, cannot tell",
    ),
    # Where no rule names the providers, nothing is sure of anybody.
    (
        "Ole: no rule of providers",
        [monthly("2025-01", 12, 2)],
        {"providers": ()},
        "0:00 cannot tell, cannot tell, cannot tell, cannot tell",
    ),
]

WINDOWS: list[tuple[str, Rows, dict[str, Any], str]] = [
    # 12 on the first day and 12 on the last of 24 months: 15 January 2024 to 14 January 2026.
    ("Mia: 24 months to the day", [r("2024-01-15", 14), r("2026-01-14", 10)], {}, "24:00 met, met, met, met"),
    # A day more: either 14 or 10, and 14 are more.
    (
        "Ned: 24 months and a day",
        [r("2024-01-15", 14), r("2026-01-15", 10)],
        {},
        "14:00 not yet, not yet, met, met",
    ),
    # From 29 February 2024 until 28 February 2026, because that month has no 29th.
    ("Liv: from 29 February", [r("2024-02-29", 14), r("2026-02-28", 10)], {}, "24:00 met, met, met, met"),
    ("Lia: a day more", [r("2024-02-29", 14), r("2026-03-01", 10)], {}, "14:00 not yet, not yet, met, met"),
    # From 28 February 2023 until 27 February 2025.
    (
        "Lea: from 28 February",
        [r("2023-02-28", 14), r("2025-02-28", 10)],
        {},
        "14:00 not yet, not yet, met, met",
    ),
    # January, February, ... December: 12 months hold a day, though only 305 days lie between.
    (
        "Oda: the last of January to the first of December",
        [r("2025-01-31", 14), r("2025-12-01", 10)],
        {},
        "ALL",
    ),
    # January to November are 11.
    (
        "Pam: eleven months",
        [r("2025-01-01", 14), r("2025-11-30", 10)],
        {},
        "24:00 met, not yet, met, met",
    ),
    # 6 of 2019 lie before the window of 12 x 2 = 24.
    ("Quy: hours before the window", [r("2019-06-14", 6), monthly("2025-01", 12, 2)], {}, "ALL"),
    # A group from November 2022 to January 2024 and 12 meetings of 2 until December 2024: a window from its first day
    # ends on 13 November 2024, and holds 20 + 10 x 2 = 40. A window from January 2024 holds 24.
    (
        "Roy: a group that began in the year before",
        [r("2024-01-13", 20, began=date(2022, 11, 14)), monthly("2024-01", 12, 2)],
        {},
        "40:00 met, met, met, met",
    ),
    # A group of 30 months fits into no 24: its 40 h are left out, 24 of 2025 are left.
    (
        "Ron: a group that is longer than the window",
        [r("2025-06-30", 40, began=date(2023, 1, 1)), monthly("2025-01", 12, 2)],
        {},
        "ALL",
    ),
    # 12 x 2 = 24 of 2021 meet everything. The 25 h of one month of 2025 are more, in 1 month of 12.
    ("Sid: more hours within too few months", [monthly("2021-01", 12, 2), r("2025-05-05", 25)], {}, "ALL"),
    # 11 x 2 = 22 of 2021, and 25 of one month: the minimum comes first.
    (
        "Sue: too few hours in enough months",
        [monthly("2021-01", 11, 2), r("2021-12-14", 1), r("2025-05-05", 25)],
        {},
        "25:00 met, not yet, met, met",
    ),
]

SOURCES: list[tuple[str, Rows, dict[str, Any], str]] = [
    # 14 of 24 from one, 10 from another.
    ("Uri: two unequal", [r("2025-01-14", 14), r("2025-12-14", 10, "tess")], {}, "ALL"),
    # 12 of 24 each: neither gave most.
    (
        "Vic: two equal",
        [r("2025-01-14", 12), r("2025-12-14", 12, "tess")],
        {},
        "24:00 met, met, cannot tell, met",
    ),
    # 12:01 and 11:59: one minute more is most.
    ("Viv: two a minute apart", [r("2025-01-14", h(12, 1)), r("2025-12-14", h(11, 59), "tess")], {}, "ALL"),
    # Three: 13 + 8 = 21 of the two who gave most; 7 of the third are left out, and 28 would have been enough.
    (
        "Wim: three",
        [r("2025-01-14", 13), r("2025-06-14", 7, "nils"), r("2025-12-14", 8, "tess")],
        {},
        "21:00 not yet, met, met, met",
    ),
    # 13 + 13 = 26 would be equal; 13 + 12 = 25 are enough, and most come from one.
    (
        "Yva: three, of which two gave the same",
        [r("2025-01-14", 13), r("2025-06-14", 13, "nils"), r("2025-12-14", 12, "tess")],
        {},
        "25:00 met, met, met, met",
    ),
    # The third one's 8 h reach from January to December with the first one's 20; the second one's 9 do not.
    (
        "Yao: the fewer hours fill the months",
        [r("2025-01-14", 20), r("2025-02-14", 9, "nils"), r("2025-12-14", 8, "tess")],
        {},
        "28:00 met, met, met, met",
    ),
    # Where three are allowed: 10 + 8 + 6 = 24, of which 10 are no more than half.
    (
        "Zia: three are allowed, and none gave most",
        [r("2025-01-14", 10), r("2025-06-14", 8, "nils"), r("2025-12-14", 6, "tess")],
        {"sources": (Sources(most_providers=3),)},
        "24:00 met, met, not yet, met",
    ),
    # Where all must come from one: 14 of 24 h.
    (
        "Zoe: one is allowed",
        [r("2025-01-14", 14), r("2025-12-14", 10, "tess")],
        {"sources": (Sources(most_providers=1),)},
        "14:00 not yet, not yet, met, met",
    ),
]
# 13 + 13 = 26 of 2025 are more and equal; 14 + 10 = 24 of 2021 meet everything.
SOURCES.append(
    (
        "Zac: the fewer hours of an earlier window meet every rule",
        [r("2021-01-14", 14), r("2021-12-14", 10, "tess"), r("2025-01-14", 13), r("2025-12-14", 13, "tess")],
        {},
        "ALL",
    )
)
SHORT = {"NONE": "0:00 not yet, not yet, not yet, not yet", "ALL": "24:00 met, met, met, met"}


@pytest.mark.parametrize(
    ("rows", "more", "expected"),
    [one[1:] for one in (*PROVIDERS, *WINDOWS, *SOURCES)],
    ids=[one[0] for one in (*PROVIDERS, *WINDOWS, *SOURCES)],
)
def test_by_hand(rows: Rows, more: dict[str, Any], expected: str) -> None:
    assert answer(reckoned("IFS", rows, **more)) == SHORT.get(expected, expected)


def test_enough_hours_in_too_few_months_are_not_all_that_is_asked() -> None:
    """30 of training, and 14 + 10 = 24 of RSC in January to November or to December: 11 or 12 months."""
    rows = [t("2024-01-09", 30), r("2025-01-01", 14)]
    assert not reckoned("IFS", [*rows, r("2025-11-30", 10)]).has_hours
    assert reckoned("IFS", [*rows, r("2025-12-01", 10)]).has_hours


def test_peers_are_unsure_where_no_rule_speaks_of_them() -> None:
    """0 sure, 24 perhaps; and with no rule of sources nothing is said of them."""
    found = said(reckoned("IFS", [monthly("2025-01", 12, 2, **PEERS)], sources=()))
    assert found["rsc"] == "0:00 cannot tell"
    assert "sources" not in found


def test_of_two_windows_with_the_same_hours_the_later_one_counts() -> None:
    """24 in 2021 and 24 in 2025: entries 13 to 24 are those of 2025."""
    found = reckoned("IFS", [monthly("2021-01", 12, 2), monthly("2025-01", 12, 2)])
    assert found.rsc.chosen == tuple(f"entry-{number}" for number in range(13, 25))


def test_the_later_one_counts_also_where_more_was_to_be_hoped_of_the_earlier() -> None:
    """2021: 20 + 5 = 25 in two months, or 20 + 4 = 24 in twelve. 2025: 12 x 2 = 24, entries 4 to 15."""
    early = [r("2021-01-14", 20), r("2021-02-14", 5, "tess"), r("2021-12-14", 4, "nils")]
    found = reckoned("IFS", [*early, monthly("2025-01", 12, 2)])
    assert found.rsc.chosen == tuple(f"entry-{number}" for number in range(4, 16))


def test_the_minimum_of_a_tag_decides_which_window_counts() -> None:
    """2020 and 2021: 25 tagged + 25 = 50. 2024 and 2025: 20 tagged + 32 = 52, more hours and too few of the tag."""
    early = [monthly("2020-01", 10, 2.5, "rosa", ABOUT), monthly("2020-11", 10, 2.5)]
    late = [monthly("2024-01", 10, 2, "rosa", ABOUT), monthly("2024-11", 8, 4)]
    found = said(reckoned("IMHM-C", [*early, *late]))
    assert (found["rsc"], found[ABOUT]) == ("50:00 met", "25:00 met")


def test_where_only_a_tag_is_asked_its_hours_are_reckoned() -> None:
    """The add-on without its 12 h in all still asks for 12 about the RSC given: 6 + 5 = 11."""
    found = reckoned("ERS", [])
    rules = tuple(line for line in found.rulebook.hours if line.tag or line.ledger != "rsc")
    rows = [r("2025-01-14", 6, "rosa", ABOUT), r("2025-02-14", 5, "rosa", ABOUT), r("2025-03-14", 9)]
    assert said(reckoned("ERS", rows, hours=rules))[ABOUT] == "11:00 not yet"


def test_every_hour_that_does_not_count_says_why() -> None:
    """Chosen: 12 x 2 = 24 of 2025. With the pending 30 of 2022 the best is another window, and both are said."""
    rows = [
        monthly("2025-01", 12, 2),
        r("2022-01-10", 1),
        r("2022-12-10", 30, **PENDING),
        r("2025-06-20", 1, "nils"),
        r("2025-06-21", 2, "tess"),
        r("2025-06-22", 1, **NOT_ENDORSED),
        r("2027-01-14", 2, **PLANNED),
    ]
    left_out = reckoned("IFS", rows).rsc.left_out
    assert left_out == {
        "entry-13": "It lies outside the 24 months that hold most of your hours.",
        "entry-15": "It comes from one provider more than may count.",
        "entry-17": "The provider was not endorsed on that day.",
    }


def test_a_pending_hour_is_left_out_by_what_would_be_chosen_with_it() -> None:
    """20 + 4 of two providers = 24; a pending hour of a third would not count once it is verified."""
    rows = [r("2025-01-14", 20), r("2025-12-14", 4, "tess"), r("2025-12-20", 1, "nils", **PENDING)]
    assert list(reckoned("IFS", rows).rsc.left_out) == ["entry-3"]


def test_the_sentences_say_what_is_asked_and_what_is_there() -> None:
    rows = [r("2025-01-14", 12), r("2025-12-14", 12, "tess")]
    assert [check.said for check in reckoned("IFS", rows).rsc.checks] == [
        "From Tue 14 Jan 2025 to Sun 14 Dec 2025, 12 months; 12 to 24 months are asked.",
        "Most hours come from one provider, the rest from at most one other; 12 h of your 24 h come from one.",
        "Whoever provided the hours that count was qualified on that day.",
    ]
    one = reckoned("IFS", rows, sources=(Sources(most_providers=1),)).rsc.checks[1]
    assert one.said == "All hours come from one provider; yours come from one."


def test_no_sentence_claims_what_is_for_the_association_to_say() -> None:
    for _who, rows, more, _answer in (*PROVIDERS, *WINDOWS, *SOURCES):
        has = reckoned("IFS", rows, **more).rsc
        for sentence in [check.said for check in has.checks] + list(has.left_out.values()):
            assert sentence.endswith(".")
            assert not [word for word in CLAIMS if word in sentence.casefold()]


CLAIMS = ("approv", "eligib", "certif", "level", "!", "ready")


def test_a_rule_of_no_provider_at_all_is_read_as_one() -> None:
    rows = [r("2025-01-14", 14), r("2025-12-14", 10, "tess")]
    assert said(reckoned("IFS", rows, sources=(Sources(most_providers=0),)))["rsc"] == "14:00 not yet"
