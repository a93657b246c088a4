"""How many minutes of a meeting somebody was there for, by a report. Arithmetic only."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from catalog.attendance.presence import Span, after_missing, union
from catalog.courses.models import Meeting
from catalog.video import clocks
from catalog.video.reading.people import Participant

TO_THE_MINUTE = timedelta(minutes=1)
"""Google Meet says lengths in whole minutes; less than one of them is no time away."""


class Attended(NamedTuple):
    """`there` is the time within the meeting, of which `minutes` count; `spans` are when that was, united.
    `notes` are what the report leaves open."""

    there: timedelta
    minutes: int
    spans: tuple[Span, ...]
    notes: tuple[str, ...] = ()

    @property
    def was_there(self) -> bool:
        """Whether any of it was in this meeting; one link often serves several meetings of a day."""
        return bool(self.there)

    @property
    def came_at(self) -> datetime | None:
        return self.spans[0].came_at if self.spans else None

    @property
    def left_at(self) -> datetime | None:
        return self.spans[-1].left_at if self.spans else None


def attended(meeting: Meeting, devices: Sequence[Participant], zone: str) -> Attended:
    """What one person attended who is in the report once, or with several devices: time is counted once."""
    there, notes = timedelta(), []
    spans: list[Span] = []
    capped = timedelta()
    for device in devices:
        own = list(union(meeting, clocks.spans(device, zone, meeting)))
        inside = _length(own)
        if not device.joins:
            there = max(there, device.total or timedelta())
            notes.append("no times, only minutes")
        elif device.total is not None and device.total + TO_THE_MINUTE < _length(own):
            inside = device.total
            notes.append("was away in between; the report does not say when")
        spans, capped = spans + own, capped + inside
        notes += _notes(device, zone)
    united = tuple(union(meeting, spans))
    there = max(there, min(_length(united), capped))
    return Attended(
        there, after_missing(meeting, meeting.length - there), united, tuple(dict.fromkeys(notes))
    )


def _length(spans: Sequence[Span]) -> timedelta:
    return sum((span.left_at - span.came_at for span in spans), timedelta())


def _notes(device: Participant, zone: str) -> list[str]:
    notes = []
    if any(join.left is None for join in device.joins):
        notes.append("no leaving is recorded; counted to the end of the meeting")
    if clocks.comes_twice(device, zone):
        notes.append("in the hour that the clocks showed twice")
    return notes
