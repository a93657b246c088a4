"""Accounts that somebody else made: the link by which their person takes them over.

The link names the person and the address it was mailed to. It works until a password is chosen, for thirty days at
most; after that there is nothing left to claim."""

from datetime import timedelta

from catalog.accounts.links import Link
from catalog.accounts.models import Person
from catalog.extensions import db

LASTS = timedelta(days=30)
CLAIM = Link("claim an account", "/claim/", LASTS)


def is_unclaimed(person: Person) -> bool:
    """Nobody can sign in to it yet."""
    return person.password_hash is None and person.merged_into_id is None and person.left_at is None


def token_for(person: Person) -> str:
    return CLAIM.key_for(person.id, person.email)


def link_for(person: Person, back: str = "/") -> str:
    return CLAIM.url_for(person.id, person.email, back=back)


def person_of(token: str) -> Person | None:
    """Whose account this link claims; None when it is wrong, too old, or when the account has its password."""
    match CLAIM.read(token):
        case [int(person_id), str(email)]:
            person = db.session.get(Person, person_id)
            return person if person and person.email == email and is_unclaimed(person) else None
    return None
