"""What of a framework file has days instead of a code: hour rules and policies.

What they are about is their key. A rule or a policy whose days were changed here keeps the key it came with, and the
file says it, so that it is found again."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from catalog.competencies.models import Condition, Ledger, PolicyKind, Purpose, RuleKind
from catalog.competencies.services.entries import Entry

Row = dict[str, Any]
"""The columns of one fact. Other facts are named by their codes."""

LONGEST_KEY = 200
MOST_MONTHS = 120


class Dated(NamedTuple):
    """`key` is what tells two of them apart, `same` what they must not answer twice on one day."""

    word: str
    key: tuple[str, ...]
    same: tuple[str, ...]

    def key_of(self, row: Mapping[str, Any]) -> str:
        return "|".join("" if row[part] is None else str(row[part]) for part in self.key)

    def overlap(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """Whether both are in use and would answer the same question on the same day."""
        if not (one["is_enabled"] and other["is_enabled"]):
            return False
        if any(one[part] != other[part] for part in self.same):
            return False
        return share_a_day(one, other)


DAYS = ("effective_from", "effective_until")
ABOUT = ("category", "purpose", "ledger", "kind", "tag")
RULES = Dated("rule", (*ABOUT, *DAYS), (*ABOUT, "applies_when"))
POLICIES = Dated("policy", ("kind", "category", *DAYS), ("kind", "category"))


def share_a_day(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    (one_from, one_until), (other_from, other_until) = _days(one), _days(other)
    return other_from <= one_until and one_from <= other_until


def _days(row: Mapping[str, Any]) -> tuple[date, date]:
    return row["effective_from"] or date.min, row["effective_until"] or date.max


def read_dated(
    of: Dated, found: Iterable[Entry], read: Callable[[Entry], Row], keep: Callable[[str, Entry], None]
) -> dict[str, Row]:
    """The rows by their keys; whatever stands twice or overlaps is refused."""
    rows: dict[str, Row] = {}
    places: dict[str, str] = {}
    for entry in found:
        row = read(entry)
        plain = of.key_of(row)
        key = entry.maybe_text("key", LONGEST_KEY) or plain
        entry.place = f"{entry.place} {plain.rstrip('|')}"
        for other, place in places.items():
            if other == key:
                entry.refuse(f"the same {of.word} already stands at {place}.")
            elif of.overlap(row, rows[other]):
                entry.refuse(f"it is in force at the same time as {place}.")
        rows[key] = row
        places.setdefault(key, entry.place)
        keep(key, entry)
    return rows


def in_force(entry: Entry) -> Row:
    """The days and whether it is in use."""
    row = {
        "effective_from": entry.maybe_day("effective_from"),
        "effective_until": entry.maybe_day("effective_until"),
        "is_enabled": entry.truth("enabled", default=True),
        "why_disabled": entry.maybe_text("why_disabled"),
    }
    began, ended = _days(row)
    if ended < began:
        entry.refuse("effective_until is before effective_from.")
    return row


Knows = Callable[[str, str], bool]
"""Whether the file has such a code in such a section."""


def read_rule(entry: Entry, knows: Knows) -> Row:
    return {
        "category": entry.reference("category", lambda code: knows("categories", code)),
        "purpose": entry.choice("purpose", Purpose),
        "ledger": entry.choice("ledger", Ledger),
        "kind": entry.choice("kind", RuleKind),
        "tag": entry.reference("tag", lambda code: knows("hour_tags", code), needed=False),
        "minutes": entry.whole("minutes"),
        "window_months": _window(entry),
        "applies_when": entry.maybe_text("applies_when"),
        "condition": entry.maybe_choice("condition", Condition),
        **in_force(entry),
    }


def _window(entry: Entry) -> dict[str, Any] | None:
    given = entry.mapping("window_months")
    if not given:
        return None
    window = Entry(f"{entry.place}.window_months", given, entry.problems)
    least, most = window.maybe_whole("min"), window.maybe_whole("max")
    if least is not None and most is not None and most < least:
        window.refuse("max is less than min.")
    return given


def read_policy(entry: Entry, knows: Knows) -> Row:
    kind = entry.choice("kind", PolicyKind)
    facts = entry.inside("facts")
    if entry.raw.get("facts") in (None, {}):
        entry.refuse("facts is missing.")
    elif facts.raw and entry.raw.get("kind") == kind:
        FACTS[kind](facts, knows)
    return {
        "kind": kind,
        "category": entry.reference("category", lambda code: knows("categories", code), needed=False),
        # As they stand in the file: what nobody knows yet in them is kept with them.
        "facts": facts.raw,
        **in_force(entry),
    }


def _providers(facts: Entry, knows: Knows) -> None:
    for one in facts.listed("any_of"):
        one.reference("category", lambda code: knows("categories", code) and not knows("add_ons", code))
        one.reference("add_on", lambda code: knows("add_ons", code), needed=False)
    facts.truth("vetted", default=False)


def _sources(facts: Entry, _knows: Knows) -> None:
    facts.whole("most_providers", 1, 99)
    facts.whole("main_percent", 0, 100)
    facts.truth("peers_count", default=False)


def _cycle(facts: Entry, _knows: Knows) -> None:
    facts.whole("months", 1, MOST_MONTHS)
    deadline = facts.text("deadline")
    if deadline and not is_day_of_year(deadline):
        facts.refuse(f"deadline is “{deadline}”, which is not a day of every year such as 12-31.")
    facts.truth("needs_membership", default=True)


FACTS = {PolicyKind.PROVIDERS: _providers, PolicyKind.SOURCES: _sources, PolicyKind.CYCLE: _cycle}


def is_day_of_year(text: str) -> bool:
    """Whether the text is a month and a day that every year has."""
    if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        # In a year without the 29th of February.
        date.fromisoformat(f"2001-{text}")
    except ValueError:
        return False
    return True
