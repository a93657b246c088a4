"""What a framework file says, checked as a whole before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from catalog.competencies.models import Confidence
from catalog.competencies.services.dated import (
    POLICIES,
    RULES,
    Row,
    read_dated,
    read_policy,
    read_rule,
)
from catalog.competencies.services.entries import (
    Entry,
    Problems,
    entries,
    file_content,
    read_json,
    unstorable,
)
from catalog.errors import DataRefused

SECTIONS = ("credentials", "areas", "topics", "categories", "hour_tags", "rules")
OPTIONAL = ("policies",)


@dataclass(frozen=True)
class Framework:
    """The file's facts by their codes; rules and policies by their file keys; who asks for what by
    (topic, category). `policies` is None where the file does not speak of any."""

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
    policies: dict[str, Row] | None
    statements: dict[str, Any]
    """Whatever no table holds. Keys nobody knows, inside an entry, are under "more"."""


def read_framework(path: str | Path, content: bytes | None = None) -> Framework:
    """What the file says, or what was sent under its name.

    Raises DataRefused with every problem of the file, each with its entry and its reason."""
    source = str(path)
    raw = read_json(source, file_content(Path(path)) if content is None else content)
    problems = Problems()
    unstorable(raw, "", problems)
    reading = _Reading(raw, problems)
    framework = reading.framework(source)
    if problems:
        raise DataRefused(source, problems)
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
        if "more" in self.raw:
            head.refuse("“more” is where the catalog keeps what it does not know; a file cannot say it.")
        sections = SECTIONS + tuple(name for name in OPTIONAL if self.raw.get(name) is not None)
        listed = {section: entries(self.raw, section, _name(section), self.problems) for section in sections}
        self.codes = {section: _codes(section, found) for section, found in listed.items()}
        self.codes["add_ons"] = _codes(
            "categories", [one for one in listed["categories"] if one.raw.get("kind") == "add_on"]
        )
        for section in ("areas", "categories"):
            if self.raw.get(section) == []:
                self.problems.add(section, "the list is empty.")
        policies = self._dated("policies", listed["policies"]) if "policies" in listed else None
        facts = {
            "credentials": self._coded("credentials", listed["credentials"], self._credential),
            "areas": self._coded("areas", listed["areas"], self._area),
            "topics": self._coded("topics", listed["topics"], self._topic),
            "categories": self._coded("categories", listed["categories"], self._category),
            "hour_tags": self._coded("hour_tags", listed["hour_tags"], self._tag),
            "rules": self._dated("rules", listed["rules"]),
        }
        known = {"edition", "title", "compiled_on", *SECTIONS, *OPTIONAL}
        statements = {key: value for key, value in self.raw.items() if key not in known}
        if self.more:
            statements["more"] = self.more
        return Framework(
            source,
            code,
            title,
            compiled_on,
            **facts,
            policies=policies,
            asked=self.asked,
            statements=statements,
        )

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

    def _dated(self, section: str, found: Iterable[Entry]) -> dict[str, Row]:
        of, read = (RULES, read_rule) if section == "rules" else (POLICIES, read_policy)

        def row(entry: Entry) -> Row:
            # A policy may stay in force when a file without policies is loaded; then it says where it comes from.
            own = {} if section == "rules" else {"edition": entry.maybe_text("edition", 40)}
            return {**read(entry, self._is), **own, **self._sourced(entry)}

        return read_dated(of, found, row, lambda key, entry: self._keep(section, key, entry))

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
            "position": _position(entry, position),
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
            "position": _position(entry, position),
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


def _name(section: str) -> str:
    """What the sections call the code of an entry."""
    return "tag" if section == "hour_tags" else "code"


def _codes(section: str, found: Iterable[Entry]) -> set[str]:
    return {str(entry.raw.get(_name(section))).strip() for entry in found}


def _position(entry: Entry, listed: int) -> int:
    """Where it stands in the file, unless it says another place; "order" is the file's own affair."""
    said = entry.maybe_whole("position")
    return listed if said is None else said
