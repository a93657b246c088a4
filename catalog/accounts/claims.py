"""Accounts that somebody else made: the link by which their person takes them over.

The link names the person and the address it was mailed to. It works until a password is chosen, for thirty days at
most; after that there is nothing left to claim."""

from collections.abc import Callable
from datetime import timedelta

from catalog.accounts.links import Link
from catalog.accounts.models import Person
from catalog.extensions import db

LASTS = timedelta(days=30)
CLAIM = Link("claim an account", "/claim/", LASTS)

OtherWay = Callable[[int], bool]
_other_ways: list[OtherWay] = []


def on_other_way(has_one: OtherWay) -> OtherWay:
    """Said once, when the application starts, by a feature through which people sign in without a password. It tells
    whether the person with this number can."""
    _other_ways.append(has_one)
    return has_one


def has_other_way(person_id: int) -> bool:
    """Whether they sign in without a password. Every way is asked, so that it takes as long for one as for another,
    and for the number of nobody."""
    answers = [has_one(person_id) for has_one in _other_ways]
    return any(answers)


def has_no_password(person: Person) -> bool:
    return person.password_hash is None and person.merged_into_id is None and person.left_at is None


def is_unclaimed(person: Person) -> bool:
    """Nobody can sign in to it yet."""
    return has_no_password(person) and not has_other_way(person.id)


def token_for(person: Person) -> str:
    return CLAIM.key_for(person.id, person.email)


def link_for(person: Person, back: str = "/") -> str:
    return CLAIM.url_for(person.id, person.email, back=back)


def person_of(token: str) -> Person | None:
    """Whose account this link claims; None when it is wrong, too old, or when its person can sign in by now."""
    match CLAIM.read(token):
        case [int(person_id), str(email)]:
            person = db.session.get(Person, person_id)
            return person if person and person.email == email and is_unclaimed(person) else None
    return None
