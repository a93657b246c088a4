"""Who may read somebody's education and transcript, and who may change them."""

from flask import abort

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.records import queries
from catalog.records.models import Education


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
