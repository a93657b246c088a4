"""What a readiness says, figure by figure in words, for paper, tables and pages alike. No database, no clock."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.competencies.models import Ledger, Purpose, RuleKind
from catalog.competencies.wording import LEDGERS
from catalog.endorsement.rules import Amount, HourCheck, Readiness, RscCheck, TopicState, Verdict
from catalog.endorsement.rules.rsc import About
from catalog.wording import hours

VERDICTS = {Verdict.MET: "Met", Verdict.NOT_YET: "Not yet", Verdict.UNSURE: "Cannot tell"}
TONES = {Verdict.MET: "leaf", Verdict.NOT_YET: "clay", Verdict.UNSURE: "sun"}
KINDS = {RuleKind.MINIMUM: "minimum", RuleKind.TYPICAL: "typically accepted"}
ABOUT = {
    About.WINDOW: "RSC hours, when they took place",
    About.SOURCES: "RSC hours, from how many providers",
    About.PROVIDERS: "RSC hours, who provided them",
}
TOPICS = "Topics that are asked for"
STATES = {
    TopicState.COVERED: "covered",
    TopicState.PENDING: "not looked at yet",
    TopicState.PLANNED: "booked",
    TopicState.MISSING: "missing",
    TopicState.REFERENCES: "shown mainly by references",
}


class Figure(NamedTuple):
    """One rule and what there is. `amount` and `target` are minutes, for a bar; None where it has none."""

    label: str
    said: str
    verdict: Verdict
    edition: str = ""
    is_confirmed: bool = True
    amount: Amount | None = None
    target: int = 0

    @property
    def answer(self) -> str:
        return VERDICTS[self.verdict]

    def known(self, association: str) -> str:
        """The edition it comes from, and with whom to check what is not confirmed."""
        edition = f"Edition {self.edition}" if self.edition else ""
        return "; ".join(part for part in (edition, self._doubt(association)) if part)

    def _doubt(self, association: str) -> str:
        return "" if self.is_confirmed else f"check with {association}"


def figures(found: Readiness) -> list[Figure]:
    """Hours of both ledgers with their tags, the rules about RSC, and the topics, in this order."""
    return [
        *(_hours(check) for check in found.checks),
        *_no_rsc(found),
        *(_rule(check) for check in found.rsc.checks),
        *_topics(found),
    ]


def amount_said(amount: Amount) -> str:
    """ "32 h verified, 4 h not looked at yet, 3 h booked"; what there is none of is left out, but for the first."""
    parts = [f"{hours(amount.verified)} verified"]
    parts += [f"{hours(amount.pending)} not looked at yet"] if amount.pending else []
    parts += [f"{hours(amount.planned)} booked"] if amount.planned else []
    return ", ".join(parts)


def _hours(check: HourCheck) -> Figure:
    line = check.line
    tag = f", of these: {line.tag_label}" if line.tag else ""
    when = f" ({line.applies_when})" if line.applies_when else ""
    return Figure(
        f"{LEDGERS[line.ledger]}{tag}, {KINDS[line.kind]}{when}",
        f"{amount_said(check.amount)}; {hours(line.minutes)} {'typical' if not check.is_minimum else 'asked'}",
        check.verdict,
        line.edition,
        line.is_confirmed,
        None if line.tag else check.amount,
        line.minutes,
    )


def _no_rsc(found: Readiness) -> Iterator[Figure]:
    """A category that asks for no RSC hours says so."""
    if found.check(Ledger.RSC):
        return
    for line in found.rulebook.hours_on(Purpose.FIRST, found.on):
        if line.ledger == Ledger.RSC and not line.tag and not line.minutes:
            yield Figure(LEDGERS[Ledger.RSC], "None are asked", Verdict.MET, line.edition, line.is_confirmed)
            return


def _rule(check: RscCheck) -> Figure:
    return Figure(ABOUT[check.about], check.said, check.verdict, check.edition, check.is_confirmed)


def _topics(found: Readiness) -> Iterator[Figure]:
    total = sum(len(area.topics) for area in found.areas)
    if not total:
        return
    counts = {state: sum(area.count(state) for area in found.areas) for state in STATES}
    said = ", ".join(f"{count} {STATES[state]}" for state, count in counts.items() if count)
    is_confirmed = all(area.is_confirmed for area in found.areas)
    verdict = Verdict.MET if found.has_topics else Verdict.NOT_YET
    yield Figure(TOPICS, f"{total} in all: {said}", verdict, is_confirmed=is_confirmed)
