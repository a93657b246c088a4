"""Every migration, down and up, while each table that there is holds a row: what both sides can hold is kept.

Rows are made from what the database says of its own tables at each revision, so that a new table needs nothing here
unless one of its checks asks for more than a value of the right kind; then it says so in `GIVEN`."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import downgrade, upgrade

from catalog.accounts import alike
from catalog.accounts.models import AccountKey, KeyKind
from catalog.extensions import Base, db
from tests.coordinating.rows import GIVEN as FOR_THE_MODELS
from tests.test_migrations import differences, empty

__all__ = ["empty"]

LATER = datetime(2030, 1, 2, 12, tzinfo=UTC)
NOT_OURS = ("course_search", "alembic_version", "sqlite_")
GIVEN: dict[str, dict[str, Any]] = {
    **FOR_THE_MODELS,
    # Its roster is closed, so its hours are settled.
    "offering": {"trainer_id": None, "starts_at": LATER, "ends_at": LATER, "settled_at": LATER},
}
SEVERAL = ("person", "course")
"""Some tables are about two of these, which are not the same."""
numbers = count(1)
Kept = dict[str, dict[str, list[Any]]]


def revisions() -> list[str]:
    """From the first to the newest."""
    config = Config()
    config.set_main_option("script_location", current_app.extensions["migrate"].directory)
    return [str(one.revision) for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def tables() -> dict[str, sa.Table]:
    """As the database has them at this revision, each after those that it points at."""
    found = sa.MetaData()
    found.reflect(db.engine)
    return {one.name: one for one in found.sorted_tables if not one.name.startswith(NOT_OURS)}


def fill() -> list[str]:
    """A row for each table that has none; which tables those were."""
    filled, there = [], tables()
    with db.engine.begin() as connection:
        for name, table in there.items():
            if connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0:
                for _ in range(3 if name in SEVERAL else 1):
                    connection.execute(sa.insert(table).values(values(connection, table)))
                filled.append(name)
    return filled


def values(connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    given = {name: value() if callable(value) else value for name, value in GIVEN.get(table.name, {}).items()}
    made = {name: value for name, value in given.items() if name in table.columns}
    for column in table.columns:
        if column.name not in made and not column.nullable and not is_numbered(column):
            made[column.name] = value_for(connection, column)
    return made


def is_numbered(column: sa.Column[Any]) -> bool:
    is_number = column.primary_key and isinstance(column.type, sa.Integer) and not column.foreign_keys
    return is_number and len(column.table.primary_key.columns) == 1


def value_for(connection: sa.Connection, column: sa.Column[Any]) -> Any:
    for key in column.foreign_keys:
        if key.constraint is not None and len(key.constraint.columns) == 1:
            found = connection.scalars(sa.select(key.column).order_by(key.column)).all()
            return found[_alike(column, key.column).index(column.name) % len(found)]
    model = Base.metadata.tables.get(column.table.name)
    known = model.columns.get(column.name) if model is not None else None
    if known is not None and isinstance(known.default, sa.ColumnDefault) and known.default.is_scalar:
        return known.default.arg
    if known is not None and isinstance(known.type, sa.Enum):
        return known.type.enums[0]
    if isinstance(column.type, sa.JSON):
        return {}
    of = column.type.python_type
    if of is datetime:
        return LATER if db.engine.dialect.name == "postgresql" else LATER.replace(tzinfo=None)
    words = f"{column.name} {next(numbers)}"[-(getattr(column.type, "length", None) or 40) :]
    return {int: 1, str: words, bool: False, date: LATER.date(), bytes: b"sample", dict: {}}[of]


def _alike(column: sa.Column[Any], to: sa.Column[Any]) -> list[str]:
    """The columns of its table that point to the same one."""
    return [one.name for one in column.table.columns for key in one.foreign_keys if key.column is to]


def rows() -> Kept:
    """Every column of every table, with its values in the order of the rows."""
    there = tables()
    with db.engine.connect() as connection:
        return {
            name: {
                column: [row._mapping[column] for row in found]
                for column in table.columns.keys()  # noqa: SIM118 - they are no mapping
            }
            for name, table in there.items()
            for found in [sorted(connection.execute(sa.select(table)).all(), key=repr)]
        }


def lost(before: Kept, after: Kept) -> list[str]:
    """What both sides can hold and only the first one has. What was empty may be worked out from other rows."""
    return [
        f"{table}.{column}: {before[table][column]} became {after[table][column]}"
        for table in before.keys() & after.keys()
        for column in before[table].keys() & after[table].keys()
        if any(value is not None for value in before[table][column])
        and sorted(map(repr, before[table][column])) != sorted(map(repr, after[table][column]))
    ]


def empties(found: Kept) -> list[str]:
    return [name for name, columns in found.items() if not all(columns.values())]


@pytest.mark.usefixtures("empty")
def test_every_table_is_filled_at_the_newest_revision() -> None:
    upgrade()
    fill()
    found = rows()
    assert found.keys() == Base.metadata.tables.keys()
    assert empties(found) == []


@pytest.mark.usefixtures("empty")
def test_each_migration_keeps_what_both_sides_can_hold(empty: Flask) -> None:
    upgrade()
    fill()
    steps = revisions()
    for revision in reversed(steps[:-1]):
        before = rows()
        downgrade(revision=revision)
        after = rows()
        assert lost(before, after) == [], f"down to {revision}"
        assert empties(after) == [], f"down to {revision}"
    for revision in steps[1:]:
        fill()
        before = rows()
        assert empties(before) == [], f"before {revision}"
        upgrade(revision=revision)
        assert lost(before, rows()) == [], f"up to {revision}"
    assert differences() == []


@pytest.mark.usefixtures("empty")
def test_accounts_that_are_there_get_the_keys_that_a_new_one_would() -> None:
    said: list[dict[str, Any]] = [
        {
            "name": "Sample, Ána",
            "email": "ana.s+work@example.org",
            "county": "01101",
            "licence": "LPC 01-234",
        },
        {
            "name": "ana  SAMPLE",
            "email": "a@example.org",
            "second_email": "ana.s@Example.org",
            "county": "01101",
        },
        {"name": "\ufdfa" * 120, "email": "...@example.org", "county": "01003", "licence": "n/a"},
        *(
            {"name": "…", "email": f"x{one}@example.org", "licence": "none yet", "county": "01003"}
            for one in range(12)
        ),
        {"name": "Gone", "email": "gone@example.org", "county": "01101", "merged_into_id": 1},
        {"name": "Left", "email": "left@example.org", "county": "01101", "left_at": LATER},
    ]
    upgrade(revision="0018")
    person = tables()["person"]
    with db.engine.begin() as connection:
        for number, fields in enumerate(said, 1):
            # What the columns that are not spoken of hold is of no matter here.
            made = values(connection, person) | fields | {"id": number}
            if fields.get("left_at") and db.engine.dialect.name == "sqlite":
                made["left_at"] = LATER.replace(tzinfo=None)
            connection.execute(sa.insert(person).values(made))
    upgrade()
    with db.engine.connect() as connection:
        columns = sa.select(AccountKey.person_id, AccountKey.kind, AccountKey.key, AccountKey.is_second)
        rows = connection.execute(columns).all()
    spoken = ("name", "email", "second_email", "county", "licence")
    wanted = {
        (number, *key)
        for number, fields in enumerate(said[:-2], 1)
        for key in alike.keys(*(fields.get(name) for name in spoken))  # type: ignore[arg-type]
    }
    assert {(row.person_id, row.kind, row.key) for row in rows} == wanted
    assert {(row.person_id, row.kind) for row in rows if row.is_second} == {
        (2, KeyKind.NAME),
        (2, KeyKind.ADDRESS),
        *((number, KeyKind.LICENCE) for number in range(5, 12)),
    }
