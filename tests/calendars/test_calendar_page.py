"""The page on which one makes and takes back the addresses of one's own calendar."""

import hashlib
import html
import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.calendars.models import CalendarFeed
from catalog.calendars.services.feeds import MOST
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests.browse.pages import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


def make(browser: FlaskClient) -> str:
    """The path of the address that the page shows once."""
    answer = browser.post("/calendar/feeds")
    assert (answer.status_code, answer.location) == (303, "/calendar")
    found = re.search(r'value="http[^"]*(/feeds/[^"]+)"', browser.get("/calendar").text)
    assert found
    return html.unescape(found[1])


def feeds(app: Flask) -> list[CalendarFeed]:
    with inside(app):
        return list(db.session.scalars(sa.select(CalendarFeed).order_by(CalendarFeed.id)))


def test_an_address_is_made_and_shown_once(cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    path = make(browser)
    assert path not in browser.get("/calendar").text
    assert browser.get(path).status_code == 200


def test_only_its_fingerprint_is_kept(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    token = make(login_as(cast.ana)).removeprefix("/feeds/").removesuffix(".ics")
    (feed,) = feeds(app)
    assert feed.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert len(token) == 43


def test_several_work_and_one_is_taken_back_alone(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    first, second = make(browser), make(browser)
    answer = browser.post(f"/calendar/feeds/{feeds(app)[0].id}/revoke")
    assert (answer.status_code, answer.location) == (303, "/calendar")
    assert (browser.get(first).status_code, browser.get(second).status_code) == (410, 200)
    assert "Taken back" in browser.get("/calendar").text


def test_ten_work_at_once_and_the_eleventh_is_refused(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    for _ in range(MOST):
        make(browser)
    answer = browser.post("/calendar/feeds")
    assert (answer.status_code, len(feeds(app))) == (409, MOST)
    assert "You have ten addresses already." in answer.text


def test_it_asks_for_a_sign_in(client: FlaskClient) -> None:
    assert client.get("/calendar").location.startswith("/sign-in")
    assert client.post("/calendar/feeds").location.startswith("/sign-in")
    assert client.post("/calendar/feeds/1/revoke").location.startswith("/sign-in")


@pytest.mark.parametrize("who", ["otto", "mira", "ada"])
def test_nobody_else_takes_it_back_or_sees_it(app: Flask, cast: Cast, login_as: LoginAs, who: str) -> None:
    make(login_as(cast.ana))
    browser = login_as(getattr(cast, who))
    assert browser.post(f"/calendar/feeds/{feeds(app)[0].id}/revoke").status_code == 404
    assert feeds(app)[0].revoked_at is None
    assert "Works" not in browser.get("/calendar").text


def test_neither_is_done_by_a_link(cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    assert browser.get("/calendar/feeds").status_code == 405
    assert browser.get("/calendar/feeds/1/revoke").status_code == 405


def test_both_stand_in_the_trail_once(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    make(browser)
    for _ in range(2):
        browser.post(f"/calendar/feeds/{feeds(app)[0].id}/revoke")
    with inside(app):
        actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["calendar.feed_made", "calendar.feed_revoked"]
