"""Reads of people and sign-ins."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person, Qualification, SignIn
from catalog.extensions import before_writing, db, known
from catalog.places import counties


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def person_signed_in(token: str) -> Person | None:
    """The person behind a cookie, while their sign-in is open."""
    with before_writing() as connection:
        row = connection.execute(_signed_in(), {"hash": token_hash(token), "now": clock.now()}).first()
    return known(Person, row._mapping) if row else None


@cache
def _signed_in() -> sa.Select[tuple[Person]]:
    """Written once: every request of everybody signed in asks it, and to write it costs more than to ask."""
    return (
        sa.select(Person)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(
            SignIn.token_hash == sa.bindparam("hash"),
            SignIn.ends_at > sa.bindparam("now"),
            Person.merged_into_id.is_(None),
        )
    )


def plain_address(email: str) -> str:
    """The address as it is kept and mailed to: in lower case, its domain in the letters that mail is sent with."""
    local, _, domain = email.strip().lower().rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{local}@{domain}"


def masked(email: str) -> str:
    """`a…@e….org` for ana@example.org."""
    local, _, domain = email.rpartition("@")
    site, _, ending = domain.rpartition(".")
    return f"{local[:1]}…@{site[:1]}….{ending}"


def account_with_email(email: str) -> Person | None:
    """Whose sign-in this address is, also where the account has been joined with another one since."""
    return db.session.scalar(sa.select(Person).where(Person.email == plain_address(email)))


def person_with_email(email: str) -> Person | None:
    """Who is meant by this address: of an account that was joined with another one, the person they are now."""
    found = account_with_email(email)
    if found is None or found.merged_into_id is None:
        return found
    return db.session.get(Person, found.merged_into_id)


def trainers() -> Sequence[Person]:
    return db.session.scalars(
        sa.select(Person)
        .where(Person.is_trainer, Person.merged_into_id.is_(None))
        .order_by(Person.name, Person.id)
    ).all()


def qualifications(person_ids: Sequence[int], on: date) -> dict[int, list[Qualification]]:
    """What each of these people holds on that day."""
    found: dict[int, list[Qualification]] = {}
    for qualification in db.session.scalars(
        sa.select(Qualification).where(Qualification.person_id.in_(person_ids)).order_by(Qualification.id)
    ):
        if qualification.holds(on):
            found.setdefault(qualification.person_id, []).append(qualification)
    return found


def rsc_qualifications(person_ids: Collection[int]) -> Sequence[Qualification]:
    """What lets these people provide RSC, whenever it held."""
    if not person_ids:
        return []
    return db.session.scalars(
        sa.select(Qualification)
        .where(Qualification.person_id.in_(person_ids), Qualification.provides_rsc)
        .order_by(Qualification.id)
    ).all()


IS_MERGED = Person.merged_into_id.is_not(None)
ROLES = {
    "trainers": Person.is_trainer & ~IS_MERGED,
    "coordinators": Person.coordinates & ~IS_MERGED,
    "administrators": Person.is_administrator & ~IS_MERGED,
    "merged": IS_MERGED,
}
PER_PAGE = 50


class People(NamedTuple):
    """One page of the people found, by name, with how many there are of each role among them."""

    rows: Sequence[Person]
    counts: dict[str, int]
    """By role; "" is everybody but the accounts that were joined with another one."""
    number: int
    pages: int


def people(words: str, role: str = "", number: int = 1) -> People:
    """People in whom each of the words is found, and who have the role, by name."""
    found = sa.and_(sa.true(), *(_says(word) for word in words.split()[:8]))
    chosen = {"": ~IS_MERGED, **ROLES}
    tallies = [sa.func.count(sa.case((has, 1))) for has in chosen.values()]
    counts = dict(zip(chosen, db.session.execute(sa.select(*tallies).where(found)).one(), strict=True))
    wanted = chosen.get(role, ~IS_MERGED)
    pages = max(1, -(-counts.get(role, counts[""]) // PER_PAGE))
    number = min(max(number, 1), pages)
    rows = db.session.scalars(
        sa.select(Person)
        .where(found, wanted)
        .order_by(Person.name, Person.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    return People(rows, counts, number, pages)


def _says(word: str) -> sa.ColumnElement[bool]:
    """Whether the word is in the name, in one of the addresses, in the licence, or in the name of the county."""
    low = word.lower()
    # SQLite lowers ASCII letters only, so that "É" is looked for as it was typed as well.
    texts = (Person.name, Person.licence)
    there = [county.fips for county in counties().values() if low in county.name.lower()]
    return sa.or_(
        *(sa.func.lower(text).contains(low, autoescape=True) for text in texts),
        Person.name.contains(word, autoescape=True),
        Person.email.contains(low, autoescape=True),
        sa.func.lower(Person.second_email).contains(low, autoescape=True),
        Person.county.in_(there),
    )
