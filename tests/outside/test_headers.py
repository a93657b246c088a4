"""Every answer says what browsers and caches may do with it."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog.accounts.models import Person
from catalog.config import Settings
from catalog.web.site import HTMX_URL
from tests.attendance.sheets import inside
from tests.certificates.papers import closed
from tests.factories import Cast
from tests.test_every_page import Page

LoginAs = Callable[[Person], FlaskClient]
Numbers = dict[str, int | str]
ROLES = ("stranger", "ana", "ada")
"""Nobody, somebody, and somebody who may see everything."""
REFERRERS = {"strict-origin-when-cross-origin", "same-origin", "no-referrer"}
"""What other sites are told: our name at most. Pages whose address is a secret say less."""
MAY_BE_KEPT = {
    "browse.index",
    "browse.course",
    "browse.offering",
    "browse.calendar",
    "browse.feed",
    "browse.subscribe",
    "calendars.months",
    "certificates.show",
    "competencies.index",
}
"""What strangers see alike."""
FILES = {"static", "htmx"}
VARY = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request", "Cookie")


def every_answer(app: Flask, browser: FlaskClient, numbers: Numbers) -> list[tuple[str, TestResponse]]:
    """Of each address: looking at it, and what is said to whoever sends something there without a form's token."""
    found = []
    for rule in app.url_map.iter_rules():
        # What only a form's address names is not looked for, because the form is refused before.
        values = {name: numbers.get(name, 1) for name in rule.arguments} | {"filename": "site.css"}
        values = {name: values[name] for name in rule.arguments}
        url = str(app.url_map.bind("").build(rule.endpoint, values, method=min(rule.methods or ())))
        asked = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = browser.open(url, method=asked)
        answer.get_data()
        answer.close()
        found.append((rule.endpoint, answer))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_address(app: Flask, cast: Cast, login_as: LoginAs, numbers: Numbers, role: str) -> None:
    browser = app.test_client() if role == "stranger" else login_as(getattr(cast, role))
    # Nothing is done: without its token each form is refused, with all its headers.
    app.config["WTF_CSRF_ENABLED"] = True
    answers = every_answer(app, browser, numbers)
    assert len(answers) > 250
    wrong = {}
    for endpoint, answer in answers:
        try:
            _look(endpoint, answer, is_stranger=role == "stranger")
        except (AssertionError, KeyError) as error:
            wrong[endpoint] = str(error).splitlines()[:2]
    assert wrong == {}


def _look(endpoint: str, answer: TestResponse, *, is_stranger: bool) -> None:
    headers, where = answer.headers, endpoint
    assert answer.status_code < 500, where
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", where
    assert "unsafe" not in headers["Content-Security-Policy"], where
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["Referrer-Policy"] in REFERRERS, where
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin", where
    assert "camera=()" in headers["Permissions-Policy"], where
    assert "Access-Control-Allow-Origin" not in headers, where
    assert "Strict-Transport-Security" not in headers, "this site is not secure, and says nothing about it"
    assert "Server" not in headers or "Werkzeug" not in headers["Server"], where
    _look_at_cookies(answer, where, secure=False)
    _look_at_keeping(endpoint, answer, is_stranger=is_stranger)
    if answer.mimetype == "text/html":
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8", where
        assert Page(answer.text).inline == [], where
        assert not re.search(r"<style|<script(?![^>]* src=)[^>]*>", answer.text), where


def _look_at_cookies(answer: TestResponse, where: str, *, secure: bool) -> None:
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie, (where, cookie)
        assert "SameSite=Lax" in cookie or "SameSite=Strict" in cookie, (where, cookie)
        assert ("Secure" in cookie) == secure, (where, cookie)


def _look_at_keeping(endpoint: str, answer: TestResponse, *, is_stranger: bool) -> None:
    keeping, where = answer.headers.get("Cache-Control", ""), endpoint
    if endpoint in FILES:
        return
    may = endpoint == "browse.feed" or (is_stranger and endpoint in MAY_BE_KEPT)
    if may and answer.status_code == 200:
        assert "public" in keeping, where
        assert "ETag" in answer.headers, where
        assert endpoint == "browse.feed" or "Cookie" in answer.headers["Vary"], where
        assert "Set-Cookie" not in answer.headers, where
        assert 'name="csrf_token"' not in answer.text, where
    elif endpoint == "calendars.feed" and answer.status_code == 200:
        assert keeping == "private, no-cache", "a calendar program's own, known by the secret in its address"
    else:
        assert "no-store" in keeping, where
        assert "public" not in keeping, where


@pytest.fixture
def secure(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A site that people reach over https."""
    real = replace(settings, site_url="https://learning.example.org")
    for name, value in {**real.flask_config(), "CATALOG": real}.items():
        if name.endswith(("_SECURE", "CATALOG")):
            monkeypatch.setitem(app.config, name, value)
    return app


def test_a_secure_site_asks_to_be_reached_so_for_a_year(secure: Flask) -> None:
    said = secure.test_client().get("/").headers["Strict-Transport-Security"]
    assert said == "max-age=31536000; includeSubDomains"


def test_a_secure_site_has_secure_cookies(secure: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    secure.config["WTF_CSRF_ENABLED"] = True
    answers = [secure.test_client().get("/sign-in"), browser.get("/account")]
    assert any(answer.headers.getlist("Set-Cookie") for answer in answers)
    for answer in answers:
        _look_at_cookies(answer, "a secure site", secure=True)


def test_a_page_loads_frames_and_sends_nothing_that_is_not_ours(client: FlaskClient) -> None:
    said = client.get("/sign-in").headers
    assert said["X-Content-Type-Options"] == "nosniff"
    assert dict(part.strip().split(" ", 1) for part in said["Content-Security-Policy"].split(";")) == {
        "default-src": "'self'",
        "script-src": f"'self' {HTMX_URL}",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
    }


def test_caches_keep_the_page_the_part_of_it_and_each_readers_own_apart(
    app: Flask, cast: Cast, login_as: LoginAs, htmx: dict[str, str]
) -> None:
    """A page that is painted for one, a page that is painted for all strangers, and what follows a change."""
    with inside(app):
        offering = closed()
    ada = login_as(cast.ada)
    answers = [
        ada.get("/account"),
        app.test_client().get("/"),
        ada.post(f"/offerings/{offering.id}/certificates", headers=htmx),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert set(VARY) <= {name.strip() for name in answer.headers["Vary"].split(",")}


def test_a_part_is_sent_only_where_a_part_is_asked_for(client: FlaskClient, htmx: dict[str, str]) -> None:
    assert "<html" not in client.get("/", headers=htmx).text
    for also in ({"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}):
        assert "<html" in client.get("/", headers=htmx | also).text, also


def test_an_error_has_them_too(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
