"""Letters of one kind are ended by the link in them, at once and without signing in, as RFC 8058 says."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer

from catalog.extensions import db
from catalog.notices import muting
from catalog.notices.models import Muted
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.notices.plain import PLAIN

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def url(app: Flask, cast: Cast) -> str:
    with inside(app):
        return muting.PATH + muting.signed(cast.ana.id, PLAIN.kind)


@pytest.fixture
def program(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A mail program: no cookie, no page, no token; forms need theirs."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app.test_client(use_cookies=False)


def muted(app: Flask) -> list[tuple[int, str]]:
    with inside(app):
        return [(one.person_id, one.kind) for one in db.session.scalars(sa.select(Muted))]


def test_one_click_ends_them(app: Flask, cast: Cast, program: FlaskClient, url: str) -> None:
    answer = program.post(url, data=ONE_CLICK)
    assert answer.status_code == 200, "it leads nowhere else"
    assert muted(app) == [(cast.ana.id, PLAIN.kind)]


def test_also_when_it_is_sent_as_a_form_with_parts(app: Flask, program: FlaskClient, url: str) -> None:
    assert program.post(url, data=ONE_CLICK, content_type="multipart/form-data").status_code == 200
    assert len(muted(app)) == 1


def test_twice_is_the_same(app: Flask, program: FlaskClient, url: str) -> None:
    assert [program.post(url, data=ONE_CLICK).status_code for _ in "12"] == [200, 200]
    assert len(muted(app)) == 1


def test_looking_at_the_link_ends_nothing(app: Flask, client: FlaskClient, url: str) -> None:
    page = client.get(url)
    assert page.status_code == 200
    assert "A letter of the tests" in page.text
    assert "End these letters" in page.text
    assert muted(app) == []


def test_the_button_on_its_page_ends_them_and_the_other_brings_them_back(
    app: Flask, client: FlaskClient, url: str
) -> None:
    assert client.post(url).status_code == 303
    assert "Get them again" in client.get(url).text
    assert client.post(f"{url}/undo").status_code == 303
    assert muted(app) == []


def test_the_page_names_nobody(cast: Cast, client: FlaskClient, url: str) -> None:
    page = client.get(url).text
    assert cast.ana.name not in page
    assert cast.ana.email not in page


def test_bringing_them_back_needs_the_token_of_a_page(app: Flask, program: FlaskClient, url: str) -> None:
    program.post(url, data=ONE_CLICK)
    assert program.post(f"{url}/undo").status_code == 400
    assert len(muted(app)) == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_we_did_not_sign_is_none(
    app: Flask, cast: Cast, client: FlaskClient, url: str, method: str
) -> None:
    elsewhere = URLSafeSerializer(app.secret_key or "", salt="something else")
    forged = [
        url[:-1],
        url + "x",
        muting.PATH + elsewhere.dumps([cast.ana.id, PLAIN.kind]),
        muting.PATH + "x",
    ]
    assert [getattr(client, method)(one).status_code for one in forged] == [404] * 4
    assert muted(app) == []


@pytest.mark.parametrize("kind", ["seat.taken", "nothing.of.the.kind"])
def test_what_one_cannot_do_without_has_no_link(
    app: Flask, cast: Cast, client: FlaskClient, kind: str
) -> None:
    with inside(app):
        url = muting.PATH + muting.signed(cast.ana.id, kind)
    assert client.post(url, data=ONE_CLICK).status_code == 404
    assert muted(app) == []


def test_only_the_kind_in_the_link_is_ended(app: Flask, cast: Cast, client: FlaskClient, url: str) -> None:
    client.post(url, data=ONE_CLICK | {"kind": "roster.due", "person_id": str(cast.otto.id)})
    assert muted(app) == [(cast.ana.id, PLAIN.kind)]
