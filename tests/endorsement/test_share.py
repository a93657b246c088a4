"""Making a link that shows a goal, seeing it once, and taking it back."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.endorsement.models import ShareLink
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests import factories as make
from tests.attendance.sheets import inside
from tests.endorsement import applications
from tests.endorsement.goals import goal
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def url(app: Flask, cast: Cast) -> str:
    return f"/goal/{applications.scene(app, cast).goal_id}/share"


def make_link(browser: FlaskClient, url: str, **fields: str) -> str:
    """The address that the page shows once."""
    answer = browser.post(url, data={"label": "Rosa, my supervisor", "days": "30", **fields})
    assert (answer.status_code, answer.location) == (303, url)
    found = re.search(r'value="http[^"]*(/shared/[^"]+)"', browser.get(url).text)
    assert found
    return found[1]


def links(app: Flask) -> list[ShareLink]:
    with inside(app):
        return list(db.session.scalars(sa.select(ShareLink).order_by(ShareLink.id)))


def trail(app: Flask) -> list[AuditEntry]:
    with inside(app):
        found = sa.select(AuditEntry).where(AuditEntry.about == "share_link").order_by(AuditEntry.id)
        return list(db.session.scalars(found))


def test_a_link_is_made_and_shown_once(app: Flask, cast: Cast, login_as: LoginAs, url: str) -> None:
    browser = login_as(cast.ana)
    address = make_link(browser, url)
    again = browser.get(url).text
    assert address not in again
    assert "Rosa, my supervisor" in again
    assert browser.get(address).status_code == 200


def test_only_its_fingerprint_is_kept(app: Flask, cast: Cast, login_as: LoginAs, url: str) -> None:
    key = make_link(login_as(cast.ana), url).removeprefix("/shared/")
    (link,) = links(app)
    assert link.token_hash == hashlib.sha256(key.encode()).hexdigest()
    assert len(key) == 43
    assert key not in str([entry.details for entry in trail(app)])


@pytest.mark.parametrize("days", [7, 30, 90])
def test_it_lasts_as_long_as_was_chosen(
    app: Flask, cast: Cast, login_as: LoginAs, url: str, days: int
) -> None:
    make_link(login_as(cast.ana), url, days=str(days))
    (link,) = links(app)
    assert link.expires_at - link.made_at == timedelta(days=days)
    assert clock.now() - link.made_at < timedelta(minutes=1)


def test_taking_it_back_closes_it_at_once(app: Flask, cast: Cast, login_as: LoginAs, url: str) -> None:
    browser = login_as(cast.ana)
    address, other = make_link(browser, url), make_link(browser, url, label="An advisor")
    answer = browser.post(f"{url}/{links(app)[0].id}/revoke")
    assert (answer.status_code, answer.location) == (303, url)
    assert browser.get(address).status_code == 404
    assert browser.get(other).status_code == 200
    assert "Taken back" in browser.get(url).text


def test_making_and_taking_back_stand_in_the_trail_once(
    app: Flask, cast: Cast, login_as: LoginAs, url: str
) -> None:
    browser = login_as(cast.ana)
    make_link(browser, url)
    (link,) = links(app)
    for _ in range(2):
        assert browser.post(f"{url}/{link.id}/revoke").status_code == 303
    assert [(entry.action, entry.by_id) for entry in trail(app)] == [
        ("share.made", cast.ana.id),
        ("share.revoked", cast.ana.id),
    ]
    assert "Rosa" not in str([entry.details for entry in trail(app)]), "for whom it is stays with the person"


def test_the_page_asks_for_a_sign_in(client: FlaskClient, url: str) -> None:
    assert client.get(url).location.startswith("/sign-in")
    assert client.post(url).location.startswith("/sign-in")
    assert client.post(f"{url}/1/revoke").location.startswith("/sign-in")


@pytest.mark.parametrize("who", ["otto", "ivo", "mira", "ada"])
def test_nobody_else_shares_it_not_even_a_coordinator(
    app: Flask, cast: Cast, login_as: LoginAs, url: str, who: str
) -> None:
    make_link(login_as(cast.ana), url)
    (link,) = links(app)
    browser = login_as(getattr(cast, who))
    assert browser.get(url).status_code == 404
    assert browser.post(url, data={"label": "Me", "days": "7"}).status_code == 404
    assert browser.post(f"{url}/{link.id}/revoke").status_code == 404
    assert len(links(app)) == 1
    assert links(app)[0].revoked_at is None


def test_a_link_of_another_goal_is_not_found_under_this_one(
    app: Flask, cast: Cast, login_as: LoginAs, url: str
) -> None:
    with inside(app):
        from_otto = goal(db.session.get_one(Person, cast.otto.id), make.category("ECFS"))
        otto_url = f"/goal/{from_otto.id}/share"
    make_link(login_as(cast.otto), otto_url)
    (link,) = links(app)
    assert login_as(cast.ana).post(f"{url}/{link.id}/revoke").status_code == 404
    assert links(app)[0].revoked_at is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"label": "  "}, "Write for whom the link is"),
        ({"label": "x" * 121}, "Use at most 120 characters."),
        ({"days": "365"}, "Choose one from the list."),
        ({"days": "soon"}, "Choose one from the list."),
    ],
)
def test_bad_input_makes_nothing_and_stays_in_the_form(
    app: Flask, cast: Cast, login_as: LoginAs, url: str, fields: dict[str, str], sentence: str
) -> None:
    answer = login_as(cast.ana).post(url, data={"label": "My advisor", "days": "7", **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "My advisor" in answer.text or "label" in fields
    assert links(app) == []


def test_taking_back_is_no_link_to_follow(cast: Cast, login_as: LoginAs, url: str) -> None:
    assert login_as(cast.ana).get(f"{url}/1/revoke").status_code == 405


def test_a_new_link_is_shown_only_on_the_page_of_its_goal(
    app: Flask, cast: Cast, login_as: LoginAs, url: str
) -> None:
    with inside(app):
        other = goal(db.session.get_one(Person, cast.ana.id), make.category("ECFS")).id
    browser = login_as(cast.ana)
    browser.post(url, data={"label": "Rosa", "days": "7"})
    assert "/shared/" not in browser.get(f"/goal/{other}/share").text
