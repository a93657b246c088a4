"""The offerings of one course, a line each, however many there are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog.browse.queries.statements import WAITING
from catalog.browse.queries.text import instant
from catalog.browse.rows import Badge, seats_badge, short_day
from catalog.courses.models import Format, Meeting, MeetingKind, Offering, OfferingState, Seat
from catalog.courses.wording import FORMATS
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.places import county_name
from catalog.wording import clock_time, day, hours, zone_name

TIMES = ("starts_at", "ends_at", "opens_at", "closes_at")


class OfferingLine(NamedTuple):
    """The columns in the order of `line_columns`. `mine` is the state of the reader's own enrollment."""

    id: int
    state: OfferingState
    format: Format
    county: str | None
    place: str
    zone: str
    language: str
    starts_at: datetime | None
    ends_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    capacity: int | None
    free: int
    waiting: int
    meetings: int
    own_minutes: int | None
    """What its homework, practicum or individual hours are worth, beside the meetings."""
    mine: State | None
    is_sample: bool

    @classmethod
    def read(cls, row: Sequence[Any]) -> "OfferingLine":
        plain = dict(zip(cls._fields, row, strict=False))
        return cls(**plain | {name: instant(plain[name]) for name in TIMES})

    @property
    def where(self) -> str:
        place = ", ".join(part for part in (self.place, county_name(self.county)) if part)
        return (
            place
            if self.format == Format.IN_PERSON and place
            else " · ".join(filter(None, (FORMATS[self.format], place)))
        )

    @property
    def title(self) -> str:
        """ "Tue 14 Jan 2027, 9:00 am, Central time", by which one session of a course is told from another."""
        if not self.starts_at:
            return "At your own pace"
        return f"{day(self.starts_at, self.zone)}, {clock_time(self.starts_at, self.zone)}, {zone_name(self.zone)}"

    @property
    def times(self) -> str:
        work = f"{hours(self.own_minutes)} of own work" if self.own_minutes else ""
        if not self.starts_at or not self.ends_at:
            return work or "No meetings"
        if self.meetings > 1:
            times = f"{self.meetings} meetings, until {day(self.ends_at, self.zone)}"
        else:
            times = f"Until {clock_time(self.ends_at, self.zone)}"
        return f"{times}, plus {work}" if work else times

    def is_upcoming(self, now: datetime) -> bool:
        return self.state == OfferingState.SCHEDULED and (self.ends_at is None or self.ends_at > now)

    def badges(self, now: datetime) -> list[Badge]:
        """What can be said of it, the most important first."""
        if self.state == OfferingState.CANCELLED:
            return [Badge("Cancelled", "clay")]
        if self.ends_at and self.ends_at <= now:
            return [Badge("Over", "soft")]
        found = [Badge("Your session", "leaf")] if self.mine else []
        if self.starts_at and self.starts_at <= now:
            return [*found, Badge("Has begun", "soft")]
        if self.opens_at and self.opens_at > now:
            found.append(Badge(f"Opens {short_day(self.opens_at, self.zone)}", "soft"))
        elif self.closes_at and self.closes_at <= now:
            found.append(Badge("Enrollment closed", "soft"))
        return [*found, seats_badge(self.capacity, self.free, self.waiting)]


def line_columns(person_id: Any, now: Any) -> list[Any]:
    """The columns of a line, and whether each time it names has come: with that, a page grows old when it should.

    `person_id` is a parameter, or None for a stranger."""
    seats = sa.select(sa.func.count()).where(Seat.offering_id == Offering.id, ~Seat.is_taken)
    waiting = sa.select(sa.func.count()).where(Enrollment.offering_id == Offering.id, WAITING)
    sittings = sa.and_(Meeting.offering_id == Offering.id, Meeting.kind == MeetingKind.SITTING)
    meetings = sa.select(sa.func.count()).where(sittings)
    own_work = sa.and_(Meeting.offering_id == Offering.id, Meeting.kind != MeetingKind.SITTING)
    own = sa.select(sa.func.sum(Meeting.minutes)).where(own_work)
    reader = sa.and_(Enrollment.offering_id == Offering.id, Enrollment.person_id == person_id)
    mine = sa.select(Enrollment.state).where(reader, Enrollment.state.in_(LIVE))
    times = (Offering.starts_at, Offering.ends_at, Offering.opens_at, Offering.closes_at)
    return [
        Offering.id,
        Offering.state,
        Offering.format,
        Offering.county,
        Offering.place,
        Offering.zone,
        Offering.language,
        *times,
        Offering.capacity,
        seats.scalar_subquery().label("free"),
        waiting.scalar_subquery().label("waiting"),
        meetings.scalar_subquery().label("meetings"),
        own.scalar_subquery().label("own_minutes"),
        (sa.null() if person_id is None else mine.scalar_subquery()).label("mine"),
        Offering.is_sample,
        *((time > now).label(f"to_come_{number}") for number, time in enumerate(times)),
    ]
