"""What strangers see alike may be held by caches on the way, and nothing else is."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, abort, make_response
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from catalog import web
from catalog.accounts.models import Person
from catalog.config import Settings
from catalog.extensions import db, writing
from tests import factories as make
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
PATHS = (
    "/",
    "/?q=course",
    "/courses/{course}",
    "/offerings/{offering}",
    "/months",
    "/framework",
    "/subscribe",
)


@pytest.fixture
def paths(app: Flask, cast: Cast) -> list[str]:
    with app.app_context():
        writing.set(True)
        course = make.course("A course")
        offering = make.offering(course)
        db.session.commit()
        return [path.format(course=course.id, offering=offering.id) for path in PATHS]


def test_a_page_that_stays_as_it_was_is_not_sent_again(client: FlaskClient, paths: list[str]) -> None:
    for path in paths:
        tag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b""), path
        assert again.headers["ETag"] == tag
        assert "Cookie" in again.headers["Vary"]
        assert "public" in again.headers["Cache-Control"]


def test_what_changed_is_sent(app: Flask, client: FlaskClient, paths: list[str]) -> None:
    course = next(path for path in paths if path.startswith("/courses/"))
    tag = client.get(course).headers["ETag"]
    with app.app_context():
        writing.set(True)
        make.course("Another name")
        db.session.execute(
            db.metadatas[None].tables["course"].update().values(title="Another name", version=9)
        )
        db.session.commit()
    assert client.get(course, headers={"If-None-Match": tag}).status_code == 200


def test_a_fragment_has_a_tag_of_its_own(client: FlaskClient, paths: list[str], htmx: dict[str, str]) -> None:
    whole, part = client.get("/").headers["ETag"], client.get("/", headers=htmx).headers["ETag"]
    assert whole != part
    assert client.get("/", headers={**htmx, "If-None-Match": whole}).status_code == 200


def test_somebody_signed_in_is_never_answered_from_a_cache(
    client: FlaskClient, cast: Cast, login_as: LoginAs, paths: list[str]
) -> None:
    ana = login_as(cast.ana)
    for path in paths:
        answer = ana.get(path, headers={"If-None-Match": client.get(path).headers["ETag"]})
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"] == "no-store", path


def test_a_file_without_any_form_in_it_is_theirs_alone_too(
    client: FlaskClient, cast: Cast, login_as: LoginAs, paths: list[str]
) -> None:
    """The calendar of a session holds the online link for those with a seat, and no token that would give it away."""
    url = next(path for path in paths if path.startswith("/offerings/")) + "/calendar.ics"
    assert "public" in client.get(url).headers["Cache-Control"]
    assert login_as(cast.ana).get(url).headers["Cache-Control"] == "no-store"


def test_a_page_with_a_message_is_not_shared(client: FlaskClient, paths: list[str]) -> None:
    for path in paths:
        with client.session_transaction() as session:
            session["_flashes"] = [("message", "Only for you")]
        answer = client.get(path)
        assert "Only for you" in answer.text, path
        assert answer.headers["Cache-Control"] == "no-store", path


def test_a_page_with_the_token_of_a_form_is_not_shared(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where a view says that strangers see it alike."""
    page = lambda: web.may_be_shared(make_response(generate_csrf()))  # noqa: E731
    monkeypatch.setitem(app.view_functions, "calendars.months", page)
    for _ in "12":  # the second time the token is only read from the session
        answer = client.get("/months")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_that_went_wrong_is_not_shared(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where its view had said that strangers see it alike."""

    def page() -> None:
        web.may_be_shared(make_response("alike"))
        abort(404)

    monkeypatch.setitem(app.view_functions, "calendars.months", page)
    assert client.get("/months").headers["Cache-Control"] == "no-store"


def test_caches_for_many_may_hold_it_as_long_as_counts_may_be_old(
    app: Flask, settings: Settings, paths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CATALOG", replace(settings, browse_refresh_seconds=10))
    said = {path: app.test_client().get(path).headers["Cache-Control"] for path in paths}
    assert set(said.values()) == {"public, max-age=0, s-maxage=10"}


def test_a_refusal_is_not_shared(client: FlaskClient) -> None:
    assert client.get("/courses/999999").headers["Cache-Control"] == "no-store"
