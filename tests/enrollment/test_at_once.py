"""The short cut to a seat gives way whenever anything is out of the ordinary."""

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering, OfferingState, Seat
from catalog.enrollment.models import Enrollment, State
from catalog.enrollment.services import at_once
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make


@pytest.fixture
def offering(context: None) -> Offering:
    found = make.offering(seats=2)
    db.session.flush()
    return found


def behind_its_back(row: type, number: int, **columns: object) -> None:
    """Changed by somebody else, after it was read here."""
    change = sa.update(row).where(row.id == number).values(**columns)  # type: ignore[attr-defined]
    db.session.execute(change.execution_options(synchronize_session=False))


def test_seat_enrollment_trail_and_letter_are_written(offering: Offering) -> None:
    person = make.person()
    made = at_once.seat(person, offering, by=person)
    assert made is not None
    stored = db.session.get_one(Enrollment, made.id)
    assert (stored.state, stored.person_id) == (State.SEATED, person.id)
    assert db.session.get_one(Seat, stored.seat_id).is_taken
    noted = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "enrollment.seated")).one()
    assert noted.details == {"enrollment_id": stored.id}
    assert db.session.scalars(sa.select(Job.payload)).one()["calendar"] == offering.id


def test_an_offering_that_was_edited_since_is_left_to_the_long_way(offering: Offering) -> None:
    behind_its_back(Offering, offering.id, version=offering.version + 1)
    person = make.person()
    assert at_once.seat(person, offering, by=person) is None


def test_nor_one_that_was_called_off(offering: Offering) -> None:
    behind_its_back(Offering, offering.id, state=OfferingState.CANCELLED)
    person = make.person()
    assert at_once.seat(person, offering, by=person) is None


def test_nor_one_whose_hours_were_given(offering: Offering) -> None:
    behind_its_back(Offering, offering.id, settled_at=clock.now())
    person = make.person()
    assert at_once.seat(person, offering, by=person) is None


def test_nobody_overtakes_who_waits(offering: Offering) -> None:
    waiting = Enrollment(offering=offering, person=make.person(), state=State.WAITING, joined_at=clock.now())
    waiting.queued_at = clock.now()
    db.session.add(waiting)
    db.session.flush()
    person = make.person()
    assert at_once.seat(person, offering, by=person) is None


def test_nothing_comes_to_an_account_that_was_joined(offering: Offering) -> None:
    person, other = make.person(), make.person()
    behind_its_back(Person, person.id, merged_into_id=other.id)
    assert at_once.seat(person, offering, by=person) is None


@pytest.mark.postgres
def test_what_began_before_it_takes_it_back_with_everything_else(offering: Offering) -> None:
    person = make.person()
    assert at_once.seat(person, offering, by=person)
    db.session.rollback()
    assert db.session.scalars(sa.select(Enrollment)).all() == []
