"""A series is edited while people enroll: nobody is lost, and everyone is told the new dates."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.accounts import services as accounts
from catalog.cli.work import handlers, offering_changed
from catalog.config import Settings
from catalog.courses.models import Offering
from catalog.enrollment import queries
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import State
from catalog.extensions import db, writing
from catalog.notices import worker
from catalog.notices.models import Job
from catalog.teaching import services
from catalog.teaching.services import Scope, Wanted
from catalog.wording import day
from tests import factories as make
from tests.servers import Browser, Ports, at_once, running

PEOPLE, SEATS = 24, 16


@pytest.fixture
def servers(app: Flask, _rows: None, database_url: str) -> Iterator[Ports]:
    with running(database_url) as ports:
        yield ports


def works(app: Flask, settings: Settings, stop: threading.Event) -> None:
    """A worker that tells people while they still join; it hands no mail on."""
    does = {**handlers(settings), "mail": lambda _job_id, _payload: None}
    worker.work(app, does, stop=stop, pause=0.02)


def told(app: Flask) -> dict[str, list[str]]:
    """What everyone was written, by name."""
    with app.app_context():
        writing.set(False)
        found: dict[str, list[str]] = {}
        for job in db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id)):
            found.setdefault(job.payload["name"], []).append(job.payload["text"])
        return found


@pytest.mark.race
def test_whoever_joins_meanwhile_is_on_it_and_knows_the_new_dates(
    app: Flask, servers: Ports, settings: Settings
) -> None:
    with app.app_context():
        writing.set(True)
        ivo = make.person("Ivo Sample", is_trainer=True)
        offering = make.offering(seats=SEATS, meetings=3, trainer_id=ivo.id)
        trainer = Browser(servers[0], {"sign_in": accounts.begin_sign_in(ivo)})
        people = [
            Browser(
                servers[index % len(servers)],
                {"sign_in": accounts.begin_sign_in(make.person(f"Person{index} Sample"))},
            )
            for index in range(PEOPLE)
        ]
        first = offering.meetings[0]
        moved = first.starts_wall + timedelta(days=1)
        fields = {
            "date": moved.date().isoformat(),
            "starts": f"{first.starts_wall:%H:%M}",
            "ends": f"{first.ends_wall:%H:%M}",
            "scope": "all",
            "version": "1",
        }
        offering_id, new_day, old_day = offering.id, day(moved), day(first.starts_wall)
        db.session.commit()
    for browser in (*people, trainer):
        assert browser.get("/account").status == 200
    stop = threading.Event()
    thread = threading.Thread(target=works, args=(app, settings, stop))
    thread.start()
    edits = partial(trainer.post, f"/offerings/{offering_id}/meetings/1/edit", **fields)
    joins = [partial(browser.post, f"/offerings/{offering_id}/enrollments") for browser in people]
    acts: list[Callable[[], Any]] = [*joins[:10], edits, *joins[10:]]
    answers = at_once(acts)
    stop.set()
    thread.join(20)
    works_once(app, settings)
    assert {answer.status for answer in answers} == {303}
    with app.app_context():
        writing.set(False)
        offering = db.session.get_one(Offering, offering_id)
        assert day(offering.meetings[0].starts_wall) == new_day
        rows = queries.roster(offering)
        states = [row.enrollment.state for row in rows]
        assert (states.count(State.SEATED), states.count(State.WAITING)) == (SEATS, PEOPLE - SEATS)
        names = {row.person.name for row in rows}
    letters = told(app)
    # Ivo, who teaches it, is told for his own calendar.
    assert names == letters.keys() - {"Ivo Sample"}
    for name in names:
        texts = letters[name]
        assert new_day in texts[-1] or any("is now" in text for text in texts), (name, old_day, texts)


def works_once(app: Flask, settings: Settings) -> None:
    does = {**handlers(settings), "mail": lambda _job_id, _payload: None}
    worker.work(app, does, stop=threading.Event(), once=True)


# The same in single steps. SQLite has one writer at a time, so there nobody reads the old dates and joins later.


def edit(offering: Offering) -> str:
    """Move the whole series by a day; gives the new first day."""
    first = offering.meetings[0]
    wanted = Wanted(
        first.starts_wall + timedelta(days=1), first.ends_wall + timedelta(days=1), "", frozenset(), None
    )
    assert offering.trainer
    services.edit_series(offering, first, wanted, Scope.ALL, offering.version, by=offering.trainer)
    return day(wanted.starts)


@pytest.mark.postgres
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("fields", [{}, {"seats": None}, {"seats": 1}, {"needs_approval": True}])
def test_who_read_the_old_dates_and_joins_later_is_written_the_new_ones(
    app: Flask, fields: dict[str, Any]
) -> None:
    ana = make.person("Ana Sample")
    offering = make.offering(meetings=2, trainer_id=make.person(is_trainer=True).id, **fields)
    if fields.get("seats") == 1:
        first = make.person()
        enrollment.enroll(first, offering, by=first)
    offering_id, ana_id = offering.id, ana.id
    db.session.commit()
    found = queries.offering_to_join(offering_id)
    assert found
    said: list[str] = []

    def beside() -> None:
        with app.app_context():
            writing.set(True)
            said.append(edit(db.session.get_one(Offering, offering_id)))
            db.session.commit()

    thread = threading.Thread(target=beside)
    thread.start()
    thread.join(10)
    person = db.session.get_one(type(ana), ana_id)
    enrollment.enroll(person, found, by=person)
    db.session.commit()
    last = db.session.scalars(sa.select(Job).where(Job.person_id == ana_id).order_by(Job.id.desc())).first()
    assert last
    assert said[0] in last.payload["text"]


@pytest.mark.postgres
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("fields", [{}, {"seats": None}, {"needs_approval": True}])
def test_telling_waits_for_who_is_joining(app: Flask, fields: dict[str, Any]) -> None:
    """Ana has taken a seat by the old dates and is not committed; the letter about the change reaches her too."""
    ana, ivo = make.person("Ana Sample"), make.person(is_trainer=True)
    offering = make.offering(meetings=2, trainer_id=ivo.id, **fields)
    offering_id, ana_id = offering.id, ana.id
    db.session.commit()
    joined = enrollment.enroll(ana, offering, by=ana)
    done: list[int] = []

    def beside() -> None:
        with app.app_context():
            writing.set(True)
            edit(db.session.get_one(Offering, offering_id))
            db.session.commit()
            offering_changed(0, {"offering_id": offering_id, "changes": ["It is a day later."]})
            db.session.commit()
            done.append(1)

    thread = threading.Thread(target=beside)
    thread.start()
    thread.join(1.0)
    assert joined.offering_id == offering_id
    db.session.commit()
    thread.join(10)
    assert done == [1]
    texts = db.session.scalars(sa.select(Job.payload).where(Job.person_id == ana_id)).all()
    assert any("It is a day later." in payload["text"] for payload in texts)
