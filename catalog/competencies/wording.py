"""How ledgers, rules and policies are called, everywhere the same."""

from collections.abc import Mapping
from typing import NamedTuple

from catalog.competencies.models import Condition, Ledger, Policy, PolicyKind, Purpose, RuleKind

LEDGERS = {
    Ledger.TRAINING: "Training hours",
    Ledger.RSC: "Reflective supervision/consultation (RSC) hours",
}
SHORT = {Ledger.TRAINING: "training", Ledger.RSC: "RSC"}
"""Beside a figure: "3 h training"."""
PURPOSES = {Purpose.FIRST: "To be endorsed", Purpose.RENEWAL: "To renew"}
KINDS = {RuleKind.MINIMUM: "The minimum", RuleKind.TYPICAL: "What is typically accepted"}
CONDITIONS = {Condition.PROVIDES_RSC: "Of those who provide RSC to others"}
POLICIES = {
    PolicyKind.PROVIDERS: "Who may give RSC",
    PolicyKind.SOURCES: "From how many providers RSC may come",
    PolicyKind.CYCLE: "When to renew",
}
MONTHS = {
    "01": "January",
    "02": "February",
    "03": "March",
    "04": "April",
    "05": "May",
    "06": "June",
    "07": "July",
    "08": "August",
    "09": "September",
    "10": "October",
    "11": "November",
    "12": "December",
}


def ledger_name(ledger: str) -> str:
    return LEDGERS[Ledger(ledger)]


def ledger_word(ledger: str) -> str:
    return SHORT[Ledger(ledger)]


class Said(NamedTuple):
    """A policy in plain words: what it says, and the list of what it speaks of, if it has one."""

    text: str
    listed: list[str]


def policy_said(policy: Policy, names: Mapping[str, str]) -> Said:
    """`names` are those of categories and add-ons by their codes."""
    facts = policy.facts
    match policy.kind:
        case PolicyKind.PROVIDERS:
            pairs = [(one["category"], one.get("add_on")) for one in facts.get("any_of", ())]
            listed = [
                names.get(code, code) + (f", with {names.get(add_on, add_on)}" if add_on else "")
                for code, add_on in pairs
            ]
            if facts.get("vetted"):
                listed.append("None of these, but vetted by the association")
            return Said(
                "Hours of RSC count when they are given by somebody endorsed as one of these:", listed
            )
        case PolicyKind.SOURCES:
            return Said(_sources(facts.get("most_providers", 2), facts.get("main_percent", 50), facts), [])
        case PolicyKind.CYCLE:
            by = day_of_year(str(facts.get("deadline", "12-31")))
            needs = " Membership is needed." if facts.get("needs_membership", True) else ""
            return Said(f"Endorsement is renewed every {facts.get('months', 12)} months, by {by}.{needs}", [])


def _sources(most: int, percent: int, facts: Mapping[str, object]) -> str:
    of_one = f", more than {percent} % of it from one of them" if percent else ""
    whom = "one provider" if most == 1 else f"at most {most} providers{of_one}"
    peers = "count" if facts.get("peers_count") else "do not count"
    return f"RSC comes from {whom}. Peer groups without a provider {peers}."


def day_of_year(text: str) -> str:
    """ "12-31" as "31 December"."""
    month, _, day = text.partition("-")
    return f"{int(day)} {MONTHS[month]}"
