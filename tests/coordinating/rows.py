"""Rows of any table, made from what the table says of its columns; and the whole database as one thing to compare."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from catalog.extensions import Base, db

numbers = count(1)
Row = dict[str, Any]

LATER = datetime(2030, 1, 2, 12, tzinfo=UTC)
# What the checks of a table ask for, where a value of the column's kind is not enough.
GIVEN: dict[str, Row] = {
    "calendar_entry": {"meeting_id": lambda: next(numbers)},
    "certificate": {"kind": "course", "offering_id": None},
    "course": {"import_key": None},
    "enrollment": {"state": "withdrawn", "seat_id": None, "offer_ends_at": None},
    "hour_entry": {"supersedes_id": None},
    "interest": {"ended_at": None},
    "job": {"kind": "mail", "payload": {}, "state": "done"},
    "material": {"url": "https://example.org"},
    "mark": {"minutes": 60},
    "meeting": {"number": lambda: next(numbers), "ends_at": LATER + timedelta(hours=1)},
    "offering": {"trainer_id": None},
    "person": {"email": lambda: f"made{next(numbers)}@example.org", "name": "Made Sample"},
    "rsc_session": {"state": "asked", "minutes": 60},
    "share_link": {"expires_at": LATER + timedelta(days=9), "token_hash": lambda: str(next(numbers))},
}


def row(table: str, **given: Any) -> Row:
    """A row, with whatever it has to belong to; its key."""
    of = Base.metadata.tables[table]
    values = {name: one() if callable(one) else one for name, one in GIVEN.get(table, {}).items()} | given
    for column in of.columns:
        if column.name not in values and not column.nullable and not _comes_by_itself(column):
            values[column.name] = _value(column, table)
    made = db.session.connection().execute(sa.insert(of).values(values)).inserted_primary_key
    assert made is not None, table
    return dict(made._mapping)


def _comes_by_itself(column: sa.Column[Any]) -> bool:
    is_number = column.primary_key and isinstance(column.type, sa.Integer) and not column.foreign_keys
    return is_number or column.default is not None or column.server_default is not None


def _value(column: sa.Column[Any], table: str) -> Any:
    for key in column.foreign_keys:
        if key.constraint is not None and len(key.constraint.columns) == 1:
            return row(key.column.table.name)[key.column.name]
    if isinstance(column.type, sa.Enum):
        return column.type.enums[0]
    of = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    return {
        int: 1,
        str: f"{table} {next(numbers)}"[: getattr(column.type, "length", None) or 40],
        bool: False,
        datetime: LATER if isinstance(column.type, sa.TypeDecorator) else LATER.replace(tzinfo=None),
        date: LATER.date(),
        dict: {},
        bytes: b"sample",
    }[of.python_type]


def database(but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Every row of every table, as text, but for those tables."""
    db.session.flush()
    return {
        table.name: sorted(repr(tuple(one)) for one in db.session.execute(sa.select(table)))
        for table in Base.metadata.sorted_tables
        if table.name not in but
    }
