"""Everybody is reckoned anew by the worker after a rule changed: batch by batch, and never twice."""

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.cli.work import handlers
from catalog.competencies.models import Category, HourRule
from catalog.config import Settings
from catalog.endorsement.models import Goal, Recount
from catalog.endorsement.services import recount
from catalog.extensions import db, writing
from catalog.notices import worker
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.endorsement import goals
from tests.endorsement.conftest import Scene
from tests.factories import Cast
from tests.statements import counted

Work = Callable[..., None]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recount, "BATCH", 3)


@pytest.fixture
def do(app: Flask, settings: Settings) -> Work:
    """The worker does `jobs` jobs, or everything that is due."""

    def do(jobs: int | None = None) -> None:
        stop = threading.Event()
        left = [jobs]

        def counting(handler: worker.Handler) -> worker.Handler:
            def handle(job_id: int, payload: dict[str, object]) -> None:
                handler(job_id, payload)
                if left[0] is not None:
                    left[0] -= 1
                    if left[0] == 0:
                        stop.set()

            return handle

        known = {kind: counting(handler) for kind, handler in handlers(settings).items()}
        worker.work(app, known, stop=stop, once=True)

    return do


def many(app: Flask, scene: Scene, more: int = 7) -> None:
    """Ana's goal and those of some others, all of one category."""
    with app.app_context():
        writing.set(True)
        category = db.session.get_one(Category, scene.category_id)
        for number in range(more):
            goals.goal(make.person(f"Person{number} Sample"), category)
        db.session.commit()


def ask(app: Flask, scene: Scene, everybody: bool = False) -> int:
    with app.app_context():
        writing.set(True)
        recount.ask("A rule changed", None if everybody else {scene.category_id}, None)
        db.session.commit()
        return db.session.scalars(sa.select(Recount.id).order_by(Recount.id.desc())).first() or 0


def state(app: Flask, number: int) -> Recount:
    with app.app_context():
        return db.session.get_one(Recount, number)


def summaries(app: Flask) -> list[dict[str, object] | None]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Goal.summary).order_by(Goal.id)))


def test_everybody_is_reckoned_and_it_says_so(app: Flask, scene: Scene, do: Work) -> None:
    many(app, scene)
    number = ask(app, scene)
    do()
    done = state(app, number)
    assert (done.total, done.done, done.changed) == (8, 8, 0)
    assert done.finished_at is not None
    found = summaries(app)
    assert all(found)
    assert found[0] is not None
    assert found[0]["hours"][0]["amount"] == [180, 0, 0]  # type: ignore[index]


def test_those_who_stand_otherwise_than_before_are_counted(app: Flask, scene: Scene, do: Work) -> None:
    many(app, scene)
    ask(app, scene)
    do()
    with app.app_context():
        writing.set(True)
        db.session.execute(sa.update(HourRule).values(minutes=120))
        # Whose hours are the same stands otherwise too, because more is asked or less.
        db.session.commit()
    number = ask(app, scene)
    do()
    assert state(app, number).changed == 8
    again = ask(app, scene)
    do()
    assert state(app, again).changed == 0


def test_a_worker_that_stops_goes_on_where_it_was(app: Flask, scene: Scene, do: Work) -> None:
    many(app, scene)
    number = ask(app, scene)
    do(jobs=1)
    half = state(app, number)
    assert (half.done, half.finished_at) == (3, None)
    assert [summary is not None for summary in summaries(app)] == [True] * 3 + [False] * 5
    do()
    assert (state(app, number).done, state(app, number).finished_at is not None) == (8, True)


def test_a_batch_that_fails_is_taken_back_and_done_again(
    app: Flask, scene: Scene, do: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(app, scene)
    number = ask(app, scene)
    with monkeypatch.context() as patch:

        def fails(*_: object) -> None:
            raise RuntimeError("the machine went off")

        patch.setattr(recount, "_write", fails)
        do(jobs=1)
    assert state(app, number).done == 0
    with app.app_context():
        writing.set(True)
        db.session.execute(sa.update(Job).values(run_at=clock.now()))
        db.session.commit()
    do()
    assert state(app, number).done == 8


def test_a_batch_that_another_worker_has_done_is_not_done_twice(app: Flask, scene: Scene, do: Work) -> None:
    many(app, scene)
    number = ask(app, scene)
    do(jobs=1)
    with app.app_context():
        writing.set(True)
        first = db.session.scalars(sa.select(Job).order_by(Job.id)).first()
        assert first is not None
        recount.reckon_batch(first.payload, clock.now(), clock.now().date())
        db.session.commit()
    assert state(app, number).done == 3
    do()
    assert state(app, number).done == 8


def test_a_full_last_batch_ends_too(app: Flask, scene: Scene, do: Work) -> None:
    many(app, scene, more=5)
    number = ask(app, scene)
    do()
    assert (state(app, number).done, state(app, number).finished_at is not None) == (6, True)


def test_only_goals_of_the_category_and_none_left_aside(app: Flask, scene: Scene, do: Work) -> None:
    with app.app_context():
        writing.set(True)
        other = make.category("IFA")
        goals.goal(make.person("Una Sample"), other)
        goals.goal(
            make.person("Lea Sample"),
            db.session.get_one(Category, scene.category_id),
            dropped_at=clock.now(),
        )
        db.session.commit()
    number = ask(app, scene)
    do()
    assert state(app, number).done == 1
    assert [summary is not None for summary in summaries(app)] == [True, False, False]
    everybody = ask(app, scene, everybody=True)
    do()
    assert state(app, everybody).done == 2


def test_where_nobody_works_toward_it_nothing_is_asked(app: Flask, cast: Cast) -> None:
    with app.app_context():
        writing.set(True)
        recount.ask("A rule changed", None, None)
        assert db.session.scalars(sa.select(Recount)).all() == []
        assert db.session.scalars(sa.select(Job).order_by(Job.id)).all() == []


def test_a_batch_asks_as_many_questions_however_many_goals_it_has(
    app: Flask, scene: Scene, do: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> int:
        ask(app, scene)
        with app.app_context():
            writing.set(True)
            job = db.session.scalars(sa.select(Job).order_by(Job.id.desc())).first()
            assert job is not None
            payload = job.payload
            with counted() as seen:
                recount.reckon_batch(payload, clock.now(), clock.now().date())
            db.session.commit()
        return len(seen)

    monkeypatch.setattr(recount, "BATCH", 200)
    one = asked()
    many(app, scene, more=40)
    assert asked() == one


def test_every_job_of_it_is_done(app: Flask, scene: Scene, do: Work) -> None:
    many(app, scene)
    ask(app, scene)
    do()
    with app.app_context():
        assert set(db.session.scalars(sa.select(Job.state))) == {JobState.DONE}


@pytest.fixture
def mira(cast: Cast, login_as: Callable[[Person], FlaskClient]) -> FlaskClient:
    return login_as(cast.mira)


def test_the_page_says_how_far_it_is(
    app: Flask, scene: Scene, do: Work, mira: FlaskClient, htmx: dict[str, str]
) -> None:
    many(app, scene)
    number = ask(app, scene)
    do(jobs=1)
    url = f"/framework/recounts/{number}"
    page = mira.get(url)
    assert page.status_code == 200
    assert "3 of 8 looked at" in page.text
    assert f'hx-get="{url}" hx-trigger="every 2s"' in page.text
    assert f'<a href="{url}">See how far it is</a>' in page.text
    assert mira.get(url, headers=htmx).text.lstrip().startswith('<div id="recount"')
    do()
    assert "hx-trigger" not in mira.get(url, headers=htmx).text
    assert "0 goals stand differently than before." in mira.get(url).text


def test_who_may_look(
    app: Flask,
    scene: Scene,
    client: FlaskClient,
    cast: Cast,
    login_as: Callable[[Person], FlaskClient],
    mira: FlaskClient,
) -> None:
    url = f"/framework/recounts/{ask(app, scene)}"
    assert client.get(url).headers["Location"].startswith("/sign-in")
    assert login_as(cast.ivo).get(url).status_code == 403
    assert mira.get("/framework/recounts/999999").status_code == 404
    assert mira.post(url).status_code == 405
