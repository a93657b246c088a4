"""How far somebody is toward one category, as the rules stand on one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.competencies.models import Ledger, Purpose, RuleKind
from catalog.competencies.rulebook import Rulebook, TopicLine
from catalog.endorsement.rules import rsc
from catalog.endorsement.rules.amounts import Amount, Verdict, amount, known_on
from catalog.endorsement.rules.coverage import AreaCover, TopicState, coverage, missing_topics
from catalog.endorsement.rules.training import HourCheck, training_checks
from catalog.records.ledger import Entry


@dataclass(frozen=True)
class Readiness:
    """What there is and what is missing. All figures are minutes; the two ledgers are never added together."""

    rulebook: Rulebook
    on: date
    training: Amount
    checks: list[HourCheck]
    """Every line of hours, of both ledgers: minimum, typical, tags."""
    rsc: rsc.Reckoned
    areas: list[AreaCover]

    def check(self, ledger: Ledger, kind: RuleKind = RuleKind.MINIMUM) -> HourCheck | None:
        """The line without a tag, if there is one."""
        return next(
            (c for c in self.checks if c.line.ledger == ledger and c.line.kind == kind and not c.line.tag),
            None,
        )

    @property
    def tags(self) -> list[HourCheck]:
        """The minimums of tags."""
        return [check for check in self.checks if check.line.tag]

    @property
    def missing(self) -> list[TopicLine]:
        return missing_topics(self.areas)

    @property
    def has_hours(self) -> bool:
        """Whether every minimum of both ledgers is met, and every rule about RSC; where none is known, nobody has."""
        minimums = [check.verdict for check in self.checks if check.is_minimum]
        verdicts = [*minimums, *(check.verdict for check in self.rsc.checks)]
        return bool(minimums) and all(verdict == Verdict.MET for verdict in verdicts)

    @property
    def has_topics(self) -> bool:
        return all(
            topic.state in (TopicState.COVERED, TopicState.REFERENCES)
            for a in self.areas
            for topic in a.topics
        )

    @property
    def is_complete(self) -> bool:
        """Whether all that can be counted here is there. What it means is for the association to say."""
        return self.has_hours and self.has_topics

    def summary(self) -> dict[str, Any]:
        """What lists and reports need of it, as JSON."""
        return {
            "on": self.on.isoformat(),
            "is_complete": self.is_complete,
            "has_hours": self.has_hours,
            "hours": [
                {
                    "ledger": check.line.ledger.value,
                    "kind": check.line.kind.value,
                    "tag": check.line.tag,
                    "minutes": check.line.minutes,
                    "amount": list(check.amount),
                    "verdict": check.verdict.value,
                }
                for check in self.checks
            ],
            "rsc": {check.about.value: check.verdict.value for check in self.rsc.checks},
            "missing": [topic.id for topic in self.missing],
            "topics": sum(len(area.topics) for area in self.areas),
        }


def readiness(
    entries: Sequence[Entry], rulebook: Rulebook, on: date, *, provides_rsc: bool | None = None
) -> Readiness:
    """Readiness on that day: by the rules in force on it, and what had been earned by then.

    Trainings count whenever they took place, because no rule says how far back they may lie. `provides_rsc` is
    whether the person gives RSC to others; None where nobody said."""
    lines = rulebook.hours_on(Purpose.FIRST, on)
    trainings = known_on(entries, Ledger.TRAINING, on)
    reckoned = rsc.reckon(known_on(entries, Ledger.RSC, on), rulebook, lines, on, provides_rsc=provides_rsc)
    return Readiness(
        rulebook=rulebook,
        on=on,
        training=amount(trainings),
        checks=[*training_checks(trainings, lines, provides_rsc=provides_rsc), *reckoned.hours],
        rsc=reckoned,
        areas=coverage(trainings, rulebook),
    )
