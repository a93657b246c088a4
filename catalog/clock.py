"""The one clock of the project. Everything that needs the time asks here, so that tests can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _told.get() or datetime.now(UTC)


def today(zone: str) -> date:
    """The day it is in that zone. At six in the evening in Alabama the day of UTC is tomorrow."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let everything inside happen at that instant, for those who tell what has happened."""
    before = _told.set(instant)
    try:
        yield
    finally:
        _told.reset(before)
