"""What a calendar should hold, compared with what it was last told."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from catalog.calendars.events import Told
from catalog.calendars.facts import Facts, Planned
from catalog.calendars.models import CalendarEntry

OFF = "off"
UNSURE = ""
"""The fingerprint of what a letter was about to tell, until it is known that the letter is out."""


class Compared(NamedTuple):
    """`is_news` is what the calendar has not been told. What is over is left as it stands there."""

    told: Told
    is_news: bool
    was_known: bool


def compare(
    theirs: Iterable[Planned],
    entries: Mapping[int, CalendarEntry],
    seats: Mapping[int, int],
    at: datetime,
    site_url: str,
) -> Iterator[Compared]:
    """Every meeting that is theirs, then everything told before that is theirs no more. `seats` are the person's
    enrollments with a seat, by session."""
    seen = set()
    for meeting in theirs:
        seen.add(meeting.meeting_id)
        yield _one(meeting, entries.get(meeting.meeting_id), seats.get(meeting.offering_id, 0), at, site_url)
    for entry in entries.values():
        if entry.meeting_id not in seen:
            yield _gone(entry, at)


def _one(meeting: Planned, entry: CalendarEntry | None, seat: int, at: datetime, site_url: str) -> Compared:
    if meeting.is_off and entry:
        return _gone(entry, at, meeting.version)
    facts = meeting.facts(site_url)
    fingerprint = facts.fingerprint(seat)
    known = entry if entry and not entry.is_cancelled else None
    is_same = known is not None and known.fingerprint == fingerprint
    # A letter that is tried again says the same as before, so it need not count on.
    is_tried = known is not None and known.fingerprint == UNSURE and known.facts == facts.as_json()
    told = Told(
        meeting.meeting_id,
        meeting.offering_id,
        facts,
        known.sequence if known and (is_same or is_tried) else _next(entry, meeting.version),
        meeting.is_off,
        max(meeting.changed_at, entry.changed_at) if entry else meeting.changed_at,
        fingerprint,
    )
    stood_ahead = known is not None and Facts.from_json(known.facts).until > at
    matters = not meeting.is_off and (facts.until > at or stood_ahead)
    was_known = known is not None and known.fingerprint != UNSURE
    return Compared(told, is_news=matters and not is_same, was_known=was_known)


def _gone(entry: CalendarEntry, at: datetime, version: int = 0) -> Compared:
    """A calendar can only be told that a meeting is off in the words by which it knows it."""
    facts = Facts.from_json(entry.facts)
    is_told = entry.is_cancelled and entry.fingerprint != UNSURE
    sequence = entry.sequence if entry.is_cancelled else _next(entry, version)
    told = Told(entry.meeting_id, entry.offering_id, facts, sequence, True, entry.changed_at, OFF)
    return Compared(told, is_news=not is_told and facts.until > at, was_known=True)


def _next(entry: CalendarEntry | None, version: int) -> int:
    """Above whatever was sent before; and not below the version of the session, which is what a file that was saved
    from its page carries."""
    return max(entry.sequence + 1 if entry else 0, version)
