"""What calendars were told, and who of those that teach a session is to be told."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.calendars.models import CalendarEntry
from catalog.courses.models import Meeting, Offering, meeting_substitute, meeting_trainer
from catalog.enrollment.models import LIVE, Enrollment
from catalog.extensions import db


def entries(
    person_id: int, offering_ids: Sequence[int] = (), *, since: datetime | None = None
) -> dict[int, CalendarEntry]:
    """What this person's calendar was told, by meeting. `since` leaves out what was cancelled before."""
    wanted = sa.select(CalendarEntry).where(CalendarEntry.person_id == person_id)
    if offering_ids:
        wanted = wanted.where(CalendarEntry.offering_id.in_(offering_ids))
    if since:
        wanted = wanted.where(~CalendarEntry.is_cancelled | (CalendarEntry.changed_at > since))
    wanted = wanted.execution_options(populate_existing=True)
    return {entry.meeting_id: entry for entry in db.session.scalars(wanted)}


def staff(offering_id: int) -> Sequence[Person]:
    """Who teaches this session, helps or stands in, and who was told that they do and has no place on it: whoever is
    on its roster hears of it by the letters about their place."""
    of_meetings = [
        sa.select(table.c.person_id)
        .join(Meeting, Meeting.id == table.c.meeting_id)
        .where(Meeting.offering_id == offering_id)
        for table in (meeting_trainer, meeting_substitute)
    ]
    on_it = sa.exists().where(
        Enrollment.offering_id == offering_id,
        Enrollment.person_id == CalendarEntry.person_id,
        sa.or_(Enrollment.state.in_(LIVE), Enrollment.ended_at >= CalendarEntry.changed_at),
    )
    told = sa.select(CalendarEntry.person_id).where(
        CalendarEntry.offering_id == offering_id, ~CalendarEntry.is_cancelled, ~on_it
    )
    trainer = sa.select(Offering.trainer_id).where(
        Offering.id == offering_id, Offering.trainer_id.is_not(None)
    )
    people = sa.union(trainer, *of_meetings, told)
    return db.session.scalars(sa.select(Person).where(Person.id.in_(people)).order_by(Person.id)).all()
