"""A joiner who finds no seat and a leaver who finds no queue, in the same moment, on PostgreSQL."""

import threading

import pytest
from flask import Flask

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import queries, refusals, services
from catalog.enrollment.models import State
from catalog.extensions import db
from tests import factories as make

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("context")]


def joins_meanwhile(app: Flask, offering: Offering, person: Person) -> tuple[threading.Thread, list[str]]:
    """Somebody who joins beside what this test has not committed yet; what came of it is in the list."""
    got: list[str] = []

    def join(offering_id: int, person_id: int) -> None:
        with app.app_context():
            who = db.session.get_one(Person, person_id)
            try:
                row = services.enroll(who, db.session.get_one(Offering, offering_id), by=who)
                db.session.commit()
                got.append(row.state)
            except refusals.EnrollmentClosed as refusal:
                got.append(str(refusal))

    thread = threading.Thread(target=join, args=(offering.id, person.id))
    thread.start()
    # Long enough for a joiner who does not wait to have found no seat and joined the queue.
    thread.join(1.0)
    return thread, got


def test_the_joiner_waits_for_the_leaver_and_gets_the_seat(app: Flask) -> None:
    offering, leaver, joiner = make.offering(seats=1), make.person(), make.person()
    seated = services.enroll(leaver, offering, by=leaver)
    db.session.commit()
    services.withdraw(seated, by=leaver)
    thread, got = joins_meanwhile(app, offering, joiner)
    db.session.commit()
    thread.join(10)
    assert got == [State.SEATED]
    assert queries.seats_left(offering) == 0


def test_the_joiner_waits_for_the_one_who_takes_a_seat_in_vain_and_gets_it(app: Flask) -> None:
    offering, first, joiner = make.offering(seats=1), make.person(), make.person()
    db.session.commit()
    services.enroll(first, offering, by=first)
    thread, got = joins_meanwhile(app, offering, joiner)
    # As for a second tap of the same person, or a server that is killed.
    db.session.rollback()
    thread.join(10)
    assert got == [State.SEATED]


def test_a_joiner_is_not_kept_by_the_one_who_takes_another_seat(app: Flask) -> None:
    offering, first, joiner = make.offering(seats=2), make.person(), make.person()
    db.session.commit()
    services.enroll(first, offering, by=first)
    thread, got = joins_meanwhile(app, offering, joiner)
    before = list(got)
    db.session.commit()
    thread.join(10)
    assert before == [State.SEATED]
    assert queries.seats_left(offering) == 0


@pytest.mark.parametrize("seats", [1, None])
def test_the_joiner_waits_for_the_one_who_calls_it_off_and_reads_that(app: Flask, seats: int | None) -> None:
    offering, first, joiner = make.offering(seats=seats), make.person(), make.person()
    services.enroll(first, offering, by=first)
    db.session.commit()
    services.cancel(offering, by=first, reason="Storm")
    thread, got = joins_meanwhile(app, offering, joiner)
    db.session.commit()
    thread.join(10)
    assert got == ["This session was cancelled."]
