"""Marking people: what is kept, and what is refused."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.attendance import refusals, services
from catalog.attendance.models import Mark
from catalog.attendance.sheet import Cell
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests import factories as make
from tests.attendance import sheets

pytestmark = pytest.mark.usefixtures("context")


def marks() -> list[int]:
    return list(db.session.scalars(sa.select(Mark.minutes).order_by(Mark.id)))


def test_a_mark_keeps_minutes_and_who_marked() -> None:
    ivo, offering = make.person("Ivo Sample"), sheets.held()
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark(offering.meetings[0], ana, 45, by=ivo)
    found = db.session.scalars(sa.select(Mark)).one()
    assert (found.minutes, found.marked_by_id) == (45, ivo.id)


def test_the_same_tap_twice_is_one_mark_and_one_line_in_the_trail() -> None:
    ivo, offering = make.person("Ivo Sample"), sheets.held()
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    for _ in range(2):
        sheets.mark(offering.meetings[0], ana, 180, by=ivo)
    written = sa.select(sa.func.count()).where(AuditEntry.action == "attendance.marked")
    assert marks() == [180]
    assert db.session.scalar(written) == 1


def test_the_trail_says_what_a_mark_was_before() -> None:
    ivo, offering = make.person("Ivo Sample"), sheets.held()
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    for minutes in (180, 0):
        sheets.mark(offering.meetings[0], ana, minutes, by=ivo)
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert last.details == {
        "meeting": 1,
        "method": "roll call",
        "before": {"minutes": 180},
        "after": {"minutes": 0},
    }
    assert last.person_id == ana.person_id


def test_the_database_keeps_one_mark_for_each_person_and_meeting() -> None:
    ivo, offering = make.person("Ivo Sample"), sheets.held()
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark(offering.meetings[0], ana, 180, by=ivo)
    second = Mark(
        meeting_id=offering.meetings[0].id,
        enrollment_id=ana.id,
        minutes=0,
        marked_at=clock.now(),
        marked_by_id=ivo.id,
    )
    db.session.add(second)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("minutes", [-1, 181, None])
def test_minutes_outside_the_meeting_are_refused(minutes: int | None) -> None:
    ivo, offering = make.person("Ivo Sample"), sheets.held()
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    with pytest.raises(refusals.MinutesOutOfRange):
        services.mark(offering, [Cell(offering.meetings[0], ana, minutes)], by=ivo)


def test_one_refused_cell_saves_none_of_them() -> None:
    ivo, offering = make.person("Ivo Sample"), sheets.held()
    ana, ben = sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    first = offering.meetings[0]
    with pytest.raises(refusals.MinutesOutOfRange):
        services.mark(offering, [Cell(first, ana, 180), Cell(first, ben, 999)], by=ivo)
    assert marks() == []


def test_nobody_is_marked_before_the_doors_open() -> None:
    ivo, offering = make.person("Ivo Sample"), sheets.held(starts=clock.now() + timedelta(minutes=61))
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    with pytest.raises(refusals.NotBegun):
        sheets.mark(offering.meetings[0], ana, 180, by=ivo)


def test_from_the_first_minute_on_people_can_be_marked() -> None:
    ivo, offering = make.person("Ivo Sample"), sheets.held(starts=clock.now())
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark(offering.meetings[0], ana, 180, by=ivo)
    assert marks() == [180]


def test_whoever_gave_up_the_seat_is_not_marked() -> None:
    ivo, offering = make.person("Ivo Sample"), sheets.held()
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    enrollment.remove(ana, by=ivo, reason="never came")
    with pytest.raises(refusals.NoLongerSeated, match="Ana Sample no longer has a seat"):
        sheets.mark(offering.meetings[0], ana, 180, by=ivo)


def test_a_closed_roster_takes_no_marks() -> None:
    ivo, offering = make.person("Ivo Sample"), sheets.held()
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    services.close(offering, by=ivo)
    with pytest.raises(refusals.RosterClosed):
        sheets.mark(offering.meetings[0], ana, 0, by=ivo)
