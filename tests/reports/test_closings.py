"""`flask catalog check` looks into closed rosters: what was given stands on what was marked."""

import pytest
import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance import services
from catalog.attendance.models import Credit, Mark, RosterClosing
from catalog.attendance.sheet import Cell
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.reports.checking import invariants
from tests import factories as make
from tests.attendance import sheets

pytestmark = pytest.mark.usefixtures("context")


def broken() -> set[str]:
    db.session.flush()
    return {name for name, _, select in invariants.ALL if db.session.execute(select).first()}


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo Sample", is_trainer=True)


@pytest.fixture
def closed(ivo: Person) -> Offering:
    offering = sheets.held(meetings=2)
    sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    services.close(offering, by=ivo)
    return offering


def test_a_closed_roster_breaks_nothing(closed: Offering) -> None:
    assert broken() == set()


def test_nor_does_one_that_was_corrected_or_opened_again(closed: Offering, ivo: Person) -> None:
    enrolled = sheets.enrollments(closed)
    services.correct(closed, [Cell(closed.meetings[0], enrolled[0], 20)], by=ivo, reason="left early")
    assert broken() == set()
    services.reopen(closed, by=ivo, reason="once more")
    sheets.mark(closed.meetings[1], enrolled[1], 10, by=ivo)
    assert broken() == set()


def test_whoever_left_and_came_back_breaks_nothing(ivo: Person) -> None:
    offering = sheets.held(meetings=2)
    [first] = sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark(offering.meetings[0], first, 180, by=ivo)
    enrollment.remove(first, by=ivo, reason="by mistake")
    enrollment.add(first.person, offering, by=ivo)
    sheets.mark_all(offering, 60, by=ivo)
    services.close(offering, by=ivo)
    assert broken() == set()


def test_a_mark_changed_behind_the_roster_is_found(closed: Offering) -> None:
    db.session.scalars(sa.select(Mark)).first().minutes = 20  # type: ignore[union-attr]
    assert broken() == {"credit not as marked", "unrecorded mark"}


def test_a_person_without_credit_is_found(closed: Offering) -> None:
    db.session.delete(db.session.scalars(sa.select(Credit)).first())
    assert broken() == {"closed without credit"}


def test_a_session_that_is_settled_and_open_is_found(closed: Offering) -> None:
    db.session.scalars(sa.select(RosterClosing)).one().reopened_at = closed.created_at
    assert broken() == {"settled and open"}
