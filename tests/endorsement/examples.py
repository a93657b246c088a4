"""Rows of a person's ledgers for the worked examples, and how what is reckoned of them is said.

A row is (day, hours) with whatever matters; "2 h 30" is 2.5 and "29 h 59" is `h(29, 59)`. An answer is a dict of
"hours:minutes verdict" by what is asked: "training", "typical", "rsc", a tag, "window", "sources", "providers"."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from catalog.competencies.models import Ledger, RuleKind
from catalog.competencies.rulebook import Rulebook
from catalog.endorsement.rules import Amount, HourCheck, Readiness, Renewal, readiness, renewal
from catalog.records.ledger import Entry
from tests.endorsement import people
from tests.endorsement.framework import area_of, rulebook, topic_ids

TODAY = date(2026, 11, 28)
Rows = Iterable[Any]
"""Entries, and lists of entries."""


def h(hours: int, minutes: int = 0) -> float:
    return hours + minutes / 60


def t(on: str, hours: float, *tags: str, topics: Iterable[str] = (), **more: Any) -> Entry:
    """A training of one day, which covers Theoretical Foundations where no topic is named."""
    ids = frozenset(topic_ids()[topic] for topic in topics)
    areas = frozenset(map(area_of, ids)) or frozenset({1})
    covers = {"tags": frozenset(tags), "topics": ids, "areas": areas}
    return people.training(0, date.fromisoformat(on), hours, **{**covers, **more})


def r(on: str, hours: float, who: str = "rosa", *tags: str, **more: Any) -> Entry:
    """RSC of one day with a Mentor-Clinical, unless `held` or `standing` says otherwise."""
    return people.rsc(0, date.fromisoformat(on), hours, who, tags=frozenset(tags), **more)


def monthly(first: str, times: int, hours: float, who: str = "rosa", *tags: str, **more: Any) -> list[Entry]:
    """RSC on the 14th of so many months in a row, from a month such as "2025-01"."""
    year, month = map(int, first.split("-"))
    days = [divmod(year * 12 + month - 1 + n, 12) for n in range(times)]
    return [r(f"{year}-{month + 1:02}-14", hours, who, *tags, **more) for year, month in days]


def ledger(rows: Rows) -> list[Entry]:
    flat = [one for row in rows for one in (row if isinstance(row, list) else [row])]
    return [entry._replace(key=f"entry-{number}") for number, entry in enumerate(flat, 1)]


def reckoned(code: str, rows: Rows, on: date = TODAY, **more: Any) -> Readiness:
    """`more` is `provides_rsc`, or replaces policies of the rulebook."""
    asked = {key: more.pop(key) for key in ("provides_rsc",) if key in more}
    return readiness(ledger(rows), rulebook(code, **more), on, **asked)


def renewed(of: str | Rulebook, rows: Rows, on: date = TODAY, **more: Any) -> Renewal:
    """Endorsed long ago, in the period that ends with 2026, unless `more` says otherwise."""
    facts = {"endorsed_on": date(2019, 5, 6), "valid_until": date(2026, 12, 31), **more}
    return renewal(ledger(rows), rulebook(of) if isinstance(of, str) else of, on, **facts)


def said(of: Readiness | Renewal) -> dict[str, str]:
    hours = {_name(check): f"{clock(check.amount)} {check.verdict}" for check in of.checks}
    return {**hours, **{check.about.value: check.verdict.value for check in of.rsc.checks}}


def _name(check: HourCheck) -> str:
    if check.line.tag:
        return check.line.tag
    if check.line.kind == RuleKind.TYPICAL:
        return "typical"
    return "training" if check.line.ledger == Ledger.TRAINING else "rsc"


def clock(amount: Amount) -> str:
    """ "30:00", or "20:00+6:00+4:00" where something is pending or planned."""
    shown = amount if amount.pending or amount.planned else amount[:1]
    return "+".join(f"{minutes // 60}:{minutes % 60:02}" for minutes in shown)
