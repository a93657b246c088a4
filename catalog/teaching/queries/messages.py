"""Who is meant by "those who wait", and what was written to a roster so far."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Mark
from catalog.courses.models import Meeting, Offering
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.extensions import db
from catalog.teaching.models import Audience, RosterMessage

STATES = {
    Audience.EVERYONE: LIVE,
    Audience.SEATED: (State.SEATED,),
    Audience.WAITING: (State.WAITING, State.OFFERED),
    Audience.ABSENT: (State.SEATED,),
}
"""Who has withdrawn, or was taken off, is in none of them."""


def audience(offering: Offering, wanted: Audience, meeting: Meeting | None) -> Sequence[Person]:
    """The people who are meant, by name. Absent are those with a seat who are marked as not there at all."""
    found = (
        sa.select(Person)
        .join(Enrollment, Enrollment.person_id == Person.id)
        .where(Enrollment.offering_id == offering.id, Enrollment.state.in_(STATES[wanted]))
        .order_by(Person.name, Person.id)
    )
    if wanted == Audience.ABSENT:
        found = found.join(Mark, Mark.enrollment_id == Enrollment.id).where(
            Mark.meeting_id == (meeting.id if meeting else None), Mark.minutes == 0, ~Mark.is_open
        )
    return db.session.scalars(found).all()


def meetings_begun(offering: Offering) -> list[Meeting]:
    """Those at which somebody can have been absent."""
    now = clock.now()
    return [meeting for meeting in offering.sittings if meeting.starts_at <= now]


def messages_of(offering: Offering) -> Sequence[RosterMessage]:
    """What was written to people on this session, the latest first, with who got it."""
    return db.session.scalars(
        sa.select(RosterMessage)
        .where(RosterMessage.offering_id == offering.id)
        .options(
            joinedload(RosterMessage.by, innerjoin=True),
            joinedload(RosterMessage.meeting),
            selectinload(RosterMessage.people),
        )
        .order_by(RosterMessage.id.desc())
    ).all()
