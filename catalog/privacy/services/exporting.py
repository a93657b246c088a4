"""Writes: asking for a file of everything about oneself, and the worker that makes it."""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db, start_writing, writing
from catalog.notices import audit
from catalog.notices import services as notices
from catalog.privacy import exporting, letters
from catalog.privacy.models import PersonalExport

LASTS = timedelta(days=7)
JOB = "export_person"
OPEN_AGAIN = timedelta(hours=1)


def ask_for_export(person: Person) -> PersonalExport:
    """A file to be made by the worker; the one that was asked for within the hour, where there is one."""
    recent = db.session.scalar(
        sa.select(PersonalExport)
        .where(PersonalExport.person_id == person.id, PersonalExport.asked_at > clock.now() - OPEN_AGAIN)
        .order_by(PersonalExport.id.desc())
        .limit(1)
    )
    if recent:
        return recent
    made = PersonalExport(person_id=person.id, asked_at=clock.now())
    db.session.add(made)
    db.session.flush()
    notices.queue(JOB, {"export_id": made.id})
    audit.note("person.export_asked", "person", person.id, by=person, person_id=person.id)
    return made


def make_export(export_id: int) -> None:
    """Read everything without a lock, and write the file. Done twice it is done once."""
    writing.set(False)
    asked = db.session.get(PersonalExport, export_id)
    person = db.session.get(Person, asked.person_id) if asked and asked.made_at is None else None
    if person is None or person.left_at is not None:
        return
    content = exporting.archive(person, current_app.config["CATALOG"], clock.now())
    start_writing()
    now = clock.now()
    written = db.session.execute(
        sa.update(PersonalExport)
        .where(PersonalExport.id == export_id, PersonalExport.made_at.is_(None))
        .values(content=content, size=len(content), made_at=now, expires_at=now + LASTS)
        .execution_options(synchronize_session=False)
        .returning(PersonalExport.person_id)
    ).scalar()
    if written is not None:
        letters.export_ready(db.session.get_one(Person, written), now + LASTS)
