"""What every change of somebody's factors does: it takes its turn, and what it changes is written down and told."""

import sqlalchemy as sa

from catalog import clock
from catalog.accounts import services as accounts
from catalog.accounts.models import Person, SignIn
from catalog.extensions import db
from catalog.factors import letters, queries
from catalog.factors.models import RecoveryCode
from catalog.factors.rules import LastRequired, is_required
from catalog.notices import audit


def take_turns(person: Person) -> None:
    """Of two changes to one person's factors the second waits, and sees what the first one did."""
    db.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    db.session.refresh(person)


def note(action: str, person: Person, what: str, sentence: str, **details: str) -> None:
    """One's own change: in the trail and in a letter."""
    audit.note(f"factor.{action}", "person", person.id, by=person, person_id=person.id, **details)
    letters.changed(person, what, sentence)


def has_begun(person: Person, here: SignIn | None) -> None:
    """After a factor was added. With the first one, whoever is signed in elsewhere with the password alone is out."""
    if person.second_step_since is None:
        person.second_step_since = clock.now()
        accounts.end_all(person, but_row=here.id if here else None)
    if here is not None:
        here.has_factor = True
    db.session.flush()


def may_lose_one(person: Person) -> None:
    """Raises LastRequired where what is left would be no second step and one is required."""
    if is_required(person) and queries.factors_of(person).how_many <= 1:
        raise LastRequired


def has_lost_one(person: Person) -> None:
    """After a factor was removed. Without any there is no second step, and nothing that recovery codes would open."""
    db.session.flush()
    if queries.factors_of(person).how_many == 0:
        person.second_step_since = None
        db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
        db.session.flush()
