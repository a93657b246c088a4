"""Bringing one person's calendar up to date with one session, by what the next letter tells it.

First what is to be told, which only reads. Then that it is about to be told, and that is committed before the letter
goes out: no calendar ever knows a sequence that is not written here. At last that the letter is out. Whatever was not
confirmed, because a worker died or no server took the letter, is news to the next letter."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from catalog.accounts.models import Person
from catalog.calendars import queries
from catalog.calendars.compare import UNSURE, Compared, compare
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


def record(person_id: int, told: Sequence[Told]) -> None:
    """Write down that these are about to be told. What another letter told meanwhile with a higher sequence stays."""
    for one in told:
        row = insert(CalendarEntry).values(
            person_id=person_id,
            meeting_id=one.meeting_id,
            offering_id=one.offering_id,
            sequence=one.sequence,
            fingerprint=UNSURE,
            facts=one.facts.as_json(),
            is_cancelled=one.is_off,
            changed_at=one.stamp,
        )
        names = ("sequence", "fingerprint", "facts", "is_cancelled", "changed_at")
        db.session.execute(
            row.on_conflict_do_update(
                index_elements=["person_id", "meeting_id"],
                set_={name: row.excluded[name] for name in names},
                where=CalendarEntry.sequence <= row.excluded.sequence,
            )
        )


def confirm(person_id: int, told: Sequence[Told]) -> None:
    """The letter is out: what it told is sure, unless another has told something since."""
    for one in told:
        db.session.execute(
            sa.update(CalendarEntry)
            .where(
                CalendarEntry.person_id == person_id,
                CalendarEntry.meeting_id == one.meeting_id,
                CalendarEntry.sequence == one.sequence,
            )
            .values(fingerprint=one.fingerprint)
            .execution_options(synchronize_session=False)
        )


def sync(person: Person, offering_id: int, at: datetime) -> list[Told]:
    """All of it at once: what this person's calendar is told of that session now, written down as told."""
    told = due(person, offering_id, at)
    record(person.id, told)
    confirm(person.id, told)
    return told
