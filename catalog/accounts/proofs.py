"""Proofs that somebody reads mail at an address: for an account that is to be opened, for one whose password is
forgotten, for one whose address is not confirmed yet, and for one that is to have another address.

Each is used once, also when two use it at the same moment, because using it changes what it was made from: then there
is an account with the address, the password is another one, the address is confirmed, the change is done."""

import hashlib
from datetime import timedelta
from typing import NamedTuple

from catalog.accounts.links import Link
from catalog.accounts.models import AddressChange, Person
from catalog.accounts.queries import account_with_email
from catalog.extensions import db

SIGN_UP = Link("open an account", "/sign-up/", timedelta(days=1))
RESET = Link("choose another password", "/reset/", timedelta(hours=1))
VERIFY = Link("confirm an address", "/verify/", timedelta(days=1))
NEW_ADDRESS = Link("take another address", "/address/", timedelta(days=1))
NOT_ME = Link("keep the address", "/not-me/", timedelta(days=7))


class Wanted(NamedTuple):
    """An address that somebody wants an account with, and the page that they came from."""

    email: str
    back: str


def sign_up_of(key: str) -> Wanted | None:
    """None also when there is an account with the address by now."""
    match SIGN_UP.read(key):
        case [str(email), str(back)] if account_with_email(email) is None:
            return Wanted(email, back)
    return None


def reset_link(person: Person, back: str = "/") -> str:
    return RESET.url_for(person.id, _as_it_is(person), back=back)


def person_to_reset(key: str) -> Person | None:
    """None also when the password or the address was changed since the link was made."""
    match RESET.read(key):
        case [int(person_id), str(as_it_was)]:
            person = db.session.get(Person, person_id)
            if person and not person.is_closed and as_it_was == _as_it_is(person):
                return person
    return None


def _as_it_is(person: Person) -> str:
    return hashlib.sha256(f"{person.password_hash} {person.email}".encode()).hexdigest()[:24]


def verify_link(person: Person, back: str) -> str:
    return VERIFY.url_for(person.id, person.email, back)


class Confirming(NamedTuple):
    person: Person
    back: str


def to_verify(key: str) -> Confirming | None:
    """Whose address the link confirms. Of an address that is confirmed already it still says whose it is."""
    match VERIFY.read(key):
        case [int(person_id), str(email), str(back)]:
            person = db.session.get(Person, person_id)
            if person and not person.is_closed and person.email == email:
                return Confirming(person, back)
    return None


def change_to_confirm(key: str) -> AddressChange | None:
    """None also when it is done already, was taken back, or another one was asked for since."""
    found = _change(NEW_ADDRESS, key)
    if found is None or found.confirmed_at or found.revoked_at or found.person.is_closed:
        return None
    return found if found.person.email == found.old_email else None


def change_to_revoke(key: str) -> AddressChange | None:
    found = _change(NOT_ME, key)
    return found if found and found.revoked_at is None and not found.person.is_closed else None


def _change(link: Link, key: str) -> AddressChange | None:
    match link.read(key):
        case [int(change_id)]:
            return db.session.get(AddressChange, change_id)
    return None
