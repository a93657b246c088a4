"""Counting what strangers may try only so often: guesses at codes and numbers. It holds across processes.

Only failures are counted, and they are counted in a transaction of their own: the one that failed is gone."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from catalog import clock
from catalog.errors import RuleBroken
from catalog.extensions import Base, db, insert, start_writing


class Tally(Base):
    """How often something failed since its window began; after `until` it counts from one again."""

    __tablename__ = "tally"

    key: Mapped[str] = mapped_column(sa.String(160), primary_key=True)
    failures: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)


class TooOften(RuleBroken):
    """`seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        minutes = max(1, -(-seconds // 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"That was tried too often. Wait {wait} and try again.")


def check(key: str, most: int) -> None:
    """Raise TooOften when `key` has failed `most` times in its window. A read."""
    now = clock.now()
    found = db.session.execute(
        sa.select(Tally.failures, Tally.until).where(Tally.key == key, Tally.until > now)
    ).first()
    if found and found.failures >= most:
        raise TooOften(int((found.until - now).total_seconds()) + 1)


def failed(key: str, window: timedelta) -> None:
    """Count one failure. What the request has written so far is rolled back first; whoever calls commits."""
    db.session.rollback()
    start_writing()
    now = clock.now()
    fresh = Tally.until <= now
    row = insert(Tally).values(key=key, failures=1, until=now + window)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "failures": sa.case((fresh, 1), else_=Tally.failures + 1),
                "until": sa.case((fresh, row.excluded.until), else_=Tally.until),
            },
        )
    )
    db.session.execute(sa.delete(Tally).where(Tally.until <= now - timedelta(days=1)))


def forgive(key: str) -> None:
    """Start from nothing: whoever tried was right in the end."""
    db.session.execute(sa.delete(Tally).where(Tally.key == key))
