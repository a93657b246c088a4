"""When somebody was there, in minutes that count. Arithmetic only: no database, no clock.

A meeting may have a break, and nobody says when in it. So what is reckoned is what somebody missed: those minutes
are taken off the minutes that count. Whoever was there from the first minute to the last has them all, and a minute
missed is a minute less, whoever took the attendance and however."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from catalog.courses.models import Meeting

MINUTE = timedelta(minutes=1)


class Span(NamedTuple):
    """From coming to leaving, as two instants."""

    came_at: datetime
    left_at: datetime


def minutes_present(meeting: Meeting, spans: Iterable[Span]) -> int:
    """Minutes that count for somebody who was there in these spans, rounded down.

    Spans may overlap, as when one person joins with a computer and a telephone: time is counted once. Time before
    the meeting and after it is left out. The instants decide, so an hour that the clocks show twice is two hours."""
    there = sum((span.left_at - span.came_at for span in union(meeting, spans)), timedelta())
    return after_missing(meeting, meeting.length - there)


def after_missing(meeting: Meeting, missed: timedelta) -> int:
    """The meeting's minutes less those missed; a minute begun is a minute missed."""
    begun = -(-missed // MINUTE)
    return min(max(meeting.minutes - begun, 0), meeting.minutes)


def union(meeting: Meeting, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans within the meeting, in order, with overlapping ones joined into one."""
    inside = sorted(
        Span(max(came_at, meeting.starts_at), min(left_at, meeting.ends_at)) for came_at, left_at in spans
    )
    joined: Span | None = None
    for span in inside:
        if span.left_at <= span.came_at:
            continue
        if joined is None:
            joined = span
        elif span.came_at <= joined.left_at:
            joined = Span(joined.came_at, max(joined.left_at, span.left_at))
        else:
            yield joined
            joined = span
    if joined is not None:
        yield joined
