"""Every session and how it has filled, for coordinators."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.enrollment import services
from catalog.extensions import db, writing
from tests import factories as make
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def sessions(app: Flask, cast: Cast) -> None:
    with app.app_context():
        writing.set(True)
        full = make.offering(make.course("Full 100% house"), seats=1, minimum=5)
        asked = make.offering(make.course("Asked for"), needs_approval=True)
        make.offering(make.course("Long ago"), starts=clock.now() - timedelta(days=30))
        for offering in (full, full, full, asked):
            person = make.person()
            services.enroll(person, offering, by=person)
        db.session.commit()


@pytest.mark.usefixtures("sessions")
def test_it_shows_seats_queue_requests_and_what_is_too_small(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.mira).get("/rosters").text
    assert "Long ago" not in page
    assert all(said in page for said in ("1 of 1", "Waitlist: 2", "To decide: 1", "Below the minimum of 5"))


@pytest.mark.usefixtures("sessions")
def test_the_past_has_its_own_list(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.mira).get("/rosters?past=1").text
    assert "Long ago" in page
    assert "Asked for" not in page


@pytest.mark.usefixtures("sessions")
@pytest.mark.parametrize(("words", "found"), [("house", True), ("100%", True), ("0%0", False)])
def test_words_are_looked_for_as_they_stand(cast: Cast, login_as: LoginAs, words: str, found: bool) -> None:
    answer = login_as(cast.mira).get("/rosters", query_string={"q": words})
    assert ("Full 100% house" in answer.text) == found


@pytest.mark.usefixtures("sessions")
@pytest.mark.parametrize("page", ["0", "-3", "999", "many"])
def test_any_page_number_is_answered(cast: Cast, login_as: LoginAs, page: str) -> None:
    assert "Asked for" in login_as(cast.mira).get(f"/rosters?page={page}").text


def test_it_asks_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/rosters").status_code == 303


@pytest.mark.parametrize("who", ["ana", "ivo"])
def test_others_are_refused(cast: Cast, login_as: LoginAs, who: str) -> None:
    assert login_as(getattr(cast, who)).get("/rosters").status_code == 403


@pytest.mark.parametrize("many", [1, 50])
def test_it_takes_the_same_statements_for_one_and_for_fifty(
    app: Flask, cast: Cast, login_as: LoginAs, many: int
) -> None:
    with app.app_context():
        writing.set(True)
        for _ in range(many):
            make.offering()
        db.session.commit()
    browser = login_as(cast.mira)
    with counted() as seen:
        assert browser.get("/rosters").status_code == 200
    assert len([statement for statement in seen if not statement.startswith("BEGIN")]) <= 3
