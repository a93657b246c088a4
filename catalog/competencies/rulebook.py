"""The rules of one category as plain values, which is what the reckoning reads: no database, no clock.

Whatever is said here carries the edition it comes from and whether that is confirmed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.competencies.models import Condition, Ledger, PolicyKind, Purpose, RuleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule carries. The days it is in force are both included; None is open."""

    id: int = 0
    effective_from: date | None = None
    effective_until: date | None = None
    edition: str = ""
    is_confirmed: bool = True

    def applies(self, on: date) -> bool:
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_until is None or on <= self.effective_until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HourLine(Rule):
    """So many minutes in one ledger; with a tag only hours that carry it count.

    `months` is the least and the most months in which they must fall, None where nothing is said."""

    purpose: Purpose
    ledger: Ledger
    kind: RuleKind
    minutes: int
    tag: str | None = None
    tag_label: str = ""
    months: tuple[int, int] | None = None
    applies_when: str = ""
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Providers(Rule):
    """Who may give RSC that counts: pairs of a category and the add-on it needs, None where it needs none."""

    any_of: tuple[tuple[str, str | None], ...]
    allows_vetted: bool = False

    def accepts(self, held: Iterable[str]) -> bool:
        codes = frozenset(held)
        return any(code in codes and (add_on is None or add_on in codes) for code, add_on in self.any_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources(Rule):
    """RSC comes from at most so many providers, and more than `main_percent` of the minutes from one of them."""

    most_providers: int = 2
    main_percent: int = 50
    peers_count: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle(Rule):
    """A renewal period of so many months that ends on this day of the year."""

    months: int = 12
    month: int = 12
    day: int = 31
    needs_membership: bool = True


@dataclass(frozen=True, slots=True)
class AreaLine:
    id: int
    code: str
    name: str
    short: str
    by_references: bool
    mentors_only: bool = False


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic the category asks for; `is_confirmed` is whether both are, the topic and that it is asked for."""

    id: int
    code: str
    name: str
    area_id: int
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Everything one category asks for. Policies of its own stand before those for every category."""

    category_id: int
    code: str
    name: str
    hours: tuple[HourLine, ...] = ()
    providers: tuple[Providers, ...] = ()
    sources: tuple[Sources, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    areas: tuple[AreaLine, ...] = ()
    topics: tuple[TopicLine, ...] = ()

    def hours_on(self, purpose: Purpose, on: date) -> list[HourLine]:
        return [line for line in self.hours if line.purpose == purpose and line.applies(on)]

    def providers_on(self, on: date) -> Providers | None:
        return next((one for one in self.providers if one.applies(on)), None)

    def sources_on(self, on: date) -> Sources | None:
        return next((one for one in self.sources if one.applies(on)), None)


def window(months: Mapping[str, Any] | None) -> tuple[int, int] | None:
    """{"min": 12, "max": 24} as (12, 24). Without a least it is 0; without a most there is no window."""
    if not months or months.get("max") is None:
        return None
    return int(months.get("min") or 0), int(months["max"])


Policies = tuple[tuple[Providers, ...], tuple[Sources, ...], tuple[Cycle, ...]]


def policies(rows: Iterable[tuple[PolicyKind, Mapping[str, Any], dict[str, Any]]]) -> Policies:
    """From (kind, facts, what every rule carries), in the order in which they are to be asked."""
    providers, sources, cycles = [], [], []
    for kind, facts, carried in rows:
        match kind:
            case PolicyKind.PROVIDERS:
                pairs = tuple((one["category"], one.get("add_on")) for one in facts.get("any_of", ()))
                providers.append(Providers(any_of=pairs, allows_vetted=bool(facts.get("vetted")), **carried))
            case PolicyKind.SOURCES:
                sources.append(
                    Sources(
                        most_providers=int(facts.get("most_providers", 2)),
                        main_percent=int(facts.get("main_percent", 50)),
                        peers_count=bool(facts.get("peers_count")),
                        **carried,
                    )
                )
            case PolicyKind.CYCLE:
                month, day = (int(part) for part in str(facts.get("deadline", "12-31")).split("-"))
                cycles.append(
                    Cycle(
                        months=int(facts.get("months", 12)),
                        month=month,
                        day=day,
                        needs_membership=bool(facts.get("needs_membership", True)),
                        **carried,
                    )
                )
    return tuple(providers), tuple(sources), tuple(cycles)
