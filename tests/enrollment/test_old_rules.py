"""A session is read, then changed by somebody else, and only then joined: the change is over, and nobody waits."""

import threading

import pytest
from flask import Flask

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import queries, services
from catalog.enrollment.models import State
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing
from tests import factories as make
from tests.enrollment.test_meanwhile import CHANGES, edit, of, the

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize("seats", [None, 5], ids=["no limit", "seats"])
@pytest.mark.parametrize("what", [*CHANGES, "a cancellation"])
def test_who_read_the_old_rules_joins_by_the_new_ones(app: Flask, what: str, seats: int | None) -> None:
    ivo, late = make.person("Ivo Sample", is_trainer=True), make.person()
    offering = make.offering(seats=seats, trainer_id=ivo.id)
    offering_id, ivo_id, late_id = offering.id, ivo.id, late.id
    db.session.commit()
    db.session.expunge_all()
    found = queries.offering_to_join(offering_id)
    assert found

    def beside() -> None:
        with app.app_context():
            start_writing()
            changed, by = the(Offering, offering_id), the(Person, ivo_id)
            if what in CHANGES:
                edit(changed, what, by=by)
            else:
                services.cancel(changed, by=by, reason="Storm")
            db.session.commit()

    thread = threading.Thread(target=beside)
    thread.start()
    thread.join(10)
    person = the(Person, late_id)
    assert found.version == 1
    try:
        services.enroll(person, found, by=person)
        db.session.commit()
    except RuleBroken:
        db.session.rollback()
    assert of(person) == ([State.REQUESTED] if what == "approval" else [])
