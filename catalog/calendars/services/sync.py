"""Bringing one person's calendar up to date with one session, by what the next letter tells it.

First what is to be told, which only reads; once the letter is out, that it was told. Whoever is interrupted between
the two tells it once more with the same sequences, and a calendar takes that for the same."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app

from catalog.accounts.models import Person
from catalog.calendars import queries
from catalog.calendars.compare import Compared, compare
from catalog.calendars.events import Told
from catalog.calendars.models import CalendarEntry
from catalog.extensions import db, insert


def compared(person: Person, offering_id: int, at: datetime) -> list[Compared]:
    """That person's meetings of that session, and those their calendar was told of and that are theirs no more."""
    entries = queries.entries(person.id, [offering_id])
    theirs, seats = queries.of_person(person.id, [offering_id]), queries.seats_of(person.id)
    return list(compare(theirs, entries, seats, at, current_app.config["CATALOG"].site_url))


def due(person: Person, offering_id: int, at: datetime) -> list[Told]:
    """What a letter of now tells: new and changed meetings and those that are off, each with a raised sequence.

    Where there is no news it tells again what stands, which changes nothing in a calendar and helps one that lost
    the letter before."""
    found = compared(person, offering_id, at)
    news = [one.told for one in found if one.is_news]
    standing = [one.told for one in found if not one.told.is_off and one.told.facts.until > at]
    return [told._replace(stamp=at) for told in news or standing]


def record(person: Person, told: Sequence[Told]) -> None:
    """Write down that these were told. What another letter told meanwhile with a higher sequence stays."""
    for one in told:
        row = insert(CalendarEntry).values(
            person_id=person.id,
            meeting_id=one.meeting_id,
            offering_id=one.offering_id,
            sequence=one.sequence,
            fingerprint=one.fingerprint,
            facts=one.facts.as_json(),
            is_cancelled=one.is_off,
            changed_at=one.stamp,
        )
        new = row.excluded
        changes = {
            name: new[name] for name in ("sequence", "fingerprint", "facts", "is_cancelled", "changed_at")
        }
        db.session.execute(
            row.on_conflict_do_update(
                index_elements=["person_id", "meeting_id"],
                set_=changes,
                where=CalendarEntry.sequence <= new.sequence,
            )
        )


def sync(person: Person, offering_id: int, at: datetime) -> list[Told]:
    """Both at once: what this person's calendar is told of that session now, written down as told."""
    told = due(person, offering_id, at)
    record(person, told)
    return told
