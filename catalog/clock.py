"""The one clock of the project. Everything that needs the time asks here, so that tests can set it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
