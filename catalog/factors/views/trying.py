"""Trying codes and passwords: how often, and what is done with what was typed."""

import re
from datetime import timedelta

from catalog import limits
from catalog.accounts import passwords
from catalog.accounts.models import Person
from catalog.extensions import db, start_writing
from catalog.factors import letters
from catalog.factors.services import apps, codes

MOST = 5
WINDOW = timedelta(minutes=15)


def is_right_code(person: Person, typed: str) -> bool:
    """Whether it is the app's code or a recovery code, which is used up with it. The view commits a right one.

    Raises limits.TooOften. A wrong one counts; with the last that is allowed the person is told."""
    key = _count(person)
    # Recovery codes are hashed like passwords: they are held against each other before anything is written.
    is_digits = re.fullmatch(r"[0-9\s]+", typed) is not None
    number = None if is_digits else codes.matching(person, typed)
    start_writing()
    if apps.accept(person, typed) if number is None else codes.use(person, number):
        limits.give_back(key)
        return True
    db.session.rollback()
    _tell_at_last(person, key)
    return False


def is_right_password(person: Person, typed: str) -> bool:
    """Raises limits.TooOften."""
    key = _count(person)
    is_right = passwords.is_right(person.password_hash, typed)
    start_writing()
    if is_right:
        limits.give_back(key)
    return is_right


def _count(person: Person) -> str:
    """Each try counts before it is looked at, so that many at the same moment are as many tries."""
    key = f"second step {person.id}"
    limits.count_try(key, MOST, WINDOW)
    db.session.commit()
    return key


def _tell_at_last(person: Person, key: str) -> None:
    try:
        limits.check(key, MOST, WINDOW)
    except limits.TooOften:
        start_writing()
        letters.wrong_codes(person)
        db.session.commit()
