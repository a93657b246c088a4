"""What tests leave in the database, and how it goes."""

import contextlib
from functools import cache

import sqlalchemy as sa

from catalog.extensions import Base, db, writing
from catalog.notices import audit
from catalog.notices.models import AuditEntry


def delete_all() -> None:
    """Whatever was written is gone, in a transaction of its own."""
    db.session.remove()
    writing.set(True)
    for table in _with_rows():
        with audit.opened() if table is AuditEntry.__table__ else contextlib.nullcontext():
            db.session.execute(sa.delete(table))
    db.session.commit()


def _with_rows() -> list[sa.Table]:
    """The tables that hold anything, those that lean on others first: one question, where most tests fill few."""
    found = set(db.session.scalars(sa.text(_ask_each())))
    return [table for table in _leaning_first() if table.name in found]


@cache
def _leaning_first() -> list[sa.Table]:
    return list(reversed(Base.metadata.sorted_tables))


@cache
def _ask_each() -> str:
    return " UNION ALL ".join(
        f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM \"{table.name}\")" for table in _leaning_first()
    )
