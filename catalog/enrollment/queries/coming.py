"""Who meets soon."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from catalog.courses.models import Meeting, MeetingKind, Offering, OfferingState
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db


class Coming(NamedTuple):
    enrollment: Enrollment
    meeting: Meeting
    place: int
    """Its place among the sittings of the session."""
    of: int
    """How many sittings there are."""


def coming(now: datetime, day: timedelta, week: timedelta, late: timedelta) -> list[Coming]:
    """People with a seat and their meetings of the next `day`; and those whose first meeting is a `week` away, or up
    to `late` less."""
    sitting = aliased(Meeting)
    ours = (sitting.offering_id == Offering.id, sitting.kind == MeetingKind.SITTING)
    of = sa.select(sa.func.count()).where(*ours).scalar_subquery()
    place = sa.select(sa.func.count()).where(*ours, sitting.starts_at <= Meeting.starts_at).scalar_subquery()
    is_first = Meeting.starts_at == Offering.starts_at
    rows = db.session.execute(
        sa.select(Enrollment, Meeting, place, of)
        .join(Enrollment.offering)
        .join(Meeting, Meeting.offering_id == Offering.id)
        .options(
            contains_eager(Enrollment.offering).joinedload(Offering.course, innerjoin=True),
            joinedload(Enrollment.person, innerjoin=True),
        )
        .where(
            Enrollment.state == State.SEATED,
            Offering.state == OfferingState.SCHEDULED,
            Meeting.kind == MeetingKind.SITTING,
            Meeting.starts_at > now,
            Meeting.starts_at <= now + week,
            sa.or_(
                Meeting.starts_at <= now + day,
                sa.and_(is_first, Meeting.starts_at > now + week - late),
            ),
        )
        .order_by(Meeting.starts_at, Enrollment.id)
    )
    return [Coming(*row) for row in rows]
