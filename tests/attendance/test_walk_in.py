"""Somebody comes who is not on the roster: a seat by the one way to seats, and a mark."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import services
from catalog.attendance.models import Mark, Method
from catalog.attendance.refusals import NoRoom
from catalog.attendance.sheet import Cell
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.enrollment.refusals import RosterSettled
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.attendance.sheets import mark_all

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ivo(context: None) -> Person:
    return make.person("Ivo Sample", is_trainer=True)


def begun(seats: int | None = 2, minutes_ago: int = 10) -> Offering:
    return make.offering(seats=seats, starts=clock.now() - timedelta(minutes=minutes_ago))


def marks() -> list[Mark]:
    return list(db.session.scalars(sa.select(Mark)))


def letters() -> list[dict[str, str]]:
    return [job.payload for job in db.session.scalars(sa.select(Job).where(Job.kind == "mail"))]


def test_a_walk_in_gets_a_seat_and_a_mark(ivo: Person) -> None:
    offering, ana = begun(), make.person("Ana Sample")
    enrolled = services.take_in(ana, offering.meetings[0], by=ivo)
    assert (enrolled.state, enrolled.person_id) == (State.SEATED, ana.id)
    assert [(mark.minutes, mark.method) for mark in marks()] == [(180, Method.ROLL)]


def test_whoever_has_a_seat_keeps_it(ivo: Person) -> None:
    offering, ana = begun(), make.person("Ana Sample")
    seated = enrollment.add(ana, offering, by=ivo)
    assert services.walk_in(ana, offering, by=ivo) is seated


def test_whoever_is_marked_stays_as_marked(ivo: Person) -> None:
    offering, ana = begun(), make.person("Ana Sample")
    enrolled = services.walk_in(ana, offering, by=ivo)
    services.mark(offering, [Cell(offering.meetings[0], enrolled, 90)], by=ivo)
    services.take_in(ana, offering.meetings[0], by=ivo)
    assert [mark.minutes for mark in marks()] == [90]


def test_a_full_session_takes_nobody(ivo: Person) -> None:
    offering = begun(seats=1)
    services.walk_in(make.person("Ana Sample"), offering, by=ivo)
    with pytest.raises(NoRoom):
        services.walk_in(make.person("Otto Sample"), offering, by=ivo)


def test_one_seat_more_is_for_the_one_who_came(ivo: Person) -> None:
    offering, otto = begun(seats=1), make.person("Otto Sample")
    services.walk_in(make.person("Ana Sample"), offering, by=ivo)
    services.make_room(otto, offering, by=ivo)
    assert services.walk_in(otto, offering, by=ivo).state == State.SEATED
    assert offering.capacity == 2


def test_before_the_start_the_queue_comes_first(ivo: Person) -> None:
    offering = begun(seats=1, minutes_ago=-30)
    for name in ("Ana", "Waiting"):
        enrollment.add(make.person(f"{name} Sample"), offering, by=ivo)
    with pytest.raises(NoRoom):
        services.walk_in(make.person("Otto Sample"), offering, by=ivo)


def test_a_seat_added_before_the_start_is_still_for_the_one_who_came(ivo: Person) -> None:
    offering, otto = begun(seats=1, minutes_ago=-30), make.person("Otto Sample")
    waits = [enrollment.add(make.person(f"{name} Sample"), offering, by=ivo) for name in ("Ana", "Waiting")][
        1
    ]
    services.make_room(otto, offering, by=ivo)
    assert services.walk_in(otto, offering, by=ivo).state == State.SEATED
    assert waits.state == State.WAITING


def test_after_the_start_nobody_waits_for_a_free_seat(ivo: Person) -> None:
    """Nobody moves up any more, so the seat of somebody who left is there for who comes."""
    offering = make.offering(seats=1, starts=clock.now() + timedelta(minutes=30))
    ana, _ = [enrollment.add(make.person(f"{name} Sample"), offering, by=ivo) for name in ("Ana", "Waiting")]
    with clock.at(clock.now() + timedelta(hours=1)):
        enrollment.remove(ana, by=ivo, reason="went home")
        assert services.walk_in(make.person("Otto Sample"), offering, by=ivo).state == State.SEATED


def test_whoever_waited_and_came_is_seated_by_the_trainer(ivo: Person) -> None:
    offering, otto = begun(seats=2), make.person("Otto Sample")
    waiting = Enrollment(
        offering=offering, person=otto, joined_at=clock.now(), queued_at=clock.now(), state=State.WAITING
    )
    db.session.add(waiting)
    assert services.walk_in(otto, offering, by=ivo) is waiting
    assert waiting.state == State.SEATED


def test_a_closed_roster_takes_nobody(ivo: Person) -> None:
    offering = make.offering(starts=clock.now() - timedelta(days=2))
    services.walk_in(make.person("Ana Sample"), offering, by=ivo)
    mark_all(offering, by=ivo)
    services.close(offering, by=ivo)
    with pytest.raises(RosterSettled):
        services.walk_in(make.person("Otto Sample"), offering, by=ivo)


def test_a_new_person_gets_an_account_and_a_link(ivo: Person) -> None:
    nia = services.new_person(" Nia  Sample ", "Nia@Example.org", by=ivo)
    assert (nia.name, nia.email, nia.password_hash) == ("Nia Sample", "nia@example.org", None)
    (letter,) = letters()
    assert letter["to"] == "nia@example.org"
    assert "http://127.0.0.1:8000/claim/" in letter["text"]
    noted = db.session.scalars(sa.select(AuditEntry)).one()
    assert (noted.action, noted.by_id, noted.person_id) == ("person.added", ivo.id, nia.id)


def test_a_known_address_is_that_person(ivo: Person) -> None:
    ana = make.person("Ana Sample", email="ana@example.org", password_hash="a hash")
    assert services.new_person("Anna Other", "ANA@example.org", by=ivo) is ana
    assert (ana.name, letters()) == ("Ana Sample", [])


def test_the_same_new_person_twice_is_one_account_and_one_letter(ivo: Person) -> None:
    first = services.new_person("Nia Sample", "nia@example.org", by=ivo)
    assert services.new_person("Nia Sample", "nia@example.org", by=ivo) is first
    assert len(letters()) == 1
