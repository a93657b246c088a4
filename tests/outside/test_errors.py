"""An error of ours is a page that says nothing of its inside, and leaves nothing half done."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db, start_writing
from tests.factories import Cast

SECRET = "what nobody outside shall read"


@pytest.fixture
def failing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """One view fails half-way, in an application that shows its page as it does for visitors."""

    def fail() -> str:
        start_writing()
        db.session.add(Person(name="Half a person", email="half@example.org", created_at=clock.now()))
        db.session.flush()
        raise RuntimeError(SECRET)

    monkeypatch.setitem(app.view_functions, "calendars.months", fail)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = None


def test_an_error_of_ours_says_nothing_of_it(failing: Flask, cast: Cast) -> None:
    answer = failing.test_client().get("/months")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    for word in (SECRET, "Traceback", "RuntimeError", "sqlalchemy", "/catalog/"):
        assert word not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_what_failed_half_way_is_not_kept(failing: Flask, cast: Cast) -> None:
    failing.test_client().get("/months")
    with failing.app_context():
        assert db.session.scalar(sa.select(Person).where(Person.name == "Half a person")) is None


def test_trace_is_not_answered(client_of: Flask) -> None:
    assert client_of.test_client().open("/", method="TRACE").status_code == 405


@pytest.fixture
def client_of(app: Flask, _rows: None) -> Flask:
    return app
