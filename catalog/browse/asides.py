"""What floors above add to the page of a course for somebody who is signed in, such as whether they wait for a date.

They say here, once, when the application starts, whom to ask."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from catalog.browse.queries.lines import OfferingLine
from catalog.courses.models import Course

Ask = Callable[[Any, Course, list[OfferingLine], datetime], Any]
"""Given the reader, the course and its coming sessions: what the page's template is handed; None for nothing."""
_asked: dict[str, Ask] = {}


def register(name: str, ask: Ask) -> None:
    """`name` is what the template calls it."""
    _asked[name] = ask


def of_course(reader: Any, course: Course, coming: list[OfferingLine], now: datetime) -> dict[str, Any]:
    return {name: ask(reader, course, coming, now) for name, ask in _asked.items()}
