"""Tables that are saved while somebody else saves, joins or leaves in the same moment."""

from collections.abc import Callable, Mapping
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.coordinating.importing import services
from catalog.coordinating.importing.planned import seal
from catalog.coordinating.importing.refusals import ChangedMeanwhile, NothingToSave
from catalog.coordinating.importing.table import Table
from catalog.coordinating.models import TableImport, TableKind
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db, writing
from catalog.records.importing import Known
from catalog.records.models import HourEntry
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast

NOTHING = Known({}, {}, {})


def kept(
    kind: TableKind, by: Person, *said: Mapping[str, object], offering: Offering | None = None
) -> tuple[int, str]:
    """A table as it was read, and the seal of the page that shows it."""
    table = Table([(line, dict(row)) for line, row in enumerate(said, 2)], [])
    by = db.session.get_one(Person, by.id)
    rows = services.rows_of(kind, table, NOTHING, clock.today("UTC"))
    found = services.keep(kind, "table.csv", rows, by=by, offering=offering)
    return found.id, seal(services.plan(found, by=by))


def beside(app: Flask, cast: Cast, table_id: int, sealed: str, outcome: list[str]) -> Callable[[], None]:
    """Somebody else who saves the table on a connection of their own."""

    def save() -> None:
        with app.app_context():
            writing.set(True)
            mira = db.session.get_one(Person, cast.mira.id)
            try:
                made = services.save(db.session.get_one(TableImport, table_id), sealed, by=mira)
                db.session.commit()
                outcome.append(f"{made} saved")
            except (ChangedMeanwhile, NothingToSave) as refusal:
                db.session.rollback()
                outcome.append(type(refusal).__name__)

    return save


def meanwhile(work: Callable[[], None]) -> Thread:
    """Begun while this transaction is open, with time enough to read what it should not."""
    thread = Thread(target=work)
    thread.start()
    thread.join(0.7)
    return thread


def test_the_same_table_is_saved_once(app: Flask, cast: Cast) -> None:
    with inside(app):
        row = {"email": cast.ana.email, "title": "Play", "began": "2024-05-14", "hours": "3"}
        table_id, sealed = kept(TableKind.ATTENDANCE, cast.mira, row)
    outcome: list[str] = []
    save = beside(app, cast, table_id, sealed, outcome)
    with inside(app):
        mira = db.session.get_one(Person, cast.mira.id)
        assert services.save(db.session.get_one(TableImport, table_id), sealed, by=mira) == 1
        thread = meanwhile(save)
        db.session.commit()
    thread.join(20)
    assert outcome == ["0 saved"]


def test_two_tables_with_the_same_rows_make_them_once(app: Flask, cast: Cast) -> None:
    row = {"email": cast.ana.email, "title": "Play", "began": "2024-05-14", "hours": "3"}
    with inside(app):
        first, second = (kept(TableKind.ATTENDANCE, cast.mira, row) for _ in range(2))
    outcome: list[str] = []
    save = beside(app, cast, *second, outcome)
    with inside(app):
        mira = db.session.get_one(Person, cast.mira.id)
        services.save(db.session.get_one(TableImport, first[0]), first[1], by=mira)
        thread = meanwhile(save)
        db.session.commit()
    thread.join(20)
    assert outcome == ["ChangedMeanwhile"]
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(HourEntry)) == 1


def test_a_seat_that_is_being_taken_is_waited_for(app: Flask, cast: Cast) -> None:
    """The list saw one free seat; while it is saved, somebody takes it."""
    with inside(app):
        offering = make.offering(seats=1)
        table_id, sealed = kept(TableKind.ENROLLING, cast.mira, {"email": cast.ana.email}, offering=offering)
    outcome: list[str] = []
    save = beside(app, cast, table_id, sealed, outcome)
    with inside(app):
        otto = db.session.get_one(Person, cast.otto.id)
        enrollment.enroll(otto, db.session.get_one(Offering, offering.id), by=otto)
        thread = meanwhile(save)
        db.session.commit()
    thread.join(20)
    assert outcome == ["ChangedMeanwhile"]
    with inside(app):
        people = db.session.scalars(sa.select(Enrollment.person_id))
        assert list(people) == [cast.otto.id]


@pytest.mark.parametrize("seats", [1, 3])
def test_whoever_joins_while_a_list_is_saved_comes_after_it(app: Flask, cast: Cast, seats: int) -> None:
    with inside(app):
        offering = make.offering(seats=seats)
        table_id, sealed = kept(TableKind.ENROLLING, cast.mira, {"email": cast.ana.email}, offering=offering)

    def join() -> None:
        with app.app_context():
            writing.set(True)
            otto = db.session.get_one(Person, cast.otto.id)
            enrollment.enroll(otto, db.session.get_one(Offering, offering.id), by=otto)
            db.session.commit()

    with inside(app):
        mira = db.session.get_one(Person, cast.mira.id)
        services.save(db.session.get_one(TableImport, table_id), sealed, by=mira)
        thread = meanwhile(join)
        db.session.commit()
    thread.join(20)
    with inside(app):
        rows = db.session.execute(sa.select(Enrollment.person_id, Enrollment.state))
        last = State.WAITING if seats == 1 else State.SEATED
        assert dict(rows.tuples().all()) == {cast.ana.id: State.SEATED, cast.otto.id: last}
