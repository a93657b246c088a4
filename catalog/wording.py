"""How figures, money and times are said on the screens and in mail."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def hours(minutes: int | None) -> str:
    """Minutes as people say them: 90 is "1 h 30 min", 45 is "45 min", 0 is "0 h"; nothing is rounded."""
    if minutes is None:
        return "Length not stated"
    whole, rest = divmod(minutes, 60)
    if not rest:
        return f"{whole} h"
    return f"{whole} h {rest} min" if whole else f"{rest} min"


def money(cents: int | None) -> str:
    """Cents as a price: 0 is "Free", None is "Price not stated"."""
    if cents is None:
        return "Price not stated"
    if cents == 0:
        return "Free"
    return f"${cents // 100:,}" if cents % 100 == 0 else f"${cents // 100:,}.{cents % 100:02d}"


def local(instant: datetime, zone: str) -> datetime:
    """The instant on the wall clock of an IANA zone."""
    return instant.astimezone(ZoneInfo(zone))


def day(value: datetime | date, zone: str | None = None) -> str:
    """A day as "Tue 14 Jan 2027"; an instant needs the zone whose calendar is meant."""
    if isinstance(value, datetime) and zone:
        value = local(value, zone)
    return f"{value:%a} {value.day} {value:%b %Y}"


def clock_time(value: datetime, zone: str) -> str:
    """A time as "9:00 am" on the zone's wall clock."""
    at = local(value, zone)
    return f"{at:%I:%M} ".lstrip("0") + at.strftime("%p").lower()


ZONE_NAMES = {
    "America/Chicago": "Central time",
    "America/New_York": "Eastern time",
    "America/Denver": "Mountain time",
    "America/Phoenix": "Arizona time",
    "America/Los_Angeles": "Pacific time",
    "America/Anchorage": "Alaska time",
    "Pacific/Honolulu": "Hawaii time",
    "UTC": "UTC",
}


def zone_name(zone: str) -> str:
    """A zone as "Central time" for America/Chicago; other zones are named by their city."""
    return ZONE_NAMES.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " ") + " time"


def moment(value: datetime, zone: str) -> str:
    """An instant as "Tue 14 Jan 2027, 9:00 am (Central time)"."""
    return f"{day(value, zone)}, {clock_time(value, zone)} ({zone_name(zone)})"


def when(starts: datetime, ends: datetime, zone: str) -> str:
    """A span as "Tue 14 Jan 2027, 9:00 am to 12:00 pm, Central time"."""
    if local(starts, zone).date() == local(ends, zone).date():
        until = clock_time(ends, zone)
    else:
        until = f"{day(ends, zone)}, {clock_time(ends, zone)}"
    return f"{day(starts, zone)}, {clock_time(starts, zone)} to {until}, {zone_name(zone)}"
