"""Writes of people and sign-ins."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.accounts.queries import plain_address, token_hash
from catalog.errors import RuleBroken
from catalog.extensions import db

STAY_SIGNED_IN = timedelta(days=30)


class EmailTaken(RuleBroken):
    sentence = "There is already an account with this address. Sign in instead."


def add_person(name: str, email: str, password_hash: str | None) -> Person:
    """A new account; raises EmailTaken, decided by the database and not by a look beforehand."""
    person = Person(
        name=" ".join(name.split()),
        email=plain_address(email),
        password_hash=password_hash,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError as error:
        raise EmailTaken from error
    return person


def begin_sign_in(person: Person, device: str = "") -> str:
    """Open a sign-in and give its token, which is kept nowhere here. Each sign-in has a new one."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person.id,
            began_at=now,
            ends_at=now + STAY_SIGNED_IN,
            device=device[:200],
        )
    )
    db.session.execute(sa.delete(SignIn).where(SignIn.ends_at <= now))
    db.session.flush()
    return token


def end_sign_in(token: str) -> None:
    """After this the cookie opens nothing, wherever a copy of it may be."""
    db.session.execute(sa.delete(SignIn).where(SignIn.token_hash == token_hash(token)))


class LastAdministrator(RuleBroken):
    sentence = "Somebody has to administer the catalog. Make another person administrator first."


def set_roles(person: Person, *, is_trainer: bool, coordinates: bool, is_administrator: bool) -> None:
    """Give and take roles; raises LastAdministrator rather than leave the catalog without one.

    The administrators are locked first: two of them who step down at once take turns."""
    administrators = db.session.scalars(
        sa.select(Person.id).where(Person.is_administrator).order_by(Person.id).with_for_update()
    ).all()
    if not is_administrator and list(administrators) == [person.id]:
        raise LastAdministrator
    person.is_trainer, person.coordinates, person.is_administrator = (
        is_trainer,
        coordinates,
        is_administrator,
    )
    db.session.flush()
