"""A coordinator edits a rule, an area, a topic: on a plain form, with a trace, never over somebody else's change."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.competencies import services
from catalog.competencies.models import Area, Confidence, HourRule, Topic
from catalog.extensions import db, writing
from catalog.notices.models import AuditEntry
from tests.competencies.framework_file import small, write
from tests.competencies.previews import save
from tests.factories import Cast

RULE = {"minutes": "35", "is_enabled": "y", "confidence": "confirmed"}


class Urls(NamedTuple):
    rule: str
    area: str
    topic: str


@pytest.fixture
def urls(app: Flask, cast: Cast, tmp_path: Path) -> Urls:
    """The addresses of the small framework's rule, first area and first topic; each has a seen token to send."""
    framework = small()
    framework["rules"].append(framework["rules"][0] | {"effective_from": "2030-01-01"})
    framework["rules"][0]["effective_until"] = "2029-12-31"
    with app.app_context():
        writing.set(True)
        services.load_framework(write(tmp_path, framework))
        db.session.commit()
        ids = [
            db.session.scalars(sa.select(model.id).order_by(model.id)).first()
            for model in (HourRule, Area, Topic)
        ]
    return Urls(f"/framework/rules/{ids[0]}", f"/framework/areas/{ids[1]}", f"/framework/topics/{ids[2]}")


@pytest.fixture
def mira(cast: Cast, login_as: Callable[[Person], FlaskClient]) -> FlaskClient:
    return login_as(cast.mira)


def saved(app: Flask, model: type[Any]) -> Any:
    with app.app_context():
        return db.session.scalars(sa.select(model).order_by(model.id)).first()


def send(browser: FlaskClient, url: str, **data: str) -> str:
    """Through the preview, where there is one."""
    answer = save(browser, url, **{"seen": "2024", **data})
    return f"{answer.status_code} {answer.headers.get('Location', '')} {answer.text}"


def test_a_rule_is_changed_and_marked_as_edited_here(app: Flask, mira: FlaskClient, urls: Urls) -> None:
    answer = send(mira, urls.rule, **RULE, effective_until="2028-06-30", note="New letter")
    assert answer.startswith("303 /framework#category-")
    rule = saved(app, HourRule)
    assert (rule.minutes, rule.effective_until, rule.note) == (35 * 60, date(2028, 6, 30), "New letter")
    assert rule.edited_at is not None
    assert "edited here" in mira.get("/framework").text


def test_the_trail_has_the_figures_before_and_after(
    app: Flask, cast: Cast, mira: FlaskClient, urls: Urls
) -> None:
    send(mira, urls.rule, **RULE, effective_until="2028-06-30")
    with app.app_context():
        noted = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "framework.rule_edited")
        ).one()
    assert noted.by_id == cast.mira.id
    assert noted.details["before"] == {"minutes": 1800, "effective_until": "2029-12-31"}
    assert noted.details["after"] == {"minutes": 2100, "effective_until": "2028-06-30"}


def test_saving_without_a_change_leaves_no_trace(app: Flask, mira: FlaskClient, urls: Urls) -> None:
    send(mira, urls.rule, **RULE | {"minutes": "30"}, effective_until="2029-12-31")
    assert saved(app, HourRule).edited_at is None


def test_a_rule_is_taken_out_of_use(app: Flask, mira: FlaskClient, urls: Urls) -> None:
    send(mira, urls.rule, minutes="30", confidence="", why_disabled="Not asked here")
    rule = saved(app, HourRule)
    assert (rule.is_enabled, rule.why_disabled, rule.confidence) == (False, "Not asked here", None)


def test_an_area_and_a_topic_are_renamed(app: Flask, mira: FlaskClient, urls: Urls) -> None:
    assert send(mira, urls.area, name=" Our  theory ", short="Thy", confidence="confirmed").startswith("303")
    assert send(mira, urls.topic, name="First", confidence="inferred").startswith("303")
    area, topic = saved(app, Area), saved(app, Topic)
    assert (area.name, area.short) == ("Our  theory", "Thy")
    assert (topic.name, topic.confidence) == ("First", Confidence.INFERRED)


def test_the_form_shows_what_is_saved(mira: FlaskClient, urls: Urls) -> None:
    page = mira.get(f"{urls.rule}/edit").text
    assert 'name="minutes" required type="text" value="30"' in page
    assert 'name="seen" value="2024"' in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"minutes": ""}, "Enter the hours; 0 for none."),
        ({"minutes": "many"}, "Write hours, such as 30 or 1.5."),
        ({"minutes": "-3"}, "Write hours, such as 30 or 1.5."),
        ({"minutes": "0.333"}, "Write hours, such as 30 or 1.5."),
        ({"minutes": "99999"}, "Write hours, such as 30 or 1.5."),
        ({"effective_from": "31.1.2027"}, "Write a date, such as 2027-01-31."),
        (
            {"effective_from": "2027-02-01", "effective_until": "2027-01-31"},
            "This is before the day from which it is in force.",
        ),
        ({"confidence": "sure"}, "Choose one from the list."),
        ({"note": "x" * 2001}, "Use at most 2000 characters."),
    ],
)
def test_bad_input_is_answered_with_the_reason_and_everything_typed(
    app: Flask, mira: FlaskClient, urls: Urls, typed: dict[str, str], sentence: str
) -> None:
    answer = send(mira, urls.rule, **RULE | {"applies_when": "typed before"} | typed)
    assert answer.startswith("422")
    assert sentence in answer
    assert 'value="typed before"' in answer
    assert all(value in answer for value in typed.values() if value != "sure")
    assert saved(app, HourRule).edited_at is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " ", "short": "TF"}, "Enter the name of the area."),
        ({"name": "x" * 121, "short": "TF"}, "Use at most 120 characters."),
        ({"name": "Theory", "short": "Foundations"}, "Use at most 8 characters."),
        ({"name": "Theory", "short": "a\x07"}, None),
    ],
)
def test_an_area_needs_a_name_and_a_short_label(
    mira: FlaskClient, urls: Urls, typed: dict[str, str], sentence: str | None
) -> None:
    answer = send(mira, urls.area, **typed)
    assert answer.startswith("422" if sentence else "303")
    assert sentence is None or sentence in answer


def test_two_rules_for_the_same_hours_are_not_in_force_at_once(
    app: Flask, mira: FlaskClient, urls: Urls
) -> None:
    answer = send(mira, urls.rule, **RULE, effective_until="")
    assert answer.startswith("422")
    assert "End one before the other begins." in answer
    assert saved(app, HourRule).edited_at is None


def test_a_rule_out_of_use_may_overlap(mira: FlaskClient, urls: Urls) -> None:
    assert send(mira, urls.rule, minutes="30").startswith("303")


def test_a_page_that_is_out_of_date_is_answered_with_what_is_saved_now(
    app: Flask, mira: FlaskClient, urls: Urls
) -> None:
    send(mira, urls.topic, name="Somebody else's")
    answer = send(mira, urls.topic, name="Mine")
    assert answer.startswith("409")
    assert "Somebody saved a change after you opened this page." in answer
    assert "<li>Name: Somebody else&#39;s</li>" in answer
    assert 'value="Mine"' in answer
    topic = saved(app, Topic)
    assert topic.name == "Somebody else's"
    assert services.stand(topic) in answer


def test_after_being_shown_the_other_change_one_may_save_over_it(
    app: Flask, mira: FlaskClient, urls: Urls
) -> None:
    send(mira, urls.topic, name="Somebody else's")
    answer = mira.post(urls.topic, data={"seen": services.stand(saved(app, Topic)), "name": "Mine"})
    assert answer.status_code == 303


@pytest.mark.parametrize("part", ["rule", "area", "topic"])
def test_who_may_edit(
    client: FlaskClient, cast: Cast, login_as: Callable[[Person], FlaskClient], urls: Urls, part: str
) -> None:
    url = getattr(urls, part)
    assert client.get(f"{url}/edit").headers["Location"].startswith("/sign-in")
    assert client.post(url).headers["Location"].startswith("/sign-in")
    for person in (cast.ana, cast.ivo):
        assert login_as(person).get(f"{url}/edit").status_code == 403
        assert login_as(person).post(url, data=RULE).status_code == 403
    assert login_as(cast.ada).get(f"{url}/edit").status_code == 200


@pytest.mark.parametrize("part", ["rule", "area", "topic"])
def test_what_is_not_there_or_retired_is_not_found(
    app: Flask, mira: FlaskClient, urls: Urls, part: str
) -> None:
    url = getattr(urls, part)
    assert mira.get(url.rsplit("/", 1)[0] + "/999999/edit").status_code == 404
    with app.app_context():
        writing.set(True)
        for model in (HourRule, Area, Topic):
            db.session.execute(sa.update(model).values(retired_in="2099"))
        db.session.commit()
    assert mira.get(f"{url}/edit").status_code == 404
    assert mira.post(url, data=RULE).status_code == 404


def test_the_same_moment_in_another_edition_is_another_state() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert services.stand(Topic(edition="1", edited_at=at)) != services.stand(
        Topic(edition="2", edited_at=at)
    )
