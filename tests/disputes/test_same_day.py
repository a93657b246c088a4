"""What Ana sees of her mark as soon as it is written, and what follows when it was disputed and put right."""

import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.attendance import services as attendance
from catalog.certificates.models import Certificate
from catalog.cli.work import handlers
from catalog.config import Settings
from catalog.extensions import db
from catalog.notices import worker
from tests.attendance.sheets import Scene, inside
from tests.disputes import threads
from tests.disputes.threads import LoginAs, said
from tests.factories import Cast


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return threads.marked(app, cast, 170)


def test_a_mark_stands_under_my_learning_at_once_with_its_method_and_no_letter(
    scene: Scene, login_as: LoginAs
) -> None:
    page = login_as(scene.cast.ana).get("/learning").text
    assert "2 h 50 min of 3 h" in page
    assert "roll call" in page
    assert threads.url(scene) in page
    assert not [text for text in threads.letters(scene) if "2 h 50 min" in text]


def test_while_it_is_disputed_my_learning_leads_to_the_thread(scene: Scene, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    assert f'href="{thread}"' in login_as(scene.cast.ana).get("/learning").text


def certificates(app: Flask, settings: Settings, scene: Scene) -> list[Certificate]:
    """Ana's, after the worker has done what was due."""
    worker.work(app, handlers(settings), stop=threading.Event(), once=True)
    with inside(app):
        hers = sa.select(Certificate).where(Certificate.person_id == scene.cast.ana.id)
        return list(db.session.scalars(hers.order_by(Certificate.id)))


def test_a_disputed_mark_that_is_put_right_supersedes_the_certificate(
    app: Flask, settings: Settings, scene: Scene, login_as: LoginAs
) -> None:
    scene.mark(scene.otto_id, 180)
    with inside(app):
        attendance.close(scene.offering, by=scene.ivo)
    [first] = certificates(app, settings, scene)
    thread = threads.opened(scene, login_as)
    login_as(scene.cast.ivo).post(f"{thread}/answer", data=said(scene, "You are right.", "present"))
    login_as(scene.cast.ana).post(f"{thread}/accept", data={"seen": threads.last(scene)})
    old, new = certificates(app, settings, scene)
    assert (old.id, old.superseded_by_id, new.superseded_at) == (first.id, new.id, None)
    page = app.test_client().get(f"/c/{old.number}").text
    assert f"/c/{new.number}" in page
