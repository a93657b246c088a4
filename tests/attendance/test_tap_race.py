"""Two devices at the same moment, on two server processes: one mark, and everything written down."""

from collections.abc import Iterator
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.accounts import services as accounts
from catalog.attendance.models import Mark, Recording
from catalog.extensions import db
from catalog.reports.checking import invariants
from tests.attendance import sheets
from tests.attendance.sheets import Scene
from tests.factories import Cast
from tests.servers import Answer, Browser, Ports, at_once, running

pytestmark = pytest.mark.race
TAPS = 12


@pytest.fixture
def servers(app: Flask, _rows: None, database_url: str) -> Iterator[Ports]:
    with running(database_url) as ports:
        yield ports


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return sheets.scene(app, cast)


def devices(scene: Scene, servers: Ports) -> list[Browser]:
    """Ivo's and Mira's, each on a server of its own, with a form's token at hand."""
    with sheets.inside(scene.app):
        people = (scene.ivo, db.session.get_one(type(scene.ivo), scene.cast.mira.id))
        tokens = [accounts.begin_sign_in(person) for person in people]
    browsers = [Browser(port, {"sign_in": token}) for port, token in zip(servers, tokens, strict=True)]
    for browser in browsers:
        assert browser.get(scene.url).status == 200
    return browsers


def statuses(answers: list[object]) -> set[object]:
    return {answer.status if isinstance(answer, Answer) else answer for answer in answers}


def test_two_devices_marking_at_once_end_in_one_mark(scene: Scene, servers: Ports) -> None:
    pair = devices(scene, servers)
    taps = [
        partial(
            pair[number % 2].post,
            scene.mark_url(scene.ana_id),
            **{f"mark-{scene.ana}": "present" if number % 2 else "absent"},
            tap=f"tap-number-{number}",
            age=TAPS - number,
        )
        for number in range(TAPS)
    ]
    assert statuses(at_once(taps)) == {303}
    with sheets.inside(scene.app):
        assert db.session.scalars(sa.select(Mark.minutes)).all() == [180]
        assert db.session.scalar(sa.select(sa.func.count(Recording.id))) == TAPS
        assert [name for name, _, select in invariants.ALL if db.session.execute(select).first()] == []


def test_the_same_tap_sent_at_once_by_two_windows_is_one(scene: Scene, servers: Ports) -> None:
    pair = devices(scene, servers)
    fields = {f"mark-{scene.ana}": "present", "tap": "the-same-tap", "age": 3}
    taps = [partial(browser.post, scene.mark_url(scene.ana_id), **fields) for browser in pair * 4]
    assert statuses(at_once(taps)) == {303}
    with sheets.inside(scene.app):
        assert db.session.scalar(sa.select(sa.func.count(Recording.id))) == 1
