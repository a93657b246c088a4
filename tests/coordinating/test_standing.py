"""Memberships and qualifications: who is listed, by which day, and the file."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person, Qualification
from catalog.courses.models import OfferingState
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
URLS = ["/memberships", "/memberships.csv", "/qualifications"]


def names(page: str) -> list[str]:
    return [name for name in ("Early", "Later", "Over", "Gone", "Ana") if f">{name} Sample</a>" in page]


@pytest.fixture
def members(app: Flask, cast: Cast) -> date:
    today = clock.now().date()
    with inside(app):
        make.person("Early Sample", member_until=today + timedelta(days=10), county="01109")
        make.person("Later Sample", member_until=today + timedelta(days=400))
        make.person("Over Sample", member_until=today - timedelta(days=10))
        make.person("Gone Sample", member_until=today + timedelta(days=10), merged_into_id=cast.ana.id)
    return today


def test_members_of_today_are_listed_the_first_to_end_first(
    cast: Cast, login_as: LoginAs, members: date
) -> None:
    page = login_as(cast.mira).get("/memberships").text
    assert names(page) == ["Early", "Later"]
    assert page.index("Early") < page.index("Later")
    assert "Members now (2)" in page
    assert "Ended (1)" in page


def test_those_that_end_before_a_day_are_listed_alone(cast: Cast, login_as: LoginAs, members: date) -> None:
    before = members + timedelta(days=11)
    assert names(login_as(cast.mira).get(f"/memberships?before={before}").text) == ["Early"]
    before = members + timedelta(days=10)
    assert names(login_as(cast.mira).get(f"/memberships?before={before}").text) == []


def test_those_that_have_ended_are_listed_apart(cast: Cast, login_as: LoginAs, members: date) -> None:
    assert names(login_as(cast.mira).get("/memberships?show=ended").text) == ["Over"]


def test_a_day_that_is_none_is_said_beside_the_field(cast: Cast, login_as: LoginAs, members: date) -> None:
    answer = login_as(cast.mira).get("/memberships?before=soon")
    assert answer.status_code == 422
    assert "Enter a day such as" in answer.text
    assert 'value="soon"' in answer.text


def test_the_file_holds_what_the_page_lists(app: Flask, cast: Cast, login_as: LoginAs, members: date) -> None:
    with inside(app):
        make.person("=Early Sample", member_until=members)
    answer = login_as(cast.mira).get(f"/memberships.csv?before={members + timedelta(days=30)}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head[0] == "Name"
    assert [row[0] for row in rows] == ["'=Early Sample", "Early Sample"]
    assert (rows[1][2], rows[1][4]) == ("Pike County", str(members + timedelta(days=10)))


def test_many_members_come_in_pages(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    asked = []
    for many in (1, 59):
        with inside(app):
            for _ in range(many):
                make.person(member_until=date(2099, 12, 31))
        with counted() as seen:
            first = browser.get("/memberships?before=2100-01-01").text
        asked.append(len(seen))
    assert asked[0] == asked[1]
    second = browser.get("/memberships?before=2100-01-01&page=2").text
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (50, 10)
    assert "before=2100-01-01" in first


def test_qualifications_say_how_many_sessions_come_after_them(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    now = clock.now()
    with inside(app):
        ivo = db.session.get_one(Person, cast.ivo.id)
        db.session.add(
            Qualification(person_id=ivo.id, label="Soon over", held_until=now.date() + timedelta(days=10))
        )
        make.offering(trainer_id=ivo.id, starts=now + timedelta(days=3))
        make.offering(trainer_id=ivo.id, starts=now + timedelta(days=20))
        make.offering(trainer_id=ivo.id, starts=now + timedelta(days=5), meetings=4)
        make.offering(trainer_id=ivo.id, starts=now + timedelta(days=20), state=OfferingState.CANCELLED)
        helped = make.offering(starts=now + timedelta(days=30))
        helped.meetings[0].co_trainers.append(ivo)
        led = make.offering(starts=now + timedelta(days=30))
        led.meetings[0].substitute = ivo
    page = login_as(cast.mira).get("/qualifications").text
    assert "Soon over" in page
    assert "4 sessions" in page


@pytest.mark.parametrize(
    ("show", "listed"),
    [
        ("due", {"Soon"}),
        ("expired", {"Long ago"}),
        ("expiring", {"Soon"}),
        ("all", {"Soon", "Long ago", "Next year", "Always"}),
        ("nonsense", {"Soon"}),
    ],
)
def test_qualifications_are_narrowed(
    app: Flask, cast: Cast, login_as: LoginAs, show: str, listed: set[str]
) -> None:
    today = clock.now().date()
    days = {"Soon": 60, "Long ago": -60, "Next year": 200}
    with inside(app):
        for label, ahead in days.items():
            until = today + timedelta(days=ahead)
            db.session.add(Qualification(person_id=cast.ivo.id, label=label, held_until=until))
        db.session.add(Qualification(person_id=cast.ivo.id, label="Always"))
        db.session.add(
            Qualification(
                person_id=make.person(merged_into_id=cast.ivo.id).id,
                label="Of an account that is gone",
                held_until=today,
            )
        )
    page = login_as(cast.mira).get(f"/qualifications?show={show}").text
    assert {label for label in (*days, "Always") if f"{label}<" in page or f"{label} <" in page} == listed
    assert "account that is gone" not in page


def test_qualifications_take_the_same_statements_for_many(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    asked = []
    for many in (1, 20):
        with inside(app):
            for _ in range(many):
                person = make.person()
                db.session.add(Qualification(person_id=person.id, label="Sample"))
                make.offering(trainer_id=person.id)
        with counted() as seen:
            browser.get("/qualifications?show=all")
        asked.append(len(seen))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("url", URLS)
def test_people_are_asked_to_sign_in(client: FlaskClient, url: str) -> None:
    assert client.get(url).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("who", ["ana", "ivo"])
@pytest.mark.parametrize("url", URLS)
def test_they_are_for_coordinators(cast: Cast, login_as: LoginAs, who: str, url: str) -> None:
    assert login_as(getattr(cast, who)).get(url).status_code == 403
