"""What the programs say: a number for each request, a route for each address, and nothing that somebody sent."""

import io
import json
import logging
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from catalog import logs
from catalog.accounts.models import Person
from catalog.config import read
from catalog.extensions import db, writing
from catalog.notices.worker import log as worker_log
from tests import factories as make
from tests.coordinating.rows import row
from tests.factories import Cast

LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Every line of this process, at the level that says most, as JSON."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.AsJson())
    handler.addFilter(logs.Fields())
    root, levels = logging.getLogger(), (logging.getLogger().level, logs.log.level)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logs.log.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(levels[0])
    logs.log.setLevel(levels[1])


@pytest.fixture
def failing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], FlaskClient]:
    """A browser in which the page about the framework fails, as it would for people outside a test."""

    def failing(error: Exception) -> FlaskClient:
        def fail() -> str:
            raise error

        monkeypatch.setitem(app.view_functions, "browse.subscribe", fail)
        monkeypatch.setattr(app, "testing", False)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        return app.test_client()

    return failing


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def answered(out: io.StringIO) -> list[dict[str, Any]]:
    return [line for line in lines(out) if line["says"] == "answered"]


def test_a_request_is_one_line_with_its_route_and_number(
    cast: Cast, login_as: LogIn, said: io.StringIO
) -> None:
    answer = login_as(cast.ana).get("/account?secret=abc")
    line = answered(said)[-1]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/account", 200)
    assert (line["person"], line["request"]) == (cast.ana.id, answer.headers["X-Request-Id"])
    assert line["ms"] > 0


@pytest.mark.parametrize(
    "url",
    [
        "/claim/{}",
        "/account/stay/{}",
        "/calendars/{}.ics",
        "/shared/{}",
        "/unsubscribe/{}",
        "/nowhere/{}",
        "/?q={}",
        "/certificates/{}",
    ],
)
def test_no_line_holds_what_an_address_holds(client: FlaskClient, said: io.StringIO, url: str) -> None:
    secret = uuid.uuid4().hex
    client.get(url.format(secret))
    client.post(url.format(secret), data={"x": "y"})
    assert len(answered(said)) == 2
    assert secret not in said.getvalue()


def test_no_line_holds_what_any_form_was_sent(
    app: Flask, cast: Cast, login_as: LogIn, said: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every address that takes a POST, as everybody: whatever it makes of the words, it says none of them."""
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    secret = f"Secretly{uuid.uuid4().hex}"
    fields = {*FIELDS, *(column.name for table in Person.metadata.sorted_tables for column in table.columns)}
    sent = dict.fromkeys(fields, secret) | {"email": f"{secret}@example.org"}
    for browser in (app.test_client(), login_as(cast.ana), login_as(cast.ada)):
        for rule in app.url_map.iter_rules():
            if "POST" in (rule.methods or ()) and rule.endpoint != "accounts.sign_out":
                with app.test_request_context():
                    url = app.url_map.bind("").build(rule.endpoint, _values(rule), method="POST")
                browser.post(url, data=sent)
    assert len(answered(said)) > 100
    assert secret.lower() not in said.getvalue().lower()


def _values(rule: Rule) -> dict[str, Any]:
    """Something for each place in the address."""
    return {
        name: min(places.items) if isinstance(places := rule._converters[name], AnyConverter) else 1
        for name in rule.arguments
    }


FIELDS = (
    "name",
    "email",
    "password",
    "answer",
    "access_request",
    "reason",
    "text",
    "subject",
    "code",
    "words",
)


def test_a_number_is_taken_from_a_proxy_only_if_one_is_trusted(client: FlaskClient) -> None:
    given = "proxy-number-1234"
    assert client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"] != given


def test_a_number_from_a_trusted_proxy_must_be_well_formed() -> None:
    assert logs.new_id("proxy-number-1234") == "proxy-number-1234"
    for bad in ("short", "a b c d e f g h", "x" * 65, "line\nbreak-line", "<b>12345678", ""):
        assert logs.new_id(bad) != bad
    assert logs.new_id() != logs.new_id()


def test_the_page_of_an_error_names_the_number_of_its_line(
    failing: Callable[[Exception], FlaskClient], said: io.StringIO
) -> None:
    answer = failing(KeyError("a private word")).get("/subscribe")
    line = next(line for line in lines(said) if line["says"] == "unexpected error")
    assert answer.status_code == 500
    assert line["request"] == answer.headers["X-Request-Id"]
    assert line["request"] in answer.text
    assert (line["error"], line["route"]) == ("KeyError", "/subscribe")
    assert "test_logs.py" in line["where"]
    assert datetime.fromisoformat(line["at"]).tzinfo
    assert "private word" not in said.getvalue()


@pytest.mark.usefixtures("context")
def test_an_error_of_the_database_says_no_values(said: io.StringIO) -> None:
    make.person(email="taken.address@example.org")
    with pytest.raises(sa.exc.IntegrityError) as caught:
        make.person("Privately Named", email="taken.address@example.org")
    logs.log.error("unexpected error", exc_info=caught.value)
    worker_log.warning("job %s (%s) failed: %s", 1, "mail", caught.value)
    assert "taken.address" not in said.getvalue()
    assert "Privately" not in said.getvalue()
    assert "IntegrityError" in said.getvalue()
    assert "Privately" not in str(caught.value), "the statement's values are hidden in the error itself"
    db.session.rollback()


def test_lines_for_people_hold_the_same(said: io.StringIO) -> None:
    record = logging.makeLogRecord(
        {
            "name": "catalog.requests",
            "msg": "answered",
            "levelname": "INFO",
            "facts": {"route": "/x", "person": None},
        }
    )
    assert logs.AsLine().format(record).endswith("info answered route=/x")


def test_machines_are_told_of_requests_and_people_of_trouble(tmp_path: Any) -> None:
    plain, machine = (read({"DEMO": "1", **more}, tmp_path) for more in ({}, {"LOG_FORMAT": "json"}))
    assert (plain.log_level, machine.log_level) == ("warning", "info")
    assert read({"DEMO": "1", "LOG_LEVEL": "info"}, tmp_path).log_level == "info"


@pytest.mark.usefixtures("context")
def test_what_the_worker_could_not_do_is_said_without_what_it_was(said: io.StringIO) -> None:
    writing.set(True)
    row("job", payload={"text": "private"})
    worker_log.warning("job %s: %s", 1, ValueError("'private' of somebody@example.org"))
    assert "private" not in said.getvalue()
    assert "somebody@" not in said.getvalue()
