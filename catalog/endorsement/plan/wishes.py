"""What somebody wishes for: until when, for how much, where and on which days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from catalog.wording import day, money

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY_DAY = frozenset(range(7))


class Aim(StrEnum):
    """Training hours: the minimum, or what is typically accepted."""

    MINIMUM = "minimum"
    TYPICAL = "typical"


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """`counties` None is anywhere; none of them is only online."""

    by: date
    aim: Aim = Aim.MINIMUM
    most_cents: int | None = None
    counties: frozenset[str] | None = None
    online: bool = True
    weekdays: frozenset[int] = EVERY_DAY
    """Monday is 0."""
    days_a_month: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "by": self.by.isoformat(),
            "aim": self.aim.value,
            "most_cents": self.most_cents,
            "counties": None if self.counties is None else sorted(self.counties),
            "online": self.online,
            "weekdays": sorted(self.weekdays),
            "days_a_month": self.days_a_month,
        }

    def in_words(self, county_name: Mapping[str, str]) -> list[str]:
        """Each wish that is a limit, as it stands above the plan."""
        said = [f"ready by {day(self.by)}"]
        if self.aim == Aim.TYPICAL:
            said.append("what is typically accepted")
        if self.most_cents is not None:
            said.append("free sessions only" if not self.most_cents else f"at most {money(self.most_cents)}")
        if self.counties is not None:
            places = [county_name.get(fips, fips) for fips in sorted(self.counties)]
            said.append(" or ".join([*places, *(["online"] if self.online else [])]))
        elif not self.online:
            said.append("in person only")
        if self.weekdays != EVERY_DAY:
            said.append(", ".join(WEEKDAYS[number] for number in sorted(self.weekdays)))
        if self.days_a_month is not None:
            said.append(
                "at most 1 day a month"
                if self.days_a_month == 1
                else f"at most {self.days_a_month} days a month"
            )
        return said


def wishes_from(stored: Mapping[str, Any]) -> Wishes:
    counties = stored["counties"]
    return Wishes(
        by=date.fromisoformat(stored["by"]),
        aim=Aim(stored["aim"]),
        most_cents=stored["most_cents"],
        counties=None if counties is None else frozenset(counties),
        online=stored["online"],
        weekdays=frozenset(stored["weekdays"]),
        days_a_month=stored["days_a_month"],
    )
