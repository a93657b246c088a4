"""Adding, naming and removing passkeys, and accepting what they sign."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.factors import ceremonies, letters, queries
from catalog.factors.models import Asking, Challenge, Passkey
from catalog.factors.services import keeping
from catalog.notices import audit

LASTS = timedelta(minutes=5)
MOST = 20
"""More than anybody has devices."""


class NotAPasskey(RuleBroken):
    sentence = "That passkey was not accepted. Try again; if it goes on, use a code instead."


class KnownAlready(RuleBroken):
    sentence = "This device is among your passkeys already."


class TooMany(RuleBroken):
    sentence = f"You have {MOST} passkeys. Remove one that you no longer use first."


class Asked(NamedTuple):
    """A challenge that was made: its number for the browser's session, and what is said to the browser."""

    number: int
    options: str


def ask(purpose: Asking, person: Person | None) -> Asked:
    """Make a challenge for one purpose; `person` is None at a sign-in where nobody has said who they are."""
    now, challenge = clock.now(), ceremonies.new_challenge()
    db.session.execute(sa.delete(Challenge).where(Challenge.ends_at <= now))
    row = Challenge(
        purpose=purpose,
        person_id=person.id if person else None,
        challenge=challenge,
        ends_at=now + LASTS,
    )
    db.session.add(row)
    db.session.flush()
    if person is None:
        return Asked(row.id, ceremonies.to_show(challenge, ()))
    keys = queries.passkeys_of(person)
    known = [key.credential_id for key in keys]
    if purpose is Asking.ADD:
        return Asked(row.id, ceremonies.to_add(challenge, person, _handle(keys), known))
    return Asked(row.id, ceremonies.to_show(challenge, known))


def _handle(keys: Sequence[Passkey]) -> str:
    """A device that is given the same handle twice keeps one key for it instead of two."""
    return keys[0].handle if keys else ceremonies.new_handle()


def take(number: object, purpose: Asking, person: Person | None) -> bytes | None:
    """The challenge, once: whoever takes it has used it up, whatever comes of it. Commit before it is looked at."""
    if not isinstance(number, int):
        return None
    whose = Challenge.person_id == person.id if person else Challenge.person_id.is_(None)
    return db.session.scalar(
        sa.delete(Challenge)
        .where(Challenge.id == number, Challenge.purpose == purpose, whose, Challenge.ends_at > clock.now())
        .execution_options(synchronize_session=False)
        .returning(Challenge.challenge)
    )


def add(
    person: Person, answer: str, challenge: bytes | None, name: str, *, here: SignIn | None = None
) -> Passkey:
    """Raises NotAPasskey, KnownAlready or TooMany."""
    made = ceremonies.added(answer, challenge) if challenge else None
    if made is None:
        raise NotAPasskey
    keeping.take_turns(person)
    keys = queries.passkeys_of(person)
    if len(keys) >= MOST:
        raise TooMany
    passkey = Passkey(
        person_id=person.id,
        handle=_handle(keys),
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=_plain(name),
        added_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(passkey)
    except IntegrityError as error:
        raise KnownAlready from error
    keeping.has_begun(person, here)
    sentence = f"The passkey “{passkey.name}” was added to your account."
    keeping.note("passkey_added", person, "a passkey was added", sentence, name=passkey.name)
    return passkey


def owner(answer: str) -> Passkey | None:
    """The passkey that an answer says it is from; nothing of it is believed yet."""
    named = ceremonies.credential_of(answer)
    return db.session.scalar(sa.select(Passkey).where(Passkey.credential_id == named)) if named else None


def accept(passkey: Passkey, answer: str, challenge: bytes | None) -> bool:
    """Whether the passkey signed this challenge.

    A key that counts must count upwards: when it does not, somebody may have a copy of it. Then it is refused, and
    its owner is told, so commit whatever the answer."""
    count = ceremonies.signed(answer, challenge, passkey.public_key) if challenge else None
    if count is None:
        return False
    grown = Passkey.sign_count < count if count else Passkey.sign_count == 0
    used = db.session.execute(
        sa.update(Passkey)
        .where(Passkey.id == passkey.id, grown)
        .values(sign_count=count, last_used_at=clock.now())
        .execution_options(synchronize_session=False)
        .returning(Passkey.id)
    ).first()
    if used is None:
        _may_be_copied(passkey)
    return used is not None


def _may_be_copied(passkey: Passkey) -> None:
    person = passkey.person
    audit.note("factor.passkey_refused", "person", person.id, by=None, person_id=person.id, name=passkey.name)
    letters.changed(
        person,
        "a passkey was refused",
        f"The passkey “{passkey.name}” was refused, because it counted backwards: somebody may have a copy of it. "
        "Remove it and add a new one.",
    )


def rename(passkey: Passkey, name: str) -> None:
    """It opens no more and no less by another name, so nobody is written to."""
    passkey.name = _plain(name)
    audit.note(
        "factor.passkey_named",
        "person",
        passkey.person_id,
        by=passkey.person,
        person_id=passkey.person_id,
        name=passkey.name,
    )
    db.session.flush()


def remove(passkey: Passkey) -> None:
    """Raises LastRequired."""
    person, name = passkey.person, passkey.name
    keeping.take_turns(person)
    keeping.may_lose_one(person)
    db.session.execute(sa.delete(Passkey).where(Passkey.id == passkey.id))
    keeping.has_lost_one(person)
    sentence = f"The passkey “{name}” was removed from your account."
    keeping.note("passkey_removed", person, "a passkey was removed", sentence, name=name)


def _plain(name: str) -> str:
    return " ".join(name.split())[:60] or "Passkey"
