"""Everything in the database that says whose it is, or who did it: the columns that name a person.

They are read off the tables, so that a table of tomorrow is not forgotten. Where a merge leaves a column alone, it
stands here with the reason, and a test holds every column against these lists."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog.extensions import Base, db

STAYS = {
    "account_key.person_id": "It follows from what the account says of itself; one that is gone has none.",
    "address_change.person_id": "Which addresses an account was to have is said of that account.",
    "audit_entry.by_id": "The trail says under which account something was done, as it was written.",
    "audit_entry.person_id": "The trail is read for both accounts together.",
    "authenticator_app.person_id": "What opens an account that is gone opens no other one.",
    "identity.person_id": "It opens the account that was linked; its person links it anew, once they are signed in.",
    "departure.person_id": "Leaving is asked for of one account.",
    "openness.person_id": "What others see is chosen for the account they keep.",
    "personal_export.person_id": "It was made of this account, and expires within days.",
    "muted.person_id": "Which letters somebody wants is said for the account they keep.",
    "not_same.high_id": "It was said of these two accounts.",
    "not_same.low_id": "It was said of these two accounts.",
    "not_same.said_by_id": "Who looked at two accounts stays as it was written.",
    "passkey.person_id": "What opens an account that is gone opens no other one.",
    "passkey_challenge.person_id": "It is over in five minutes.",
    "person_merge.gone_id": "Merges say what was merged, as it was then.",
    "person_merge.kept_id": "Merges say what was merged, as it was then.",
    "person_merge.merged_by_id": "Who merged stays as it was written.",
    "person_merge.undone_by_id": "Who undid a merge stays as it was written.",
    "recovery_code.person_id": "What opens an account that is gone opens no other one.",
    "role_grant.ended_by_id": "Who ended a role stays as it was written.",
    "role_grant.granted_by_id": "Who gave a role stays as it was written; what they handed on ends.",
    "role_grant.person_id": "A role is given to one account, as the flags are; on the other it is given anew.",
    "sign_in.person_id": "Nobody stays signed in to an account that is gone.",
}
BESIDE = ("hour_entry.provider_id", "job.person_id", "person.merged_into_id")
"""Columns that name a person and are no foreign keys."""
AT_REST = {"goal": "dropped_at", "interest": "ended_at"}
"""Where both have the same, the second one is put at rest, and the first one is live if either was."""


class Belonging(NamedTuple):
    """One column that names a person."""

    table: sa.Table
    column: sa.Column[Any]

    @property
    def key(self) -> str:
        return f"{self.table.name}.{self.column.name}"

    @property
    def rest_of_key(self) -> list[sa.Column[Any]]:
        """What a row is known by, whoever it belongs to."""
        return [one for one in self.table.primary_key.columns if one is not self.column]

    def is_one_of(self, keys: list[list[Any]]) -> sa.ColumnElement[bool]:
        """Whether a row is one of these, by what `rest_of_key` says of them."""
        columns = self.rest_of_key
        if len(columns) == 1:
            return columns[0].in_([key[0] for key in keys])
        return sa.tuple_(*columns).in_([tuple(key) for key in keys])


@cache
def naming_people() -> tuple[Belonging, ...]:
    """Every column that names a person, whether a merge moves it or not."""
    person = Base.metadata.tables["person"]
    by_key = {
        f"{table.name}.{key.parent.name}": Belonging(table, key.parent)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.references(person)
    }
    for key in BESIDE:
        table, _, name = key.partition(".")
        by_key[key] = Belonging(Base.metadata.tables[table], Base.metadata.tables[table].c[name])
    return tuple(by_key[key] for key in sorted(by_key))


@cache
def that_move() -> tuple[Belonging, ...]:
    return tuple(one for one in naming_people() if one.key not in STAYS)


def named(key: str) -> Belonging:
    return next(one for one in naming_people() if one.key == key)


def rows_of(person_id: int, belonging: Belonging) -> list[list[Any]]:
    """The rows that name the person in this column, by the rest of their keys."""
    found = sa.select(*belonging.rest_of_key).where(belonging.column == person_id)
    return [list(row) for row in db.session.execute(found.order_by(*belonging.rest_of_key))]


Key = tuple[Any, ...]


def in_the_way(gone_id: int, kept_id: int, belonging: Belonging) -> dict[Key, Key]:
    """Rows of `gone` that cannot become `kept`'s, because one of theirs is there already: keys by keys."""
    found: dict[Key, Key] = {}
    for others, condition in _unique_with(belonging):
        theirs, own = (_by_key(person_id, belonging, others, condition) for person_id in (gone_id, kept_id))
        found |= {theirs[key]: own[key] for key in theirs.keys() & own.keys() if None not in key}
    return found


def _by_key(
    person_id: int, belonging: Belonging, others: list[sa.Column[Any]], condition: Any
) -> dict[Key, Key]:
    """The person's rows by what must be unique for them."""
    rows = sa.select(*others, *belonging.rest_of_key).where(belonging.column == person_id)
    if condition is not None:
        rows = rows.where(condition)
    cut = len(others)
    return {tuple(row[:cut]): tuple(row[cut:]) for row in db.session.execute(rows)}


def _unique_with(
    belonging: Belonging,
) -> Iterator[tuple[list[sa.Column[Any]], Any]]:
    """What else is in each unique key the column is in, and for which rows the key is there."""
    table = belonging.table
    if belonging.column.primary_key:
        yield belonging.rest_of_key, None
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint) and belonging.column in constraint.columns.values():
            yield [one for one in constraint.columns if one is not belonging.column], None
    for index in table.indexes:
        if index.unique and belonging.column in index.columns.values():
            condition = index.dialect_options["sqlite"]["where"]
            yield [one for one in index.columns if one is not belonging.column], condition
