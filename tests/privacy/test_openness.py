"""What others see of somebody: nothing, unless they say so."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts import openness
from catalog.accounts.models import Person
from catalog.courses.models import Kind
from catalog.enrollment import services
from catalog.extensions import db, writing
from tests import factories as make
from tests.factories import Cast

LogIn = Callable[[Person], FlaskClient]
PAGE = "/account/privacy"


@pytest.fixture
def session_id(app: Flask, cast: Cast) -> int:
    """A session that Ivo leads, with Ana and Otto on it."""
    return _posted(app, cast, Kind.IN_SERVICE)


@pytest.fixture
def group_id(app: Flask, cast: Cast) -> int:
    return _posted(app, cast, Kind.REFLECTIVE_GROUP)


def _posted(app: Flask, cast: Cast, kind: Kind) -> int:
    with app.app_context():
        writing.set(True)
        offering = make.offering(make.course(kind=kind), trainer_id=cast.ivo.id)
        for one in (cast.ana, cast.otto):
            person = db.session.get_one(Person, one.id)
            services.enroll(person, offering, by=person)
        db.session.commit()
        return offering.id


def choose(browser: FlaskClient, *choices: str) -> None:
    assert browser.post(PAGE, data=dict.fromkeys(choices, "y")).status_code == 303


def test_others_on_a_session_are_counted_and_not_named(cast: Cast, login_as: LogIn, session_id: int) -> None:
    page = login_as(cast.otto).get(f"/offerings/{session_id}").text
    assert "1 other person has" in page
    assert cast.ana.name not in page


def test_whoever_chose_to_be_is_named_to_those_with_a_seat(
    cast: Cast, login_as: LogIn, session_id: int
) -> None:
    choose(login_as(cast.ana), "name_on_sessions")
    assert f"Also coming: {cast.ana.name}" in login_as(cast.otto).get(f"/offerings/{session_id}").text


def test_whoever_chose_something_else_is_not(cast: Cast, login_as: LogIn, session_id: int) -> None:
    choose(login_as(cast.ana), "address_in_groups")
    assert cast.ana.name not in login_as(cast.otto).get(f"/offerings/{session_id}").text


def test_each_choice_is_one_of_its_own(app: Flask, cast: Cast, login_as: LogIn) -> None:
    choose(login_as(cast.ana), "address_in_groups")
    with app.app_context():
        ana = db.session.get_one(Person, cast.ana.id)
        assert openness.shown(openness.Openness.address_in_groups, [ana]) == [ana]
        assert openness.shown(openness.Openness.name_on_sessions, [ana]) == []


@pytest.mark.parametrize("reader", ["stranger", "mira", "nobody"])
def test_whoever_has_no_seat_sees_no_name_there(
    app: Flask, cast: Cast, login_as: LogIn, session_id: int, reader: str
) -> None:
    choose(login_as(cast.ana), "name_on_sessions")
    with app.app_context():
        writing.set(True)
        new = make.person("Nia Sample")
        db.session.commit()
        db.session.refresh(new)
        db.session.expunge_all()
    browser = app.test_client() if reader == "stranger" else login_as(cast.mira if reader == "mira" else new)
    page = browser.get(f"/offerings/{session_id}").text
    assert cast.ana.name not in page
    assert "Who else comes" not in page


def test_taking_the_choice_back_takes_the_name_away(cast: Cast, login_as: LogIn, session_id: int) -> None:
    ana = login_as(cast.ana)
    choose(ana, "name_on_sessions")
    choose(ana)
    assert cast.ana.name not in login_as(cast.otto).get(f"/offerings/{session_id}").text


def test_members_of_a_group_see_an_address_only_if_it_is_shown(
    cast: Cast, login_as: LogIn, group_id: int
) -> None:
    otto = login_as(cast.otto)
    assert cast.ana.email not in otto.get(f"/groups/{group_id}").text
    choose(login_as(cast.ana), "address_in_groups")
    page = otto.get(f"/groups/{group_id}").text
    assert cast.ana.email in page
    assert cast.otto.email not in page
    assert cast.ana.email not in login_as(cast.mira).get(f"/groups/{group_id}").text


def test_a_trainer_shows_their_address_to_those_with_a_seat(
    app: Flask, cast: Cast, login_as: LogIn, session_id: int
) -> None:
    ana, url = login_as(cast.ana), f"/offerings/{session_id}"
    assert cast.ivo.email not in ana.get(url).text
    choose(login_as(cast.ivo), "address_as_trainer")
    assert cast.ivo.email in ana.get(url).text
    assert cast.ivo.email not in app.test_client().get(url).text
    assert cast.ivo.email not in login_as(cast.mira).get(url).text


def test_nobody_but_a_trainer_says_it_of_a_trainer(app: Flask, cast: Cast, login_as: LogIn) -> None:
    choose(login_as(cast.ana), "address_as_trainer")
    with app.app_context():
        assert not openness.of(db.session.get_one(Person, cast.ana.id)).address_as_trainer


def test_the_page_shows_what_others_see(cast: Cast, login_as: LogIn) -> None:
    ana = login_as(cast.ana)
    assert "1 other person has a seat" in ana.get(PAGE).text
    choose(ana, "name_on_sessions")
    page = ana.get(PAGE).text
    assert f"Also coming: {cast.ana.name}" in page
    assert "1 other person has a seat" not in page


def test_one_signs_in_first(client: FlaskClient) -> None:
    for url in (PAGE, "/account/leave"):
        assert client.get(url).location.startswith("/sign-in")
        assert client.post(url).status_code == 303
