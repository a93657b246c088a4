"""People who work toward each category, reckoned by hand: what they did, and how far they are by the framework's
own figures. The sum stands above each. What RSC counts, which topics, and renewal have files of their own."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from catalog.competencies import queries, services
from catalog.competencies.models import Category
from catalog.competencies.rulebook import HourLine
from catalog.extensions import db
from tests.endorsement.examples import Rows, h, monthly, r, reckoned, said, t
from tests.endorsement.framework import CATEGORIES, FILE, rulebook
from tests.endorsement.people import PENDING, PLANNED

CORE, GIVING, ABOUT, DEI = "iecmh_core", "rsc_provision", "rsc_about_rsc_provided", "dei_iecmh"
MET = {"window": "met", "sources": "met", "providers": "met"}
BEFORE_2024, FROM_2024 = {"on": date(2023, 12, 31)}, {"on": date(2024, 1, 1)}

Person = tuple[str, str, Rows, dict[str, Any], dict[str, str]]

# Each: who, the category, the rows, what else is known, and the answer.
ASSOCIATES: list[Person] = [
    # 6 + 6 + 8 + 10 = 30, and 30 are asked; 40 are typical. RSC of 0 h is no question at all.
    (
        "Ana has exactly the minimum",
        "IFA",
        [t("2022-03-01", 6), t("2023-03-01", 6), t("2024-05-07", 8), t("2025-09-09", 10)],
        {},
        {"training": "30:00 met", "typical": "30:00 not yet"},
    ),
    # 10 + 12 + 7:59 = 29:59, a minute below 30.
    (
        "Ben lacks one minute",
        "IFA",
        [t("2023-03-01", 10), t("2024-05-07", 12), t("2025-09-09", h(7, 59))],
        {},
        {"training": "29:59 not yet", "typical": "29:59 not yet"},
    ),
    # 16 + 14 + 10 = 40, as is typical. The 12 x 2 = 24 h of RSC are asked of nobody here and add nothing.
    (
        "Cora has what is typical, and RSC that nobody asks for",
        "IFA",
        [t("2023-03-01", 16), t("2024-05-07", 14), t("2025-09-09", 10), monthly("2025-01", 12, 2)],
        {},
        {"training": "40:00 met", "typical": "40:00 met"},
    ),
    # 13:20 + 16:40 = 30:00; 30 asked, 40 typical.
    (
        "Dara adds up minutes",
        "ECFA",
        [t("2024-05-07", h(13, 20)), t("2025-09-09", h(16, 40))],
        {},
        {"training": "30:00 met", "typical": "30:00 not yet"},
    ),
    # A single training of 39:59 of long ago: no rule says how far back one may lie. A minute below 40.
    (
        "Emil has one long training of 1998",
        "ECFA",
        [t("1998-06-01", h(39, 59))],
        {},
        {"training": "39:59 met", "typical": "39:59 not yet"},
    ),
    ("Finn has nothing", "IFA", [], {}, {"training": "0:00 not yet", "typical": "0:00 not yet"}),
]

SPECIALISTS: list[Person] = [
    # Training 12 + 18 = 30 of 30; typical is 50. RSC 12 x 2 = 24 of 24, January to December.
    (
        "Gita has both minimums",
        "IFS",
        [t("2023-03-01", 12), t("2024-05-07", 18), monthly("2025-01", 12, 2)],
        {},
        {"training": "30:00 met", "typical": "30:00 not yet", "rsc": "24:00 met", **MET},
    ),
    # Training 20 + 15 + 15 = 50 of 50. RSC 11 x 2 + 1:59 = 23:59, a minute below 24. No ledger lends to the other.
    (
        "Hugo lacks one minute of RSC",
        "IFS",
        [
            t("2022-03-01", 20),
            t("2023-05-07", 15),
            t("2024-09-09", 15),
            monthly("2025-01", 11, 2),
            r("2025-12-14", h(1, 59)),
        ],
        {},
        {"training": "50:00 met", "typical": "50:00 met", "rsc": "23:59 not yet", **MET},
    ),
    # 29:45 + 24 h of RSC would be more than 30, and are never added: 29:45 of 30.
    (
        "Ines lacks a quarter of an hour of training",
        "ECFS",
        [t("2023-05-07", h(29, 45)), monthly("2025-01", 12, 2)],
        {},
        {"training": "29:45 not yet", "typical": "29:45 not yet", "rsc": "24:00 met", **MET},
    ),
    # 40 + 34:59 = 74:59 of 75 typical. RSC 24 x 2 + 2 = 50 of 50, January 2024 to December 2025.
    (
        "Jana is a minute below what is typical",
        "IMHS",
        [t("2022-03-01", 40), t("2023-03-01", h(34, 59)), monthly("2024-01", 24, 2), r("2025-12-20", 2)],
        {},
        {"training": "74:59 met", "typical": "74:59 not yet", "rsc": "50:00 met", **MET},
    ),
    # 45 + 30 = 75 of 75. RSC 24 x 2 + 1:30 = 49:30 of 50.
    (
        "Karl has what is typical and too little RSC",
        "ECMHS",
        [t("2022-03-01", 45), t("2023-03-01", 30), monthly("2024-01", 24, 2), r("2025-12-20", 1.5)],
        {},
        {"training": "75:00 met", "typical": "75:00 met", "rsc": "49:30 not yet", **MET},
    ),
]

CORE_30 = [t("2022-02-01", 10, CORE), t("2022-03-01", 10, CORE), t("2022-04-01", 10, CORE)]
GIVING_15 = [t("2023-02-01", 7, GIVING), t("2023-03-01", 8, GIVING)]
# 10 x 2.5 = 25 about the RSC given, and 10 x 2.5 = 25 others: 50, January 2024 to August 2025.
RSC_50 = [*monthly("2024-01", 10, 2.5, "rosa", ABOUT), *monthly("2024-11", 10, 2.5)]
RSC_50_MET = {"rsc": "50:00 met", ABOUT: "25:00 met", **MET}

MENTORS: list[Person] = [
    # 30 core + 15 about providing RSC + 3 = 48 of 48; 75 are typical.
    (
        "Lena has every minimum",
        "IMHM-C",
        [CORE_30, GIVING_15, t("2023-04-01", 3), RSC_50],
        {},
        {"training": "48:00 met", "typical": "48:00 not yet", CORE: "30:00 met", GIVING: "15:00 met"}
        | RSC_50_MET,
    ),
    # 30 + 15 + 2:59 = 47:59: both tags are met, and the whole is not.
    (
        "Malik lacks one minute of the whole",
        "IMHM-C",
        [CORE_30, GIVING_15, t("2023-04-01", h(2, 59)), RSC_50],
        {},
        {"training": "47:59 not yet", "typical": "47:59 not yet", CORE: "30:00 met", GIVING: "15:00 met"}
        | RSC_50_MET,
    ),
    # 29:30 core + 15 + 3:30 = 48: the whole is met, and the core is not.
    (
        "Nora lacks half an hour of the core",
        "ECMHM-C",
        [t("2022-02-01", h(29, 30), CORE), GIVING_15, t("2023-04-01", 3.5), RSC_50],
        {},
        {"training": "48:00 met", "typical": "48:00 not yet", CORE: "29:30 not yet", GIVING: "15:00 met"}
        | RSC_50_MET,
    ),
    # 15 (core and about providing) + 15 core + 18 = 48, once each in the whole; core 15 + 15 = 30, providing 15.
    (
        "Otis has one training with two tags, which counts once in the whole",
        "IMHM-C",
        [t("2022-02-01", 15, CORE, GIVING), t("2022-03-01", 15, CORE), t("2022-04-01", 18), RSC_50],
        {},
        {"training": "48:00 met", "typical": "48:00 not yet", CORE: "30:00 met", GIVING: "15:00 met"}
        | RSC_50_MET,
    ),
    # RSC 24 about the RSC given + 26 others = 50: the whole is met, 24 of 25 are not.
    (
        "Petra lacks an hour about the RSC she gives",
        "IMHM-C",
        [
            CORE_30,
            GIVING_15,
            t("2023-04-01", 30),
            monthly("2024-01", 12, 2, "rosa", ABOUT),
            *monthly("2025-01", 12, 2),
            r("2025-12-20", 2),
        ],
        {},
        {"training": "75:00 met", "typical": "75:00 met", CORE: "30:00 met", GIVING: "15:00 met"}
        | {"rsc": "50:00 met", ABOUT: "24:00 not yet", **MET},
    ),
    # On the last day of 2023 the minimum is 30: 15 core about providing + 15 core = 30.
    (
        "Quentin on the last day of the older edition",
        "IMHM-C",
        [t("2022-02-01", 15, CORE, GIVING), t("2022-03-01", 15, CORE)],
        BEFORE_2024,
        {"training": "30:00 met", "typical": "30:00 not yet", CORE: "30:00 met", GIVING: "15:00 met"}
        | {"rsc": "0:00 not yet", ABOUT: "0:00 not yet"}
        | {"window": "not yet", "sources": "not yet", "providers": "not yet"},
    ),
    # The same 30 a day later, when 48 are asked.
    (
        "Quentin on the first day of the newer edition",
        "IMHM-C",
        [t("2022-02-01", 15, CORE, GIVING), t("2022-03-01", 15, CORE)],
        FROM_2024,
        {"training": "30:00 not yet", "typical": "30:00 not yet", CORE: "30:00 met", GIVING: "15:00 met"}
        | {"rsc": "0:00 not yet", ABOUT: "0:00 not yet"}
        | {"window": "not yet", "sources": "not yet", "providers": "not yet"},
    ),
    # 30 core + 3 = 33 of 33; no RSC is asked.
    (
        "Rana has the 33 of Policy",
        "IMHM-P",
        [CORE_30, t("2023-04-01", 3)],
        {},
        {"training": "33:00 met", "typical": "33:00 not yet", CORE: "30:00 met"},
    ),
    # 20 + 10 on New Year's Day 2024: on the day before it is 20 of 30.
    (
        "Saul had not been to his second training yet",
        "IMHM-P",
        [t("2022-02-01", 20, CORE), t("2024-01-01", 10, CORE)],
        BEFORE_2024,
        {"training": "20:00 not yet", "typical": "20:00 not yet", CORE: "20:00 not yet"},
    ),
    # And on the day itself 20 + 10 = 30, of which 33 are asked by then; the core of 30 is met.
    (
        "Saul a day later",
        "IMHM-P",
        [t("2022-02-01", 20, CORE), t("2024-01-01", 10, CORE)],
        FROM_2024,
        {"training": "30:00 not yet", "typical": "30:00 not yet", CORE: "30:00 met"},
    ),
    # 30 core + 2:59 = 32:59 of 33.
    (
        "Tessa lacks a minute",
        "IMHM-R/F",
        [CORE_30, t("2023-04-01", h(2, 59))],
        {},
        {"training": "32:59 not yet", "typical": "32:59 not yet", CORE: "30:00 met"},
    ),
    # 30 core + 45 = 75 of 33, and of 75 typical.
    (
        "Udo has what is typical",
        "ECMHM-P",
        [CORE_30, t("2023-04-01", 45)],
        {},
        {"training": "75:00 met", "typical": "75:00 met", CORE: "30:00 met"},
    ),
    # 33 h without any core: 33 of 33, 0 of 30.
    (
        "Vera has no core",
        "ECMHM-R/F",
        [t("2023-04-01", 33)],
        {},
        {"training": "33:00 met", "typical": "33:00 not yet", CORE: "0:00 not yet"},
    ),
]

SUPERVISORS: list[Person] = [
    # 7 + 8 = 15, all about providing RSC; RSC 6 x 2 = 12, all about the RSC given. No window is asked.
    (
        "Wanda has the add-on's hours",
        "ERS",
        [t("2025-02-01", 7, GIVING), t("2025-03-01", 8, GIVING), monthly("2025-01", 6, 2, "rosa", ABOUT)],
        {},
        {"training": "15:00 met", GIVING: "15:00 met", "rsc": "12:00 met", ABOUT: "12:00 met"}
        | {"sources": "met", "providers": "met"},
    ),
    # 14 about providing + 1 other = 15; RSC 11:30 about the RSC given + 0:30 other = 12.
    (
        "Xaver has the sums and neither tag",
        "ERS",
        [
            t("2025-02-01", 14, GIVING),
            t("2025-03-01", 1),
            r("2025-01-14", 11.5, "rosa", ABOUT),
            r("2025-02-14", 0.5),
        ],
        {},
        {"training": "15:00 met", GIVING: "14:00 not yet", "rsc": "12:00 met", ABOUT: "11:30 not yet"}
        | {"sources": "met", "providers": "met"},
    ),
]

UNFINISHED: list[Person] = [
    # 20 verified, 6 pending, 4 booked: 20 of 30 and still 10 open; RSC 10 x 2 verified, 2 pending, 2 booked.
    (
        "Yara waits for a coordinator and has seats",
        "IFS",
        [
            t("2024-02-01", 20),
            t("2026-02-01", 6, **PENDING),
            t("2027-02-01", 4, **PLANNED),
            monthly("2026-01", 10, 2),
            r("2026-11-14", 2, **PENDING),
            r("2026-12-14", 2, **PLANNED),
        ],
        {},
        {"training": "20:00+6:00+4:00 not yet", "typical": "20:00+6:00+4:00 not yet"}
        | {"rsc": "20:00+2:00+2:00 not yet", "window": "not yet", "sources": "met", "providers": "met"},
    ),
    # 29 count. 5 name no area and 6 were sent back: neither is anywhere in the sum.
    (
        "Zeno has hours that do not count at all",
        "IFA",
        [
            t("2024-02-01", 29),
            t("2024-03-01", 5, not_counted="It names no competency area."),
            t("2024-04-01", 6, not_counted="A coordinator sent it back: no date.", **PENDING),
        ],
        {},
        {"training": "29:00 not yet", "typical": "29:00 not yet"},
    ),
    # Everything lies after the day that is asked about; a booked seat is to come, whenever one asks.
    (
        "Alma is asked about before she began",
        "IFS",
        [t("2026-02-01", 30), monthly("2026-01", 10, 2), t("2027-02-01", 4, **PLANNED)],
        {"on": date(2025, 12, 31)},
        {"training": "0:00+0:00+4:00 not yet", "typical": "0:00+0:00+4:00 not yet", "rsc": "0:00 not yet"}
        | {"window": "not yet", "sources": "not yet", "providers": "not yet"},
    ),
    # A pending day that lies ahead has not been: 20 + 0 of 30.
    (
        "Boris says today what he will do tomorrow",
        "IFA",
        [t("2024-02-01", 20), t("2026-11-29", 10, **PENDING)],
        {},
        {"training": "20:00 not yet", "typical": "20:00 not yet"},
    ),
]


@pytest.mark.parametrize(
    ("code", "rows", "more", "answer"),
    [one[1:] for one in (*ASSOCIATES, *SPECIALISTS, *MENTORS, *SUPERVISORS, *UNFINISHED)],
    ids=[one[0] for one in (*ASSOCIATES, *SPECIALISTS, *MENTORS, *SUPERVISORS, *UNFINISHED)],
)
def test_by_hand(code: str, rows: Rows, more: dict[str, Any], answer: dict[str, str]) -> None:
    assert said(reckoned(code, rows, **more)) == answer


def test_there_is_somebody_of_every_category() -> None:
    everybody = (*ASSOCIATES, *SPECIALISTS, *MENTORS, *SUPERVISORS)
    assert {one[1] for one in everybody} == set(CATEGORIES)


@pytest.mark.parametrize("code", CATEGORIES)
def test_a_rule_that_is_switched_off_is_never_asked(code: str) -> None:
    """Diversity hours are off for First 5 Alabama, on whatever day."""
    for on in (date(2023, 1, 1), date(2026, 11, 28)):
        assert DEI not in said(reckoned(code, [t("2022-01-01", 3, DEI)], on))


def test_hours_are_there_only_when_every_minimum_is() -> None:
    rows = [CORE_30, GIVING_15, t("2023-04-01", 3)]
    assert not reckoned("IMHM-C", rows).has_hours
    assert reckoned("IMHM-C", [*rows, RSC_50]).has_hours


def test_where_no_minimum_is_known_nobody_has_the_hours() -> None:
    assert not replace(reckoned("IFA", [t("2022-01-01", 99)]), checks=[]).has_hours


def test_the_reader_says_what_the_catalog_reads(context: None) -> None:
    """The examples stand on the file; what they read there is what the catalog loads of it."""

    def figures(lines: tuple[HourLine, ...]) -> list[tuple[str, ...]]:
        names = ("purpose", "ledger", "kind", "minutes", "tag", "months", "effective_from", "effective_until")
        return sorted(tuple(str(getattr(line, name)) for name in names) for line in lines)

    services.load_framework(Path(FILE))
    for code in CATEGORIES:
        ours = rulebook(code)
        loaded = queries.rulebook(category(code))
        assert figures(ours.hours) == figures(loaded.hours)
        topics = [[(one.code, one.name, one.is_confirmed) for one in book.topics] for book in (ours, loaded)]
        assert sorted(topics[0]) == sorted(topics[1])
        assert [(one.code, one.by_references) for one in ours.areas] == [
            (one.code, one.by_references) for one in loaded.areas
        ]


def category(code: str) -> Category:
    found = db.session.scalar(sa.select(Category).where(Category.code == code))
    assert found
    return found
