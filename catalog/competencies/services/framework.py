"""What a framework file says, checked as a whole before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from catalog.competencies.models import Confidence, Ledger, Purpose, RuleKind
from catalog.competencies.services.entries import Entry, Problems, entries, read_json, unstorable
from catalog.errors import DataRefused

Row = dict[str, Any]
"""The columns of one fact. Other facts are named by their codes."""

SECTIONS = ("credentials", "areas", "topics", "categories", "hour_tags", "rules")


@dataclass(frozen=True)
class Framework:
    """The file's facts by their codes; rules by their file key; who asks for what by (topic, category)."""

    source: str
    code: str
    title: str
    compiled_on: date
    credentials: dict[str, Row]
    areas: dict[str, Row]
    topics: dict[str, Row]
    categories: dict[str, Row]
    hour_tags: dict[str, Row]
    rules: dict[str, Row]
    asked: dict[tuple[str, str], Confidence]
    statements: dict[str, Any]
    """Whatever no table holds. Keys nobody knows, inside an entry, are under "more"."""


def read_framework(path: str | Path) -> Framework:
    """Raises DataRefused with every problem of the file, each with its entry and its reason."""
    raw = read_json(Path(path))
    problems = Problems()
    unstorable(raw, "", problems)
    reading = _Reading(raw, problems)
    framework = reading.framework(str(path))
    if problems:
        raise DataRefused(str(path), problems)
    return framework


class _Reading:
    def __init__(self, raw: dict[str, Any], problems: Problems) -> None:
        self.raw = raw
        self.problems = problems
        self.more: dict[str, dict[str, Any]] = {}
        self.asked: dict[tuple[str, str], Confidence] = {}

    def framework(self, source: str) -> Framework:
        head = Entry("the file", self.raw, self.problems)
        code, title, compiled_on = head.text("edition", 40), head.text("title"), head.day("compiled_on")
        listed = {section: entries(self.raw, section, _name(section), self.problems) for section in SECTIONS}
        self.codes = {
            section: {str(entry.raw.get(_name(section))).strip() for entry in found}
            for section, found in listed.items()
        }
        for section in ("areas", "categories"):
            if self.raw.get(section) == []:
                self.problems.add(section, "the list is empty.")
        facts = {
            "credentials": self._coded("credentials", listed["credentials"], self._credential),
            "areas": self._coded("areas", listed["areas"], self._area),
            "topics": self._coded("topics", listed["topics"], self._topic),
            "categories": self._coded("categories", listed["categories"], self._category),
            "hour_tags": self._coded("hour_tags", listed["hour_tags"], self._tag),
            "rules": self._rules(listed["rules"]),
        }
        known = {"edition", "title", "compiled_on", *SECTIONS}
        statements = {key: value for key, value in self.raw.items() if key not in known}
        if self.more:
            statements["more"] = self.more
        return Framework(source, code, title, compiled_on, **facts, asked=self.asked, statements=statements)

    # Sections.

    def _coded(self, section: str, found: Iterable[Entry], read: Any) -> dict[str, Row]:
        rows: dict[str, Row] = {}
        first: dict[str, str] = {}
        for position, entry in enumerate(found, 1):
            name = _name(section)
            code = entry.text(name, 40 if section in ("topics", "hour_tags") else 20)
            row = {**read(entry, code, position), **self._sourced(entry)}
            if code in first:
                entry.refuse(f"{name} “{code}” already stands at {first[code]}.")
            first.setdefault(code, entry.place)
            rows[code] = row
            if section != "categories":  # whose own column keeps them
                self._keep(section, code, entry)
        return rows

    def _sourced(self, entry: Entry) -> Row:
        return {
            "confidence": entry.maybe_choice("confidence", Confidence),
            "source": entry.maybe_text("source"),
            "note": entry.maybe_text("note"),
        }

    def _keep(self, section: str, code: str, entry: Entry) -> None:
        if rest := entry.rest():
            self.more.setdefault(section, {})[code] = rest

    def _is(self, section: str, code: str) -> bool:
        return code in self.codes[section]

    # Entries.

    def _credential(self, entry: Entry, _code: str, _position: int) -> Row:
        return {
            "name": entry.text("name"),
            "mark": entry.text("mark", 20),
            "age_band": entry.text("age_band"),
        }

    def _area(self, entry: Entry, code: str, position: int) -> Row:
        order = entry.maybe_whole("order")
        shown_by = entry.maybe_text("mainly_shown_by")
        if shown_by not in (None, "reference ratings", "training and education"):
            self.more.setdefault("areas", {})[f"{code}.mainly_shown_by"] = shown_by
        return {
            "name": entry.text("name"),
            # Another association's file may not have it; its code is the best word there is.
            "short": entry.maybe_text("short", 8) or code[:8],
            "position": position if order is None else order,
            "mentors_only": entry.truth("mentors_only", default=False),
            "by_references": shown_by == "reference ratings",
        }

    def _topic(self, entry: Entry, code: str, position: int) -> Row:
        for category, confidence in entry.mapping("asked_by").items():
            asked = Entry(f"{entry.place}.asked_by", {category: confidence}, self.problems)
            if not self._is("categories", category):
                asked.refuse(f"category “{category}” is not defined in this file.")
            elif (known := asked.choice(category, Confidence)) and code:
                self.asked[code, category] = known
        return {
            "area": entry.reference("area", lambda area: self._is("areas", area)),
            "name": entry.text("name"),
            "name_ecmh": entry.maybe_text("name_ecmh"),
            "position": position,
        }

    def _category(self, entry: Entry, _code: str, position: int) -> Row:
        kind, status = entry.text("kind"), entry.maybe_text("status") or "current"
        if kind not in ("category", "add_on", ""):
            entry.refuse(f"kind is “{kind}”; it must be one of: category, add_on.")
        if status not in ("current", "superseded"):
            entry.refuse(f"status is “{status}”; it must be one of: current, superseded.")
        row = {
            "name": entry.text("name"),
            "credential": entry.text("credential"),
            "age_band": entry.text("age_band"),
            "position": position,
            "is_current": status == "current",
            "is_add_on": kind == "add_on",
        }
        bases = entry.raw.get("prerequisite_categories") or []
        for base in bases if isinstance(bases, list) else [bases]:
            if not isinstance(base, str) or not self._is("categories", base):
                entry.refuse(f"prerequisite_categories names “{base}”, which this file does not define.")
        sourced = ("code", "confidence", "source", "note")
        return {**row, "facts": {key: value for key, value in entry.rest().items() if key not in sourced}}

    def _tag(self, entry: Entry, _code: str, _position: int) -> Row:
        return {"label": entry.text("label")}

    # Rules have no code; what they are about is their key.

    def _rules(self, found: list[Entry]) -> dict[str, Row]:
        rows: dict[str, Row] = {}
        places: dict[str, str] = {}
        for entry in found:
            row = {**self._rule(entry), **self._sourced(entry)}
            key = rule_key(row)
            entry.place = f"{entry.place} {key.rstrip('|')}"
            for other, place in places.items():
                if other == key:
                    entry.refuse(f"the same rule already stands at {place}.")
                elif _overlap(row, rows[other]):
                    entry.refuse(f"it is in force at the same time as {place}.")
            rows[key] = row
            places.setdefault(key, entry.place)
            self._keep("rules", key, entry)
        return rows

    def _rule(self, entry: Entry) -> Row:
        row = {
            "category": entry.reference("category", lambda code: self._is("categories", code)),
            "purpose": entry.choice("purpose", Purpose),
            "ledger": entry.choice("ledger", Ledger),
            "kind": entry.choice("kind", RuleKind),
            "tag": entry.reference("tag", lambda code: self._is("hour_tags", code), needed=False),
            "minutes": entry.whole("minutes"),
            "window_months": self._window(entry),
            "applies_when": entry.maybe_text("applies_when"),
            "effective_from": entry.maybe_day("effective_from"),
            "effective_until": entry.maybe_day("effective_until"),
            "is_enabled": entry.truth("enabled", default=True),
            "why_disabled": entry.maybe_text("why_disabled"),
        }
        began, ended = _days(row)
        if ended < began:
            entry.refuse("effective_until is before effective_from.")
        return row

    def _window(self, entry: Entry) -> dict[str, Any] | None:
        given = entry.mapping("window_months")
        if not given:
            return None
        window = Entry(f"{entry.place}.window_months", given, self.problems)
        least, most = window.maybe_whole("min"), window.maybe_whole("max")
        if least is not None and most is not None and most < least:
            window.refuse("max is less than min.")
        return given


def _name(section: str) -> str:
    """What the sections call the code of an entry."""
    return "tag" if section == "hour_tags" else "code"


def rule_key(row: Row) -> str:
    """The name of a rule within a file, of everything that makes it a different rule."""
    parts = ("category", "purpose", "ledger", "kind", "tag", "effective_from", "effective_until")
    return "|".join("" if row[part] is None else str(row[part]) for part in parts)


def _overlap(one: Row, other: Row) -> bool:
    """Whether two rules would both answer the same question on the same day."""
    same = ("category", "purpose", "ledger", "kind", "tag", "applies_when")
    if any(one[part] != other[part] for part in same):
        return False
    (one_from, one_until), (other_from, other_until) = _days(one), _days(other)
    return other_from <= one_until and one_from <= other_until


def _days(rule: Row) -> tuple[date, date]:
    return rule["effective_from"] or date.min, rule["effective_until"] or date.max
