"""How often somebody may try a password, or have a letter sent: for one account from one network strictly, for one
account from everywhere and for one network generously.

So nobody can lock another person out for ever: from elsewhere the account stays open until very many have failed, and
then a link to choose another password, which is mailed, still leads in. Addresses are counted whether they have an
account or not. They are kept as a digest, so that the counts are no list of addresses."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from catalog import limits
from catalog.accounts.queries import plain_address


class Limit(NamedTuple):
    most: int
    window: timedelta


PASSWORD = (
    Limit(10, timedelta(minutes=15)),
    Limit(100, timedelta(hours=1)),
    # A whole training may stand behind one address, and those who get it right are not counted.
    Limit(100, timedelta(minutes=15)),
)
LETTER = (
    Limit(3, timedelta(minutes=15)),
    Limit(10, timedelta(hours=1)),
    Limit(100, timedelta(hours=1)),
)
"""For one account from one network, for one account, for one network."""


def password(email: str, address: str | None) -> Sequence[str]:
    """Count one guess before it is looked at. Raises limits.TooOften; gives what to hand to `right`. The caller
    commits, so that the count stands whatever becomes of the guess."""
    return _spend("password", PASSWORD, email, address)


def right(keys: Sequence[str]) -> None:
    """It was no guess."""
    for key in keys:
        limits.give_back(key)


def letter(email: str, address: str | None) -> None:
    """Count one letter that somebody has sent to an address by typing it in. Raises limits.TooOften."""
    _spend("letter", LETTER, email, address)


def _spend(what: str, so_often: tuple[Limit, ...], email: str, address: str | None) -> Sequence[str]:
    account, network = _digest(email), limits.network(address)
    keys = (f"{what} {account} {network}", f"{what} {account}", f"{what} from {network}")
    for key, limit in zip(keys, so_often, strict=True):
        limits.count_try(key, limit.most, limit.window)
    return keys


def _digest(email: str) -> str:
    return hashlib.sha256(plain_address(email).encode()).hexdigest()[:32]
