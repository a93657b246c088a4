"""What somebody shows at sign-in beside a password: an authenticator app, passkeys, recovery codes."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.extensions import Base, stored_by_value


class AuthenticatorApp(Base):
    """The app on somebody's phone that shows six digits; each has one at most."""

    __tablename__ = "authenticator_app"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, autoincrement=False)
    # Sealed; catalog.factors.sealing opens it.
    secret: Mapped[str] = mapped_column(sa.String(300))
    # The half minute of the last code that was accepted: no code of it, or of one before, is accepted again.
    last_step: Mapped[int]
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key that a phone, a computer or a security key keeps; only its public half is here."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    # What the device knows the account by: random, the same for all passkeys of a person, and nobody's number.
    handle: Mapped[str] = mapped_column(sa.String(44))
    credential_id: Mapped[str] = mapped_column(sa.String(1400), unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    name: Mapped[str] = mapped_column(sa.String(60))
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class RecoveryCode(Base):
    """One of ten codes for the day on which the phone is gone. Only its hash is kept; it works once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    hash: Mapped[str] = mapped_column(sa.String(200))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Asking(StrEnum):
    """What a passkey is asked for: to be added, as the second step, before a change, or to sign in with it alone."""

    ADD = "add"
    STEP = "step"
    CONFIRM = "confirm"
    SIGN_IN = "sign_in"


class Challenge(Base):
    """The random bytes that a passkey has to sign: for one purpose and one person, good once and not for long."""

    __tablename__ = "passkey_challenge"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Asking] = stored_by_value(Asking)
    # None at a sign-in without a password: who it is, the passkey says.
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    challenge: Mapped[bytes]
    ends_at: Mapped[datetime] = mapped_column(index=True)
