"""Reads: accounts that may be one person's, found by address, by name and county, and by licence."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from catalog.accounts.models import Person, SignIn
from catalog.attendance.models import Credit
from catalog.certificates.models import Certificate
from catalog.coordinating.models import NotSame
from catalog.enrollment.models import LIVE, Enrollment
from catalog.extensions import db
from catalog.records.models import EntryState, HourEntry

PER_PAGE = 20
MOST_ALIKE = 8
"""Of more accounts than these with the same licence or name, a word such as "none" was typed; the first are shown."""
SHORTEST_LICENCE = 4

BY_LICENCE = "The same licence number"
BY_ADDRESS = "The same email address, up to dots, case and what follows a plus sign"
BY_NAME = "The same name in the same county"


class Account(NamedTuple):
    id: int
    name: str
    email: str
    second_email: str | None
    county: str | None
    licence: str | None
    created_at: datetime
    has_password: bool


class Pair(NamedTuple):
    one: Account
    other: Account
    reasons: tuple[str, ...]


class Holds(NamedTuple):
    """What an account has, for two of them side by side."""

    live: int = 0
    """Sessions it has a place on."""
    minutes: int = 0
    """Hours earned here and written down from elsewhere that are in force, of both ledgers."""
    certificates: int = 0
    signed_in_at: datetime | None = None


def pairs() -> list[Pair]:
    """Every two that may be one, the surest first. Two statements, whoever is there."""
    accounts = {row.id: row for row in _accounts()}
    settled = set(db.session.execute(sa.select(NotSame.low_id, NotSame.high_id)).tuples())
    found: dict[tuple[int, int], list[str]] = {}
    for reason, keys in _keys(list(accounts.values())):
        for alike in keys.values():
            for low, high in combinations(sorted(alike)[:MOST_ALIKE], 2):
                if (low, high) not in settled:
                    found.setdefault((low, high), []).append(reason)
    ordered = sorted(found.items(), key=lambda one: (-len(one[1]), _REASONS.index(one[1][0]), one[0]))
    return [
        Pair(accounts[low], accounts[high], tuple(dict.fromkeys(reasons))) for (low, high), reasons in ordered
    ]


_REASONS = (BY_LICENCE, BY_ADDRESS, BY_NAME)


def _accounts() -> list[Account]:
    rows = db.session.execute(
        sa.select(
            *(Person.id, Person.name, Person.email, Person.second_email, Person.county, Person.licence),
            *(Person.created_at, Person.password_hash.is_not(None)),
        )
        .where(Person.merged_into_id.is_(None))
        .order_by(Person.id)
    )
    return [Account(*row) for row in rows]


def _keys(accounts: Sequence[Account]) -> Iterator[tuple[str, dict[object, set[int]]]]:
    """For each reason, who has the same of what it speaks of."""
    by_licence, by_address, by_name = (dict[object, set[int]]() for _ in _REASONS)
    for one in accounts:
        if one.licence and len(licence := plain_licence(one.licence)) >= SHORTEST_LICENCE:
            by_licence.setdefault(licence, set()).add(one.id)
        for address in (one.email, one.second_email):
            if address:
                by_address.setdefault(plain_mailbox(address), set()).add(one.id)
        if one.county and (name := plain_name(one.name)):
            by_name.setdefault((name, one.county), set()).add(one.id)
    yield from zip(_REASONS, (by_licence, by_address, by_name), strict=True)


def plain_mailbox(email: str) -> str:
    """Where many servers deliver to the same person: `Ana.Sample+work@Example.org` is `anasample@example.org`."""
    local, _, domain = email.strip().lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '') or local}@{domain}"


def plain_name(name: str) -> str:
    """`Sample,  Élise` and `elise sample` are the same."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return " ".join(sorted(re.findall(r"\w+", bare.casefold())))


def plain_licence(licence: str) -> str:
    return "".join(sign for sign in licence.upper() if sign.isalnum())


def holds(person_ids: Sequence[int]) -> dict[int, Holds]:
    """One statement for each column, however many people."""
    live = _tally(Enrollment.person_id, sa.func.count(), person_ids, Enrollment.state.in_(LIVE))
    earned = _tally(Credit.person_id, sa.func.sum(Credit.minutes), person_ids, Credit.superseded_at.is_(None))
    brought = _tally(
        HourEntry.person_id,
        sa.func.sum(HourEntry.minutes),
        person_ids,
        HourEntry.superseded_at.is_(None),
        HourEntry.state.in_((EntryState.PENDING, EntryState.VERIFIED)),
    )
    papers = _tally(Certificate.person_id, sa.func.count(), person_ids, Certificate.superseded_at.is_(None))
    last = _tally(SignIn.person_id, sa.func.max(SignIn.began_at), person_ids)
    return {
        one: Holds(
            live.get(one, 0), earned.get(one, 0) + brought.get(one, 0), papers.get(one, 0), last.get(one)
        )
        for one in person_ids
    }


def _tally(
    person: InstrumentedAttribute[int],
    figure: sa.ColumnElement[Any],
    person_ids: Sequence[int],
    *wanted: sa.ColumnElement[bool],
) -> dict[int, Any]:
    rows = db.session.execute(
        sa.select(person, figure).where(person.in_(person_ids), *wanted).group_by(person)
    )
    return dict(rows.tuples().all())


def first_kept(one: int, other: int, held: dict[int, Holds], has_password: dict[int, bool]) -> int:
    """Which of two is better kept: the one that can be signed in to, was signed in to last, has more, is older."""

    def worth(person_id: int) -> tuple[bool, float, int, int]:
        holding = held[person_id]
        last = holding.signed_in_at.timestamp() if holding.signed_in_at else 0.0
        return has_password[person_id], last, holding.live + holding.certificates, -person_id

    return max((one, other), key=worth)
