"""Reads that several questions share."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from catalog.extensions import db
from catalog.reports.frame import Report, Table
from catalog.reports.models import TallyCount


def as_of() -> datetime | None:
    """When the tallies were counted; None when never."""
    return db.session.scalar(sa.select(TallyCount.as_of))


def tallied(tables: Callable[[], tuple[Table, ...]]) -> Report:
    """A report whose tables are all of one count: where a new one comes in between, they are read again."""
    before = as_of()
    while before:
        made = tables()
        after = as_of()
        if after == before:
            return Report(made, before, is_tallied=True)
        before = after
    return Report((), None, is_tallied=True)
