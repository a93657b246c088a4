"""Writes: a coordinator looks at hours from elsewhere, and verifies them or sends them back."""

import hashlib

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.records import letters
from catalog.records.models import EntryState, HourEntry
from catalog.records.refusals import AlreadyCorrected, AlreadySettled, NotAsSeen, OwnHours
from catalog.records.services.hours import hold, note
from catalog.records.written import written


def verify_hours(entry: HourEntry, seen: str, *, by: Person) -> None:
    """A coordinator has seen it with what shows it."""
    _settle(entry, seen, by)
    entry.state, entry.reason = EntryState.VERIFIED, ""
    db.session.flush()
    note("hours.verified", entry, by)
    letters.hours_verified(entry)


def return_hours(entry: HourEntry, seen: str, reason: str, *, by: Person) -> None:
    """A coordinator asks for something; the reason is for the person alone."""
    _settle(entry, seen, by)
    entry.state, entry.reason = EntryState.RETURNED, reason
    db.session.flush()
    note("hours.returned", entry, by)
    letters.hours_returned(entry)


def seen_of(entry: HourEntry) -> str:
    """What the page of whoever looks at it showed, so that nobody verifies something else."""
    said = written(entry)
    touched = [sorted(ids) for ids in (said.areas, said.topics, said.tags, said.provider_categories)]
    parts = [
        *(str(getattr(said, name)) for name in PLAIN),
        str(touched),
        str(entry.evidence_id),
        str(entry.id),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


PLAIN = (
    *("ledger", "title", "began_on", "ended_on", "minutes", "trainer", "provider"),
    *("is_group", "provider_standing"),
)


def _settle(entry: HourEntry, seen: str, by: Person) -> None:
    hold(entry)
    if entry.person_id == by.id:
        raise OwnHours
    if entry.superseded_at is not None or entry.state == EntryState.WITHDRAWN:
        raise AlreadyCorrected
    if entry.state != EntryState.PENDING:
        raise AlreadySettled
    if seen != seen_of(entry):
        raise NotAsSeen
    entry.checked_at, entry.checked_by_id = clock.now(), by.id
