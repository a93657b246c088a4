"""Writes: the keys by which accounts of one person are found. They follow each account by themselves."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, aliased

from catalog.accounts import alike
from catalog.accounts.models import AccountKey, Person
from catalog.extensions import db, start_writing, writing

FOLLOWED = ("name", "email", "second_email", "county", "licence", "merged_into_id", "left_at")
"""Columns of a person that their keys are made of, and that say whether they have any."""
AT_ONCE = 500
Row = tuple[int, Any, str]


def follow(connection: sa.Connection, person_ids: Sequence[int]) -> None:
    """Give these accounts the keys that they should have by now. An account that is closed has none.

    Whoever writes a person past the session says it here; a flush does so by itself."""
    for start in range(0, len(person_ids), AT_ONCE):
        _follow(connection, person_ids[start : start + AT_ONCE])


def _follow(connection: sa.Connection, person_ids: Sequence[int]) -> None:
    there = set(
        connection.execute(
            sa.select(AccountKey.person_id, AccountKey.kind, AccountKey.key).where(
                AccountKey.person_id.in_(person_ids)
            )
        ).tuples()
    )
    wanted = set(_wanted(connection, person_ids))
    for person_id, kind, key in there - wanted:
        connection.execute(
            sa.delete(AccountKey).where(
                AccountKey.person_id == person_id, AccountKey.kind == kind, AccountKey.key == key
            )
        )
    _add(connection, wanted - there)


def _add(connection: sa.Connection, new: Collection[Row]) -> None:
    if not new:
        return
    rows = [
        {"person_id": one, "kind": kind, "key": key, "is_second": False} for one, kind, key in sorted(new)
    ]
    connection.execute(sa.insert(AccountKey), rows)
    theirs = AccountKey.person_id.in_({row["person_id"] for row in rows})
    connection.execute(
        sa.update(AccountKey).where(theirs, _others(1), ~_others(alike.MOST_ALIKE)).values(is_second=True)
    )


def _wanted(connection: sa.Connection, person_ids: Sequence[int]) -> Iterator[Row]:
    found = connection.execute(
        sa.select(
            *(Person.id, Person.name, Person.email, Person.second_email, Person.county, Person.licence)
        ).where(Person.id.in_(person_ids), Person.merged_into_id.is_(None), Person.left_at.is_(None))
    )
    for person_id, *said in found:
        for kind, key in alike.keys(*said):
            yield person_id, kind, key


def look_again() -> None:
    """Two who came in the same moment did not see each other; the worker looks once a day whether some did so.

    It reads every key, and writes where somebody was missed alone."""
    writing.set(False)
    of = (AccountKey.kind, AccountKey.key)
    marked = sa.func.count(sa.case((AccountKey.is_second, 1)))
    missed = sa.select(*of).group_by(*of).having(sa.func.count() - marked > 1, marked < alike.MOST_ALIKE - 1)
    found = db.session.execute(missed).tuples().all()
    start_writing()
    for kind, key in found:
        same = (AccountKey.kind == kind, AccountKey.key == key)
        first = sa.select(AccountKey.person_id).where(*same).order_by(AccountKey.person_id)
        db.session.execute(
            sa.update(AccountKey)
            .where(*same, AccountKey.person_id.in_(first.limit(alike.MOST_ALIKE)))
            .values(is_second=True)
        )


def _others(at_least: int) -> sa.Exists:
    """Whether so many other accounts have the same."""
    other = aliased(AccountKey)
    return (
        sa.select(other.person_id)
        .where(
            other.kind == AccountKey.kind,
            other.key == AccountKey.key,
            other.person_id != AccountKey.person_id,
        )
        .offset(at_least - 1)
        .limit(1)
        .exists()
    )


@event.listens_for(db.session, "after_flush")
def _follow_what_was_written(session: Session, _context: Any) -> None:
    new = [one for one in session.new if isinstance(one, Person)]
    for start in range(0, len(new), AT_ONCE):
        _add(session.connection(), set(_first_keys(new[start : start + AT_ONCE])))
    changed = [one.id for one in session.dirty if isinstance(one, Person) and _is_followed(one)]
    if changed:
        follow(session.connection(), sorted(changed))


def _first_keys(people: Iterable[Person]) -> Iterator[Row]:
    """Of accounts that were written this moment, which have none yet, and stand here as they were written."""
    for one in people:
        if one.merged_into_id is None and one.left_at is None:
            for kind, key in alike.keys(one.name, one.email, one.second_email, one.county, one.licence):
                yield one.id, kind, key


def _is_followed(person: Person) -> bool:
    attributes = sa.inspect(person).attrs
    return any(attributes[name].history.has_changes() for name in FOLLOWED)
