"""Rosters that nobody has closed, for coordinators."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import services
from catalog.attendance.services.deadlines import remind
from catalog.courses.models import Offering
from catalog.extensions import db
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import Scene, inside
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """In the middle of a day everywhere in the country, so that days are the same on every calendar."""
    with time_machine.travel(datetime(2026, 11, 10, 18, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    """Over for sixty days, Ana and Otto not marked."""
    return sheets.scene(app, cast)


def held(ivo: Person, days: int, title: str) -> Offering:
    """A session that ended so many days ago, with one person on it."""
    offering = sheets.held(make.course(title), starts=sheets.some_days_ago(days), trainer_id=ivo.id)
    sheets.seat(offering, "Ben Sample", by=ivo)
    return offering


def test_it_says_which_how_long_who_teaches_it_and_who_is_not_marked(scene: Scene, login_as: LoginAs) -> None:
    scene.mark(scene.ana_id, 180)
    page = login_as(scene.cast.mira).get("/rosters/overdue").text
    assert "60 days" in page
    assert '"Not marked">1 person<' in page
    assert f'href="mailto:{scene.cast.ivo.email}?subject=Roster%3A%20' in page
    assert f'href="{scene.url}"' in page
    assert "None yet" in page


def test_the_oldest_comes_first(app: Flask, scene: Scene, login_as: LoginAs) -> None:
    with inside(app):
        held(scene.ivo, 2, "A young one")
        held(scene.ivo, 90, "An old one")
    page = login_as(scene.cast.mira).get("/rosters/overdue").text
    assert page.index("An old one") < page.index("60 days") < page.index("A young one")
    assert "2 days" in page


def test_reminders_that_were_sent_stand_there(app: Flask, scene: Scene, login_as: LoginAs) -> None:
    with inside(app):
        held(scene.ivo, 2, "A young one")
        remind()
    page = login_as(scene.cast.mira).get("/rosters/overdue").text
    assert "Day 1<br>" in page.split("A young one", 1)[1]


def test_a_closed_roster_is_not_overdue(scene: Scene, login_as: LoginAs) -> None:
    scene.close()
    assert "No roster is overdue" in login_as(scene.cast.mira).get("/rosters/overdue").text


def test_what_ended_today_is_not_overdue(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with time_machine.travel(clock.now().replace(hour=23), tick=False):
        with inside(app):
            offering = make.offering(starts=clock.now() - timedelta(hours=5), trainer_id=cast.ivo.id)
            sheets.seat(offering, "Ben Sample", by=cast.ivo)
        assert "No roster is overdue" in login_as(cast.mira).get("/rosters/overdue").text


def test_a_session_that_was_opened_again_says_since_when(scene: Scene, login_as: LoginAs) -> None:
    scene.close()
    with inside(scene.app):
        services.reopen(scene.offering, by=scene.ivo, reason="a mistake")
    page = login_as(scene.cast.mira).get("/rosters/overdue").text
    assert "Opened again" in page
    assert "1 day<" in page


def test_without_a_trainer_nobody_is_written_to(scene: Scene, login_as: LoginAs) -> None:
    with inside(scene.app):
        scene.offering.trainer_id = None
    page = login_as(scene.cast.mira).get("/rosters/overdue").text
    assert "mailto:" not in page


def test_it_asks_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/rosters/overdue").status_code == 303


@pytest.mark.parametrize("who", ["ana", "ivo"])
def test_others_are_refused(cast: Cast, login_as: LoginAs, who: str) -> None:
    assert login_as(getattr(cast, who)).get("/rosters/overdue").status_code == 403


@pytest.mark.parametrize("page", ["0", "-3", "999", "many"])
def test_any_page_number_is_answered(scene: Scene, login_as: LoginAs, page: str) -> None:
    assert "60 days" in login_as(scene.cast.mira).get(f"/rosters/overdue?page={page}").text


def many(app: Flask, cast: Cast, number: int) -> None:
    with inside(app):
        ivo = db.session.get_one(Person, cast.ivo.id)
        for _ in range(number):
            held(ivo, 9, "Held")


@pytest.mark.parametrize("number", [1, 50])
def test_it_takes_the_same_statements_for_one_and_for_fifty(
    app: Flask, cast: Cast, login_as: LoginAs, number: int
) -> None:
    many(app, cast, number)
    browser = login_as(cast.mira)
    with counted() as seen:
        assert browser.get("/rosters/overdue").text.count("9 days") == number
    assert len([statement for statement in seen if not statement.startswith("BEGIN")]) <= 5


def test_fifty_to_a_page(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    many(app, cast, 51)
    browser = login_as(cast.mira)
    assert "Page 1 of 2" in browser.get("/rosters/overdue").text
    assert browser.get("/rosters/overdue?page=2").text.count("9 days") == 1


def test_the_menu_marks_one_place(scene: Scene, login_as: LoginAs) -> None:
    page = login_as(scene.cast.mira).get("/rosters/overdue").text
    assert page.count('aria-current="page"') == 1
