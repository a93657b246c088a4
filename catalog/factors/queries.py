"""Reads of what somebody signs in with beside a password."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from catalog.accounts.claims import on_other_way
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.factors.models import AuthenticatorApp, Passkey, RecoveryCode


class Factors(NamedTuple):
    """All that somebody has; `codes_left` are recovery codes, which alone are no second step."""

    app: AuthenticatorApp | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def how_many(self) -> int:
        return bool(self.app) + len(self.passkeys)


def factors_of(person: Person) -> Factors:
    return Factors(app_of(person), passkeys_of(person), len(unused_codes(person)))


def app_of(person: Person) -> AuthenticatorApp | None:
    return db.session.scalar(sa.select(AuthenticatorApp).where(AuthenticatorApp.person_id == person.id))


def passkeys_of(person: Person) -> Sequence[Passkey]:
    return db.session.scalars(
        sa.select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.added_at, Passkey.id)
    ).all()


@on_other_way
def _has_passkey(person_id: int) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(Passkey.person_id == person_id))))


def passkey_of(person: Person, passkey_id: int) -> Passkey | None:
    """None for a passkey of somebody else."""
    return db.session.scalar(
        sa.select(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person.id)
    )


def unused_codes(person: Person) -> Sequence[RecoveryCode]:
    return db.session.scalars(
        sa.select(RecoveryCode)
        .where(RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
        .order_by(RecoveryCode.id)
    ).all()
