"""What is missing, as what a seat could fill."""

from catalog.competencies.models import Ledger, RuleKind
from catalog.endorsement.openings import Gaps
from catalog.endorsement.rules import HourCheck, Readiness


def gaps_of(ready: Readiness) -> Gaps:
    """Everything that is neither there nor pending nor booked."""
    return Gaps(
        topics=frozenset(topic.id for topic in ready.missing),
        tags=open_tags(ready.checks),
        ledgers=open_ledgers(ready.checks),
    )


def open_tags(checks: list[HourCheck]) -> frozenset[str]:
    return frozenset(check.line.tag for check in checks if check.line.tag and check.still_open)


def open_ledgers(checks: list[HourCheck]) -> frozenset[Ledger]:
    """Ledgers whose minimum is not reached; what is typical is no gap."""
    return frozenset(
        check.line.ledger
        for check in checks
        if not check.line.tag and check.line.kind == RuleKind.MINIMUM and check.still_open
    )


def narrowed(ready: Readiness, *, topic: str, tag: str, ledger: str) -> Gaps | None:
    """Only what was asked for; None where the category asks for nothing of that name."""
    if topic:
        found = next((one for one in ready.rulebook.topics if one.code == topic), None)
        return Gaps(topics=frozenset({found.id})) if found else None
    if tag:
        return Gaps(tags=frozenset({tag})) if any(c.line.tag == tag for c in ready.checks) else None
    if ledger:
        return Gaps(ledgers=frozenset({Ledger(ledger)})) if ledger in set(Ledger) else None
    return gaps_of(ready)
