"""Recovery codes: ten, each good once, shown when they are made and never again."""

import re
import secrets
from typing import NamedTuple

import sqlalchemy as sa

from catalog import clock
from catalog.accounts import passwords
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.factors import letters, queries
from catalog.factors.models import RecoveryCode
from catalog.factors.services import keeping
from catalog.notices import audit

HOW_MANY = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that are taken for one another on paper."""
LENGTH = 12
"""Twelve of 31: nearly 60 bits, and each is hashed like a password."""


class Fresh(NamedTuple):
    """A new code, as it is shown and as it is kept."""

    shown: str
    hash: str


def fresh() -> list[Fresh]:
    """Ten new codes. To hash them takes half a second, so it is done before anything is written."""
    made = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(HOW_MANY)]
    return [Fresh("-".join(re.findall("....", code)), passwords.hash_of(code)) for code in made]


def keep(person: Person, codes: list[Fresh], *, anew: bool = True) -> bool:
    """From now on these are the person's codes and those from before open nothing; whether they are kept.

    Not `anew`, they are kept only where the person has none."""
    keeping.take_turns(person)
    if not anew and queries.unused_codes(person):
        return False
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    db.session.add_all(
        RecoveryCode(person_id=person.id, hash=code.hash, made_at=clock.now()) for code in codes
    )
    db.session.flush()
    if anew:
        sentence = "New recovery codes were made. Older ones no longer work."
        keeping.note("codes_made", person, "new recovery codes", sentence)
    else:  # of the factor that they come with its own letter tells
        audit.note("factor.codes_made", "person", person.id, by=person, person_id=person.id)
    return True


def matching(person: Person, typed: str) -> int | None:
    """Which of the person's unused codes this is. It takes as long as checking up to ten passwords."""
    plain = re.sub(r"[\s-]", "", typed).lower()
    if len(plain) != LENGTH:
        return None
    kept = [(code.id, code.hash) for code in queries.unused_codes(person)]
    return next((number for number, stored in kept if passwords.is_right(stored, plain)), None)


def use(person: Person, number: int) -> bool:
    """Use up the code: of two who send the same one, one is let in. The person is told."""
    used = db.session.execute(
        sa.update(RecoveryCode)
        .where(RecoveryCode.id == number, RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
        .returning(RecoveryCode.id)
    ).first()
    if used is None:
        return False
    left = len(queries.unused_codes(person))
    audit.note("factor.code_used", "person", person.id, by=person, person_id=person.id, left=left)
    letters.code_used(person, left)
    return True
