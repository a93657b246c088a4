"""Writes: the number of somebody's licence, as a coordinator says it."""

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices import audit


def set_licence(person: Person, licence: str | None, *, by: Person) -> None:
    db.session.refresh(person, with_for_update=True)
    before = person.licence
    accounts.set_licence(person, licence)
    if person.licence == before:
        return
    db.session.flush()
    audit.note(
        "person.licence",
        "person",
        person.id,
        by=by,
        person_id=person.id,
        before={"licence": before},
        after={"licence": person.licence},
    )
