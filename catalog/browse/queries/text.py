"""Rows as one JSON text, made by the database.

The driver then hands over one value and not hundreds, and two answers are the same when two texts are."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from catalog.extensions import UtcDateTime


class array(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """These values as an array."""

    type = sa.Text()
    inherit_cache = True


class array_of_rows(FunctionElement[str]):  # noqa: N801
    """What is given for each row, as an array in the order of the rows. Without rows it is empty or NULL."""

    type = sa.Text()
    inherit_cache = True


@compiles(array)
def _array(element: array, compiler: SQLCompiler, **words: Any) -> str:
    name = "json_array" if compiler.dialect.name == "sqlite" else "json_build_array"
    return f"{name}({compiler.process(element.clauses, **words)})"


@compiles(array_of_rows)
def _array_of_rows(element: array_of_rows, compiler: SQLCompiler, **words: Any) -> str:
    name = "json_group_array" if compiler.dialect.name == "sqlite" else "json_agg"
    return f"{name}({compiler.process(element.clauses, **words)})"


def as_text(rows: sa.Select[Any]) -> sa.Select[tuple[str]]:
    """The rows of the statement as one array of arrays."""
    columns = rows.subquery().c
    return sa.select(sa.func.coalesce(sa.cast(array_of_rows(array(*columns)), sa.Text), "[]"))


def rows_of(found: Any) -> list[list[Any]]:
    """The rows of an array within an array. SQLite may forget that a subquery's answer is JSON and quote it."""
    rows: list[list[Any]] = json.loads(found) if isinstance(found, str) else found or []
    return rows


def values_of(table: type[Any], values: Sequence[Any]) -> dict[str, Any]:
    """The values of a whole row, in the order of its columns, as the model has them."""
    columns = table.__table__.c
    return {column.key: _value(column.type, value) for column, value in zip(columns, values, strict=True)}


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return instant(value)
    if isinstance(kind, sa.Enum) and kind.enum_class:
        return kind.enum_class(value)
    return bool(value) if isinstance(kind, sa.Boolean) else value


def instant(stored: str | None) -> datetime | None:
    """A point in time as the database writes it: SQLite in UTC without saying so, PostgreSQL with its offset."""
    if stored is None:
        return None
    at = datetime.fromisoformat(stored)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
