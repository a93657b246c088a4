"""Whether an account was joined with another of the same person, or deleted. Nothing is written for it any more."""

from collections.abc import Collection

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.errors import RuleBroken
from catalog.extensions import db

AT_ONCE = 500
OF_ANOTHER = "This account has just been joined with another one of the same person. Do it for the other one."


class AccountJoined(RuleBroken):
    sentence = (
        "This account has just been joined with another one of the same person. Sign in with the other one."
    )


class AccountDeleted(RuleBroken):
    sentence = "This account has just been deleted, as its person asked."


def refuse_closed(person: Person) -> None:
    """For whoever gives this person something new, with the transaction begun that writes it. It is asked anew: they
    may have been read before. On PostgreSQL whoever closes the account this moment is waited for, and waits, as in
    `joined_among`. Raises AccountJoined or AccountDeleted."""
    columns = sa.select(Person.merged_into_id, Person.left_at).where(Person.id == person.id)
    merged_into_id, left_at = db.session.execute(columns.with_for_update(read=True)).one()
    if merged_into_id is not None:
        raise AccountJoined
    if left_at is not None:
        raise AccountDeleted


def refuse_joined(*person_ids: int, by: Person) -> None:
    """For whoever writes what is these people's. Raises AccountJoined."""
    if joined := joined_among(person_ids):
        raise AccountJoined(None if by.id in joined else OF_ANOTHER)


def joined_among(person_ids: Collection[int]) -> set[int]:
    """Those of these accounts that were joined with another one; the rest stay so until the transaction ends.

    On PostgreSQL a coordinator may be joining them this moment, and would not wait for the foreign key of a new row:
    so they are waited for here, and they wait for whoever was first. They hold the people before they move what is
    theirs. So whoever locks a row that is somebody's asks this before, and whoever changes the person's own row locks
    that before: two who only asked would wait for each other."""
    ids = sorted(set(person_ids))
    joined: set[int] = set()
    for start in range(0, len(ids), AT_ONCE):
        some = sa.select(Person.id, Person.merged_into_id).where(Person.id.in_(ids[start : start + AT_ONCE]))
        if db.engine.dialect.name == "postgresql":
            some = some.order_by(Person.id).with_for_update(read=True)
        joined |= {number for number, into in db.session.execute(some).tuples() if into is not None}
    return joined
