"""Everything the page of one offering says."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from catalog.accounts import queries as people
from catalog.accounts.models import Person, Qualification
from catalog.courses.models import Course, Meeting, Offering
from catalog.extensions import db
from catalog.wording import local


def offering(offering_id: int) -> Offering | None:
    """With its course, the required courses, its trainer, and its meetings with those who help to teach them."""
    return db.session.scalar(
        sa.select(Offering)
        .options(
            joinedload(Offering.course, innerjoin=True).selectinload(Course.required),
            joinedload(Offering.trainer),
            selectinload(Offering.meetings).options(
                selectinload(Meeting.co_trainers), joinedload(Meeting.substitute)
            ),
        )
        .where(Offering.id == offering_id)
    )


def trainers(of: Offering, now: datetime) -> list[tuple[Person, list[Qualification]]]:
    """Who teaches it, the trainer first, with what each holds on its first day; whoever stands in, on the first day
    they do."""
    found = {of.trainer.id: of.trainer} if of.trainer else {}
    begins = local(of.starts_at or now, of.zone).date()
    days: dict[int, date] = {}
    for meeting in of.meetings:
        if meeting.substitute:
            days.setdefault(meeting.substitute.id, meeting.starts_wall.date())
        others = [*([meeting.substitute] if meeting.substitute else []), *meeting.co_trainers]
        found.update({person.id: person for person in others if person.id not in found})
    held: dict[int, list[Qualification]] = {}
    for on in {days.get(person_id, begins) for person_id in found}:
        theirs = [person_id for person_id in found if days.get(person_id, begins) == on]
        held |= people.qualifications(theirs, on)
    return [(person, held.get(person.id, [])) for person in found.values()]
