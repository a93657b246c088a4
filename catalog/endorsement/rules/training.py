"""Training hours against a minimum, against what is typically accepted, and against the minimum of each tag."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.competencies.models import Condition, Ledger, RuleKind
from catalog.competencies.rulebook import HourLine
from catalog.endorsement.rules.amounts import Amount, Verdict, amount
from catalog.records.ledger import Entry


@dataclass(frozen=True)
class HourCheck:
    """One line of the rules and what there is. `keys` are the entries that decide it."""

    line: HourLine
    amount: Amount
    verdict: Verdict
    keys: tuple[str, ...] = ()

    @property
    def is_minimum(self) -> bool:
        return self.line.kind == RuleKind.MINIMUM

    @property
    def missing(self) -> int:
        """Minutes that are not verified yet."""
        return max(self.line.minutes - self.amount.verified, 0)

    @property
    def still_open(self) -> int:
        """Minutes that are neither verified nor pending nor booked: what another seat would have to give."""
        return max(self.line.minutes - self.amount.expected, 0)


def training_checks(
    entries: Sequence[Entry], lines: Sequence[HourLine], *, provides_rsc: bool | None = None
) -> list[HourCheck]:
    """Each line of the training ledger that is asked of this person; `entries` are those of that ledger."""
    asked = [line for line in lines if line.ledger == Ledger.TRAINING and is_asked(line, provides_rsc)]
    return [_check(entries, line, provides_rsc) for line in asked]


def is_asked(line: HourLine, provides_rsc: bool | None) -> bool:
    """A line with a condition that the person does not meet is not asked of them; unknown, it is shown as such."""
    return not (line.condition == Condition.PROVIDES_RSC and provides_rsc is False)


def _check(entries: Sequence[Entry], line: HourLine, provides_rsc: bool | None) -> HourCheck:
    deciding = [entry for entry in entries if line.tag is None or line.tag in entry.tags]
    found = amount(deciding)
    return HourCheck(
        line, found, verdict_of(line, found.verified, provides_rsc), tuple(e.key for e in deciding)
    )


def verdict_of(line: HourLine, minutes: int, provides_rsc: bool | None) -> Verdict:
    if minutes >= line.minutes:
        return Verdict.MET
    is_unknown = line.condition == Condition.PROVIDES_RSC and provides_rsc is None
    # A condition that stands in words alone is for a person to judge.
    is_in_words = bool(line.applies_when) and line.condition is None
    return Verdict.UNSURE if is_unknown or is_in_words else Verdict.NOT_YET
