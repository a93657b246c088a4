"""Times and lengths as the products write them, in the languages of their settings."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone

MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905
}
DAY = (
    r"(?:(?P<iso_year>\d{4})[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<sign>[-/.])(?P<second>\d{1,2})[-/.](?P<year>\d{4}|\d{2})"
    r"|(?P<month>[a-z]{3,9})\.? (?P<month_day>\d{1,2}),? (?P<month_year>\d{4})"
    r"|(?P<day_month>\d{1,2})\.? (?P<named>[a-z]{3,9})\.? (?P<named_year>\d{4}))"
)
TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<seconds>\d{2})(?:[.,]\d+)?)? ?(?P<half>[ap]\.? ?m\.?)?"
OFFSET = r" ?(?P<offset>z|utc|gmt|[+-]\d{2}:?\d{2})?"
STAMP = re.compile(rf"(?:{DAY}(?:,? |t))?{TIME}{OFFSET}")
NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})\b")
HALF_A_DAY = timedelta(hours=12)
NOON = 12


def _plain(text: str) -> str:
    """Small letters and single spaces; newer programs put a narrow space before PM."""
    return " ".join(text.split()).casefold()


class Times:
    """Reads the times of one file. Whether 01/02 is the second of January or the first of February is the same
    for all of them: what cannot be a month decides, then what falls on the meeting's date, then the American way."""

    def __init__(self, texts: Iterable[str], near: datetime) -> None:
        self.near = near
        self.is_day_first = _is_day_first(
            {found.groups() for text in texts if (found := _numbers(text))}, near
        )
        self._known: dict[str, datetime | None] = {}

    def read(self, text: str) -> datetime | None:
        """The wall-clock time, or an instant where the text says its zone; None when it is neither."""
        if text not in self._known:
            try:
                self._known[text] = self._read(text)
            except ValueError:
                self._known[text] = None
        return self._known[text]

    def _read(self, text: str) -> datetime | None:
        found = STAMP.fullmatch(_plain(text))
        if found is None:
            return None
        said = found.groupdict()
        clock = _time(said)
        day = self._day(said)
        at = datetime.combine(day, clock) if day else self._nearest(clock)
        return at.replace(tzinfo=_offset(said["offset"])) if said["offset"] else at

    def _day(self, said: dict[str, str | None]) -> date | None:
        if said["iso_year"]:
            return _date(said["iso_year"], said["iso_month"], said["iso_day"])
        if said["first"]:
            day_first = self.is_day_first or said["sign"] == "."
            month, day = (said["second"], said["first"]) if day_first else (said["first"], said["second"])
            return _date(said["year"], month, day)
        name = said["month"] or said["named"]
        if not name:
            return None
        number = MONTHS.get(name[:3])
        return _date(
            said["month_year"] or said["named_year"], str(number or 0), said["month_day"] or said["day_month"]
        )

    def _nearest(self, clock: time) -> datetime:
        """A time without its date is on the meeting's day, or just over midnight."""
        at = datetime.combine(self.near.date(), clock)
        if at < self.near - HALF_A_DAY:
            return at + timedelta(days=1)
        return at - timedelta(days=1) if at > self.near + HALF_A_DAY else at


def _numbers(text: str) -> re.Match[str] | None:
    return NUMBERS.match(text.lstrip())


def _is_day_first(found: set[tuple[str, ...]], near: datetime) -> bool:
    pairs = {(int(first), int(second), int(year) % 100) for first, _, second, year in found}
    if any(first > 12 for first, _, _ in pairs):
        return True
    if any(second > 12 for _, second, _ in pairs):
        return False
    # In the afternoon it may be tomorrow already where the report was made, or before the meeting ends.
    days = [near.date() + timedelta(days=off) for off in ((0, 1) if near.hour >= NOON else (0,))]
    month_first = {(day.month, day.day, day.year % 100) for day in days}
    day_first = {(day.day, day.month, day.year % 100) for day in days}
    return bool(pairs & day_first) and not pairs & month_first


def _date(year: str | None, month: str | None, day: str | None) -> date:
    full = int(year or 0)
    return date(full + 2000 if full < 100 else full, int(month or 0), int(day or 0))


def _time(said: dict[str, str | None]) -> time:
    hour = int(said["hour"] or 0)
    if said["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if said["half"].startswith("p") else 0)
    return time(hour, int(said["minute"] or 0), int(said["seconds"] or 0))


def _offset(text: str) -> timezone:
    if text in ("z", "utc", "gmt"):
        return UTC
    digits = text[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if text[0] == "-" else ahead)


NUMBER = re.compile(r"\d{1,5}(?:\.\d+)?")
COLONS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})")
PARTS = re.compile(
    r"(?:(\d{1,2}) ?(?:d|days?))? ?(?:(\d{1,3}) ?(?:h|hrs?|hours?)\.?)? ?"
    r"(?:(\d{1,5}) ?(?:m|mins?|minutes?)\.?)? ?(?:(\d{1,6}) ?(?:s|secs?|seconds?)\.?)?"
)


def length(text: str) -> timedelta | None:
    """ "58", "1h 2m 3s", "1 hr 2 min", "1:02:03", "62:03"; None for what is no length. A bare number is minutes."""
    plain = _plain(text)
    if not plain:
        return None
    if NUMBER.fullmatch(plain):
        return timedelta(minutes=float(plain))
    if found := COLONS.fullmatch(plain):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if found := PARTS.fullmatch(plain):
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return None
