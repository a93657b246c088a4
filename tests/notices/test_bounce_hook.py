"""A mail provider tells of addresses that take no mail, with a secret that both know."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog.config import ConfigError, Settings, read
from catalog.extensions import db
from catalog.notices import dsn
from catalog.notices.models import Bounce
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.notices.reports import report

SECRET = "a secret that only the mail provider knows"
KNOWS = {"Authorization": f"Bearer {SECRET}"}
URL = "/mail/bounces"


@pytest.fixture
def hook(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of a site with the secret, where forms need their token."""
    monkeypatch.setitem(app.config, "CATALOG", replace(settings, bounce_secret=SECRET))
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app.test_client()


def told(cast: Cast, **more: Any) -> dict[str, Any]:
    return {"address": cast.ana.email, "reason": "No such user", "permanent": True, **more}


def bounces(app: Flask) -> list[tuple[str, bool, str]]:
    with inside(app):
        return [(one.address, one.is_permanent, one.reason) for one in db.session.scalars(sa.select(Bounce))]


def test_it_marks_the_address(app: Flask, cast: Cast, hook: FlaskClient) -> None:
    answer = hook.post(URL, json=told(cast), headers=KNOWS)
    assert (answer.status_code, answer.json) == (200, {"kept": 1})
    assert bounces(app) == [(cast.ana.email, True, "No such user")]


def test_told_twice_it_counts_once(app: Flask, cast: Cast, hook: FlaskClient) -> None:
    answers = [hook.post(URL, json=told(cast, message_id="<job-7@127.0.0.1>"), headers=KNOWS) for _ in "12"]
    assert [answer.json for answer in answers] == [{"kept": 1}, {"kept": 0}]
    assert len(bounces(app)) == 1


def test_what_may_pass_is_only_noted(app: Flask, cast: Cast, hook: FlaskClient) -> None:
    hook.post(URL, json=told(cast, permanent=False), headers=KNOWS)
    assert [permanent for _, permanent, _ in bounces(app)] == [False]


def test_an_address_of_nobody_here_is_not_kept(app: Flask, cast: Cast, hook: FlaskClient) -> None:
    answer = hook.post(URL, json=told(cast, address="nobody@example.org"), headers=KNOWS)
    assert (answer.json, bounces(app)) == ({"kept": 0}, [])


def test_it_takes_the_report_itself(app: Flask, cast: Cast, hook: FlaskClient) -> None:
    answer = _raw(hook, report(cast.ana.email, job_id=7))
    assert (answer.status_code, answer.json) == (200, {"kept": 0}), "no such letter was sent"


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": ""}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer ü"}]
)
def test_without_the_secret_nothing_is_believed(
    app: Flask, cast: Cast, hook: FlaskClient, headers: dict[str, str]
) -> None:
    assert hook.post(URL, json=told(cast), headers=headers).status_code == 403
    assert bounces(app) == []


def test_a_site_without_a_secret_has_no_such_page(app: Flask, cast: Cast) -> None:
    for headers in (KNOWS, {}, {"Authorization": "Bearer "}):
        assert app.test_client().post(URL, json=told(cast), headers=headers).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": None},
        {"address": ""},
        {"address": 7},
        {"address": "a" * 300},
        {"address": "a\0@example.org"},
        {"reason": "\ud800"},
        {"permanent": "yes"},
        {"permanent": None},
        {"reason": ["x"]},
        {"message_id": {}},
    ],
    ids=str,
)
def test_what_says_something_else_is_refused(
    app: Flask, cast: Cast, hook: FlaskClient, wrong: dict[str, Any]
) -> None:
    assert hook.post(URL, json=told(cast, **wrong), headers=KNOWS).status_code == 400
    assert bounces(app) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff"])
def test_what_is_no_json_is_refused(hook: FlaskClient, cast: Cast, body: bytes) -> None:
    answer = hook.post(URL, data=body, content_type="application/json", headers=KNOWS)
    assert answer.status_code == 400


def test_what_is_too_large_is_refused(hook: FlaskClient, cast: Cast) -> None:
    assert hook.post(URL, json=told(cast, reason="x" * 100_000), headers=KNOWS).status_code == 413
    assert _raw(hook, b"x" * (dsn.LARGEST + 1)).status_code == 413


def test_looking_at_it_does_nothing(hook: FlaskClient, cast: Cast) -> None:
    assert hook.get(URL, headers=KNOWS).status_code in (404, 405)


@pytest.mark.parametrize("secret", ["too-few-letters", "ü" * 40])
def test_a_secret_that_is_easily_guessed_stops_the_start(tmp_path: Any, secret: str) -> None:
    with pytest.raises(ConfigError, match="BOUNCE_SECRET") as refusal:
        read({"DEMO": "1", "BOUNCE_SECRET": secret}, tmp_path)
    assert secret not in str(refusal.value)


def _raw(hook: FlaskClient, raw: bytes) -> TestResponse:
    return hook.post(URL, data=raw, content_type="message/rfc822", headers=KNOWS)
