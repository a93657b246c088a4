"""Writes: hours from elsewhere. What an entry says is never changed: a correction is another that supersedes it."""

import hashlib
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import refuse_joined
from catalog.competencies.models import Area, HourTag, Topic
from catalog.extensions import db
from catalog.notices import audit
from catalog.records import letters
from catalog.records.evidence import Clean
from catalog.records.models import EntrySource, EntryState, HourEntry
from catalog.records.refusals import AlreadyCorrected, OwnHours, SentWithOther
from catalog.records.services.files import keep
from catalog.records.written import Written, written

SENT_WITH_OTHER = (
    "This form was sent before with something else in it. Open the form anew to add other hours."
)


def add_hours(said: Written, file: Clean | None, *, by: Person, once: str | None = None) -> HourEntry:
    """Of one's own, to be looked at. The same form sent twice makes it once. Raises SentWithOther when it was sent
    before with something else in it."""
    return _add(by, said, file, by, once)


def add_hours_for(
    person: Person, said: Written, file: Clean | None, *, by: Person, once: str | None = None
) -> HourEntry:
    """A coordinator, for somebody else: verified at once. Raises OwnHours."""
    if person.id == by.id:
        raise OwnHours
    return _add(person, said, file, by, once)


def correct_hours(
    entry: HourEntry,
    said: Written,
    file: Clean | None,
    *,
    by: Person,
    drops_file: bool = False,
    once: str | None = None,
) -> HourEntry:
    """Say it otherwise, which makes a new entry; its file comes along unless it is replaced or removed.

    What is sent as it stands makes none, unless it was sent back: that too is an answer. Raises AlreadyCorrected."""
    _hold_to_add(entry, by)
    if (made := _by_word(_word(by, once))) and made.supersedes_id == entry.id:
        return made
    _refuse_outdated(entry)
    is_same = written(entry) == said and file is None and not (drops_file and entry.evidence_id)
    if is_same and entry.state in (EntryState.PENDING, EntryState.VERIFIED):
        return entry
    evidence_id = None if drops_file else entry.evidence_id
    made = _supersede(entry, said, by, evidence_id, once)
    if file:
        keep(made, file)
    note("hours.corrected", made, by, was=entry.state.value, has_file=made.evidence_id is not None)
    if by.id == made.person_id:
        letters.hours_to_look_at(by)
    else:
        letters.hours_corrected(made)
    return made


def withdraw_hours(entry: HourEntry, *, by: Person) -> None:
    """Out of every total, and kept in the history; it can be put back. Done twice it does nothing more."""
    hold(entry)
    if entry.state == EntryState.WITHDRAWN and entry.superseded_at is None:
        return
    _refuse_outdated(entry)
    was = entry.state
    entry.state, entry.checked_at, entry.checked_by_id = EntryState.WITHDRAWN, clock.now(), by.id
    db.session.flush()
    note("hours.withdrawn", entry, by, was=was.value)
    letters.hours_withdrawn(entry)


def put_back_hours(entry: HourEntry, *, by: Person) -> HourEntry:
    """What was taken back, as a new entry that says the same and has to be looked at. Raises AlreadyCorrected."""
    _hold_to_add(entry, by)
    if entry.superseded_at is not None or entry.state != EntryState.WITHDRAWN:
        raise AlreadyCorrected
    made = _supersede(entry, written(entry), by, entry.evidence_id, None)
    note("hours.put_back", made, by)
    if by.id == made.person_id:
        letters.hours_to_look_at(by)
    else:
        letters.hours_corrected(made)
    return made


def hold(entry: HourEntry) -> None:
    """The row is the lock: whoever waited reads what it says now."""
    db.session.refresh(entry, with_for_update={"of": HourEntry})


def _hold_to_add(entry: HourEntry, by: Person) -> None:
    """The person first, as whoever joins accounts holds them before they move the entries."""
    refuse_joined(entry.person_id, by=by)
    hold(entry)


def note(action: str, entry: HourEntry, by: Person, **details: Any) -> None:
    """Without a word of what was written: the trail is read by more people than this is for."""
    audit.note(action, "hours", entry.id, by=by, person_id=entry.person_id, **details)


def columns(said: Written) -> dict[str, Any]:
    """The plain columns of what is said; areas, topics and tags are rows of their own."""
    names = (
        *("ledger", "title", "began_on", "ended_on", "minutes", "trainer", "provider"),
        *("is_group", "provider_standing"),
    )
    return {
        **{name: getattr(said, name) for name in names},
        "provider_categories": " ".join(sorted(said.provider_categories)),
    }


def _add(person: Person, said: Written, file: Clean | None, by: Person, once: str | None) -> HourEntry:
    refuse_joined(person.id, by=by)
    made = _new(person, said, by)
    made.once = _word(by, once)
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        return _made_before(made, said)
    if file:
        keep(made, file)
    note("hours.added", made, by, source=made.source.value, has_file=file is not None)
    if by.id == person.id:
        letters.hours_to_look_at(person)
    else:
        letters.hours_added(made)
    return made


def _new(person: Person, said: Written, by: Person) -> HourEntry:
    made = HourEntry(person_id=person.id, added_at=clock.now(), added_by_id=by.id, **columns(said))
    made.areas = _rows(Area, said.areas)
    made.topics = _rows(Topic, said.topics)
    made.tags = _rows(HourTag, said.tags)
    made.source, made.state = EntrySource.SELF_REPORTED, EntryState.PENDING
    if by.id != person.id:
        made.source, made.state = EntrySource.COORDINATOR, EntryState.VERIFIED
        made.checked_at, made.checked_by_id = clock.now(), by.id
    return made


def _rows(of: type[Any], ids: frozenset[int]) -> list[Any]:
    return list(db.session.scalars(sa.select(of).where(of.id.in_(ids)).order_by(of.id))) if ids else []


def _supersede(
    entry: HourEntry, said: Written, by: Person, evidence_id: int | None, once: str | None
) -> HourEntry:
    """The lock lets one pass at a time; the constraint has the last word."""
    made = _new(entry.person, said, by)
    made.supersedes_id, made.evidence_id, made.import_id = entry.id, evidence_id, entry.import_id
    made.once = _word(by, once)
    entry.superseded_at = clock.now()
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        raise AlreadyCorrected from None
    return made


def _refuse_outdated(entry: HourEntry) -> None:
    if entry.superseded_at is not None or entry.state == EntryState.WITHDRAWN:
        raise AlreadyCorrected


def _word(by: Person, once: str | None) -> str | None:
    """The form's word is told apart by who sent it."""
    return hashlib.sha256(f"hours {by.id} {once}".encode()).hexdigest()[:32] if once else None


def _by_word(word: str | None) -> HourEntry | None:
    return db.session.scalar(sa.select(HourEntry).where(HourEntry.once == word)) if word else None


def _made_before(sent: HourEntry, said: Written) -> HourEntry:
    before = _by_word(sent.once)
    if before is None or before.person_id != sent.person_id or written(before) != said:
        raise SentWithOther(SENT_WITH_OTHER)
    return before
