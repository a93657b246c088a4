"""How far somebody is in the renewal period of a category they hold.

A period ends on its deadline and is as long as the cycle that was in force on its first day; the hours asked are
those in force on that day too. So a period goes on as it began, whatever is decided meanwhile for later ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.competencies.models import Ledger, Purpose
from catalog.competencies.rulebook import Cycle, Rulebook
from catalog.endorsement.rules import rsc
from catalog.endorsement.rules.amounts import Verdict, known_on
from catalog.endorsement.rules.months import on_day
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
        """What is not met yet, of both ledgers, tags included."""
        return [check for check in self.checks if check.verdict != Verdict.MET]

    @property
    def is_complete(self) -> bool:
        return not self.open and self.membership in (None, Verdict.MET)


def first_deadline(endorsed_on: date, cycle: Cycle) -> date:
    """The last day of the period that runs on that day."""
    deadline = on_day(date(endorsed_on.year, cycle.month, 1), 0, cycle.day)
    return deadline if deadline >= endorsed_on else on_day(deadline, 12, cycle.day)


def next_deadline(deadline: date, rulebook: Rulebook) -> date:
    """The end of the period that begins on the day after: as long as the cycle in force on that day."""
    begins = deadline + timedelta(days=1)
    cycle = next((one for one in rulebook.cycles if one.applies(begins)), Cycle())
    return on_day(deadline, cycle.months, cycle.day)


def period_from(deadline: date, rulebook: Rulebook) -> tuple[date, Cycle | None]:
    """The first day of the period that ends then, and the cycle that was in force on that day."""
    for cycle in rulebook.cycles:
        begins = _begins(deadline, cycle.months)
        if cycle.applies(begins):
            return begins, cycle
    return _begins(deadline, 12), None


def _begins(deadline: date, months: int) -> date:
    """The end of the period before, and a day."""
    # A deadline at the end of a month has another day in a shorter month.
    last = 31 if deadline.day >= 28 else deadline.day
    return on_day(deadline, -months, last) + timedelta(days=1)


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
    begins, cycle = period_from(valid_until, rulebook)
    first = max(begins, endorsed_on)
    lines = rulebook.hours_on(Purpose.RENEWAL, begins)
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
