"""A statement reads the session, the session is changed and everyone is told, and only then the statement takes its
seat, on PostgreSQL: what a statement reads is as old as its beginning, and a busy machine may let it rest there."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.accounts.models import Person
from catalog.cli.work import offering_changed
from catalog.courses import services as courses
from catalog.courses.models import Offering
from catalog.enrollment import queries, refusals, seats, services
from catalog.enrollment.models import State
from catalog.enrollment.services import at_once
from catalog.extensions import HAS_BEGUN, db, start_writing
from catalog.notices.models import Job
from catalog.teaching import services as teaching
from catalog.teaching.services import Scope, Wanted
from catalog.teaching.services.series import _row
from catalog.wording import day
from tests import factories as make

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("context")]
KEY = 20261129
WAYS = pytest.mark.parametrize("is_first", [True, False], ids=["at once", "the long way"])


def forget_statements() -> None:
    for written in (seats._take, seats._stands_as_read, at_once._together):
        written.cache_clear()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch, context: None) -> Iterator[sa.Connection]:
    """While this connection is open, whoever looks for a seat has read everything and locked nothing."""
    waits, as_read = seats.somebody_waits, seats._as_read
    passed = sa.select(sa.cast(sa.func.pg_advisory_xact_lock_shared(KEY), sa.Text)).scalar_subquery()

    def behind_the_gate(offering_id: object) -> sa.ColumnElement[bool]:
        return sa.or_(waits(offering_id), passed.is_(None))

    def held_behind_the_gate(offering_id: object, version: object) -> sa.Select[tuple[int]]:
        return as_read(offering_id, version).where(passed.is_not(None))

    forget_statements()
    monkeypatch.setattr(seats, "somebody_waits", behind_the_gate)
    monkeypatch.setattr(seats, "_as_read", held_behind_the_gate)
    with db.engine.connect() as closed:
        closed.execute(sa.select(sa.func.pg_advisory_lock(KEY)))
        yield closed
    forget_statements()


def is_at_the_gate(gate: sa.Connection) -> bool:
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    return bool(gate.scalar(waiting))


def joins(
    app: Flask, gate: sa.Connection, offering: Offering, person: Person, is_first: bool
) -> Callable[[], str]:
    """Somebody who has read the session and looks for a seat; what came of it once the gate is open."""
    got: list[str] = []

    def join(offering_id: int, person_id: int) -> None:
        with app.app_context():
            start_writing()
            who = db.session.get_one(Person, person_id)
            if is_first:
                # As on the web, where nothing that was read before has begun a transaction.
                db.session.expunge(who)
                db.session.rollback()
            found = queries.offering_to_join(offering_id)
            assert found
            assert is_first != (HAS_BEGUN in db.session().info)
            try:
                services.enroll(who, found, by=who, is_first=is_first)
                db.session.commit()
                got.append(State.SEATED)
            except (refusals.EnrollmentClosed, refusals.AnswerNeeded) as refusal:
                got.append(str(refusal))

    thread = threading.Thread(target=join, args=(offering.id, person.id))
    thread.start()
    until = time.monotonic() + 10
    while not is_at_the_gate(gate) and time.monotonic() < until:
        time.sleep(0.01)
    assert is_at_the_gate(gate)

    def opened() -> str:
        gate.execute(sa.select(sa.func.pg_advisory_unlock(KEY)))
        thread.join(10)
        return got[0]

    return opened


@WAYS
def test_who_read_the_old_dates_and_takes_a_seat_later_is_written_the_new_ones(
    app: Flask, gate: sa.Connection, is_first: bool
) -> None:
    ana, ivo = make.person("Ana Sample"), make.person(is_trainer=True)
    offering = make.offering(seats=2, trainer_id=ivo.id)
    db.session.commit()
    opened = joins(app, gate, offering, ana, is_first)
    first = offering.meetings[0]
    wanted = Wanted(
        first.starts_wall + timedelta(days=1), first.ends_wall + timedelta(days=1), "", frozenset(), None
    )
    teaching.edit_series(offering, first, wanted, Scope.ALL, offering.version, by=ivo)
    db.session.commit()
    offering_changed(0, {"offering_id": offering.id, "changes": ["It is a day later."]})
    db.session.commit()
    assert opened() == State.SEATED
    letters = db.session.scalars(sa.select(Job.payload).where(Job.person_id == ana.id)).all()
    assert len(letters) == 1
    assert day(wanted.starts) in letters[0]["text"]


@WAYS
def test_who_read_it_before_it_asked_a_question_is_asked(
    app: Flask, gate: sa.Connection, is_first: bool
) -> None:
    ana, ivo = make.person("Ana Sample"), make.person(is_trainer=True)
    offering = make.offering(seats=2, trainer_id=ivo.id)
    db.session.commit()
    opened = joins(app, gate, offering, ana, is_first)
    rows = [_row(meeting, position) for position, meeting in enumerate(offering.sittings)]
    columns = {"zone": offering.zone, "question": "Why do you come?"}
    courses.edit_offering(offering, columns, rows, offering.version, by=ivo)
    db.session.commit()
    assert opened() == str(refusals.AnswerNeeded())
    assert queries.roster(offering) == []
    assert queries.seats_left(offering) == 2


@WAYS
def test_who_read_it_before_it_was_called_off_is_told_so(
    app: Flask, gate: sa.Connection, is_first: bool
) -> None:
    ana, ivo = make.person("Ana Sample"), make.person(is_trainer=True)
    offering = make.offering(seats=2, trainer_id=ivo.id)
    db.session.commit()
    opened = joins(app, gate, offering, ana, is_first)
    services.cancel(offering, by=ivo, reason="Storm")
    db.session.commit()
    assert opened() == "This session was cancelled."
    assert queries.roster(offering) == []
    assert queries.seats_left(offering) == 2
