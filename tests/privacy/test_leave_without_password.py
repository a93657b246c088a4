"""Leaving for people who have no password to enter: a link that is mailed to them, and its one button."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import begin_sign_in
from catalog.extensions import db, writing
from catalog.notices.models import Job
from catalog.privacy.models import Departure
from tests.factories import Cast
from tests.servers import Browser, at_once, running

LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def ana(cast: Cast, login_as: LogIn) -> FlaskClient:
    return login_as(cast.ana)


def departures(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Departure.id))) or 0


def letters(app: Flask) -> list[dict[str, object]]:
    with app.app_context():
        jobs = db.session.scalars(sa.select(Job.payload).where(Job.kind == "mail").order_by(Job.id))
        return [one for one in jobs if one["kind"] == "privacy.leave_link"]


def mailed(app: Flask, browser: FlaskClient) -> str:
    """The path of the link."""
    assert browser.post("/account/leave/link").status_code == 303
    values = letters(app)[-1]["values"]
    assert isinstance(values, dict)
    return "/account/leave/" + str(values["link"]).rpartition("/")[2]


def change(app: Flask, person: Person, **fields: object) -> None:
    with app.app_context():
        writing.set(True)
        db.session.execute(sa.update(Person).where(Person.id == person.id).values(**fields))
        db.session.commit()


def test_the_page_offers_the_letter_and_asks_for_no_password(ana: FlaskClient) -> None:
    page = ana.get("/account/leave").text
    assert "Mail me the link" in page
    assert 'name="password"' not in page


def test_whoever_has_a_password_is_asked_for_it(app: Flask, cast: Cast, ana: FlaskClient) -> None:
    change(app, cast.ana, password_hash="x")
    page = ana.get("/account/leave").text
    assert 'name="password"' in page
    assert "Mail me the link" not in page
    assert ana.post("/account/leave/link").status_code == 404
    assert letters(app) == []


def test_the_letter_goes_to_their_address(app: Flask, cast: Cast, ana: FlaskClient) -> None:
    mailed(app, ana)
    assert [one["to"] for one in letters(app)] == [cast.ana.email]
    assert departures(app) == 0


def test_looking_at_the_link_changes_nothing(app: Flask, ana: FlaskClient) -> None:
    link = mailed(app, ana)
    page = ana.get(link)
    assert "What goes" in page.text
    assert "Delete my account in 14 days" in page.text
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("same-origin", "no-store")
    assert departures(app) == 0
    assert ana.get("/account").status_code == 200


def test_its_button_begins_it_and_signs_out(app: Flask, ana: FlaskClient) -> None:
    answer = ana.post(mailed(app, ana))
    assert "Your account will be deleted on" in answer.text
    assert departures(app) == 1
    assert ana.get("/account").location.startswith("/sign-in")


def test_the_link_is_used_once(app: Flask, cast: Cast, ana: FlaskClient, login_as: LogIn) -> None:
    link = mailed(app, ana)
    ana.post(link)
    again = login_as(cast.ana)  # It calls the first time off.
    assert again.get(link).status_code == again.post(link).status_code == 410
    assert departures(app) == 1
    assert again.get("/account").status_code == 200
    assert again.post(mailed(app, again)).status_code == 200


def test_the_link_expires(app: Flask, ana: FlaskClient) -> None:
    link = mailed(app, ana)
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert ana.get(link).status_code == 410
        answer = ana.post(link)
    assert answer.status_code == 410
    assert "This link does not work any more" in answer.text
    assert "Mail me the link" in answer.text
    assert departures(app) == 0


def test_the_link_of_somebody_else_opens_nothing(app: Flask, cast: Cast, login_as: LogIn) -> None:
    link = mailed(app, login_as(cast.ana))
    otto = login_as(cast.otto)
    assert otto.get(link).status_code == otto.post(link).status_code == 410
    assert departures(app) == 0


@pytest.mark.parametrize("key", ["wrong", "wrong.signature.altogether"])
def test_a_link_that_nobody_made_opens_nothing(app: Flask, ana: FlaskClient, key: str) -> None:
    assert ana.post(f"/account/leave/{key}").status_code == 410
    assert departures(app) == 0


def test_signed_out_the_link_leads_to_signing_in(app: Flask, ana: FlaskClient) -> None:
    link, stranger = mailed(app, ana), app.test_client()
    for answer in (stranger.get(link), stranger.post(link), stranger.post("/account/leave/link")):
        assert answer.location.startswith("/sign-in")
    assert departures(app) == 0


@pytest.mark.parametrize("fields", [{"email": "elsewhere@example.org"}, {"password_hash": "x"}])
def test_another_address_or_a_password_ends_the_link(
    app: Flask, cast: Cast, ana: FlaskClient, fields: dict[str, str]
) -> None:
    link = mailed(app, ana)
    change(app, cast.ana, **fields)
    assert ana.post(link).status_code == 410
    assert departures(app) == 0


def test_a_password_that_is_not_there_is_no_way_around(app: Flask, ana: FlaskClient) -> None:
    for password in ("", "None", "whatever it may be"):
        assert ana.post("/account/leave", data={"password": password}).status_code == 422
    assert departures(app) == 0


def test_the_letter_is_asked_for_by_a_button(app: Flask, ana: FlaskClient) -> None:
    assert ana.get("/account/leave/link").status_code == 410
    assert letters(app) == []


def test_letters_are_sent_so_often_only(app: Flask, ana: FlaskClient) -> None:
    answers = [ana.post("/account/leave/link").status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]
    assert len(letters(app)) == 3


def test_whoever_is_needed_gets_no_letter(app: Flask, cast: Cast, login_as: LogIn) -> None:
    answer = login_as(cast.ada).post("/account/leave/link")
    assert answer.status_code == 409
    assert "Somebody has to administer the catalog" in answer.text
    assert letters(app) == []


def test_whoever_became_needed_meanwhile_stays(app: Flask, cast: Cast, ana: FlaskClient) -> None:
    link = mailed(app, ana)
    change(app, cast.ada, is_administrator=False)
    change(app, cast.ana, is_administrator=True)
    assert ana.post(link).status_code == 409
    assert departures(app) == 0


def test_a_forged_form_begins_nothing(app: Flask, ana: FlaskClient) -> None:
    link = mailed(app, ana)
    app.config["WTF_CSRF_ENABLED"] = True
    assert ana.post(link).status_code == 400
    assert departures(app) == 0


@pytest.mark.race
def test_of_many_who_use_one_link_at_once_one_begins_it(
    app: Flask, cast: Cast, database_url: str, login_as: LogIn
) -> None:
    link = mailed(app, login_as(cast.ana))
    with app.app_context():
        writing.set(True)
        cookies = [begin_sign_in(db.session.get_one(Person, cast.ana.id)) for _ in range(6)]
        db.session.commit()
    with running(database_url) as ports:
        browsers = [Browser(ports[number % 2], {"sign_in": one}) for number, one in enumerate(cookies)]
        for browser in browsers:
            browser.get(link)
        answers = at_once([partial(one.post, link) for one in browsers])
    assert departures(app) == 1
    statuses = [one.status for one in answers]
    assert statuses.count(200) == 1, statuses
    # The others find the link used, or are signed out by now.
    assert set(statuses) <= {200, 303, 410}
