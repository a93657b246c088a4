"""Two accounts that take the same sign-in at a provider for theirs, in the same moment, on PostgreSQL."""

import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.organisation import services
from catalog.organisation.models import Identity
from catalog.organisation.provider import Claims
from tests import factories as make

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("context")]
CLAIMS = Claims("https://id.example.org", "person-1", "nia@university.example", True, "Nia Sample", False)


def test_the_second_waits_and_is_refused(app: Flask) -> None:
    first, second = make.person(), make.person()
    db.session.commit()
    number = first.id
    refused: list[services.LinkedElsewhere] = []

    def link(person_id: int) -> None:
        with app.app_context():
            try:
                services.link(db.session.get_one(Person, person_id), CLAIMS, "The University")
                db.session.commit()
            except services.LinkedElsewhere as refusal:
                refused.append(refusal)

    other = threading.Thread(target=link, args=(second.id,))
    services.link(first, CLAIMS, "The University")
    other.start()
    other.join(1.0)
    assert other.is_alive(), "it did not wait"
    db.session.commit()
    other.join(10)
    assert len(refused) == 1
    assert db.session.scalars(sa.select(Identity.person_id)).all() == [number]
