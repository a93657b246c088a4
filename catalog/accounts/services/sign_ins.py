"""Sign-ins: opening one on a device, and ending it."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.accounts.queries import token_hash
from catalog.extensions import db

STAY_SIGNED_IN = timedelta(days=30)


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
