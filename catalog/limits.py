"""Counting what strangers may try only so often: guesses at codes and passwords. It holds across processes.

`check` before and `failed` after count failures alone, in a transaction of their own: the one that failed is gone.
`spend` counts every try before it is made, so that many at once are no more than one after the other; `give_back`
forgets one that turned out right."""

import contextlib
import ipaddress
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from catalog import clock, counting
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


def network(address: str | None) -> str:
    """Whom an address is counted with: of IPv6 a household has a whole /64, so that counts as one."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "nowhere"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False).network_address)


def check(key: str, most: int) -> None:
    """Raise TooOften when `key` has failed `most` times in its window. A read."""
    with contextlib.suppress(counting.Away):
        counted = counting.shared().read(key)
        if counted and counted.number >= most:
            raise TooOften(int(counted.seconds) + 1)
        return
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
    _count(key, window)


def spend(key: str, most: int, window: timedelta) -> None:
    """Count one try; raises TooOften when there were `most` in this window already. Whoever calls commits at once."""
    failures, until = _count(key, window)
    if failures > most:
        raise TooOften(int((until - clock.now()).total_seconds()) + 1)


def give_back(key: str) -> None:
    """The try was no guess. Whoever calls commits."""
    with contextlib.suppress(counting.Away):
        counting.shared().give_back(key)
        return
    db.session.execute(
        sa.update(Tally).where(Tally.key == key, Tally.failures > 0).values(failures=Tally.failures - 1)
    )


def _count(key: str, window: timedelta) -> tuple[int, datetime]:
    """How many there are now in the window of this key, and when it ends."""
    now = clock.now()
    with contextlib.suppress(counting.Away):
        counted = counting.shared().add(key, window)
        return counted.number, now + timedelta(seconds=counted.seconds)
    fresh = Tally.until <= now
    row = insert(Tally).values(key=key, failures=1, until=now + window)
    kept = db.session.execute(
        row.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "failures": sa.case((fresh, 1), else_=Tally.failures + 1),
                "until": sa.case((fresh, row.excluded.until), else_=Tally.until),
            },
        ).returning(Tally.failures, Tally.until)
    ).one()
    db.session.execute(sa.delete(Tally).where(Tally.until <= now - timedelta(days=1)))
    return kept.failures, kept.until
