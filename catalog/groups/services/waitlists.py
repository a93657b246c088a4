"""The waitlist of a group ends when the group is closed, and those who waited are told."""

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from catalog import clock
from catalog.courses.models import Course, Kind, Offering, OfferingState
from catalog.enrollment import seats
from catalog.enrollment.models import Enrollment, State
from catalog.enrollment.services.queue import end, hold, note
from catalog.extensions import db
from catalog.groups import letters

HOPING = (State.WAITING, State.REQUESTED)


def end_waitlists() -> int:
    """Take everybody who still waits or asks off the groups that are closed by now; how many there were."""
    now = clock.now()
    ended = 0
    for group in _begun():
        if not group.rests(now):
            continue
        seats.lock(group)
        # A date may have been moved meanwhile.
        if not group.is_cancelled and group.rests(now):
            ended += sum(_end(one) for one in _hoping(group))
    return ended


def _end(enrollment: Enrollment) -> bool:
    hold(enrollment)
    before = enrollment.state
    if before not in HOPING:
        return False
    end(enrollment, State.REMOVED)
    note("enrollment.waitlist_ended", enrollment, by=None, before=before)
    letters.waitlist_ended(enrollment)
    return True


def _begun() -> list[Offering]:
    waits = sa.exists().where(Enrollment.offering_id == Offering.id, Enrollment.state.in_(HOPING))
    found = db.session.scalars(
        sa.select(Offering)
        .join(Offering.course)
        .options(contains_eager(Offering.course))
        .where(
            Course.kind == Kind.REFLECTIVE_GROUP,
            Offering.state == OfferingState.SCHEDULED,
            Offering.starts_at <= clock.now(),
            waits,
        )
        .order_by(Offering.id)
    )
    return list(found)


def _hoping(group: Offering) -> list[Enrollment]:
    found = db.session.scalars(
        sa.select(Enrollment)
        .options(joinedload(Enrollment.person, innerjoin=True))
        .where(Enrollment.offering_id == group.id, Enrollment.state.in_(HOPING))
        .order_by(Enrollment.id)
    )
    return list(found)
