"""Reads of people and sign-ins."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person, Qualification, SignIn
from catalog.extensions import db


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def person_signed_in(token: str) -> Person | None:
    """The person behind a cookie, while their sign-in is open."""
    return db.session.scalar(_signed_in(), {"hash": token_hash(token), "now": clock.now()})


@cache
def _signed_in() -> sa.Select[tuple[Person]]:
    """Written once: every request of everybody signed in asks it, and to write it costs more than to ask."""
    return (
        sa.select(Person)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(SignIn.token_hash == sa.bindparam("hash"), SignIn.ends_at > sa.bindparam("now"))
    )


def plain_address(email: str) -> str:
    """The address as it is kept and mailed to: in lower case, its domain in the letters that mail is sent with."""
    local, _, domain = email.strip().lower().rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{local}@{domain}"


def person_with_email(email: str) -> Person | None:
    return db.session.scalar(sa.select(Person).where(Person.email == plain_address(email)))


def trainers() -> Sequence[Person]:
    return db.session.scalars(
        sa.select(Person).where(Person.is_trainer).order_by(Person.name, Person.id)
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


ROLES = {
    "trainers": Person.is_trainer,
    "coordinators": Person.coordinates,
    "administrators": Person.is_administrator,
}
PER_PAGE = 50


class People(NamedTuple):
    """One page of the people found, by name, with how many there are of each role among them."""

    rows: Sequence[Person]
    counts: dict[str, int]
    """By role; "" is everybody."""
    number: int
    pages: int


def people(words: str, role: str = "", number: int = 1) -> People:
    """People whose name or address contains each of the words, and who have the role, by name."""
    found = sa.and_(sa.true(), *(_contains(word) for word in words.split()[:8]))
    tallies = [sa.func.count(sa.case((has, 1))) for has in ROLES.values()]
    everybody, *by_role = db.session.execute(sa.select(sa.func.count(), *tallies).where(found)).one()
    counts = {"": everybody, **dict(zip(ROLES, by_role, strict=True))}
    pages = max(1, -(-counts.get(role, everybody) // PER_PAGE))
    number = min(max(number, 1), pages)
    chosen = sa.and_(found, ROLES[role]) if role in ROLES else found
    rows = db.session.scalars(
        sa.select(Person)
        .where(chosen)
        .order_by(Person.name, Person.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    return People(rows, counts, number, pages)


def _contains(word: str) -> sa.ColumnElement[bool]:
    # SQLite lowers ASCII letters only, so that "É" is looked for as it was typed as well.
    return sa.or_(
        sa.func.lower(Person.name).contains(word.lower(), autoescape=True),
        Person.name.contains(word, autoescape=True),
        Person.email.contains(word.lower(), autoescape=True),
    )
