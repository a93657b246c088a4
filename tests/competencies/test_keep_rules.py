"""Rules are added, edited in every part, and followed by another figure from a day on."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.competencies import services
from catalog.competencies.models import Condition, HourRule, Ledger, Purpose, RuleKind
from catalog.extensions import db, writing
from catalog.notices.models import AuditEntry
from tests.competencies.framework_file import small, write
from tests.competencies.keeping import ADD_ON, CYCLE, PROVIDERS, SOURCES, Numbers, keep, rows
from tests.competencies.previews import save
from tests.factories import Cast

NEW = {
    "purpose": "renewal",
    "ledger": "rsc",
    "kind": "minimum",
    "tag_id": "",
    "minutes": "12",
    "window_least": "12",
    "window_most": "24",
    "applies_when": "they provide RSC",
    "condition": "provides_rsc",
    "effective_from": "2027-01-01",
    "effective_until": "",
    "is_enabled": "y",
    "confidence": "inferred",
}


@pytest.fixture
def numbers(app: Flask, cast: Cast, tmp_path: Path) -> Numbers:
    return keep(app, tmp_path)


@pytest.fixture
def mira(cast: Cast, login_as: Callable[[Person], FlaskClient]) -> FlaskClient:
    return login_as(cast.mira)


def test_a_rule_is_added(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    answer = save(mira, "/framework/rules", **NEW, category_id=str(numbers.category))
    assert answer.headers["Location"] == f"/framework#category-{numbers.category}"
    made = rows(app, HourRule)[1]
    assert (made.purpose, made.ledger, made.kind) == (Purpose.RENEWAL, Ledger.RSC, RuleKind.MINIMUM)
    assert (made.minutes, made.window_months) == (720, {"min": 12, "max": 24})
    assert (made.condition, made.applies_when) == (Condition.PROVIDES_RSC, "they provide RSC")
    assert (made.effective_from, made.effective_until) == (date(2027, 1, 1), None)
    assert (made.edition, made.file_key) == ("2024", "FA|renewal|rsc|minimum||2027-01-01|")
    assert made.edited_at is not None
    trail = rows(app, AuditEntry)[-1]
    assert (trail.action, trail.details["after"]["minutes"]) == ("framework.rule_added", 720)


def test_what_was_added_survives_the_same_file_and_is_in_the_export(
    app: Flask, mira: FlaskClient, numbers: Numbers, tmp_path: Path
) -> None:
    save(mira, "/framework/rules", **NEW, category_id=str(numbers.category))
    framework = small(policies=[PROVIDERS, SOURCES, CYCLE])
    framework["categories"].append(ADD_ON)
    with app.app_context():
        writing.set(True)
        services.load_framework(write(tmp_path, framework))
        exported = tmp_path / "exported.json"
        exported.write_bytes(services.exported())
        assert not services.load_framework(exported).changed
        db.session.commit()
    assert [rule.retired_in for rule in rows(app, HourRule)] == [None, None]


def test_every_part_of_a_rule_is_edited(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    typed = NEW | {"seen": "2024", "tag_id": str(numbers.tag), "category_id": str(numbers.category)}
    assert save(mira, f"/framework/rules/{numbers.rule}", **typed).status_code == 303
    rule = rows(app, HourRule)[0]
    assert (rule.purpose, rule.ledger, rule.tag_id) == (Purpose.RENEWAL, Ledger.RSC, numbers.tag)
    assert (rule.window_months, rule.condition) == ({"min": 12, "max": 24}, Condition.PROVIDES_RSC)
    after = rows(app, AuditEntry)[-1].details["after"]
    assert (after["min"], after["max"], after["ledger"]) == (12, 24, "rsc")


def test_an_edit_of_the_note_alone_keeps_the_window(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    save(mira, "/framework/rules", **NEW, category_id=str(numbers.category))
    made = rows(app, HourRule)[1]
    seen = services.stand(made)
    save(mira, f"/framework/rules/{made.id}", **{**NEW, "note": "Read again", "seen": seen})
    assert rows(app, AuditEntry)[-1].details["after"] == {"note": "Read again"}
    assert rows(app, HourRule)[1].window_months == {"min": 12, "max": 24}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"category_id": ""}, "Choose one from the list."),
        ({"category_id": "999999"}, "Choose one from the list."),
        ({"category_id": "x"}, "Choose one from the list."),
        ({"purpose": "third"}, "Choose one from the list."),
        ({"ledger": ""}, "Choose one from the list."),
        ({"kind": "most"}, "Choose one from the list."),
        ({"tag_id": "999999"}, "Choose one from the list."),
        ({"condition": "on_mondays"}, "Choose one from the list."),
        ({"minutes": ""}, "Enter the hours; 0 for none."),
        ({"minutes": " "}, "Enter the hours; 0 for none."),
        ({"window_least": "x"}, "Write a whole number from 0 to 120."),
        ({"window_most": "0"}, "Write a whole number from 1 to 120."),
        ({"window_most": "121"}, "Write a whole number from 1 to 120."),
        ({"window_most": "6"}, "This is less than the least."),
        ({"window_most": ""}, "Say the most months too; the least alone is no window."),
        ({"effective_from": "0203-01-01"}, "Choose a date between 1990 and 2099."),
        ({"effective_until": "2026-12-31"}, "This is before the day from which it is in force."),
    ],
)
def test_bad_input_is_answered_with_the_reason_and_everything_typed(
    app: Flask, mira: FlaskClient, numbers: Numbers, typed: dict[str, str], sentence: str
) -> None:
    answer = save(mira, "/framework/rules", **{**NEW, "category_id": str(numbers.category), **typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="they provide RSC"' in answer.text
    assert len(rows(app, HourRule)) == 1


def test_a_rule_that_overlaps_is_not_added(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    again = {"purpose": "first", "ledger": "training", "minutes": "40", "condition": "", "applies_when": ""}
    answer = save(mira, "/framework/rules", **{**NEW, **again, "category_id": str(numbers.category)})
    assert answer.status_code == 422
    assert "End one before the other begins." in answer.text
    assert len(rows(app, HourRule)) == 1


def test_a_rule_cannot_be_added_before_there_is_a_framework(
    app: Flask, cast: Cast, login_as: Callable[[Person], FlaskClient]
) -> None:
    answer = login_as(cast.mira).post("/framework/tags", data={"label": "Core"})
    assert answer.status_code == 422
    assert "No framework has been loaded yet." in answer.text


def test_from_a_day_on_it_is_another_figure(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    typed = {
        "seen": "2024",
        "begins_on": "2027-07-01",
        "minutes": "35",
        "confidence": "inferred",
        "note": "A letter",
    }
    assert save(mira, f"/framework/rules/{numbers.rule}/from", **typed).status_code == 303
    old, new = rows(app, HourRule)
    assert (old.minutes, old.effective_until) == (1800, date(2027, 6, 30))
    assert (new.minutes, new.effective_from, new.effective_until) == (2100, date(2027, 7, 1), None)
    assert (new.category_id, new.purpose, new.note) == (old.category_id, old.purpose, "A letter")
    actions = [entry.action for entry in rows(app, AuditEntry)]
    assert actions[1:] == ["framework.rule_edited", "framework.rule_added"]


def test_the_new_figure_ends_when_the_old_one_would_have(
    app: Flask, cast: Cast, mira: FlaskClient, numbers: Numbers
) -> None:
    with app.app_context():
        writing.set(True)
        rule = db.session.get_one(HourRule, numbers.rule)
        services.edit_rule(rule, {"effective_until": date(2028, 12, 31)}, by=cast.mira)
        services.begin(rule, date(2027, 7, 1), {"minutes": 60}, by=cast.mira)
        db.session.commit()
    assert [rule.effective_until for rule in rows(app, HourRule)] == [date(2027, 6, 30), date(2028, 12, 31)]


@pytest.mark.parametrize("day", ["2027-01-01", "2026-06-01", "2028-01-01"])
def test_nothing_follows_where_it_is_not_in_force(
    app: Flask, mira: FlaskClient, numbers: Numbers, day: str
) -> None:
    dates = {"effective_from": "2027-01-01", "effective_until": "2027-12-31"}
    save(mira, f"/framework/rules/{numbers.rule}", seen="2024", minutes="30", is_enabled="y", **dates)
    seen = services.stand(rows(app, HourRule)[0])
    answer = save(mira, f"/framework/rules/{numbers.rule}/from", seen=seen, begins_on=day, minutes="35")
    assert answer.status_code == 422
    assert "nothing can follow it from there" in answer.text
    assert len(rows(app, HourRule)) == 1


def test_the_day_from_which_it_changes_is_needed(mira: FlaskClient, numbers: Numbers) -> None:
    answer = save(mira, f"/framework/rules/{numbers.rule}/from", seen="2024", minutes="35")
    assert answer.status_code == 422
    assert "Choose the day from which it changes." in answer.text


def test_a_later_figure_on_the_way_is_not_overlapped(
    app: Flask, cast: Cast, mira: FlaskClient, numbers: Numbers
) -> None:
    with app.app_context():
        writing.set(True)
        rule = db.session.get_one(HourRule, numbers.rule)
        services.begin(rule, date(2027, 7, 1), {"minutes": 60}, by=cast.mira)
        db.session.commit()
        seen = services.stand(rule)
    answer = save(
        mira, f"/framework/rules/{numbers.rule}", seen=seen, minutes="30", is_enabled="y", effective_until=""
    )
    assert answer.status_code == 422
    assert "End one before the other begins." in answer.text


def test_a_key_that_is_taken_gets_a_number(app: Flask, cast: Cast, numbers: Numbers) -> None:
    with app.app_context():
        writing.set(True)
        rule = db.session.get_one(HourRule, numbers.rule)
        services.edit_rule(rule, {"ledger": Ledger.RSC}, by=cast.mira)
        columns = {
            "category_id": numbers.category,
            "purpose": Purpose.FIRST,
            "ledger": Ledger.TRAINING,
            "kind": RuleKind.MINIMUM,
            "minutes": 60,
        }
        made = services.add_rule({**columns, "is_enabled": True}, by=cast.mira)
        assert made.file_key == "FA|first|training|minimum||||2"


@pytest.mark.parametrize("page", ["new", "{}/edit", "{}/from"])
def test_who_may_keep_rules(
    client: FlaskClient,
    cast: Cast,
    login_as: Callable[[Person], FlaskClient],
    numbers: Numbers,
    page: str,
) -> None:
    url = "/framework/rules/" + page.format(numbers.rule)
    post = {"new": "/framework/rules", "{}/edit": f"/framework/rules/{numbers.rule}"}.get(page, url)
    assert client.get(url).headers["Location"].startswith("/sign-in")
    assert client.post(post).headers["Location"].startswith("/sign-in")
    assert login_as(cast.ivo).get(url).status_code == 403
    assert login_as(cast.ivo).post(post, data=NEW).status_code == 403
    assert login_as(cast.ada).get(url).status_code == 200


def test_what_is_not_there_is_not_found(mira: FlaskClient, numbers: Numbers) -> None:
    for url in ("/framework/rules/999999/from", "/framework/rules/999999/edit"):
        assert mira.get(url).status_code == 404
    assert mira.post("/framework/rules/999999/from", data=NEW).status_code == 404


def test_the_form_begins_with_the_category_one_came_from(mira: FlaskClient, numbers: Numbers) -> None:
    page = mira.get(f"/framework/rules/new?category={numbers.category}").text
    assert f'<option selected value="{numbers.category}">' in page
    assert mira.get("/framework/rules/new?category=x").status_code == 200


def test_a_rule_that_a_file_ends_with_the_last_of_all_days_can_be_edited(
    app: Flask, mira: FlaskClient, numbers: Numbers
) -> None:
    with app.app_context():
        writing.set(True)
        db.session.get_one(HourRule, numbers.rule).effective_until = date.max
        db.session.commit()
    answer = save(
        mira, f"/framework/rules/{numbers.rule}", **NEW, category_id=str(numbers.category), seen="2024"
    )
    assert answer.status_code == 303
    assert rows(app, HourRule)[0].effective_until is None
