"""Times of day as they stand on a sign-in sheet, turned into instants on the day of the meeting."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from catalog.courses import schedule
from catalog.courses.models import Meeting
from catalog.wording import clock_time, day, zone_name

TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d\d))?\s*([ap])?\.?\s*(?:m\.?)?", re.ASCII)
FARTHEST = timedelta(hours=6)
"""From the meeting; what is farther was misread or misspelled."""


class Unreadable(ValueError):
    """The text is the sentence for the person who typed it."""


def instant(text: str, meeting: Meeting, *, is_leaving: bool) -> datetime:
    """ "9:05", "905", "9:05 am" or "14:30" at this meeting.

    Nobody writes am or pm on a sheet: "1:30" at a meeting from one to four is in the afternoon."""
    walls = [datetime.combine(on, at) for at in _readings(text) for on in _days(meeting)]
    nearest = min(_distance(wall, meeting) for wall in walls)
    if nearest > FARTHEST:
        raise Unreadable(f"{text} is far from this meeting, which is {_span(meeting)}.")
    near = sorted(wall for wall in walls if _distance(wall, meeting) == nearest)
    return _unmistakable(near[-1 if is_leaving else 0], meeting)


def _readings(text: str) -> list[time]:
    found = TIME.fullmatch(text.strip().lower())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    half = found[3] if found else None
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        raise Unreadable("Type a time such as 9:05 or 9:05 am.")
    if half:
        return [time(hour % 12 + (12 if half == "p" else 0), minute)]
    if 1 <= hour <= 12 and not text.startswith("0"):
        return [time(hour % 12, minute), time(hour % 12 + 12, minute)]
    return [time(hour, minute)]


def _days(meeting: Meeting) -> list[date]:
    """The days that the meeting touches."""
    first, last = meeting.starts_wall.date(), meeting.ends_wall.date()
    return [first, last] if last != first else [first]


def _distance(wall: datetime, meeting: Meeting) -> timedelta:
    return max(meeting.starts_wall - wall, wall - meeting.ends_wall, timedelta())


def _unmistakable(wall: datetime, meeting: Meeting) -> datetime:
    """The instant. Of the two that the clocks show where they are set back, the one within the meeting."""
    zone = meeting.offering.zone
    first = schedule.instant(wall, zone)
    if not schedule.comes_twice(wall, zone):
        return first
    both = (first, wall.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC))
    inside = [at for at in both if meeting.starts_at <= at <= meeting.ends_at]
    if len(inside) == 2:
        raise Unreadable(
            f"{schedule.said(wall.time())} comes twice on {day(wall)} in {zone_name(zone)}, as the clocks are set "
            "back. Leave it empty here and put the minutes on the attendance sheet."
        )
    return inside[0] if inside else first


def _span(meeting: Meeting) -> str:
    zone = meeting.offering.zone
    return f"{clock_time(meeting.starts_at, zone)} to {clock_time(meeting.ends_at, zone)}"
