"""The two ledgers as a person reads them: line by line, with the total so far. No database, no clock.

The two are never added together, and neither are what is verified, what waits, and what is planned."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from catalog.competencies.models import Ledger
from catalog.competencies.wording import LEDGERS
from catalog.records.ledger import RETURNED, Entry, Source, Sure
from catalog.records.wording import STANDINGS
from catalog.records.written import group_said
from catalog.wording import day


class Stand(StrEnum):
    """Where a line stands; the values are what the page says."""

    VERIFIED = "Verified"
    PENDING = "Not looked at yet"
    RETURNED = "Sent back"
    PLANNED = "Booked"
    NOT_COUNTED = "Does not count"


TONES = {
    Stand.VERIFIED: "leaf",
    Stand.PENDING: "sun",
    Stand.RETURNED: "clay",
    Stand.PLANNED: "soft",
    Stand.NOT_COUNTED: "clay",
}


@dataclass(slots=True)
class Names:
    """What the framework calls things, in its order: areas and topics by their ids, tags and categories by codes."""

    areas: dict[int, str] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ledger in words. `total` is what is verified up to and with it; None where it adds nothing."""

    entry: Entry
    stand: Stand
    reason: str
    total: int | None
    areas: tuple[str, ...]
    topics: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def tone(self) -> str:
        return TONES[self.stand]

    @property
    def days(self) -> str:
        return _days(self.entry.began, self.entry.on)

    @property
    def source(self) -> str:
        return {Source.CREDIT: "A session here", Source.ENTRY: "From elsewhere", Source.SEAT: "A seat here"}[
            self.entry.source
        ]

    @property
    def known(self) -> str:
        """How the hours are known; those of a seat are not earned yet."""
        if self.entry.source == Source.SEAT:
            return "seat held"
        known = self.entry.known_by.capitalize()
        return f"{known}: {self.entry.taken_by}" if self.entry.taken_by else known

    @property
    def provided(self) -> str:
        """For RSC, how it was provided: "Individual, Ivo Sample: Endorsed (IFS, ERS) on that date"."""
        rsc = self.entry.rsc
        if rsc is None:
            return ""
        codes = f" ({', '.join(sorted(rsc.categories))})" if rsc.categories else ""
        provider = f"provider on that date: {STANDINGS[rsc.standing].lower()}{codes}"
        return ", ".join(part for part in (group_said(rsc.is_group), provider) if part)


@dataclass(frozen=True, slots=True)
class Book:
    """One ledger, the latest line first. The three sums are minutes, and stand each by itself."""

    ledger: Ledger
    lines: tuple[Line, ...]
    verified: int
    pending: int
    planned: int

    @property
    def title(self) -> str:
        return LEDGERS[self.ledger]


def books(entries: Sequence[Entry], names: Names) -> list[Book]:
    """Training first, then RSC. `entries` are the latest first, as `queries.ledger` gives them."""
    return [_book(ledger, [one for one in entries if one.ledger == ledger], names) for ledger in LEDGERS]


def _book(ledger: Ledger, entries: Sequence[Entry], names: Names) -> Book:
    sums, lines = dict.fromkeys(Stand, 0), list[Line]()
    for entry in reversed(entries):
        stand = _stand(entry)
        sums[stand] += entry.minutes
        total = sums[Stand.VERIFIED] if stand == Stand.VERIFIED else None
        lines.append(_line(entry, stand, total, names))
    verified, pending, planned = (sums[one] for one in (Stand.VERIFIED, Stand.PENDING, Stand.PLANNED))
    return Book(ledger, tuple(reversed(lines)), verified, pending, planned)


def _stand(entry: Entry) -> Stand:
    if entry.not_counted.startswith(RETURNED):
        return Stand.RETURNED
    if entry.not_counted:
        return Stand.NOT_COUNTED
    return {Sure.VERIFIED: Stand.VERIFIED, Sure.PENDING: Stand.PENDING, Sure.PLANNED: Stand.PLANNED}[
        entry.sure
    ]


def _line(entry: Entry, stand: Stand, total: int | None, names: Names) -> Line:
    reason = entry.not_counted.removeprefix(f"{RETURNED}: ")
    return Line(
        entry,
        stand,
        reason,
        total,
        areas=tuple(name for number, name in names.areas.items() if number in entry.areas),
        topics=tuple(name for number, name in names.topics.items() if number in entry.topics),
        tags=tuple(name for code, name in names.tags.items() if code in entry.tags),
    )


def _days(began: date, on: date) -> str:
    return day(on) if began == on else f"{day(began)} to {day(on)}"
