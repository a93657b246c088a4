"""What the statements of the ledger share: lists that come as one text, and rows as plain tuples."""

from collections import namedtuple
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa

from catalog.competencies.models import HourTag


def plain(result: sa.CursorResult[Any]) -> Iterator[Any]:
    """The rows as tuples whose columns have names; those of the library are slower to look into."""
    return map(_row_type(tuple(result.keys()))._make, result.all())


@cache
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Line", names)


# The same few lists come again and again, so what was read once is kept.
@lru_cache(4096)
def ids(of: str | None) -> frozenset[int]:
    return frozenset(map(int, of.split(","))) if of else frozenset()


@lru_cache(512)
def words(of: str | None) -> frozenset[str]:
    return frozenset(of.split(",")) if of else frozenset()


def joined(column: Any) -> Any:
    """The values of many rows as one text, "3,7,12"; both databases know it under different names."""
    return sa.func.aggregate_strings(sa.cast(column, sa.String), ",")


def listed(of: Any, column: Any, *where: Any) -> Any:
    """The values of the rows that belong to a row of `of`."""
    return sa.select(joined(column)).where(*where).correlate(of).scalar_subquery()


def tagged(of: Any, link: sa.Table, column: str) -> Any:
    """The codes of the hour tags that `link` gives a row of `of`, which its `column` names."""
    codes = sa.select(joined(HourTag.code)).join(link, link.c.tag_id == HourTag.id)
    return codes.where(link.c[column] == of.id).correlate(of).scalar_subquery()


def people() -> Any:
    return sa.bindparam("people", expanding=True)
