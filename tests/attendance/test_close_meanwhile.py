"""A mark that arrives while the roster is being closed: it waits, and is refused. Two closers: one of them closes."""

from collections.abc import Callable
from threading import Thread

import pytest
from flask import Flask

from catalog.attendance import refusals, services
from catalog.errors import RuleBroken
from catalog.extensions import db
from tests.attendance import sheets
from tests.attendance.sheets import Scene, inside
from tests.factories import Cast


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    scene = sheets.scene(app, cast)
    scene.mark(scene.ana_id, 180)
    scene.mark(scene.otto_id, 180)
    return scene


def meanwhile(scene: Scene, act: Callable[[], object]) -> list[RuleBroken]:
    """What `act` was refused with, having begun while the roster was closed but not yet committed."""
    refused: list[RuleBroken] = []

    def other() -> None:
        try:
            with inside(scene.app):
                act()
        except RuleBroken as refusal:
            refused.append(refusal)

    with inside(scene.app):
        services.close(scene.offering, by=scene.ivo)
        thread = Thread(target=other)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it did not wait"
        db.session.commit()
    thread.join(20)
    return refused


def test_a_mark_waits_for_the_closing_and_is_refused(scene: Scene) -> None:
    def mark() -> None:
        sheets.mark(scene.offering.meetings[0], scene.enrolled(scene.ana_id), 0, by=scene.ivo)

    [refusal] = meanwhile(scene, mark)
    assert isinstance(refusal, refusals.RosterClosed)
    assert scene.saved() == {"Ana": 180, "Otto": 180}


def test_a_second_closer_waits_and_is_refused(scene: Scene) -> None:
    [refusal] = meanwhile(scene, lambda: services.close(scene.offering, by=scene.ivo))
    assert str(refusal) == "This roster is closed already."
