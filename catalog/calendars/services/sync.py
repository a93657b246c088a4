"""Bringing one person's calendar up to date with one session, by what the next letter tells it."""

from collections.abc import Mapping
from datetime import datetime

from flask import current_app

from catalog.accounts.models import Person
from catalog.calendars import queries
from catalog.calendars.compare import compare
from catalog.calendars.events import Told
from catalog.calendars.models import CalendarEntry
from catalog.extensions import db

def sync(person: Person, offering_id: int, at: datetime) -> list[Told]:
    """What this person's calendar is to be told of that session now, written down as told.

    New and changed meetings and those that are off, each with a raised sequence. Where there is no news it is told
    again what stands, which changes nothing there and helps one that lost the letter before. Done twice with nothing
    in between, the second time tells the same."""
    entries = queries.entries(person.id, [offering_id], hold=True)
    theirs = queries.of_person(person.id, [offering_id])
    found = list(compare(theirs, entries, at, current_app.config["CATALOG"].site_url))
    news = [one.told._replace(stamp=at) for one in found if one.is_news]
    for told in news:
        _write(person, told, entries)
    db.session.flush()
    standing = [one.told for one in found if not one.told.is_off and one.told.facts.until > at]
    return news or [told._replace(stamp=at) for told in standing]


def _write(person: Person, told: Told, entries: Mapping[int, CalendarEntry]) -> None:
    entry = entries.get(told.meeting_id)
    if entry is None:
        entry = CalendarEntry(
            person_id=person.id, meeting_id=told.meeting_id, offering_id=told.offering_id
        )
        db.session.add(entry)
    entry.sequence, entry.is_cancelled, entry.changed_at = told.sequence, told.is_off, told.stamp
    entry.facts, entry.fingerprint = told.facts.as_json(), told.facts.fingerprint
