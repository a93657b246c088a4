"""The home page of a coordinator begins with what is due first."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.records.entries import written_down

LoginAs = Callable[[Person], FlaskClient]


def test_a_coordinator_is_led_to_their_desk(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        written_down(make.person())
        make.course(areas=("TF",))
    page = login_as(cast.mira).get("/").text
    assert 'href="/desk"' in page
    assert "1 line of hours is to be verified. Beside that, 1 other kind of work." in page


def test_nothing_leads_while_nothing_waits(cast: Cast, login_as: LoginAs) -> None:
    assert "Go to my desk" not in login_as(cast.mira).get("/").text


def test_others_are_not_led_there(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        written_down(make.person())
    for person in (cast.ana, cast.ivo):
        assert "Go to my desk" not in login_as(person).get("/").text
