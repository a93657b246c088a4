"""Where somebody's mail goes: to the first of their addresses that is not known to refuse it."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import Bounce

MOST_REASONS = 10


class Alike(NamedTuple):
    """Addresses that were marked for one and the same reason."""

    bounce_id: int
    """One of the marks, for all of them."""
    reason: str
    number: int


class Address(NamedTuple):
    """One of somebody's addresses and what mail servers said about it, the newest first."""

    address: str
    bounces: list[Bounce]

    @property
    def is_marked(self) -> bool:
        """Whether nothing is sent there any more."""
        return any(one.is_permanent and one.cleared_at is None for one in self.bounces)


def address_of(person: Person) -> str | None:
    """None when every address of theirs is known to refuse mail."""
    both = _both(person)
    marked = db.session.scalars(
        sa.select(Bounce.address).where(
            Bounce.address.in_(both), Bounce.is_permanent, Bounce.cleared_at.is_(None)
        )
    ).all()
    return next((address for address in both if address not in marked), None)


def addresses(person: Person) -> list[Address]:
    """Both, with the last that was said about each."""
    both = _both(person)
    rows = db.session.scalars(
        sa.select(Bounce).where(Bounce.address.in_(both)).order_by(Bounce.id.desc()).limit(20)
    ).all()
    return [Address(address, [row for row in rows if row.address == address]) for address in both]


def alike() -> list[Alike]:
    """The reasons for which several addresses are marked, the most frequent first."""
    number = sa.func.count(sa.distinct(Bounce.address))
    rows = db.session.execute(
        sa.select(sa.func.min(Bounce.id), Bounce.reason, number)
        .where(Bounce.is_permanent, Bounce.cleared_at.is_(None), Bounce.reason != "")
        .group_by(Bounce.reason)
        .having(number > 1)
        .order_by(number.desc(), sa.func.min(Bounce.id))
        .limit(MOST_REASONS)
    )
    return [Alike(*row) for row in rows.tuples()]


def whose(person_id: int) -> Person | None:
    """The person, or whoever their account was found to belong to."""
    seen = set()
    person = db.session.get(Person, person_id)
    while person and person.merged_into_id and person.id not in seen:
        seen.add(person.id)
        person = db.session.get(Person, person.merged_into_id)
    return person


def owners(found: Collection[str]) -> Sequence[Person]:
    """The people to whom one of these addresses belongs."""
    return db.session.scalars(
        sa.select(Person)
        .where(sa.or_(Person.email.in_(found), Person.second_email.in_(found)))
        .order_by(Person.id)
    ).all()


def _both(person: Person) -> list[str]:
    if person.left_at is not None:
        return []
    return [address for address in (person.email, person.second_email) if address]
