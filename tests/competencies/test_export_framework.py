"""The framework as a file of the same kind: nothing is lost on the way, a coordinator's edits included."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.competencies import services
from catalog.competencies.models import HourRule, Policy, PolicyKind, Topic
from catalog.competencies.refusals import NothingLoaded
from catalog.extensions import Base, db, writing
from tests import factories
from tests.competencies.framework_file import newer, small, write
from tests.factories import Cast

OWN = Path(__file__).parents[2] / "data" / "framework.json"
TABLES = (
    "edition",
    "credential",
    "area",
    "topic",
    "category",
    "topic_asked",
    "hour_tag",
    "hour_rule",
    "policy",
)
VETTED = {"kind": "providers", "facts": {"any_of": [{"category": "FA"}], "vetted": True}}

context = pytest.mark.usefixtures("context")


def every_row() -> dict[str, list[Any]]:
    return {
        name: sorted(map(repr, db.session.execute(sa.select(Base.metadata.tables[name])))) for name in TABLES
    }


def empty() -> None:
    db.session.expire_all()
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in TABLES:
            db.session.execute(sa.delete(table))
    db.session.expunge_all()


def assert_comes_back(tmp_path: Path) -> None:
    """Over the same catalog nothing changes; an empty one becomes the same and gives the same bytes."""
    first = services.exported()
    path = tmp_path / "exported.json"
    path.write_bytes(first)
    before = every_row()
    report = services.load_framework(path)
    assert not report.changed, report.lines()
    assert every_row() == before
    empty()
    services.load_framework(path)
    assert services.exported() == first


def stated(value: Any) -> Any:
    """Without what is said to be nothing."""
    if isinstance(value, dict):
        return {key: stated(one) for key, one in value.items() if one is not None}
    return [stated(one) for one in value] if isinstance(value, list) else value


def rule() -> HourRule:
    return db.session.scalars(sa.select(HourRule).order_by(HourRule.id)).first()  # type: ignore[return-value]


@context
def test_the_projects_own_file_comes_back(tmp_path: Path) -> None:
    services.load_framework(OWN)
    assert_comes_back(tmp_path)


@context
def test_what_the_file_says_is_said_again() -> None:
    services.load_framework(OWN)
    given, told = json.loads(OWN.read_text(encoding="utf-8")), json.loads(services.exported())
    for area in given["areas"]:
        if area["mainly_shown_by"] == "training and education":
            del area["mainly_shown_by"]  # nothing else is said by it than by its absence
    assert stated(told) == stated(given)


@context
def test_a_small_file_with_unknown_keys_comes_back(tmp_path: Path) -> None:
    framework = small(fees={"first": 100}, policies=[VETTED | {"colour": "green"}])
    framework["areas"][0] |= {"colour": "green", "mainly_shown_by": "a talk"}
    framework["rules"][0]["colour"] = "green"
    services.load_framework(write(tmp_path, framework))
    assert_comes_back(tmp_path)
    told = json.loads(services.exported())
    assert told["areas"][0]["mainly_shown_by"] == "a talk"
    assert [told[section][0]["colour"] for section in ("areas", "rules", "policies")] == ["green"] * 3
    assert told["fees"] == {"first": 100}


@context
def test_edits_are_in_the_file_and_are_found_again(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    mira = factories.make_cast().mira
    services.edit_rule(rule(), {"effective_from": date(2025, 1, 1), "minutes": 1900}, by=mira)
    told = json.loads(services.exported())["rules"][0]
    assert (told["minutes"], told["effective_from"]) == (1900, "2025-01-01")
    assert told["key"] == "FA|first|training|minimum|||"
    assert_comes_back(tmp_path)


@context
def test_what_a_newer_edition_retired_is_not_in_the_file(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    framework = newer()
    del framework["topics"][0]
    services.load_framework(write(tmp_path, framework))
    assert [topic["code"] for topic in json.loads(services.exported())["topics"]] == ["TF.two"]
    assert_comes_back(tmp_path)


@context
def test_a_topic_that_was_kept_for_an_edit_keeps_its_place(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    topic = db.session.scalars(sa.select(Topic).order_by(Topic.id)).first()
    assert topic is not None
    services.edit_topic(topic, {"name": "Ours"}, by=factories.make_cast().mira)
    corrected = small()
    del corrected["topics"][0]
    services.load_framework(write(tmp_path, corrected))
    assert_comes_back(tmp_path)


@context
def test_a_policy_says_the_edition_it_comes_from(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small(policies=[VETTED])))
    services.load_framework(write(tmp_path, newer()))
    assert json.loads(services.exported())["policies"][0]["edition"] == "2024"
    assert_comes_back(tmp_path)


@context
def test_without_an_edition_there_is_nothing_to_give() -> None:
    with pytest.raises(NothingLoaded):
        services.exported()


@context
def test_the_two_kinds_of_a_policy_are_one_row_each(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small(policies=[VETTED])))
    kept = db.session.scalars(sa.select(Policy)).one()
    assert (kept.kind, kept.facts, kept.file_key) == (PolicyKind.PROVIDERS, VETTED["facts"], "providers|||")


def test_coordinators_download_it(
    app: Flask, cast: Cast, login_as: Callable[[Person], FlaskClient], tmp_path: Path
) -> None:
    with app.app_context():
        writing.set(True)
        services.load_framework(write(tmp_path, small()))
        db.session.commit()
        told = services.exported()
    answer = login_as(cast.mira).get("/framework.json")
    assert (answer.status_code, answer.data) == (200, told)
    assert "framework-2024.json" in answer.headers["Content-Disposition"]
    assert login_as(cast.ana).get("/framework.json").status_code == 403
    assert app.test_client().get("/framework.json").headers["Location"].startswith("/sign-in")
    assert login_as(cast.mira).post("/framework.json").status_code == 405


def test_before_anything_is_loaded_the_download_says_so(
    cast: Cast, login_as: Callable[[Person], FlaskClient]
) -> None:
    answer = login_as(cast.mira).get("/framework.json")
    assert answer.status_code == 409
    assert "No framework has been loaded yet." in answer.text
