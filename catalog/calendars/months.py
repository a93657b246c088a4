"""The state's sessions, one month on a page: which month is meant, and its weeks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from catalog.courses.models import Format
from catalog.places import counties

ONLINE = "online"
MET = (Format.IN_PERSON, Format.VIRTUAL, Format.HYBRID)
"""The formats that have a day."""
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 1)


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `problems` says in sentences what was left out."""

    month: date
    county: str = ""
    format: str = ""
    # Of whoever coordinates a part: the whole state and not their part alone.
    whole: bool = False
    problems: list[str] = field(default_factory=list)

    @property
    def first(self) -> date:
        """The Sunday with which the page begins."""
        return self.month - timedelta(days=(self.month.weekday() + 1) % 7)

    @property
    def end(self) -> date:
        """The Sunday after the page."""
        last = following(self.month) - timedelta(days=1)
        return last + timedelta(days=7 - (last.weekday() + 1) % 7)

    @property
    def weeks(self) -> list[list[date]]:
        days = (self.end - self.first).days
        return [[self.first + timedelta(days=start + n) for n in range(7)] for start in range(0, days, 7)]

    def query(self, month: date) -> dict[str, str]:
        """The same filters on another month."""
        asked = {"month": f"{month:%Y-%m}", "county": self.county, "format": self.format}
        asked["whole"] = "1" if self.whole else ""
        return {name: value for name, value in asked.items() if value}


def read(args: Mapping[str, str], today: date) -> Asked:
    """Whatever cannot be read is left out and said; nothing here fails."""
    problems: list[str] = []
    month = _month(args.get("month", ""), today, problems)
    county, wanted = args.get("county", ""), args.get("format", "")
    if county and county != ONLINE and county not in counties():
        problems.append(f"The county “{county[:40]}” is not known here and was left out.")
        county = ""
    if wanted and wanted not in MET:
        problems.append(f"The format “{wanted[:40]}” is not known here and was left out.")
        wanted = ""
    return Asked(month, county, wanted, args.get("whole") == "1", problems)


def following(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _month(text: str, today: date, problems: list[str]) -> date:
    this = today.replace(day=1)
    if not text:
        return this
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII) and text[:4] != "0000":
        month = date.fromisoformat(f"{text}-01")
        if EARLIEST <= month <= LATEST:
            return month
    problems.append(f"“{text[:40]}” is no month such as 2027-01, so this month is shown.")
    return this
