"""Reads of people and sign-ins."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app

from catalog import clock
from catalog.accounts import alike
from catalog.accounts.devices import in_words
from catalog.accounts.models import AccountKey, KeyKind, Person, Qualification, SignIn
from catalog.config import Settings
from catalog.extensions import alone, db, known
from catalog.places import counties


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Opened(NamedTuple):
    """An open sign-in: whose, and when it was last used."""

    person: Person
    id: int
    last_seen_at: datetime


def person_signed_in(token: str) -> Person | None:
    """The person behind a cookie, while their sign-in is open."""
    found = sign_in_of(token)
    return found.person if found else None


def sign_in_of(token: str) -> Opened | None:
    """None where it has ended: after its time, or because nobody used it for long."""
    now = clock.now()
    with alone() as connection:
        row = connection.execute(_signed_in(), {"hash": token_hash(token), "now": now}).first()
    if row is None:
        return None
    values = dict(row._mapping)
    sign_in_id, last_seen_at = values.pop("sign_in_id"), values.pop("last_seen_at")
    person = known(Person, values)
    if last_seen_at <= now - may_lie_idle(person):
        return None
    return Opened(person, sign_in_id, last_seen_at)


def people_at(addresses: Collection[str]) -> sa.Select[tuple[int]]:
    """The numbers of those who may have one of these addresses, by the index of what accounts are found by, which
    knows both addresses of each. Addresses that many servers take for the same one are the same there."""
    keys = {alike.plain_mailbox(address)[: alike.LONGEST] for address in addresses}
    return sa.select(AccountKey.person_id).where(AccountKey.kind == KeyKind.ADDRESS, AccountKey.key.in_(keys))


def may_lie_idle(person: Person) -> timedelta:
    """How long a sign-in of theirs may go unused: shorter where it opens other people's data."""
    settings: Settings = current_app.config["CATALOG"]
    if person.coordinates_some:
        return timedelta(hours=settings.staff_idle_hours)
    return timedelta(days=settings.idle_days)


@cache
def _signed_in() -> sa.Select[tuple[Person, int, datetime]]:
    """Written once: every request of everybody signed in asks it, and to write it costs more than to ask."""
    return (
        sa.select(Person, SignIn.id.label("sign_in_id"), SignIn.last_seen_at)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(
            SignIn.token_hash == sa.bindparam("hash"),
            SignIn.ends_at > sa.bindparam("now"),
            SignIn.awaits_factor.is_(False),
            Person.merged_into_id.is_(None),
            Person.left_at.is_(None),
        )
    )


def row_of(token: str) -> SignIn | None:
    """The row of the open sign-in behind a cookie, also of one that still waits for its second step."""
    return db.session.scalar(
        sa.select(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.token_hash == token_hash(token),
            SignIn.ends_at > clock.now(),
            Person.merged_into_id.is_(None),
            Person.left_at.is_(None),
        )
    )


class Device(NamedTuple):
    """A sign-in as its owner sees it."""

    id: int
    device: str
    began_at: datetime
    last_seen_at: datetime
    is_this: bool


def devices(person: Person, token: str) -> list[Device]:
    """Where they are signed in, the one with this token first, then the last used."""
    now = clock.now()
    rows = db.session.scalars(
        sa.select(SignIn)
        .where(
            SignIn.person_id == person.id,
            SignIn.ends_at > now,
            SignIn.awaits_factor.is_(False),
            SignIn.last_seen_at > now - may_lie_idle(person),
        )
        .order_by((SignIn.token_hash == token_hash(token)).desc(), SignIn.last_seen_at.desc(), SignIn.id)
    )
    hashed = token_hash(token)
    return [
        Device(row.id, in_words(row.device), row.began_at, row.last_seen_at, row.token_hash == hashed)
        for row in rows
    ]


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
IS_HERE = ~IS_MERGED & Person.left_at.is_(None)
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
    chosen = {"": IS_HERE, **ROLES}
    tallies = [sa.func.count(sa.case((has, 1))) for has in chosen.values()]
    counts = dict(zip(chosen, db.session.execute(sa.select(*tallies).where(found)).one(), strict=True))
    wanted = chosen.get(role, IS_HERE)
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
