"""A double tap, or a second try after a lost connection, sends a form twice; what it makes is made once."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog.accounts.models import Person
from catalog.courses.models import Course, Offering
from catalog.courses.refusals import SentBefore
from catalog.extensions import db

Thing = TypeVar("Thing", Course, Offering)


def key(token: str | None, by: Person, within: Course | None = None) -> str | None:
    """What is kept of the word a form carried: nobody else's form, and no other course's, has the same."""
    if not token:
        return None
    return hashlib.sha256(f"{by.id} {within.id if within else ''} {token}".encode()).hexdigest()[:32]


def add(thing: Thing, is_same: Callable[[Thing], bool]) -> Thing | None:
    """Add the thing, or give what the same form made before; the unique index decides, also in a race.

    Raises SentBefore when the form went out again with something else in it, which would be lost otherwise."""
    try:
        with db.session.begin_nested():
            db.session.add(thing)
            db.session.flush()
    except IntegrityError:
        before = _made(thing)
        if before is None:
            raise
        if not is_same(before):
            raise SentBefore from None
        return before
    return None


def _made(thing: Thing) -> Thing | None:
    kind = type(thing)
    return db.session.scalar(sa.select(kind).where(kind.once == thing.once)) if thing.once else None
