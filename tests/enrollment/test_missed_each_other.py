"""A joiner who finds no seat and a leaver who finds no queue, in the same moment, on PostgreSQL."""

import threading

import pytest
from flask import Flask

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import queries, services
from catalog.enrollment.models import State
from catalog.extensions import db
from tests import factories as make

pytestmark = pytest.mark.postgres


@pytest.mark.usefixtures("context")
def test_the_joiner_waits_for_the_leaver_and_gets_the_seat(app: Flask) -> None:
    offering, leaver, joiner = make.offering(seats=1), make.person(), make.person()
    seated = services.enroll(leaver, offering, by=leaver)
    db.session.commit()
    got: list[State] = []

    def join(offering_id: int, person_id: int) -> None:
        with app.app_context():
            person = db.session.get_one(Person, person_id)
            row = services.enroll(person, db.session.get_one(Offering, offering_id), by=person)
            db.session.commit()
            got.append(row.state)

    thread = threading.Thread(target=join, args=(offering.id, joiner.id))
    services.withdraw(seated, by=leaver)
    thread.start()
    # Long enough for a joiner who does not wait to have found no seat and joined the queue.
    thread.join(1.0)
    db.session.commit()
    thread.join(10)
    assert got == [State.SEATED]
    assert queries.seats_left(offering) == 0
