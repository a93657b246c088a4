"""Nobody saves a rule unseen: what changes and who is affected is shown first, and nothing is saved by that."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.competencies import services
from catalog.competencies.models import HourRule, HourTag
from catalog.extensions import db, writing
from catalog.notices.models import AuditEntry
from tests.competencies.keeping import Numbers, keep, rows
from tests.competencies.previews import press, save
from tests.factories import Cast

TYPED = {"seen": "2024", "minutes": "35", "is_enabled": "y", "confidence": "confirmed", "note": "two\nlines"}


@pytest.fixture
def numbers(app: Flask, cast: Cast, tmp_path: Path) -> Numbers:
    return keep(app, tmp_path)


@pytest.fixture
def mira(cast: Cast, login_as: Callable[[Person], FlaskClient]) -> FlaskClient:
    return login_as(cast.mira)


def test_it_shows_what_changes_and_saves_nothing(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    page = mira.post(f"/framework/rules/{numbers.rule}", data=TYPED)
    assert page.status_code == 200
    assert (
        '<th scope="row">Hours</th><td data-label="Now">30 h</td><td data-label="Then"><b>35 h</b>'
        in page.text
    )
    assert "Nobody works toward it or holds it" in page.text
    rule = rows(app, HourRule)[0]
    assert (rule.minutes, rule.edited_at) == (1800, None)
    assert [entry.action for entry in rows(app, AuditEntry)] == ["framework.loaded"]


def test_saving_it_then_does_what_was_shown(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    page = mira.post(f"/framework/rules/{numbers.rule}", data=TYPED)
    assert press(mira, page, "save").status_code == 303
    rule = rows(app, HourRule)[0]
    assert (rule.minutes, rule.note) == (2100, "two\nlines")


def test_going_back_keeps_everything_typed(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    page = mira.post(f"/framework/rules/{numbers.rule}", data=TYPED)
    form = press(mira, page, "back")
    assert form.status_code == 200
    assert 'value="35"' in form.text
    assert "two\nlines</textarea>" in form.text
    assert 'name="seen" value="2024"' in form.text
    assert rows(app, HourRule)[0].minutes == 1800


@pytest.mark.parametrize("changed", [{"minutes": "99"}, {"previewed": "0" * 64}, {"previewed": "ü"}])
def test_what_was_not_shown_is_shown_and_not_saved(
    app: Flask, mira: FlaskClient, numbers: Numbers, changed: dict[str, str]
) -> None:
    page = mira.post(f"/framework/rules/{numbers.rule}", data=TYPED)
    again = press(mira, page, "save", **changed)
    assert again.status_code == 200
    assert "Not saved yet" in again.text
    assert rows(app, HourRule)[0].minutes == 1800


def test_a_seal_of_one_rule_does_not_open_another(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    with app.app_context():
        writing.set(True)
        kind = {"purpose": "renewal", "ledger": "training", "kind": "minimum"}
        other = HourRule(category_id=numbers.category, minutes=60, edition="2024", **kind)
        db.session.add(other)
        db.session.commit()
        number = other.id
    page = mira.post(f"/framework/rules/{numbers.rule}", data=TYPED)
    seal = page.text.partition('name="previewed" value="')[2][:64]
    answer = mira.post(f"/framework/rules/{number}", data={**TYPED, "previewed": seal})
    assert answer.status_code == 200
    assert "Not saved yet" in answer.text


def test_somebody_who_saves_between_the_two_is_not_overwritten(
    app: Flask, cast: Cast, mira: FlaskClient, numbers: Numbers
) -> None:
    page = mira.post(f"/framework/rules/{numbers.rule}", data=TYPED)
    with app.app_context():
        writing.set(True)
        services.edit_rule(db.session.get_one(HourRule, numbers.rule), {"minutes": 2400}, by=cast.ada)
        db.session.commit()
    answer = press(mira, page, "save")
    assert answer.status_code == 409
    assert "Somebody saved a change after you opened this page." in answer.text
    assert "<li>Hours: 40 h</li>" in answer.text
    assert rows(app, HourRule)[0].minutes == 2400


def test_after_that_it_is_shown_and_saved_anew(
    app: Flask, cast: Cast, mira: FlaskClient, numbers: Numbers
) -> None:
    with app.app_context():
        writing.set(True)
        services.edit_rule(db.session.get_one(HourRule, numbers.rule), {"minutes": 2400}, by=cast.ada)
        db.session.commit()
    seen = services.stand(rows(app, HourRule)[0])
    assert save(mira, f"/framework/rules/{numbers.rule}", **{**TYPED, "seen": seen}).status_code == 303
    assert rows(app, HourRule)[0].minutes == 2100


def test_nothing_typed_is_said_as_such(mira: FlaskClient, numbers: Numbers) -> None:
    same = {"seen": "2024", "minutes": "30", "is_enabled": "y"}
    page = mira.post(f"/framework/rules/{numbers.rule}", data=same)
    assert "Nothing; it says the same as what is saved." in page.text


def test_nobodys_standing_depends_on_a_label(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    page = mira.post(f"/framework/tags/{numbers.tag}", data={"seen": "2024", "label": "Heart"})
    assert "Nobody’s standing depends on it." in page.text
    assert rows(app, HourTag)[0].label == "Core"


def test_what_was_typed_runs_no_script(mira: FlaskClient, numbers: Numbers) -> None:
    typed = {"seen": "2024", "label": '"><script>alert(1)</script>'}
    page = mira.post(f"/framework/tags/{numbers.tag}", data=typed)
    assert "<script>alert" not in page.text
