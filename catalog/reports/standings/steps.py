"""How far somebody is, in one of a few steps, and what a renewal lacks: from what the rules say, nothing else.

Only what is verified counts as there, as on the goal's own page; what waits to be looked at or is booked does not."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from catalog.competencies.models import Ledger
from catalog.competencies.wording import SHORT
from catalog.endorsement.rules import HourCheck, Readiness, Renewal, TopicState, Verdict
from catalog.reports.standings.models import Step
from catalog.wording import hours

JUST_BEGUN = Fraction(1, 10)
HALF = Fraction(1, 2)


def step_of(found: Readiness) -> Step:
    """The last one that is reached."""
    minimums = [check for check in found.checks if check.is_minimum]
    if not minimums:
        return Step.NO_RULES
    if found.is_complete:
        return Step.ALL_SEEN
    if found.has_topics and _is_met(check for check in minimums if check.line.ledger == Ledger.TRAINING):
        return Step.RSC_OPEN
    share = share_of(found)
    if share >= HALF:
        return Step.HALF
    return Step.UNDER_HALF if share >= JUST_BEGUN else Step.BEGUN


def share_of(found: Readiness) -> Fraction:
    """How much of what is asked is there: the mean of the share of each minimum of hours and of the topics.

    Each minimum weighs the same; hours of the two ledgers are never added."""
    shares = [
        min(Fraction(check.amount.verified, check.line.minutes), Fraction(1))
        for check in found.checks
        if check.is_minimum and check.line.minutes
    ]
    asked = [topic.state for area in found.areas for topic in area.topics]
    trained = [state for state in asked if state != TopicState.REFERENCES]
    if trained:
        shares.append(Fraction(trained.count(TopicState.COVERED), len(trained)))
    return sum(shares, Fraction(0)) / len(shares) if shares else Fraction(1)


def _is_met(checks: Iterable[HourCheck]) -> bool:
    return all(check.verdict == Verdict.MET for check in checks)


class Lack(NamedTuple):
    """What a renewal still lacks. All three are False where nothing is missing that the catalog can see."""

    training: bool
    rsc: bool
    membership: bool
    said: str


def lack_of(found: Renewal) -> Lack:
    of = {check.line.ledger for check in found.open}
    is_member = found.membership in (None, Verdict.MET)
    said = [_said(check) for check in found.open] + ([] if is_member else ["membership"])
    return Lack(Ledger.TRAINING in of, Ledger.RSC in of, not is_member, "; ".join(said))


def _said(check: HourCheck) -> str:
    """ "3 h of 15 h training"; what is asked only of some says so."""
    tag = f" about {check.line.tag_label}" if check.line.tag else ""
    perhaps = " (perhaps)" if check.verdict == Verdict.UNSURE else ""
    return f"{hours(check.missing)} of {hours(check.line.minutes)} {SHORT[check.line.ledger]}{tag}{perhaps}"
