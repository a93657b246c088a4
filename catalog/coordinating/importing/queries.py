from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from catalog.accounts.models import Person
from catalog.coordinating.models import TableImport
from catalog.extensions import db

LATEST = 20


def table(table_id: int) -> TableImport | None:
    return db.session.get(
        TableImport, table_id, options=[joinedload(TableImport.read_by), joinedload(TableImport.offering)]
    )


def latest(reader: Person) -> Sequence[TableImport]:
    """What was saved, by anybody, and what this person has still to look at; without the rows."""
    mine = sa.or_(TableImport.saved_at.is_not(None), TableImport.read_by_id == reader.id)
    return db.session.scalars(
        sa.select(TableImport)
        .options(defer(TableImport.rows), joinedload(TableImport.read_by))
        .where(mine)
        .order_by(TableImport.id.desc())
        .limit(LATEST)
    ).all()
