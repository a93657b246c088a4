"""What somebody else does while a worker has read and not yet written."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from catalog.extensions import db


@contextmanager
def between_read_and_write(change: sa.Update) -> Iterator[None]:
    """The change is committed by another connection as soon as the read has ended."""
    left = [change]

    def read_ended(_session: Session) -> None:
        while left:
            with db.engine.begin() as other:
                other.execute(left.pop())

    event.listen(db.session, "after_rollback", read_ended)
    try:
        yield
    finally:
        event.remove(db.session, "after_rollback", read_ended)
    assert not left, "nobody began to write"
