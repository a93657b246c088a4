"""Meetings as calendars need them: one statement of plain columns, whoever asks."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.calendars.facts import Planned
from catalog.courses.models import (
    Course,
    Kind,
    Meeting,
    MeetingKind,
    Offering,
    meeting_substitute,
    meeting_trainer,
)
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db

MOST = 500
"""So many meetings at most stand in a person's feed, the earliest first."""

_IS_SITTING: sa.ColumnElement[MeetingKind] = sa.literal_column(f"'{MeetingKind.SITTING}'")


@cache
def columns() -> tuple[Any, ...]:
    """What `Planned` is made of, in its order; from Meeting, Offering and Course."""
    return (
        *(Meeting.id, Meeting.kind, Meeting.starts_at, Meeting.ends_at, Meeting.ends_wall),
        # What a meeting of a group is about is for its members alone; it stands in no calendar.
        sa.case((Course.kind == Kind.REFLECTIVE_GROUP, ""), else_=Meeting.title),
        Meeting.place,
        *(Offering.id, Offering.state, Offering.cancelled_at, Offering.cancel_reason, Offering.format),
        *(Offering.place, Offering.county, Offering.online_link, Offering.version, Offering.updated_at),
        *(Course.title, Course.updated_at),
        _sittings(upto_this=True),
        _sittings(upto_this=False),
    )


def _sittings(*, upto_this: bool) -> sa.ScalarSelect[int]:
    """How many sittings the session has, or how many up to this meeting: work of one's own is not counted."""
    other = aliased(Meeting)
    wanted = [other.offering_id == Meeting.offering_id, other.kind == _IS_SITTING]
    wanted += [other.number <= Meeting.number] if upto_this else []
    return sa.select(sa.func.count()).select_from(other).where(*wanted).correlate(Meeting).scalar_subquery()


def planned(*where: sa.ColumnElement[bool], most: int = MOST) -> list[Planned]:
    """The meetings of which that is true, the first first; work of one's own stands where it is due."""
    statement = (
        sa.select(*columns())
        .select_from(Meeting)
        .join(Offering, Offering.id == Meeting.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(*where)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(most)
    )
    found = [Planned(*row) for row in db.session.execute(statement)]
    return sorted(found, key=lambda one: (one.ends_at, one.meeting_id))


def of_offering(offering_id: int) -> list[Planned]:
    return planned(Meeting.offering_id == offering_id)


def ids_of(person_id: int) -> sa.CompoundSelect[tuple[int]]:
    """The meetings this person has a seat at, teaches, helps with or stands in at.

    Each part is read by an index of its own, which one condition with OR would not be."""
    seated = (
        sa.select(Meeting.id)
        .join(Enrollment, Enrollment.offering_id == Meeting.offering_id)
        .where(Enrollment.person_id == person_id, Enrollment.state == State.SEATED)
    )
    teaches = (
        sa.select(Meeting.id)
        .join(Offering, Offering.id == Meeting.offering_id)
        .where(Offering.trainer_id == person_id)
    )
    helps, stands_in = (
        sa.select(table.c.meeting_id).where(table.c.person_id == person_id)
        for table in (meeting_trainer, meeting_substitute)
    )
    return sa.union(seated, teaches, helps, stands_in)


def of_person(
    person_id: int, offering_ids: Sequence[int] = (), *, since: datetime | None = None
) -> list[Planned]:
    """Theirs, of these sessions or of all, without what was over at `since`; cancelled sessions are among them."""
    where = [Meeting.id.in_(ids_of(person_id))]
    where += [Meeting.offering_id.in_(offering_ids)] if offering_ids else []
    return planned(*where, *([Meeting.ends_at > since] if since else []))


def seats_of(person_id: int) -> dict[int, int]:
    """The enrollments by which this person has a seat, by session."""
    seated = sa.select(Enrollment.offering_id, Enrollment.id).where(
        Enrollment.person_id == person_id, Enrollment.state == State.SEATED
    )
    return dict(db.session.execute(seated).tuples().all())
