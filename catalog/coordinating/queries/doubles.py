"""Reads: accounts that may be one person's, found by address, by name and county, and by licence.

What an account is found by is written beside it (accounts.models.AccountKey), and marked where others have the same.
So whoever has nothing in common with anybody is not read, however many they are."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from catalog.accounts import alike
from catalog.accounts.models import AccountKey, KeyKind, Person, SignIn
from catalog.attendance.models import Credit
from catalog.certificates.models import Certificate
from catalog.coordinating.models import NotSame
from catalog.enrollment.models import LIVE, Enrollment
from catalog.extensions import db
from catalog.records.models import EntryState, HourEntry

PER_PAGE = 20
MOST_ALIKE = alike.MOST_ALIKE
LARGEST = 2**31 - 1
"""Of all numbers that an account can have."""
MOST_GROUPS = 200
"""Of accounts that have the same, for each kind: what is not settled among the first of them is read at once."""

BY_LICENCE = "The same licence number"
BY_ADDRESS = "The same email address, up to dots, case and what follows a plus sign"
BY_NAME = "The same name in the same county"
REASONS = {KeyKind.LICENCE: BY_LICENCE, KeyKind.ADDRESS: BY_ADDRESS, KeyKind.NAME: BY_NAME}
"""The surest first."""


class Pair(NamedTuple):
    """The numbers of two accounts, the older one first, and what they have in common."""

    low: int
    high: int
    reasons: tuple[str, ...]


class Found(NamedTuple):
    pairs: list[Pair]
    is_more: bool
    """Whether there are more groups than were read; their pairs are found once some of these are settled."""


class Account(NamedTuple):
    id: int
    name: str
    email: str
    second_email: str | None
    county: str | None
    licence: str | None
    created_at: datetime
    has_password: bool


class Holds(NamedTuple):
    """What an account has, for two of them side by side."""

    live: int = 0
    """Sessions it has a place on."""
    minutes: int = 0
    """Hours earned here and written down from elsewhere that are in force, of both ledgers."""
    certificates: int = 0
    signed_in_at: datetime | None = None


def found(most: int) -> Found:
    """Every two that may be one, the surest first, of so many groups of each kind. One statement."""
    rows = db.session.execute(_alike(most)).all()
    order = list(REASONS)
    kinds: dict[tuple[int, int], list[KeyKind]] = {}
    for row in sorted(rows, key=lambda row: order.index(row.kind)):
        kinds.setdefault((row.low, row.high), []).append(row.kind)
    ordered = sorted(kinds.items(), key=lambda one: (-len(one[1]), order.index(one[1][0]), one[0]))
    pairs = [Pair(*two, tuple(REASONS[kind] for kind in dict.fromkeys(has))) for two, has in ordered]
    return Found(pairs, any(row.groups > most for row in rows))


@cache
def _alike(most: int) -> sa.Select[Any]:
    """Two numbers and a kind for each thing that two accounts have in common, also where only another thing was
    among the first groups. Written once, as it is long."""
    # One group more than is read, to know whether there are more.
    groups = sa.union_all(*(_open_groups(kind, most + 1) for kind in REASONS)).cte("open_groups")
    first = _members(sa.select(groups.c.kind, groups.c.key).where(groups.c.place <= most), "first")
    theirs = aliased(AccountKey)
    of_these = theirs.person_id.in_(sa.select(first.c.person_id))
    all_of_them = _members(sa.select(theirs.kind, theirs.key).where(of_these).distinct(), "members")
    one, other = all_of_them.alias("one"), all_of_them.alias("other")
    return sa.select(
        one.c.person_id.label("low"),
        other.c.person_id.label("high"),
        one.c.kind,
        sa.select(sa.func.max(groups.c.place)).scalar_subquery().label("groups"),
    ).where(
        one.c.kind == other.c.kind,
        one.c.key == other.c.key,
        one.c.person_id < other.c.person_id,
        ~_is_settled(one.c.person_id, other.c.person_id),
    )


def _open_groups(kind: KeyKind, most: int) -> sa.Select[Any]:
    """The first so many keys of the kind that two accounts have who were not told apart."""
    second, other = aliased(AccountKey), aliased(AccountKey)
    is_open = sa.exists().where(
        other.kind == second.kind,
        other.key == second.key,
        other.person_id != second.person_id,
        ~_is_settled(second.person_id, other.person_id).correlate(second, other),
        ~_is_settled(other.person_id, second.person_id).correlate(second, other),
    )
    found = (
        sa.select(second.kind, second.key)
        .where(second.kind == kind, second.is_second, is_open)
        .distinct()
        .order_by(second.key)
        .limit(most)
    ).subquery()
    return sa.select(
        found.c.kind, found.c.key, sa.func.row_number().over(order_by=found.c.key).label("place")
    )


def _members(groups: sa.Select[Any], name: str) -> sa.CTE:
    """The first few of each group, by their numbers; the rest of a crowd is not read."""
    group, of = groups.subquery(), aliased(AccountKey)
    last = (
        sa.select(of.person_id)
        .where(of.kind == group.c.kind, of.key == group.c.key)
        .order_by(of.person_id)
        .offset(MOST_ALIKE - 1)
        .limit(1)
        .scalar_subquery()
    )
    bounded = (
        sa.select(group.c.kind, group.c.key, sa.func.coalesce(last, LARGEST).label("last"))
        .cte(f"{name}_bounded")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        sa.select(AccountKey.kind, AccountKey.key, AccountKey.person_id)
        .join(bounded, sa.and_(AccountKey.kind == bounded.c.kind, AccountKey.key == bounded.c.key))
        .where(AccountKey.person_id <= bounded.c.last)
        .cte(name)
    )


def _is_settled(low: Any, high: Any) -> sa.Exists:
    return sa.exists().where(NotSame.low_id == low, NotSame.high_id == high)


def accounts(ids: Sequence[int]) -> dict[int, Account]:
    rows = db.session.execute(
        sa.select(
            *(Person.id, Person.name, Person.email, Person.second_email, Person.county, Person.licence),
            *(Person.created_at, Person.password_hash.is_not(None)),
        ).where(Person.id.in_(ids))
    )
    return {row.id: Account(*row) for row in rows}


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
