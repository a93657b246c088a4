"""The trainer's desk: what is asked first, then what is coming, with the seats taken."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses import queries, services
from catalog.courses.models import CourseState, Offering, Seat
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import inside, own
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


def take(offering: Offering, count: int) -> None:
    seats = db.session.scalars(sa.select(Seat).where(Seat.offering_id == offering.id).limit(count))
    for seat in seats:
        seat.is_taken = True


def test_what_is_asked_stands_first(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course("Attachment", state=CourseState.IN_REVIEW, owner_id=cast.ivo.id)
        services.ask_changes(course, 1, by=own(cast.mira), reason="Name the topics.")
        make.course("Published one", owner_id=cast.ivo.id)
    page = login_as(cast.ivo).get("/teaching").text
    assert "Mira Sample asks:</b> Name the topics." in page
    assert page.index("What needs you") < page.index("Coming sessions") < page.index("Published one")


def test_only_the_latest_request_is_shown(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course(areas=("TF",), summary="x", state=CourseState.IN_REVIEW, owner_id=cast.ivo.id)
        services.ask_changes(course, 1, by=own(cast.mira), reason="The old request.")
        services.submit(course, 2, by=own(cast.ivo))
        services.ask_changes(course, 3, by=own(cast.mira), reason="The new request.")
    page = login_as(cast.ivo).get("/teaching").text
    assert "The new request." in page
    assert "The old request." not in page


def test_sessions_show_the_seats_taken(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = make.offering(seats=5, trainer_id=cast.ivo.id, minimum=4)
        take(offering, 3)
    page = login_as(cast.ivo).get("/teaching").text
    assert "3 of 5 seats taken" in page
    assert "Needs 4 to take place" in page
    for way in ("roster", "attendance", "edit"):
        assert f'href="/offerings/{offering.id}/{way}"' in page


@pytest.mark.usefixtures("context")
def test_the_soonest_comes_first_and_the_latest_past_first() -> None:
    ivo, now = make.person(is_trainer=True), clock.now()
    later, sooner = (make.offering(starts=now + timedelta(days=days), trainer_id=ivo.id) for days in (9, 3))
    older, newer = (make.offering(starts=now - timedelta(days=days), trainer_id=ivo.id) for days in (90, 30))
    paced = make.offering(meetings=0, trainer_id=ivo.id)
    coming = [row.offering for row in queries.offerings_of(ivo, now, past=False)]
    assert set(coming) == {sooner, later, paced}
    assert coming.index(sooner) < coming.index(later)
    assert [row.offering for row in queries.offerings_of(ivo, now, past=True)] == [newer, older]


@pytest.mark.usefixtures("context")
def test_a_co_trainer_sees_the_session_too() -> None:
    lena = make.person("Lena Sample", is_trainer=True)
    offering = make.offering(meetings=2)
    for meeting in offering.meetings:
        meeting.co_trainers = [lena]
    db.session.flush()
    rows = queries.offerings_of(lena, clock.now(), past=False)
    assert [(row.offering, row.is_own) for row in rows] == [(offering, False)]


def test_an_empty_desk_says_what_will_be_here(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.ivo).get("/teaching").text
    assert "The sessions you post will stand here" in page
    assert "Your courses will stand here" in page


def test_only_those_who_teach_or_coordinate_have_a_desk(
    client: FlaskClient, cast: Cast, login_as: LoginAs
) -> None:
    assert client.get("/teaching").location == "/sign-in?next=/teaching"
    assert login_as(cast.ana).get("/teaching").status_code == 403
    assert login_as(cast.mira).get("/teaching").status_code == 200


def test_fifty_rows_take_as_many_statements_as_one(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    def fill(count: int) -> None:
        with inside(app):
            for _ in range(count):
                course = make.course(state=CourseState.IN_REVIEW, owner_id=cast.ivo.id)
                services.ask_changes(course, 1, by=make.person(coordinates=True), reason="Please.")
                make.offering(make.course(owner_id=cast.ivo.id), trainer_id=cast.ivo.id)

    fill(1)
    browser = login_as(cast.ivo)
    with counted() as one:
        browser.get("/teaching")
    fill(24)
    with counted() as many:
        browser.get("/teaching")
    assert len(many) == len(one)
