"""Sign-ins: opening one on a device, and ending it."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.accounts.queries import token_hash
from catalog.extensions import db

STAY_SIGNED_IN = timedelta(days=30)
TIME_FOR_THE_STEP = timedelta(minutes=10)
"""How long a sign-in stays half open after the password, waiting for its second step."""


def begin_sign_in(
    person: Person, device: str = "", *, awaits_factor: bool = False, has_factor: bool = False
) -> str:
    """Open a sign-in and give its token, which is kept nowhere here. Each sign-in has a new one.

    One that awaits a factor is half open for ten minutes and opens nothing but the page of the second step."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person.id,
            began_at=now,
            ends_at=now + (TIME_FOR_THE_STEP if awaits_factor else STAY_SIGNED_IN),
            device=device[:200],
            awaits_factor=awaits_factor,
            has_factor=has_factor,
            proved_at=now,
        )
    )
    db.session.execute(sa.delete(SignIn).where(SignIn.ends_at <= now))
    db.session.flush()
    return token


def end_sign_in(token: str) -> None:
    """After this the cookie opens nothing, wherever a copy of it may be."""
    db.session.execute(sa.delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def prove_again(sign_in: SignIn) -> None:
    """The person showed once more that it is them."""
    sign_in.proved_at = clock.now()
    db.session.flush()


def end_sign_ins(person: Person, *, but: SignIn | None = None) -> None:
    """On every device, but the one given."""
    ending = sa.delete(SignIn).where(SignIn.person_id == person.id)
    if but is not None:
        ending = ending.where(SignIn.id != but.id)
    db.session.execute(ending)
