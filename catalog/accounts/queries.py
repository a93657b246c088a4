"""Reads of people and sign-ins."""

import hashlib
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from catalog import clock
from catalog.accounts.models import Person, Qualification, SignIn
from catalog.extensions import db


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in_of(token: str) -> SignIn | None:
    """The open sign-in behind a cookie, with its person, in one statement."""
    return db.session.scalar(
        sa.select(SignIn)
        .join(SignIn.person)
        .options(contains_eager(SignIn.person))
        .where(SignIn.token_hash == token_hash(token), SignIn.ends_at > clock.now())
    )


def person_with_email(email: str) -> Person | None:
    return db.session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))


def people_matching(words: str, limit: int = 50) -> Sequence[Person]:
    """People whose name or address contains the words, by name."""
    pattern = f"%{words.strip().lower().replace('%', '')}%"
    return db.session.scalars(
        sa.select(Person)
        .where(sa.or_(sa.func.lower(Person.name).like(pattern), Person.email.like(pattern)))
        .order_by(Person.name, Person.id)
        .limit(limit)
    ).all()


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
