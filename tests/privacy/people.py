"""Somebody with something in every table, and the words by which they could be recognised."""

from typing import Any

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.coordinating.belongings import Belonging
from catalog.extensions import db
from catalog.privacy import things
from tests import factories as make
from tests.coordinating.rows import GIVEN, row

NAME = "Quilla Zephyrine"
EMAIL = "quilla.zephyrine@example.org"
SECOND = "quilla@second.example.org"
LICENCE = "ZQ 4711"
WORDS = ("quilla", "zephyrine", LICENCE.lower())


def quilla(**fields: Any) -> Person:
    return make.person(NAME, email=EMAIL, second_email=SECOND, licence=LICENCE, county="01101", **fields)


def row_that_names(column: Belonging, person: Person) -> dict[str, Any]:
    """A row of the table in which this column names the person; its key."""
    given: dict[str, Any] = {column.column.name: person.id}
    if column.key in ("not_same.high_id", "not_same.low_id", "not_same.said_by_id"):
        low, high = make.person().id, make.person().id
        given |= {"low_id": low, "high_id": high}
        if column.key == "not_same.high_id":
            given |= {"low_id": _someone_before(person), "high_id": person.id}
        elif column.key == "not_same.low_id":
            given |= {"low_id": person.id, "high_id": high}
    if column.key == "hour_entry.checked_by_id":
        given |= {"state": "returned", "checked_at": GIVEN["share_link"]["expires_at"]}
    if column.key == "personal_export.person_id":
        given |= {"made_at": None, "content": None}
    made = row(column.table.name, **given)
    if column.key == "certificate.person_id":
        row("certificate_page", certificate_id=made["id"])
    return made


def _someone_before(person: Person) -> int:
    found = db.session.scalar(sa.select(sa.func.min(Person.id)).where(Person.id < person.id))
    assert found is not None, "somebody has to be there before them"
    return found


def holding_words() -> dict[str, list[str]]:
    """Where one of their words still stands, by table and column."""
    db.session.flush()
    found: dict[str, list[str]] = {}
    for table, column in things.text_columns():
        for value in db.session.scalars(sa.select(column)):
            if value is not None and any(word in str(value).lower() for word in WORDS):
                found.setdefault(f"{table.name}.{column.name}", []).append(str(value))
    return found
