"""Who may read somebody's education, hours and transcript, and who may change them."""

from flask import abort

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.records import queries
from catalog.records.models import Education, EntrySource, HourEntry, HourImport


def education_to_read(person: Person, education_id: int) -> Education:
    """One's own; and anybody's for coordinators. To everybody else it is not there."""
    found = queries.education(education_id)
    if found is None or not (found.person_id == person.id or person.is_coordinator):
        abort(404)
    return found


def own_education(person: Person, education_id: int) -> Education:
    found = education_to_read(person, education_id)
    return found if found.person_id == person.id else abort(403)


def person_to_read(person_id: int) -> Person:
    return db.session.get(Person, person_id) or abort(404)


def entry_to_read(person: Person, entry_id: int) -> HourEntry:
    """One's own; and anybody's for coordinators. To everybody else it is not there."""
    found = queries.entry(entry_id)
    if found is None or not (found.person_id == person.id or person.is_coordinator):
        abort(404)
    return found


def may_write(person: Person, entry: HourEntry) -> bool:
    """One's own; and for coordinators what a coordinator wrote down for somebody else."""
    is_theirs = person.is_coordinator and entry.source == EntrySource.COORDINATOR
    return entry.person_id == person.id or is_theirs


def entry_to_write(person: Person, entry_id: int) -> HourEntry:
    found = entry_to_read(person, entry_id)
    return found if may_write(person, found) else abort(403)


def import_to_read(person: Person, import_id: int) -> HourImport:
    """A table of one's own, and for coordinators any. To everybody else it is not there."""
    found = queries.hour_import(import_id)
    if found is None or not (found.person_id == person.id or person.is_coordinator):
        abort(404)
    return found


def other_person(person: Person, person_id: int) -> Person:
    """Somebody whose hours a coordinator may write down: anybody but themself."""
    found = person_to_read(person_id)
    return found if found.id != person.id else abort(403)
