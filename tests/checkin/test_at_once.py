"""Many press the button at the same moment, at two server processes."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts import services as accounts
from catalog.attendance.models import Mark, Recording
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.checkin.doors import Scene, scene
from tests.factories import Cast
from tests.servers import Browser, at_once, running

pytestmark = pytest.mark.race


@pytest.fixture
def room(app: Flask, cast: Cast) -> Scene:
    """Three seats, one of them Ana's."""
    return scene(app, cast, starts=clock.now() - timedelta(minutes=5), allows_walk_ins=True)


def before_the_button(browser: Browser, room: Scene) -> None:
    assert browser.get(room.drawn()).status == 303
    assert browser.get(room.url).status == 200


def test_one_person_pressing_often_is_written_down_once(room: Scene, database_url: str) -> None:
    with inside(room.app):
        token = accounts.begin_sign_in(room.person(room.cast.ana))
    with running(database_url) as ports:
        browsers = [Browser(port, {"sign_in": token}) for port in ports * 3]
        for browser in browsers:
            before_the_button(browser, room)
        presses = [partial(browser.post, room.url, do="come") for browser in browsers]
        answers = [answer.status for answer in at_once(presses)]
    assert answers == [303] * 6
    with inside(room.app):
        assert len(db.session.scalars(sa.select(Mark)).all()) == 1
        assert len(db.session.scalars(sa.select(Recording)).all()) == 1


def test_six_who_walk_in_get_the_two_seats_there_are(room: Scene, database_url: str) -> None:
    with inside(room.app):
        tokens = [accounts.begin_sign_in(make.person(f"Nia{number} Sample")) for number in range(6)]
    with running(database_url) as ports:
        browsers = [Browser(ports[turn % 2], {"sign_in": token}) for turn, token in enumerate(tokens)]
        for browser in browsers:
            before_the_button(browser, room)
        presses = [partial(browser.post, room.url, do="walk_in") for browser in browsers]
        answers = [answer.status for answer in at_once(presses)]
    assert sorted(answers) == [303] * 2 + [409] * 4
    with inside(room.app):
        seated = sa.select(sa.func.count(Enrollment.id)).where(Enrollment.state == State.SEATED)
        assert db.session.scalar(seated) == 3
        assert len(db.session.scalars(sa.select(Mark)).all()) == 2
