"""A row of the file as the columns of a course, with every problem named by row and column."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from catalog.courses.importing import cells as cell
from catalog.courses.importing import quirks
from catalog.courses.importing.cells import CellRefused, Figure, Length
from catalog.courses.importing.table import Line
from catalog.courses.models import AgeBand, Basis, Format, Kind

Value = TypeVar("Value")


@dataclass(frozen=True)
class Planned:
    """A course as a row asks for it: `columns` of Course, and the basis of each area by its id."""

    row: int
    key: str
    digest: str
    columns: dict[str, Any]
    areas: dict[int, Basis]


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def key_of(cells: Mapping[str, str]) -> str:
    """What makes a row this listing and no other. A new edition of a course has a new date, so it is another."""
    return digest([cells[name].casefold() for name in ("title", "provider", "year_or_date")])


class Reader:
    """Reads one row; what is wrong with it is added to `problems`."""

    def __init__(self, line: Line, areas: Mapping[str, int], today: date, problems: list[str]) -> None:
        self.line = line
        self.cells = line.cells
        self.areas = areas
        self.today = today
        self.problems = problems
        self.notes: list[str] = []

    def planned(self) -> Planned:
        if not self.cells["title"]:
            self._refuse("title", "it is empty; every course has a title.")
        kind = self._read("kind", lambda text: cell.choice(text, Kind), Kind.IN_SERVICE)
        columns = {
            **self._texts(),
            "kind": kind,
            "age_band": self._age_band(),
            "format": self._format(),
            **self._lengths(),
            **self._prices(),
            "credit_rule": quirks.credit_rule(kind, self.cells["meeting_pattern"]),
            "apply_url": "",
        }
        if quirks.is_applied_for_elsewhere(kind, self.cells):
            columns["apply_url"] = columns["source_url"]
        columns["listing"], sentences = quirks.listing(self._said(), self.today)
        self.notes += sentences
        if quirks.dates_passed(self.cells["year_or_date"], self.today):
            self.notes.append(
                "The dates had passed when the listing was read; ask the provider for new ones."
            )
        if quirks.ARCHIVED.search(self._said()):
            self.notes.append("The provider's page is an archived one; details may have changed since.")
        columns["listing_note"] = " ".join(self.notes)
        return Planned(self.line.row, key_of(self.cells), digest(self.cells), columns, self._covered())

    def _read(self, column: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        try:
            return read(self.cells[column])
        except CellRefused as refused:
            self._refuse(column, str(refused))
            return otherwise

    def _refuse(self, column: str, reason: str) -> None:
        self.problems.append(f"row {self.line.row}, {column}: {reason}")

    def _said(self) -> str:
        names = ("year_or_date", "prerequisites", "meeting_pattern", "summary")
        return ". ".join(self.cells[name] for name in names if self.cells[name])

    def _texts(self) -> dict[str, str]:
        provider, sponsor = quirks.sponsor(self.cells["provider"])
        return {
            "title": self.cells["title"],
            "summary": self.cells["summary"],
            "provider": provider,
            "sponsor": sponsor,
            "provider_state": self.cells["provider_state"],
            "trainer_names": self.cells["trainer"],
            "audience": self.cells["audience"],
            "location": self.cells["location_city"],
            "meeting_pattern": self.cells["meeting_pattern"],
            "capacity_listed": self._read("capacity", _capacity, ""),
            "ce_credits": self.cells["ce_credits"],
            "prerequisites": self.cells["prerequisites"],
            "dates_listed": self.cells["year_or_date"],
            "accessibility": quirks.access(self.cells["summary"]),
            "source_url": self._read("source_url", cell.web_address, ""),
        }

    def _age_band(self) -> AgeBand:
        if not self.cells["age_band"]:
            return AgeBand.UNKNOWN
        return self._read("age_band", lambda text: cell.choice(text, AgeBand), AgeBand.UNKNOWN)

    def _format(self) -> Format | None:
        """One format; a listing in several is none of them, and the note names them."""
        text = self.cells["format"]
        if not text:
            return None
        try:
            found = [cell.choice(part, Format) for part in re.split(r"\s*[;,/]\s*", text)]
        except CellRefused as refused:
            self._refuse("format", str(refused))
            return None
        if len(found) == 1:
            return found[0]
        self.notes.append(f"Offered in several formats: {text}.")
        return None

    def _lengths(self) -> dict[str, Any]:
        stated = self._read("hours", cell.length, Length())
        pattern = quirks.hours_in_pattern(self.cells["meeting_pattern"])
        if stated.minutes is None and pattern.total:
            stated = pattern.total._replace(note=stated.note)
        minutes, rsc = stated.minutes, None
        if pattern.training is not None and pattern.rsc is not None:
            if minutes not in (None, pattern.training + pattern.rsc):
                self.notes.append(f"Hours as listed: {self.cells['hours']}.")
            minutes, rsc = pattern.training, pattern.rsc
        listed = self._read("meetings", lambda text: cell.count(text, "Number of meetings"), Figure())
        self.notes += [note for note in (stated.note, listed.note) if note]
        return {
            "minutes": minutes,
            "minutes_most": stated.most if rsc is None else None,
            "minutes_about": stated.about,
            "rsc_minutes": rsc,
            "credit_cap_minutes": pattern.cap,
            "meetings_listed": listed.value,
        }

    def _prices(self) -> dict[str, Any]:
        full = self._read("price_usd", cell.price, Figure())
        member = self._read("member_price_usd", cell.price, Figure())
        notes = [full.note, f"Members: {member.note}" if member.note else ""]
        if re.search(r"tuition|fee|price|estimate", self.cells["year_or_date"], re.IGNORECASE):
            notes.append(self.cells["year_or_date"])
        notes.append(quirks.about_money(self.cells["summary"]))
        return {
            "price_cents": full.value,
            "member_price_cents": member.value,
            "price_note": "; ".join(note for note in notes if note),
        }

    def _covered(self) -> dict[int, Basis]:
        """What the provider states goes before what was only inferred from the description."""
        no_areas: list[int] = []
        stated = self._read("competency_areas", lambda text: cell.codes(text, self.areas), no_areas)
        inferred = self._read(
            "competency_areas_inferred", lambda text: cell.codes(text, self.areas), no_areas
        )
        return {**dict.fromkeys(inferred, Basis.SUGGESTED), **dict.fromkeys(stated, Basis.STATED)}


def _capacity(text: str) -> str:
    """Kept as it is said: "50 (minimum 15)"."""
    if re.match(r"[-−]\s*\d", text):
        raise CellRefused(f"“{text}” is less than nothing.")
    return text
