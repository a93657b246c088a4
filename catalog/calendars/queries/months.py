"""The meetings of one month, day by day."""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from catalog.calendars.months import ONLINE, Asked
from catalog.courses.models import (
    Course,
    CourseState,
    Format,
    Meeting,
    MeetingKind,
    Offering,
    OfferingState,
)
from catalog.extensions import db

MOST_A_DAY = 15
"""So many meetings are named on one day; of the rest their number is said."""
A_DAY = timedelta(days=1)


class InMonth(NamedTuple):
    """`many` is how many there are on that day, `number` which of them this is."""

    offering_id: int
    title: str
    starts_wall: datetime
    starts_at: datetime
    zone: str
    format: Format
    county: str | None
    many: int
    number: int


def month(asked: Asked, of: sa.ColumnElement[bool]) -> list[InMonth]:
    """The meetings that people can come to, of these sessions, by the wall clock of their sessions, in one
    statement."""
    day = sa.func.date(Meeting.starts_wall)
    order = (Meeting.starts_wall, Meeting.id)
    rows = (
        sa.select(
            Offering.id,
            Course.title,
            Meeting.starts_wall,
            Meeting.starts_at,
            Offering.zone,
            Offering.format,
            Offering.county,
            sa.func.count().over(partition_by=day).label("many"),
            sa.func.row_number().over(partition_by=day, order_by=order).label("number"),
        )
        .join(Offering, Offering.id == Meeting.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .where(*_wanted(asked), of)
        .subquery()
    )
    first = sa.select(rows).where(rows.c.number <= MOST_A_DAY).order_by(rows.c.starts_wall, rows.c.number)
    return [InMonth(*row) for row in db.session.execute(first)]


def _wanted(asked: Asked) -> list[sa.ColumnElement[bool]]:
    first, end = (datetime.combine(day, time()) for day in (asked.first, asked.end))
    wanted = [
        Meeting.starts_wall >= first,
        Meeting.starts_wall < end,
        # The instants have an index; no wall clock is further than a day from them.
        Meeting.starts_at >= first.replace(tzinfo=UTC) - A_DAY,
        Meeting.starts_at < end.replace(tzinfo=UTC) + A_DAY,
        Meeting.kind == MeetingKind.SITTING,
        Offering.state == OfferingState.SCHEDULED,
        Course.state == CourseState.PUBLISHED,
    ]
    if asked.county == ONLINE:
        wanted.append(Offering.format == Format.VIRTUAL)
    elif asked.county:
        wanted.append(Offering.county == asked.county)
    if asked.format:
        wanted.append(Offering.format == Format(asked.format))
    return wanted
