"""Whoever changes a person's row keeps nobody from writing rows that name the person, on PostgreSQL."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.certificates import services as certificates
from catalog.extensions import db
from catalog.factors.services.keeping import take_turns
from catalog.following import services as following
from catalog.following.models import HowOften
from catalog.records import services
from tests import factories as make
from tests.records.parts import certificate_course

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("context")]


def membership(ana: Person, mira: Person) -> None:
    services.set_membership(ana, date(2027, 12, 31), by=mira)


def licence(ana: Person, mira: Person) -> None:
    services.set_licence(ana, "A 1234", by=mira)


def qualification(ana: Person, mira: Person) -> None:
    services.add_qualification(ana, {"label": "Endorsed", "held_from": None, "held_until": None}, by=mira)


def search(ana: Person, _mira: Person) -> None:
    following.save(ana, "?format=in_person", "", HowOften.DAILY)


def certificate(ana: Person, _mira: Person) -> None:
    assert certificates.issue_for_course(ana, certificate_course())


def second_step(ana: Person, _mira: Person) -> None:
    take_turns(ana)


def roles(ana: Person, _mira: Person) -> None:
    accounts.set_roles(ana, is_trainer=True, coordinates=False, is_administrator=True)


@pytest.mark.parametrize(
    "change", [membership, licence, qualification, search, certificate, second_step, roles]
)
def test_rows_that_name_the_person_are_written_meanwhile(change: Callable[[Person, Person], None]) -> None:
    ana, mira = make.person("Ana Sample", is_administrator=True), make.person("Mira Sample", coordinates=True)
    make.area()
    db.session.commit()
    change(ana, mira)
    # What every foreign key asks for.
    asked = sa.text("SELECT id FROM person WHERE id = :id FOR KEY SHARE NOWAIT")
    with db.engine.connect() as other:
        assert other.scalar(asked, {"id": ana.id}) == ana.id
    db.session.rollback()
