"""Counting what strangers may try only so often: guesses at codes and passwords. It holds across processes.

`check` before and `failed` after count failures alone, in a transaction of their own: the one that failed is gone.
`count_try` counts every try before it is made, so that many at once are no more than one after the other; `give_back`
forgets one that turned out right. `spend` is for what is only done too much, such as searching: it is counted in
memory and written down now and then, so that it costs hardly anything."""

import ipaddress
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from catalog import clock, counting
from catalog.errors import RuleBroken
from catalog.extensions import Base, db, insert, start_writing, writing, writing_beside

CLOCKS_DIFFER = timedelta(minutes=1)
"""How far the clocks of two machines, or two looks at one clock, may be apart."""


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


def check(key: str, most: int, window: timedelta) -> None:
    """Raise TooOften when `key` has failed `most` times in its window. A read."""
    try:
        counted = counting.shared().read(key)
        if counted and counted.number >= most:
            raise TooOften(int(counted.seconds) + 1)
    except counting.Away:
        _check(key, most, window)


def _check(key: str, most: int, window: timedelta) -> None:
    now = clock.now()
    found = db.session.execute(
        sa.select(Tally.failures, Tally.until).where(Tally.key == key, sa.not_(_is_old(now, window)))
    ).first()
    if found and found.failures >= most:
        raise TooOften(int((found.until - now).total_seconds()) + 1)


def failed(key: str, window: timedelta) -> None:
    """Count one failure. What the request has written so far is rolled back first; whoever calls commits."""
    db.session.rollback()
    start_writing()
    _count(key, window)


def count_try(key: str, most: int, window: timedelta) -> None:
    """Count one try; raises TooOften when there were `most` in this window already. Whoever calls commits at once."""
    failures, until = _count(key, window)
    if failures > most:
        raise TooOften(int((until - clock.now()).total_seconds()) + 1)


def give_back(key: str) -> None:
    """The try was no guess. Whoever calls commits."""
    try:
        counting.shared().give_back(key)
    except counting.Away:
        _give_back(key)


def _give_back(key: str) -> None:
    db.session.execute(
        sa.update(Tally).where(Tally.key == key, Tally.failures > 0).values(failures=Tally.failures - 1)
    )


def _count(key: str, window: timedelta) -> tuple[int, datetime]:
    """How many there are now in the window of this key, and when it ends."""
    now = clock.now()
    try:
        shared = counting.shared().add(key, window)
        return shared.number, now + timedelta(seconds=shared.seconds)
    except counting.Away:
        return _count_here(key, window, now)


def _count_here(key: str, window: timedelta, now: datetime) -> tuple[int, datetime]:
    counted = db.session.execute(_adding(key, 1, now, window)).one()
    db.session.execute(sa.delete(Tally).where(Tally.until <= now - timedelta(days=1)))
    return counted.failures, counted.until


def _is_old(now: datetime, window: timedelta) -> sa.ColumnElement[bool]:
    """Whether the window has ended; or whether it lies so far ahead that it began in a time which is still to come,
    because the clock was ahead and was put back."""
    return sa.or_(Tally.until <= now, Tally.until > now + window + CLOCKS_DIFFER)


def _adding(key: str, amount: int, now: datetime, window: timedelta) -> Any:
    """The statement that counts so many more, or begins anew where the window is old; it gives both figures."""
    fresh = _is_old(now, window)
    row = insert(Tally).values(key=key, failures=amount, until=now + window)
    return row.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "failures": sa.case((fresh, amount), else_=Tally.failures + amount),
            "until": sa.case((fresh, row.excluded.until), else_=Tally.until),
        },
    ).returning(Tally.failures, Tally.until)


# What is only done too much.

SHARE = 10
"""A process writes down what it counted after a tenth of what may be done, so each knows of the others by then."""
MOST_KEYS = 20_000
"""Counted at once in one process; strangers with ever new addresses must not fill its memory."""


@dataclass
class _Spent:
    """What one process knows of one key: the figure of all, what it has not written down yet, and until when."""

    known: int
    mine: int
    ends: float


_spent: dict[str, _Spent] = {}
_counting = threading.Lock()


def spend(key: str, most: int, window: timedelta) -> None:
    """Count one use of what may be done `most` times in a window; 0 is without end. Raises TooOften.

    It holds across processes, with what each has not written down yet as its slack: at most a tenth of `most` for
    each. Somebody who does less than that in a window costs no statement. Asked before the request has written
    anything."""
    if not most:
        return
    now, step = monotonic(), max(1, most // SHARE)
    with _counting:
        spent = _spent.get(key)
        if spent is None or spent.ends <= now:
            if len(_spent) >= MOST_KEYS:
                _spent.clear()
            spent = _spent[key] = _Spent(0, 0, now + window.total_seconds())
        is_over = spent.known + spent.mine >= most
        if not is_over:
            spent.mine += 1
        due = spent.mine if spent.mine >= step and not is_over else 0
        spent.mine -= due
    if is_over:
        raise TooOften(int(spent.ends - now) + 1)
    if due:
        _write_down(key, spent, due, window)


def forget() -> None:
    """What this process counted in its memory."""
    with _counting:
        _spent.clear()


def _write_down(key: str, spent: _Spent, due: int, window: timedelta) -> None:
    """Let the other processes know. Where the database is too busy, it is tried at the next use."""
    try:
        counted = counting.shared().add(key, window, due)
    except counting.Away:
        _write_down_here(key, spent, due, window)
        return
    with _counting:
        spent.known, spent.ends = counted.number, monotonic() + counted.seconds


def _write_down_here(key: str, spent: _Spent, due: int, window: timedelta) -> None:
    """In a transaction beside that of the request."""
    now = clock.now()
    # On SQLite the lock that a change takes at its beginning would be waited for in vain.
    kept = writing.get()
    db.session.rollback()
    writing.set(kept)
    try:
        with writing_beside() as connection:
            total, until = connection.execute(_adding(key, due, now, window)).one()
    except OperationalError:
        with _counting:
            spent.mine += due
        return
    with _counting:
        spent.known = total
        spent.ends = monotonic() + (until - now).total_seconds()
