"""Passwords: argon2id with the parameters OWASP gives for 19 MiB of memory. weak.py judges what people choose."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app


@cache
def _hasher(cheap: bool) -> PasswordHasher:
    # The cheap one is for tests alone: they sign in hundreds of times.
    if cheap:
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _hash_of_nobody(cheap: bool) -> str:
    return _hasher(cheap).hash("nobody has this password")


def same_everywhere(password: str) -> str:
    """An "é" is one character on one keyboard and two on another; here it is always one."""
    return unicodedata.normalize("NFC", password)


def hash_of(password: str) -> str:
    return _hasher(current_app.testing).hash(same_everywhere(password))


def is_right(stored: str | None, password: str) -> bool:
    """Whether the password fits; without a stored hash it takes just as long to say no."""
    hasher = _hasher(current_app.testing)
    try:
        hasher.verify(stored or _hash_of_nobody(current_app.testing), same_everywhere(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None
