"""The same form is sent twice, and the second comes before the first is committed: what it makes is made once."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person, RoleGrant
from catalog.attendance import services as attendance
from catalog.checkin import services as checkin
from catalog.checkin.models import Door
from catalog.coordinating.services import granting
from catalog.courses.models import Meeting, Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from catalog.privacy import services as privacy
from catalog.privacy.models import Departure
from catalog.privacy.refusals import LeavingAlready
from tests import factories as make
from tests.attendance.sheets import inside
from tests.coordinating.accounts import count
from tests.coordinating.test_merge_race import overlapping
from tests.factories import Cast


def person(of: Person) -> Person:
    return db.session.get_one(Person, of.id)


def begun(app: Flask, cast: Cast) -> tuple[int, int]:
    """A session of one seat, which Ana has, and its meeting."""
    with inside(app):
        offering = make.offering(seats=1, starts=clock.now() - timedelta(minutes=30), trainer_id=cast.ivo.id)
        db.session.refresh(offering)
        enrollment.add(person(cast.ana), offering, by=person(cast.ivo))
        return offering.id, offering.meetings[0].id


def test_one_person_is_given_one_seat_more(app: Flask, cast: Cast) -> None:
    number, _ = begun(app, cast)

    def more() -> None:
        offering = db.session.get_one(Offering, number)
        attendance.make_room(person(cast.otto), offering, by=person(cast.ivo))
        attendance.take_in(person(cast.otto), offering.meetings[0], by=person(cast.ivo))

    assert overlapping(app, more, more) == ["done", "done"]
    with inside(app):
        assert db.session.get_one(Offering, number).capacity == 2


def test_a_role_is_given_once(app: Flask, cast: Cast) -> None:
    until = clock.now() + timedelta(days=7)

    def give(reason: str = "On leave") -> None:
        said = {"counties": ["01101"], "providers": [], "until": until, "reason": reason}
        granting.grant(person(cast.otto), by=person(cast.ada), **said)  # type: ignore[arg-type]

    assert overlapping(app, give, give) == ["done", "done"]
    with inside(app):
        assert count(RoleGrant) == count(AuditEntry, action="role.granted") == 1
        give("Another reason")
        assert count(RoleGrant) == 2


def test_a_role_that_has_ended_is_given_anew(app: Flask, cast: Cast) -> None:
    def give() -> RoleGrant:
        ada = person(cast.ada)
        return granting.grant(
            person(cast.otto), by=ada, counties=[], providers=[], until=None, reason="Leave"
        )

    with inside(app):
        granting.end(give(), by=person(cast.ada))
        give()
        assert count(RoleGrant) == 2


def test_two_who_give_each_other_a_role_do_not_wait_for_each_other(app: Flask, cast: Cast) -> None:
    with inside(app):
        eda = make.person("Eda Sample", is_administrator=True)

    def give(by: Person, to: Person) -> None:
        granting.grant(person(to), by=person(by), counties=[], providers=[], until=None, reason="Leave")

    came = overlapping(app, lambda: give(cast.ada, eda), lambda: give(eda, cast.ada))
    assert came == ["done", "done"]


def test_a_door_is_opened_once(app: Flask, cast: Cast) -> None:
    _, number = begun(app, cast)

    def open_door() -> None:
        meeting = db.session.get_one(Meeting, number)
        checkin.open_door(meeting, by=person(cast.ivo), allows_walk_ins=True)

    assert overlapping(app, open_door, open_door) == ["done", "done"]
    with inside(app):
        door = db.session.scalars(sa.select(Door)).one()
        assert (door.is_open, door.allows_walk_ins) == (True, True)
        assert count(AuditEntry, action="checkin.opened") == 1


def test_who_leaves_twice_is_told_that_they_are_leaving(app: Flask, cast: Cast) -> None:
    said: list[str] = []

    def leave() -> None:
        try:
            privacy.ask_to_leave(person(cast.otto))
        except LeavingAlready as refusal:
            said.append(type(refusal).__name__)

    assert overlapping(app, leave, leave) == ["done", "done"]
    assert said == ["LeavingAlready"]
    with inside(app):
        assert count(Departure) == 1
