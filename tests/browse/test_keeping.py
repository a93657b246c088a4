"""How long a picture is kept, and who waits for a new one."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.browse import keeping
from catalog.browse.facets import Picture
from catalog.browse.queries import drawing
from catalog.courses.models import Seat
from catalog.extensions import db
from tests import factories as make
from tests.browse.pages import found, inside, kept_picture, total

ZONE = "America/Chicago"


def test_a_kept_picture_is_used_again(app: Flask) -> None:
    with kept_picture(app), app.app_context():
        first = keeping.picture(db.engine, 3600, ZONE)
        assert keeping.picture(db.engine, 3600, ZONE) is first


def test_an_old_picture_is_drawn_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "SHARE", 0)
    with kept_picture(app), app.app_context():
        first = keeping.picture(db.engine, 1, ZONE)
        keeping.keeper(db.engine).good_until = 0
        assert keeping.picture(db.engine, 1, ZONE) is not first


def test_nobody_waits_long_for_a_slow_drawing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    finish = threading.Event()

    def slow(*args: object) -> Picture:
        finish.wait(20)
        return drawing.draw(*args)  # type: ignore[arg-type]

    with kept_picture(app), app.app_context():
        first = keeping.picture(db.engine, 3600, ZONE)
        monkeypatch.setattr(keeping, "draw", slow)
        monkeypatch.setattr(keeping, "PATIENCE", 0.05)
        keeping.keeper(db.engine).good_until = 0
        assert keeping.picture(db.engine, 3600, ZONE) is first
        thread = keeping.keeper(db.engine).drawing
        finish.set()
        assert thread is not None
        thread.join(20)
        assert keeping.picture(db.engine, 3600, ZONE) is not first


def test_a_failed_drawing_leaves_the_old_picture(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Picture:
        raise OSError("the disk is gone")

    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with kept_picture(app), app.app_context():
        first = keeping.picture(db.engine, 3600, ZONE)
        monkeypatch.setattr(keeping, "draw", fails)
        keeping.keeper(db.engine).good_until = 0
        assert keeping.picture(db.engine, 3600, ZONE) is first


def test_the_list_is_never_as_old_as_the_counts(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("First"))
    with kept_picture(app):
        assert found(client) == ["First"]
        with inside(app):
            make.offering(make.course("Posted since"), starts=clock.now() + timedelta(days=90))
        assert found(client) == ["First", "Posted since"]
        # Only the last page is shown, so the total is counted on it and not taken from the picture.
        assert total(client.get("/").text) == 2


def test_a_seat_that_is_taken_shows_at_once(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        offering = make.offering(seats=3)
    with kept_picture(app):
        assert "3 seats left" in client.get("/").text
        with inside(app):
            free = sa.select(Seat).where(Seat.offering_id == offering.id).limit(1)
            db.session.scalars(free).one().is_taken = True
        assert "2 seats left" in client.get("/").text
