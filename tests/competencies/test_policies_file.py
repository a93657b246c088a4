"""Policies of a framework file: what is read, what is refused, and what becomes of them in later files."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from catalog.competencies import queries, services
from catalog.competencies.models import Category, Condition, HourRule, Policy
from catalog.errors import DataRefused
from catalog.extensions import db
from tests import factories
from tests.competencies.framework_file import newer, small, write
from tests.competencies.keeping import ADD_ON, CYCLE, PROVIDERS, SOURCES

OWN = Path(__file__).parents[2] / "data" / "framework.json"

pytestmark = pytest.mark.usefixtures("context")


def framework(*policies: Any, **more: Any) -> dict[str, Any]:
    made = small(policies=list(policies), **more)
    made["categories"].append(ADD_ON)
    return made


def kept() -> list[Policy]:
    return list(db.session.scalars(sa.select(Policy).order_by(Policy.id)))


def test_the_three_kinds_are_read(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, framework(PROVIDERS, SOURCES, CYCLE)))
    book = queries.rulebook(queries.categories()[0])
    today = date(2026, 1, 1)
    providers, sources = book.providers_on(today), book.sources_on(today)
    assert providers is not None
    assert providers.any_of == (("FA", "ERS"),)
    assert sources is not None
    assert (sources.most_providers, sources.main_percent) == (2, 50)
    assert (book.cycles[0].months, book.cycles[0].month, book.cycles[0].day) == (12, 12, 31)


def test_our_own_file_says_who_gave_rsc_before_and_after_2022() -> None:
    services.load_framework(OWN)
    specialist = db.session.scalars(sa.select(Category).where(Category.code == "IFS")).one()
    book = queries.rulebook(specialist)
    before, after = book.providers_on(date(2021, 12, 31)), book.providers_on(date(2022, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.any_of, before.is_confirmed) == ((("IMHS", None), ("IMHM-C", None)), False)
    assert ("ECFS", "ERS") in after.any_of
    assert after.is_confirmed
    assert len(kept()) == 6


def test_our_own_file_asks_those_who_provide_rsc_for_more() -> None:
    services.load_framework(OWN)
    asked = db.session.scalars(sa.select(HourRule).where(HourRule.condition.is_not(None))).all()
    assert {rule.condition for rule in asked} == {Condition.PROVIDES_RSC}
    assert {rule.minutes for rule in asked} == {180}


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ("x", 'policies[0]: "x" is not an object.'),
        (
            {**CYCLE, "kind": "fees"},
            "policies[0]: kind is “fees”; it must be one of: providers, sources, cycle.",
        ),
        ({"kind": "cycle"}, "policies[0]: facts is missing."),
        ({**CYCLE, "facts": []}, "policies[0]: facts is [], which is not an object."),
        ({**CYCLE, "category": "ZZ"}, "policies[0]: category is “ZZ”, which this file does not define."),
        ({**CYCLE, "enabled": "no"}, 'policies[0]: enabled is "no", which is neither true nor false.'),
        (
            {**CYCLE, "effective_from": "2025-01-01", "effective_until": "2024-01-01"},
            "policies[0]: effective_until is before effective_from.",
        ),
        ({"kind": "providers", "facts": {"vetted": True}}, "policies[0].facts: any_of is missing."),
        (
            {"kind": "providers", "facts": {"any_of": []}},
            "policies[0].facts: any_of is []; it must be a list of objects.",
        ),
        (
            {"kind": "providers", "facts": {"any_of": ["FA"]}},
            'policies[0].facts.any_of[0]: "FA" is not an object.',
        ),
        (
            {"kind": "providers", "facts": {"any_of": [{"category": "ZZ"}]}},
            "policies[0].facts.any_of[0]: category is “ZZ”, which this file does not define.",
        ),
        (
            {"kind": "providers", "facts": {"any_of": [{"category": "ERS"}]}},
            "policies[0].facts.any_of[0]: category is “ERS”, which this file does not define.",
        ),
        (
            {"kind": "providers", "facts": {"any_of": [{"category": "FA", "add_on": "FA"}]}},
            "policies[0].facts.any_of[0]: add_on is “FA”, which this file does not define.",
        ),
        (
            {"kind": "providers", "facts": {"any_of": [{"category": "FA"}], "vetted": "yes"}},
            'policies[0].facts: vetted is "yes", which is neither true nor false.',
        ),
        (
            {"kind": "sources", "facts": SOURCES["facts"] | {"most_providers": 0}},
            "policies[0].facts: most_providers is 0; it must be from 1 to 99.",
        ),
        (
            {"kind": "sources", "facts": SOURCES["facts"] | {"main_percent": 101}},
            "policies[0].facts: main_percent is 101; it must be from 0 to 100.",
        ),
        (
            {"kind": "cycle", "facts": CYCLE["facts"] | {"months": 121}},
            "policies[0].facts: months is 121; it must be from 1 to 120.",
        ),
        (
            {"kind": "cycle", "facts": CYCLE["facts"] | {"months": 0}},
            "policies[0].facts: months is 0; it must be from 1 to 120.",
        ),
        *(
            (
                {"kind": "cycle", "facts": CYCLE["facts"] | {"deadline": day}},
                f"policies[0].facts: deadline is “{day}”, which is not a day of every year such as 12-31.",
            )
            for day in ("12-32", "02-29", "31.12.", "2026-12-31", "00-10")
        ),
    ],
)
def test_a_bad_policy_is_refused_with_its_place(tmp_path: Path, policy: Any, problem: str) -> None:
    with pytest.raises(DataRefused) as refused:
        services.load_framework(write(tmp_path, framework(policy)))
    assert [one.replace(" cycle:", ":") for one in refused.value.problems] == [problem]
    assert kept() == []


def test_two_of_a_kind_for_the_same_are_not_in_force_at_once(tmp_path: Path) -> None:
    two = framework(CYCLE, CYCLE | {"effective_from": "2025-01-01"}, CYCLE | {"category": "FA"})
    with pytest.raises(DataRefused) as refused:
        services.load_framework(write(tmp_path, two))
    assert refused.value.problems == [
        "policies[1] cycle||2025-01-01: it is in force at the same time as policies[0] cycle."
    ]


def test_the_same_policy_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="the same policy already stands at"):
        services.load_framework(write(tmp_path, framework(CYCLE, CYCLE)))


def test_one_that_is_not_in_use_may_overlap(tmp_path: Path) -> None:
    other = CYCLE | {"effective_from": "2025-01-01", "enabled": False}
    services.load_framework(write(tmp_path, framework(CYCLE, other)))
    assert [policy.is_enabled for policy in kept()] == [True, False]


def test_an_unknown_condition_is_refused(tmp_path: Path) -> None:
    spoiled = small()
    spoiled["rules"][0]["condition"] = "on_mondays"
    with pytest.raises(DataRefused, match=r"condition is “on_mondays”; it must be one of: provides_rsc\."):
        services.load_framework(write(tmp_path, spoiled))


def test_what_the_catalog_keeps_for_itself_is_no_section(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="a file cannot say it"):
        services.load_framework(write(tmp_path, small(more="of it")))


def test_unknown_keys_beside_and_inside_are_kept(tmp_path: Path) -> None:
    odd = {"kind": "cycle", "colour": "green", "facts": CYCLE["facts"] | {"grace_days": 30}}
    report = services.load_framework(write(tmp_path, framework(odd)))
    assert report.kept_keys == ["policies cycle|||: colour"]
    assert kept()[0].facts["grace_days"] == 30


def test_a_file_without_policies_leaves_them(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, framework(CYCLE)))
    later = newer()
    later["categories"].append(ADD_ON)
    report = services.load_framework(write(tmp_path, later))
    assert (kept()[0].retired_in, kept()[0].edition) == (None, "2024")
    assert report.retired == []


def test_an_empty_list_retires_them(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, framework(CYCLE)))
    later = newer(policies=[])
    later["categories"].append(ADD_ON)
    report = services.load_framework(write(tmp_path, later))
    assert kept()[0].retired_in == "2027"
    assert report.retired == ["policy cycle"]


def test_one_that_names_what_is_gone_cannot_stay(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, framework(PROVIDERS, CYCLE)))
    services.load_framework(write(tmp_path, newer()))
    assert [policy.retired_in for policy in kept()] == ["2027", None]


def test_an_edited_policy_survives_the_same_edition(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, framework(CYCLE)))
    mira = factories.make_cast().mira
    changes = {"facts": CYCLE["facts"] | {"months": 36}, "effective_from": date(2027, 1, 1)}
    services.edit_policy(kept()[0], changes, by=mira)
    report = services.load_framework(write(tmp_path, framework(CYCLE)))
    assert [policy.facts["months"] for policy in kept()] == [36]
    assert report.kept_edits == ["policy cycle"]
