"""Choosing another password: knowing the old one, by a link that was mailed, or from the shell.

Whichever way, everything that was signed in is signed out."""

import sqlalchemy as sa

from catalog import clock
from catalog.accounts import mailing, proofs
from catalog.accounts.claims import is_unclaimed, link_for
from catalog.accounts.models import Person
from catalog.accounts.queries import account_with_email, masked, plain_address
from catalog.accounts.services.sign_ins import end_all
from catalog.accounts.services.telling import tell
from catalog.errors import RuleBroken
from catalog.extensions import db


class Overtaken(RuleBroken):
    sentence = "The password was changed by somebody else just now. Ask for a new link."


def ask_to_reset(email: str, back: str) -> None:
    """A letter goes to this address whether there is an account or not; it alone says what there is."""
    address, person = plain_address(email), account_with_email(email)
    if person is None:
        mailing.post("reset_nobody", address)
    elif person.merged_into_id is not None:
        tell_of_other(person)
    else:
        mailing.post("reset", address, person, link=proofs.reset_link(person, back))


def tell_of_other(person: Person) -> None:
    """Nobody signs in to this account any more; its owner is told to which one."""
    kept = db.session.get_one(Person, person.merged_into_id)
    mailing.post("merged", person.email, person, other=masked(kept.email))


def change_password(person: Person, password_hash: str) -> None:
    """By themself, who knew the one before. Raises Overtaken."""
    _choose(person, password_hash)
    tell("person.password_changed", person)


def reset_password(person: Person, password_hash: str) -> None:
    """By a link that was mailed: so they read mail at the address. Raises Overtaken for the second of two."""
    _choose(person, password_hash)
    if person.email_verified_at is None:
        person.email_verified_at = clock.now()
    db.session.flush()
    tell("person.password_reset", person)


def _choose(person: Person, password_hash: str) -> None:
    before = person.password_hash
    same = Person.password_hash.is_(None) if before is None else Person.password_hash == before
    changed = db.session.execute(
        sa.update(Person)
        .where(Person.id == person.id, same, Person.merged_into_id.is_(None), Person.left_at.is_(None))
        .values(password_hash=password_hash)
        .execution_options(synchronize_session=False)
        .returning(Person.id)
    ).first()
    if changed is None:
        raise Overtaken
    db.session.refresh(person)
    end_all(person)
    mailing.post("password_changed", person.email, person)


def way_in(person: Person) -> str:
    """For whoever runs the site to hand on: the link by which somebody chooses a password, whether they had one or
    not."""
    return link_for(person) if is_unclaimed(person) else proofs.reset_link(person)
