"""What the page of a course says of waiting for a date."""

from datetime import datetime
from typing import Any, NamedTuple

from catalog.browse import asides
from catalog.browse.queries.lines import OfferingLine
from catalog.courses.access import may_edit
from catalog.courses.models import Course
from catalog.following import queries


class Waiting(NamedTuple):
    """`mine` is whether the reader waits; `many` is None for those who may not know."""

    is_open: bool
    """Nobody can join a session now or later, so that one may wait for a date."""
    mine: bool
    many: int | None
    shows_who: bool


def of(reader: Any, course: Course, coming: list[OfferingLine], now: datetime) -> Waiting:
    is_open = course.is_public and not course.is_applied_for_elsewhere and not _can_join(coming, now)
    if not reader.is_authenticated:
        return Waiting(is_open, False, None, False)
    mine = queries.interest(reader.id, course.id) if is_open else None
    waits = mine is not None and mine.ended_at is None and mine.told_at is None
    many = queries.how_many(course.id) if course.is_public and may_edit(reader, course) else None
    return Waiting(is_open, waits, many, bool(reader.is_coordinator))


def _can_join(coming: list[OfferingLine], now: datetime) -> bool:
    return any(
        (line.starts_at is None or line.starts_at > now) and (line.closes_at is None or line.closes_at > now)
        for line in coming
    )


asides.register("waiting", of)
