"""What people want to be told, and where; for which kinds a coordinator chose other words; and mail sent again."""

from collections.abc import Collection

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.queries import plain_address
from catalog.errors import RuleBroken
from catalog.extensions import db, insert
from catalog.notices import audit
from catalog.notices.letters import Letter
from catalog.notices.models import Muted


class SameAddress(RuleBroken):
    sentence = "This is the address you sign in with. Enter another one, or leave it empty."


def mute(person: Person, letter: Letter) -> None:
    """They get no letters of this kind any more. Said twice it is the same."""
    row = insert(Muted).values(person_id=person.id, kind=letter.kind, since=clock.now())
    db.session.execute(row.on_conflict_do_nothing(index_elements=["person_id", "kind"]))


def unmute(person: Person, letter: Letter) -> None:
    db.session.execute(sa.delete(Muted).where(Muted.person_id == person.id, Muted.kind == letter.kind))


def choose(person: Person, shown: Collection[Letter], wanted: Collection[str]) -> None:
    """Of the letters that were shown, they want these. What was not shown stays as it is."""
    for letter in shown:
        if letter.can_be_muted and letter.kind not in wanted:
            mute(person, letter)
        else:
            unmute(person, letter)


def change_second_address(person: Person, address: str) -> None:
    """Where mail goes when the first address refuses it; empty for none. Raises SameAddress."""
    second = plain_address(address) if address else None
    if second == person.email:
        raise SameAddress
    if second == person.second_email:
        return
    person.second_email = second
    db.session.flush()
    audit.note("person.second_address", "person", person.id, by=person, person_id=person.id)
