"""Reads: the renewal of what somebody holds, and what can still be done before its deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from catalog.accounts.models import Person
from catalog.competencies import queries as competencies
from catalog.endorsement.models import Endorsed
from catalog.endorsement.openings import Choice, Gaps, Wishes
from catalog.endorsement.queries.gaps import open_ledgers, open_tags
from catalog.endorsement.queries.goals import endorsed_of
from catalog.endorsement.queries.seats import seats
from catalog.endorsement.rules import HourCheck, Renewal, renewal
from catalog.records import queries as records
from catalog.records.ledger import Entry
from catalog.wording import local

MOST_LOOKED_AT = 60


@dataclass(frozen=True)
class Held:
    """What somebody holds, the lines of their ledgers, and what the rules make of the period."""

    endorsed: Endorsed
    entries: list[Entry]
    renewal: Renewal


@dataclass(frozen=True)
class Outlook:
    """What fits before the deadline, and what no open session can fill any more."""

    fits: list[Choice]
    unreachable: list[tuple[HourCheck, int]]
    """Each with the minutes that open sessions could still give."""


def renewals_of(person: Person, at: datetime) -> list[Held]:
    """Of all that somebody holds; their ledgers are read once."""
    every = endorsed_of(person)
    entries = records.ledger(person.id, at) if every else []
    return [_renewal(held, entries, at) for held in every]


def renewal_of(held: Endorsed, at: datetime) -> Held:
    return _renewal(held, records.ledger(held.person_id, at), at)


def _renewal(held: Endorsed, entries: list[Entry], at: datetime) -> Held:
    found = renewal(
        entries,
        competencies.rulebook(held.category),
        local(at, current_app.config["CATALOG"].site_zone).date(),
        endorsed_on=held.endorsed_on,
        valid_until=held.valid_until,
        provides_rsc=held.provides_rsc,
        member_until=held.person.member_until,
    )
    return Held(held, entries, found)


def outlook(of: Held, at: datetime, *, zone: str) -> Outlook:
    """Looked up among the sessions that end before the deadline and have a free seat."""
    wanted = [check for check in of.renewal.checks if check.still_open]
    gaps = Gaps(tags=open_tags(wanted), ledgers=open_ledgers(wanted))
    found = seats(
        gaps,
        Wishes(ends=of.renewal.deadline),
        at,
        person_id=of.endorsed.person_id,
        zone=zone,
        limit=MOST_LOOKED_AT,
    )
    short = [(check, _could_give(found.choices, check)) for check in wanted]
    return Outlook(
        fits=found.choices[:5],
        unreachable=[
            (check, minutes) for check, minutes in short if minutes < check.still_open and not found.has_more
        ],
    )


def _could_give(choices: Sequence[Choice], check: HourCheck) -> int:
    """All open sessions together, whether or not one could attend them all: less is surely too little."""
    line = check.line
    return sum(
        (choice.training if line.ledger == "training" else choice.rsc) or 0
        for choice in choices
        if line.tag is None or line.tag in choice.tags
    )
