"""Writes: two accounts that look like one person's and are not."""

from catalog import clock
from catalog.accounts.models import Person
from catalog.coordinating.models import NotSame
from catalog.coordinating.refusals import SamePerson
from catalog.extensions import db, insert
from catalog.notices import audit


def not_the_same(one: Person, other: Person, *, by: Person) -> None:
    """Remember that these are two people; said twice it is there once."""
    if one.id == other.id:
        raise SamePerson
    low, high = sorted((one, other), key=lambda person: person.id)
    said = {"low_id": low.id, "high_id": high.id, "said_at": clock.now(), "said_by_id": by.id}
    written = db.session.execute(
        insert(NotSame).values(said).on_conflict_do_nothing().returning(NotSame.low_id)
    ).first()
    if written:
        audit.note("person.not_same", "person", low.id, by=by, person_id=high.id)
