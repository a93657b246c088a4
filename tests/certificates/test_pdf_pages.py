"""The PDF of one certificate: for the person, those who run the session, and coordinators."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.certificates import services
from catalog.certificates.models import Certificate
from catalog.config import Settings
from catalog.extensions import db
from tests.attendance.sheets import inside
from tests.certificates.papers import closed, issued, worker_of
from tests.factories import Cast

Login = Callable[[Person], FlaskClient]


@pytest.fixture
def certificate(app: Flask, cast: Cast) -> Certificate:
    with inside(app):
        return issued(closed(by=db.session.get_one(Person, cast.ivo.id)))


@pytest.fixture
def made(app: Flask, settings: Settings, certificate: Certificate) -> Certificate:
    with app.app_context():
        worker_of(app, settings)()
    return certificate


def owner(app: Flask, certificate: Certificate) -> Person:
    with inside(app):
        return db.session.get_one(Person, certificate.person_id)


def test_the_person_gets_the_file(app: Flask, login_as: Login, made: Certificate) -> None:
    answer = login_as(owner(app, made)).get(f"/c/{made.number}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")
    assert f"Ana-Sample-{made.number}.pdf" in answer.headers["Content-Disposition"]
    assert "noindex" in answer.headers["X-Robots-Tag"]


@pytest.mark.parametrize("name", ["ivo", "mira", "ada"])
def test_who_runs_the_session_gets_it_too(login_as: Login, cast: Cast, made: Certificate, name: str) -> None:
    assert login_as(getattr(cast, name)).get(f"/c/{made.number}.pdf").status_code == 200


def test_whoever_is_not_signed_in_is_asked_to(client: FlaskClient, made: Certificate) -> None:
    answer = client.get(f"/c/{made.number}.pdf")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("path", [".pdf", "/paper"])
def test_other_people_do_not_get_it(login_as: Login, cast: Cast, made: Certificate, path: str) -> None:
    assert login_as(cast.otto).get(f"/c/{made.number}{path}").status_code == 403


def test_a_number_that_is_not_there_is_not_found(login_as: Login, cast: Cast) -> None:
    assert login_as(cast.mira).get("/c/0000-0000-0000.pdf").status_code == 404


def test_until_it_is_made_one_is_led_to_where_that_is_said(
    app: Flask, settings: Settings, login_as: Login, cast: Cast, certificate: Certificate
) -> None:
    browser = login_as(cast.mira)
    answer = browser.get(f"/c/{certificate.number}.pdf")
    assert (answer.status_code, answer.location) == (303, f"/c/{certificate.number}/paper")
    assert "being made" in browser.get(answer.location).text
    with app.app_context():
        worker_of(app, settings)()
    assert "The PDF is ready." in browser.get(answer.location).text


def test_looking_asks_the_worker_again_where_it_gave_up(
    app: Flask, settings: Settings, login_as: Login, cast: Cast, made: Certificate
) -> None:
    with inside(app):
        db.session.execute(db.text("DELETE FROM certificate_page"))
    assert "being made" in login_as(cast.mira).get(f"/c/{made.number}/paper").text
    with app.app_context():
        worker_of(app, settings)()
    assert login_as(cast.mira).get(f"/c/{made.number}.pdf").status_code == 200


def test_htmx_gets_the_part_alone(
    login_as: Login, cast: Cast, certificate: Certificate, htmx: dict[str, str]
) -> None:
    part = login_as(cast.mira).get(f"/c/{certificate.number}/paper", headers=htmx).text
    assert part.lstrip().startswith('<div id="making"')
    assert 'hx-trigger="every 2s"' in part


def test_a_page_that_is_there_is_not_made_twice(app: Flask, made: Certificate) -> None:
    with inside(app):
        before = db.session.scalar(db.text("SELECT made_at FROM certificate_page"))
        services.render(made.id)
        assert db.session.scalar(db.text("SELECT made_at FROM certificate_page")) == before
