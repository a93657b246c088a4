"""Policies: each kind has its form, its plain words on the page, and a way to change from a day on."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.competencies import services
from catalog.competencies.models import Policy, PolicyKind
from catalog.extensions import db, writing
from catalog.notices.models import AuditEntry
from tests.competencies.keeping import Numbers, keep, rows
from tests.competencies.previews import press, save
from tests.factories import Cast

IN_USE = {"is_enabled": "y", "seen": "2024"}
TYPED: dict[str, dict[str, str | list[str]]] = {
    "providers": {"any_of": ["FA", "FA + ERS"], "vetted": "y"},
    "sources": {"most_providers": "3", "main_percent": "60", "peers_count": "y"},
    "cycle": {"months": "36", "month": "06", "day": "30"},
}
SAVED: dict[str, dict[str, Any]] = {
    "providers": {"any_of": [{"category": "FA"}, {"category": "FA", "add_on": "ERS"}], "vetted": True},
    "sources": {"most_providers": 3, "main_percent": 60, "peers_count": True},
    "cycle": {"months": 36, "deadline": "06-30", "needs_membership": False},
}


@pytest.fixture
def numbers(app: Flask, cast: Cast, tmp_path: Path) -> Numbers:
    return keep(app, tmp_path)


@pytest.fixture
def mira(cast: Cast, login_as: Callable[[Person], FlaskClient]) -> FlaskClient:
    return login_as(cast.mira)


def policy(app: Flask, policy_id: int) -> Policy:
    found: Policy = next(one for one in rows(app, Policy) if one.id == policy_id)
    return found


@pytest.mark.parametrize("kind", PolicyKind)
def test_each_kind_is_edited(app: Flask, mira: FlaskClient, numbers: Numbers, kind: str) -> None:
    number = getattr(numbers, kind)
    typed = {**IN_USE, **TYPED[kind], "category_id": str(numbers.category), "effective_from": "2027-01-01"}
    assert save(mira, f"/framework/policies/{number}", **typed).headers["Location"] == "/framework#policies"
    kept = policy(app, number)
    assert (kept.facts, kept.category_id) == (SAVED[kind], numbers.category)
    assert (kept.effective_from, kept.is_enabled) == (date(2027, 1, 1), True)
    assert rows(app, AuditEntry)[-1].action == "framework.policy_edited"


@pytest.mark.parametrize("kind", PolicyKind)
def test_each_kind_is_added(app: Flask, mira: FlaskClient, numbers: Numbers, kind: str) -> None:
    typed = {**IN_USE, **TYPED[kind], "category_id": str(numbers.category)}
    assert save(mira, f"/framework/policies/new/{kind}", **typed).status_code == 303
    made = rows(app, Policy)[-1]
    assert (made.kind, made.facts, made.file_key) == (kind, SAVED[kind], f"{kind}|FA||")
    assert (made.edition, rows(app, AuditEntry)[-1].action) == ("2024", "framework.policy_added")


@pytest.mark.parametrize("kind", PolicyKind)
def test_each_kind_changes_from_a_day_on(app: Flask, mira: FlaskClient, numbers: Numbers, kind: str) -> None:
    number = getattr(numbers, kind)
    typed = {"seen": "2024", "begins_on": "2027-07-01", **TYPED[kind]}
    assert save(mira, f"/framework/policies/{number}/from", **typed).status_code == 303
    old, new = policy(app, number), rows(app, Policy)[-1]
    assert old.effective_until == date(2027, 6, 30)
    assert old.facts != SAVED[kind]
    assert (new.effective_from, new.facts) == (date(2027, 7, 1), SAVED[kind])


@pytest.mark.parametrize("kind", PolicyKind)
def test_the_form_shows_what_is_saved(mira: FlaskClient, numbers: Numbers, kind: str) -> None:
    page = mira.get(f"/framework/policies/{getattr(numbers, kind)}/edit").text
    shown = {
        "providers": '<input checked id="any_of-0" name="any_of" type="checkbox" value="FA + ERS">',
        "sources": 'name="main_percent" required type="text" value="50"',
        "cycle": '<option selected value="12">December</option>',
    }
    assert shown[kind] in page
    assert 'name="seen" value="2024"' in page


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("providers", {"any_of": []}, "Choose at least one."),
        ("providers", {"any_of": ["ZZ"]}, "Choose from the list."),
        ("sources", {"most_providers": "0"}, "Write a whole number from 1 to 99."),
        ("sources", {"most_providers": ""}, "Enter how many."),
        ("sources", {"main_percent": "101"}, "Write a whole number from 0 to 100."),
        ("cycle", {"months": "0"}, "Write a whole number from 1 to 120."),
        ("cycle", {"months": "121"}, "Write a whole number from 1 to 120."),
        ("cycle", {"month": "13"}, "Choose one from the list."),
        ("cycle", {"month": "02", "day": "29"}, "Not every year has this day."),
        ("cycle", {"day": "32"}, "Write a whole number from 1 to 31."),
        ("cycle", {"category_id": "999999"}, "Choose one from the list."),
        (
            "cycle",
            {"effective_from": "2027-02-01", "effective_until": "2027-01-31"},
            "This is before the day from which it is in force.",
        ),
    ],
)
def test_bad_input_is_answered_with_the_reason_and_everything_typed(
    app: Flask,
    mira: FlaskClient,
    numbers: Numbers,
    kind: str,
    typed: dict[str, str | list[str]],
    sentence: str,
) -> None:
    sent = {**IN_USE, **TYPED[kind], "note": "typed before", **typed}
    answer = save(mira, f"/framework/policies/new/{kind}", **sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "typed before</textarea>" in answer.text
    assert len(rows(app, Policy)) == 3


@pytest.mark.parametrize("kind", PolicyKind)
def test_two_for_the_same_are_not_in_force_at_once(
    app: Flask, mira: FlaskClient, numbers: Numbers, kind: str
) -> None:
    answer = save(mira, f"/framework/policies/new/{kind}", **IN_USE, **TYPED[kind], category_id="")
    assert answer.status_code == 422
    assert "End one before the other begins." in answer.text
    assert len(rows(app, Policy)) == 3


def test_going_back_keeps_every_tick(mira: FlaskClient, numbers: Numbers) -> None:
    url = f"/framework/policies/{numbers.providers}"
    form = press(mira, mira.post(url, data={**IN_USE, **TYPED["providers"]}), "back").text
    assert form.count("<input checked") == 4  # two pairs, vetted, in use


def test_what_the_file_says_beside_it_stays(
    app: Flask, cast: Cast, mira: FlaskClient, numbers: Numbers
) -> None:
    with app.app_context():
        writing.set(True)
        kept = db.session.get_one(Policy, numbers.cycle)
        services.edit_policy(kept, {"facts": {**kept.facts, "grace_days": 30}}, by=cast.mira)
        db.session.commit()
        seen = services.stand(kept)
    save(mira, f"/framework/policies/{numbers.cycle}", **{**IN_USE, **TYPED["cycle"], "seen": seen})
    assert policy(app, numbers.cycle).facts == SAVED["cycle"] | {"grace_days": 30}


def test_a_provider_that_is_no_longer_in_the_framework_stays_ticked(
    app: Flask, cast: Cast, mira: FlaskClient, numbers: Numbers
) -> None:
    with app.app_context():
        writing.set(True)
        kept = db.session.get_one(Policy, numbers.providers)
        services.edit_policy(kept, {"facts": {"any_of": [{"category": "OLD"}]}}, by=cast.mira)
        db.session.commit()
        seen = services.stand(kept)
    url = f"/framework/policies/{numbers.providers}"
    assert 'value="OLD"' in mira.get(f"{url}/edit").text
    assert save(mira, url, any_of=["OLD", "FA"], is_enabled="y", seen=seen).status_code == 303
    codes = [one["category"] for one in policy(app, numbers.providers).facts["any_of"]]
    assert sorted(codes) == ["FA", "OLD"]


def test_everybody_reads_them_in_plain_words(client: FlaskClient, numbers: Numbers) -> None:
    page = client.get("/framework").text
    for words in (
        "Hours of RSC count when they are given by somebody endorsed as one of these:",
        "<li>Family Associate, with Supervisor</li>",
        "RSC comes from at most 2 providers, more than 50 % of it from one of them. "
        "Peer groups without a provider do not count.",
        "Endorsement is renewed every 12 months, by 31 December. Membership is needed.",
        "◇ check with First 5 Alabama",
    ):
        assert words in page
    assert "/framework/policies/" not in page


@pytest.mark.parametrize("page", ["new/cycle", "{}/edit", "{}/from"])
def test_who_may_keep_policies(
    client: FlaskClient, cast: Cast, login_as: Callable[[Person], FlaskClient], numbers: Numbers, page: str
) -> None:
    url = "/framework/policies/" + page.format(numbers.cycle)
    post = url.removesuffix("/edit")
    assert client.get(url).headers["Location"].startswith("/sign-in")
    assert client.post(post).headers["Location"].startswith("/sign-in")
    assert login_as(cast.ana).get(url).status_code == 403
    assert login_as(cast.ana).post(post, data=TYPED["cycle"]).status_code == 403
    assert login_as(cast.mira).get(url).status_code == 200


def test_what_is_not_there_is_not_found(mira: FlaskClient, numbers: Numbers) -> None:
    for url in ("new/fees", "999999/edit", "999999/from"):
        assert mira.get(f"/framework/policies/{url}").status_code == 404
    assert mira.post("/framework/policies/999999").status_code == 404


def test_a_page_that_is_out_of_date_is_answered_with_what_is_saved_now(
    app: Flask, cast: Cast, mira: FlaskClient, numbers: Numbers
) -> None:
    with app.app_context():
        writing.set(True)
        services.edit_policy(db.session.get_one(Policy, numbers.cycle), {"note": "Theirs"}, by=cast.ada)
        db.session.commit()
    for url in ("", "/from"):
        typed = {**IN_USE, **TYPED["cycle"], "begins_on": "2027-07-01", "note": ""}
        answer = save(mira, f"/framework/policies/{numbers.cycle}{url}", **typed)
        assert answer.status_code == 409
        assert "<li>Note: Theirs</li>" in answer.text
