"""Reads of the audit trail. It stands below the things it tells of, so they say here what they are called."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from catalog.notices.phrases import PHRASES, phrase

PER_PAGE = 50
MOST_EXPORTED = 50_000
MOST_NAMED = 500


class Naming(NamedTuple):
    """How one kind of thing is called, and found by a word of its name."""

    names: Callable[[Collection[int]], dict[int, str]]
    with_word: Callable[[str], sa.Select[tuple[int]]]


_namings: dict[str, Naming] = {}


def is_called(
    about: str,
    names: Callable[[Collection[int]], dict[int, str]],
    with_word: Callable[[str], sa.Select[tuple[int]]],
) -> None:
    """Said once, when the application starts, by the feature that knows things of this kind."""
    _namings[about] = Naming(names, with_word)


class Filters(NamedTuple):
    words: str = ""
    action: str = ""
    """One action, or all that begin with it when it ends with a point."""
    person_id: int | None = None
    """Who did it or whom it concerns."""
    offering_id: int | None = None
    about: str = ""
    """A kind of thing: everything that was done to such."""
    first: date | None = None
    last: date | None = None
    """Days, both included, in `zone`."""
    zone: str = "UTC"


class Line(NamedTuple):
    entry: AuditEntry
    sentence: str
    """With places for {person} and {thing}."""
    thing: str


class Trail(NamedTuple):
    lines: list[Line]
    older: int | None
    """Everything with a smaller number is older; None when there is no more."""
    newer: int | None


def trail(filters: Filters, before: int | None = None, after: int | None = None) -> Trail:
    """One page, newest first: the newest, or those older than `before`, or those next newer than `after`.

    Pages are cut by the entry's number and not counted, so that the hundredth is as quick as the first and
    nothing is shown twice while new entries come in."""
    select = _entries(filters).limit(PER_PAGE + 1)
    if after is not None:
        rows = list(db.session.scalars(select.where(AuditEntry.id > after).order_by(AuditEntry.id)))
        has_newer, has_older = len(rows) > PER_PAGE, True
        rows = rows[:PER_PAGE][::-1]
    else:
        older = select if before is None else select.where(AuditEntry.id < before)
        rows = list(db.session.scalars(older.order_by(AuditEntry.id.desc())))
        has_newer, has_older = before is not None, len(rows) > PER_PAGE
        rows = rows[:PER_PAGE]
    older_than = rows[-1].id if rows and has_older else None
    return Trail(_lines(rows), older_than, rows[0].id if rows and has_newer else None)


def whole(filters: Filters) -> list[Line]:
    """All of it that fits, newest first; MOST_EXPORTED of it at most."""
    rows = db.session.scalars(_entries(filters).order_by(AuditEntry.id.desc()).limit(MOST_EXPORTED)).all()
    return _lines(rows)


def _entries(filters: Filters) -> sa.Select[tuple[AuditEntry]]:
    by, concerned = aliased(Person), aliased(Person)
    return (
        sa.select(AuditEntry)
        .outerjoin(by, by.id == AuditEntry.by_id)
        .outerjoin(concerned, concerned.id == AuditEntry.person_id)
        .options(joinedload(AuditEntry.by), joinedload(AuditEntry.person))
        .where(*_conditions(filters, by, concerned))
    )


def _conditions(filters: Filters, by: type[Person], concerned: type[Person]) -> list[sa.ColumnElement[bool]]:
    found = [_says(word, by, concerned) for word in filters.words.split()[:8]]
    if filters.action.endswith("."):
        found.append(AuditEntry.action.startswith(filters.action, autoescape=True))
    elif filters.action:
        found.append(AuditEntry.action == filters.action)
    if filters.person_id is not None:
        # Whatever was done under an account that was joined with theirs, too.
        old = sa.select(Person.id).where(Person.merged_into_id == filters.person_id)
        mine = (AuditEntry.by_id, AuditEntry.person_id)
        found.append(sa.or_(*(column == filters.person_id for column in mine)))
        found[-1] |= sa.or_(*(column.in_(old) for column in mine))
    if filters.offering_id is not None:
        found += [AuditEntry.about == "offering", AuditEntry.about_id == filters.offering_id]
    if filters.about:
        found.append(AuditEntry.about == filters.about)
    if filters.first:
        found.append(AuditEntry.at >= _midnight(filters.first, filters.zone))
    if filters.last:
        found.append(AuditEntry.at < _midnight(filters.last + timedelta(days=1), filters.zone))
    return found


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _says(word: str, by: type[Person], concerned: type[Person]) -> sa.ColumnElement[bool]:
    """Whether the entry's sentence would hold the word: who, whom, what was done, to what, or why."""
    low = word.lower()
    texts = (by.name, concerned.name, AuditEntry.reason)
    return sa.or_(
        *(sa.func.lower(text).contains(low, autoescape=True) for text in texts),
        *(text.contains(word, autoescape=True) for text in texts),
        AuditEntry.action.in_([action for action in PHRASES if low in phrase(action).lower()]),
        *(
            sa.and_(AuditEntry.about == about, AuditEntry.about_id.in_(naming.with_word(word)))
            for about, naming in _namings.items()
        ),
    )


def _lines(rows: Sequence[AuditEntry]) -> list[Line]:
    """The entries with the names of what they are about: one statement for each kind of thing."""
    names: dict[tuple[str, int], str] = {}
    for about, naming in _namings.items():
        ids = sorted({row.about_id for row in rows if row.about == about})
        for start in range(0, len(ids), MOST_NAMED):
            some = naming.names(ids[start : start + MOST_NAMED])
            names |= {(about, thing): name for thing, name in some.items()}
    return [
        Line(row, phrase(row.action), names.get((row.about, row.about_id), f"{row.about} {row.about_id}"))
        for row in rows
    ]


def person_named(person_id: int | None) -> Person | None:
    return db.session.get(Person, person_id) if person_id is not None else None


def thing_named(about: str, thing_id: int | None) -> str:
    """What one thing is called; its kind and number where nobody has said."""
    if thing_id is None:
        return ""
    naming = _namings.get(about)
    return (naming.names([thing_id]) if naming else {}).get(thing_id, f"{about} {thing_id}")
