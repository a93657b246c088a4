"""What is decided about a session, or about a person, while somebody joins, on PostgreSQL: whoever waited joins
by what holds then."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.attendance.refusals import StillUnmarked
from catalog.coordinating import services as coordinating
from catalog.coordinating.queries import merging
from catalog.courses import services as courses
from catalog.courses.models import MeetingKind, Offering, Seat
from catalog.enrollment import queries, services
from catalog.enrollment.models import Enrollment, State
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing
from catalog.privacy import services as privacy
from catalog.privacy.proofs import leave_link
from catalog.teaching.services.series import _row
from tests import factories as make
from tests.attendance import sheets
from tests.coordinating.accounts import broken, two

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("context")]
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def meanwhile(app: Flask, act: Callable[[], Any]) -> Callable[[], str]:
    """Begin an act beside what this test has written and not committed; once the act waits for that, gives what
    commits it and says what came of the act."""
    got: list[str] = []

    def beside() -> None:
        with app.app_context():
            start_writing()
            try:
                act()
                db.session.commit()
                got.append("done")
            except (RuleBroken, RuntimeError) as refusal:
                db.session.rollback()
                got.append(str(refusal))

    thread = threading.Thread(target=beside)
    thread.start()
    until = time.monotonic() + 10
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watch:
        while not watch.scalar(sa.text(WAITING)) and time.monotonic() < until:
            time.sleep(0.01)
        assert watch.scalar(sa.text(WAITING))

    def committed() -> str:
        db.session.commit()
        thread.join(10)
        db.session.expire_all()
        return got[0]

    return committed


def the(kind: type[Any], number: int) -> Any:
    return db.session.get_one(kind, number)


def joining(offering: Offering, person: Person) -> Callable[[], Any]:
    offering_id, person_id = offering.id, person.id

    def join() -> None:
        found = queries.offering_to_join(offering_id)
        assert found
        services.enroll(the(Person, person_id), found, by=the(Person, person_id), is_first=True)

    return join


def adding(offering: Offering, person: Person, by: Person) -> Callable[[], Any]:
    offering_id, person_id, by_id = offering.id, person.id, by.id
    return lambda: services.add(the(Person, person_id), the(Offering, offering_id), by=the(Person, by_id))


def of(person: Person) -> list[str]:
    states = sa.select(Enrollment.state).where(Enrollment.person_id == person.id)
    return list(db.session.scalars(states))


def test_who_waits_while_a_limit_is_set_gets_a_numbered_seat_or_none(app: Flask) -> None:
    mira, late, later = make.person(coordinates=True), make.person(), make.person()
    offering = make.offering(seats=None)
    for person in (make.person(), make.person()):
        services.enroll(person, offering, by=person)
    db.session.commit()
    services.change_capacity(offering, 3, by=mira)
    first = meanwhile(app, joining(offering, late))
    assert first() == "done"
    joining(offering, later)()
    db.session.commit()
    numbers = db.session.scalars(sa.select(Seat.number).where(Seat.offering_id == offering.id))
    assert sorted(number or 0 for number in numbers) == [1, 2, 3]
    assert (of(late), of(later)) == ([State.SEATED], [State.WAITING])
    assert broken() == set()


CHANGES: dict[str, dict[str, Any]] = {
    "approval": {"needs_approval": True},
    "a question": {"question": "Why do you come?"},
    "the end of enrollment": {"closes_at": timedelta(days=-1)},
}


def edit(offering: Offering, what: str, *, by: Person) -> None:
    columns = {
        name: clock.now() + value if isinstance(value, timedelta) else value
        for name, value in CHANGES[what].items()
    }
    rows = [_row(meeting, position) for position, meeting in enumerate(offering.sittings)]
    courses.edit_offering(offering, {"zone": offering.zone, **columns}, rows, offering.version, by=by)


@pytest.mark.parametrize("seats", [None, 1], ids=["no limit", "full"])
@pytest.mark.parametrize("what", CHANGES)
def test_who_waits_while_the_rules_are_changed_joins_by_the_new_ones(
    app: Flask, what: str, seats: int | None
) -> None:
    ivo, late = make.person("Ivo Sample", is_trainer=True), make.person()
    offering = make.offering(seats=seats, trainer_id=ivo.id)
    first = make.person()
    services.enroll(first, offering, by=first)
    db.session.commit()
    edit(offering, what, by=ivo)
    said = meanwhile(app, joining(offering, late))()
    if what == "approval":
        assert (said, of(late)) == ("done", [State.REQUESTED])
    else:
        assert said in ("Please answer the question; the trainer decides with it.", "Enrollment has closed.")
        assert of(late) == []


def settling(*, seats: int | None, self_paced: bool) -> tuple[Offering, Person]:
    """A session that is over, with Ana on it, marked; and who taught it."""
    ivo, taught = make.person("Ivo Sample", is_trainer=True), make.course(areas=("TF",))
    if self_paced:
        offering = make.offering(taught, seats=seats, meetings=0, trainer_id=ivo.id)
        make.meeting(offering, 1, clock.now() - timedelta(days=20), kind=MeetingKind.HOMEWORK)
    else:
        offering = sheets.held(taught, seats=seats, trainer_id=ivo.id)
    db.session.refresh(offering)
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    db.session.commit()
    return offering, ivo


@pytest.mark.parametrize("who", ["joins", "is added"])
def test_who_waits_while_the_roster_is_closed_is_not_on_it(app: Flask, who: str) -> None:
    offering, ivo = settling(seats=None, self_paced=who == "joins")
    late = make.person()
    db.session.commit()
    attendance.close(offering, by=ivo)
    act = joining(offering, late) if who == "joins" else adding(offering, late, ivo)
    assert "roster of this session is closed" in meanwhile(app, act)()
    assert of(late) == []
    assert broken() == set()


@pytest.mark.parametrize("who", ["joins", "is added"])
def test_a_roster_is_not_closed_over_somebody_who_takes_a_seat(app: Flask, who: str) -> None:
    offering, ivo = settling(seats=5, self_paced=who == "joins")
    late = make.person()
    db.session.commit()
    offering_id, ivo_id = offering.id, ivo.id
    (joining(offering, late) if who == "joins" else adding(offering, late, ivo))()
    said = meanwhile(app, lambda: attendance.close(the(Offering, offering_id), by=the(Person, ivo_id)))()
    assert said == str(StillUnmarked(1, 1))
    assert of(late) == [State.SEATED]


def test_nobody_is_moved_away_from_a_roster_that_is_closed_meanwhile(app: Flask) -> None:
    offering, ivo = settling(seats=5, self_paced=False)
    to = make.offering(offering.course)
    db.session.commit()
    ana = db.session.scalars(sa.select(Enrollment.id)).one()
    to_id, ivo_id = to.id, ivo.id
    attendance.close(offering, by=ivo)
    said = meanwhile(
        app,
        lambda: services.move(
            the(Enrollment, ana), the(Offering, to_id), by=the(Person, ivo_id), reason="Asked"
        ),
    )()
    assert "roster of this session is closed" in said
    assert the(Enrollment, ana).state == State.SEATED


@pytest.mark.parametrize("who", ["joins", "is added"])
def test_nobody_is_seated_whose_account_is_deleted_meanwhile(app: Flask, who: str) -> None:
    mira, ana = make.person(coordinates=True), make.person("Ana Sample")
    offering = make.offering(seats=5)
    departure = privacy.ask_to_leave(ana)
    departure.due_at = clock.now() - timedelta(days=1)
    db.session.commit()
    assert privacy.leave(departure.id) == "left"
    act = joining(offering, ana) if who == "joins" else adding(offering, ana, mira)
    assert "has just been deleted" in meanwhile(app, act)()
    assert of(ana) == []
    assert queries.seats_left(offering) == 5


def holds_a_seat_of(offering: Offering) -> None:
    """As far as somebody has come who takes a seat: the session is held, and next the person is."""
    db.session.execute(sa.select(Offering.id).where(Offering.id == offering.id).with_for_update(read=True))


def holds(person: Person) -> None:
    db.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update(read=True))


def test_who_leads_a_session_is_merged_while_they_take_a_seat_on_it(app: Flask) -> None:
    kept, gone, mira = two()
    offering = make.offering(seats=2, trainer_id=gone.id)
    db.session.commit()
    kept_id, gone_id, mira_id = kept.id, gone.id, mira.id

    def merge() -> None:
        stand = merging.preview(the(Person, kept_id), the(Person, gone_id), the(Person, mira_id)).stand
        coordinating.merge(kept_id, gone_id, stand, by=the(Person, mira_id))

    holds_a_seat_of(offering)
    committed = meanwhile(app, merge)
    holds(kept)
    assert committed() == "done"
    assert offering.trainer_id == kept_id


def test_who_deletes_their_account_by_a_link_while_they_take_a_seat_once_more(app: Flask) -> None:
    ana = make.person("Ana Sample", password_hash=None)
    offering = make.offering(seats=2)
    enrollment = services.enroll(ana, offering, by=ana)
    key = leave_link(ana).rpartition("/")[2]
    db.session.commit()
    ana_id = ana.id
    holds_a_seat_of(offering)
    committed = meanwhile(app, lambda: privacy.leave_by_link(the(Person, ana_id), key))
    holds(ana)
    assert committed() == "done"
    assert enrollment.state == State.WITHDRAWN
