"""How far somebody is in the renewal period of a category they hold.

A period ends on its deadline and is as long as the cycle that was in force on its first day; the hours asked are
those in force on that day too. So a period goes on as it began, whatever is decided meanwhile for later ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catalog.competencies.models import Ledger, Purpose
from catalog.competencies.rulebook import Cycle, Rulebook
from catalog.endorsement.rules import rsc
from catalog.endorsement.rules.amounts import Verdict, known_on
from catalog.endorsement.rules.months import day_after, on_day
from catalog.endorsement.rules.training import HourCheck, training_checks
from catalog.records.ledger import Entry


@dataclass(frozen=True)
class Renewal:
    """One period, both days included. `membership` is None where none is asked for."""

    rulebook: Rulebook
    cycle: Cycle | None
    begins: date
    deadline: date
    on: date
    checks: list[HourCheck]
    rsc: rsc.Reckoned
    membership: Verdict | None

    @property
    def days_left(self) -> int:
        """0 is the last day; below 0 it is over."""
        return (self.deadline - self.on).days

    @property
    def is_over(self) -> bool:
        return self.days_left < 0

    @property
    def open(self) -> list[HourCheck]:
        """The minimums that are not met yet, of both ledgers, tags included."""
        return [check for check in self.checks if check.is_minimum and check.verdict != Verdict.MET]

    @property
    def is_complete(self) -> bool:
        return not self.open and self.membership in (None, Verdict.MET)


def first_deadline(endorsed_on: date, cycle: Cycle) -> date:
    """The end of the period that begins on that day.

    It ends on the day of the year that the cycle names, so the first one is as long as the cycle or shorter."""
    deadline = on_day(date(endorsed_on.year, cycle.month, 1), 0, cycle.day)
    months = max(cycle.months - 12, 0) + (12 if deadline < endorsed_on else 0)
    return on_day(deadline, months, cycle.day)


def next_deadline(deadline: date, rulebook: Rulebook) -> date:
    """The end of the period that begins on the day after: as long as the cycle in force on that day."""
    begins = day_after(deadline)
    cycle = next((one for one in rulebook.cycles if one.applies(begins)), Cycle())
    return first_deadline(begins, cycle)


def period_from(
    deadline: date, rulebook: Rulebook, *, endorsed_on: date = date.min
) -> tuple[date, Cycle | None]:
    """The first day of the period that ends then, and the cycle that was in force on that day.

    The period of somebody endorsed in the midst of it begins with the endorsement."""
    for cycle in rulebook.cycles:
        begins = max(_begins(deadline, cycle), endorsed_on)
        if cycle.applies(begins):
            return begins, cycle
    return max(_begins(deadline, Cycle()), endorsed_on), None


def _begins(deadline: date, cycle: Cycle) -> date:
    """The day after the end of the period before."""
    # A cycle that ends on the 31st ends on the last day of every month; a deadline of another day keeps its own.
    of_month = cycle.day if on_day(deadline, 0, cycle.day) == deadline else deadline.day
    before = on_day(deadline, -cycle.months, of_month)
    return before if before == date.min else day_after(before)


def renewal(
    entries: Sequence[Entry],
    rulebook: Rulebook,
    on: date,
    *,
    endorsed_on: date,
    valid_until: date,
    provides_rsc: bool | None = None,
    member_until: date | None = None,
) -> Renewal:
    """The period that ends on `valid_until`, as it stands on that day.

    Hours from before the endorsement do not count: they were what it was given for."""
    first, cycle = period_from(valid_until, rulebook, endorsed_on=endorsed_on)
    lines = rulebook.hours_on(Purpose.RENEWAL, first)
    inside = [entry for entry in entries if first <= entry.on <= valid_until]
    trainings = known_on(inside, Ledger.TRAINING, on)
    reckoned = rsc.reckon(
        known_on(inside, Ledger.RSC, on),
        rulebook,
        lines,
        on,
        provides_rsc=provides_rsc,
        with_sources=False,
    )
    is_member = member_until is not None and member_until >= on
    return Renewal(
        rulebook=rulebook,
        cycle=cycle,
        begins=first,
        deadline=valid_until,
        on=on,
        checks=[*training_checks(trainings, lines, provides_rsc=provides_rsc), *reckoned.hours],
        rsc=reckoned,
        membership=(Verdict.MET if is_member else Verdict.NOT_YET)
        if cycle and cycle.needs_membership
        else None,
    )
