"""Rosters have deadlines. Which are overdue, since when, what is due, and who was reminded so far.

Days are counted on the session's own calendar, from the day its last meeting ended; what falls due on a day falls
due at eight in the morning. A roster that was opened again counts from that day anew: there is nothing to remind
anybody of on the same day, and from the next on it is as overdue as any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from catalog.attendance.models import Mark, RosterClosing
from catalog.courses.models import Meeting, MeetingKind, Offering, OfferingState
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.notices.models import Job
from catalog.wording import local

TO_TRAINER = (1, 3, 5)
"""The days after the last meeting on which the trainer is reminded."""
TO_COORDINATORS = 7
MORNING = time(8)
LATELY = timedelta(days=30)
"""What ended longer ago is listed, and nobody is written to about it."""
PER_PAGE = 50


def morning(of: date, zone: str) -> datetime:
    return datetime.combine(of, MORNING, ZoneInfo(zone)).astimezone(UTC)


def midnight(of: date, zone: str) -> datetime:
    return datetime.combine(of, time(), ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True)
class Overdue:
    """A roster that nobody has closed."""

    offering: Offering
    ended_at: datetime
    """When the last meeting that took place ended."""
    reopened_at: datetime | None
    unmarked: int
    """How many people with a seat have no mark at one of the meetings; counted for the list only."""

    @property
    def since(self) -> datetime:
        return max(self.ended_at, self.reopened_at or self.ended_at)

    def days(self, at: datetime) -> int:
        """On the session's calendar."""
        zone = self.offering.zone
        return (local(at, zone).date() - local(self.since, zone).date()).days

    def step(self, at: datetime) -> int | None:
        """The latest day on which somebody is to be reminded that has come: 1, 3, 5 or 7."""
        zone = self.offering.zone
        begun = local(self.since, zone).date()
        come = [n for n in (*TO_TRAINER, TO_COORDINATORS) if morning(begun + timedelta(days=n), zone) <= at]
        return max(come, default=None)

    def key(self, step: int) -> str:
        """What this reminder is called, so that it is sent once."""
        return f"roster-due {self.offering.id} {step} {self.since:%Y-%m-%dT%H:%M:%S}"


# Of a session that was called off, what was over by then, and what somebody was at.
_took_place = sa.or_(
    Offering.state == OfferingState.SCHEDULED,
    Meeting.ends_at <= Offering.cancelled_at,
    sa.exists().where(Mark.meeting_id == Meeting.id, Mark.minutes > 0),
)
_of_it = sa.and_(Meeting.offering_id == Offering.id, _took_place)
_ended_at = sa.select(sa.func.max(Meeting.ends_at)).where(_of_it).correlate(Offering).scalar_subquery()
_reopened_at = (
    sa.select(sa.func.max(RosterClosing.reopened_at))
    .where(RosterClosing.offering_id == Offering.id)
    .correlate(Offering)
    .scalar_subquery()
)
_is_seated = sa.and_(Enrollment.offering_id == Offering.id, Enrollment.state == State.SEATED)
_has_people = sa.or_(
    sa.exists().where(_is_seated),
    sa.exists().where(
        Enrollment.offering_id == Offering.id, Mark.enrollment_id == Enrollment.id, Mark.minutes > 0
    ),
)
_is_marked = (
    sa.exists()
    .where(Mark.meeting_id == Meeting.id, Mark.enrollment_id == Enrollment.id)
    .correlate(Meeting, Enrollment)
)
_unmarked = (
    sa.select(sa.func.count())
    .where(_is_seated, sa.exists().where(_of_it, ~_is_marked).correlate(Offering, Enrollment))
    .correlate(Offering)
    .scalar_subquery()
)


_is_open = Offering.settled_at.is_(None)
# Written out, because a partial index is of no use to a value that is only known later.
_held = (_is_open, Offering.state == sa.literal_column(f"'{OfferingState.SCHEDULED}'"))
_called_off = (
    _is_open,
    Offering.state == sa.literal_column(f"'{OfferingState.CANCELLED}'"),
    Offering.cancelled_at > Offering.starts_at,
)
_is_own_work = Meeting.kind != sa.literal_column(f"'{MeetingKind.SITTING}'")


def ended_before(instant: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Open rosters with people whose last meeting ended before that instant. What has no dates has no deadline.

    Two looks that have an index: what was held to its end, by the end of its sittings, after which work of one's
    own may still go on; and what was called off after it had begun."""
    found = sa.union_all(
        sa.select(Offering.id).where(*_held, Offering.ends_at < instant),
        sa.select(Offering.id).where(*_called_off),
    )
    return Offering.id.in_(found), _ended_at < instant, _has_people


def _ended_between(since: datetime, instant: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Of these, what ended, or was opened again, after `since`: four looks, each with an index of its own."""
    found = sa.union(
        sa.select(Offering.id).where(*_held, Offering.ends_at.between(since, instant)),
        sa.select(Offering.id).where(*_called_off, Offering.cancelled_at > since),
        sa.select(Meeting.offering_id).where(_is_own_work, Meeting.ends_at.between(since, instant)),
        sa.select(RosterClosing.offering_id).where(RosterClosing.reopened_at > since),
    )
    lately = sa.or_(_ended_at > since, _reopened_at > since)
    return Offering.id.in_(found), _is_open, _ended_at < instant, lately, _has_people


def _rows(unmarked: sa.ColumnElement[int]) -> sa.Select[tuple[Offering, datetime, datetime | None, int]]:
    return (
        sa.select(Offering, _ended_at, _reopened_at, unmarked)
        .join(Offering.course)
        .options(contains_eager(Offering.course), joinedload(Offering.trainer))
    )


def how_many(before: datetime, *more: sa.ColumnElement[bool]) -> int:
    """How many rosters are open whose last meeting ended before that instant."""
    wanted = (*ended_before(before), *more)
    return db.session.scalar(sa.select(sa.func.count()).select_from(Offering).where(*wanted)) or 0


def overdue(before: datetime, page: int, *more: sa.ColumnElement[bool]) -> tuple[list[Overdue], int]:
    """One page of the rosters that are open though the last meeting ended before that instant, the oldest first;
    and the number of pages. `more` narrows it."""
    pages = max(1, -(-how_many(before, *more) // PER_PAGE))
    oldest = (Offering.ends_at, Offering.id)
    shown = (
        sa.select(Offering.id)
        .where(*ended_before(before), *more)
        .order_by(*oldest)
        .limit(PER_PAGE)
        .offset((min(max(page, 1), pages) - 1) * PER_PAGE)
    )
    rows = db.session.execute(_rows(_unmarked).where(Offering.id.in_(shown)).order_by(*oldest))
    return [Overdue(*row) for row in rows], pages


def overdue_of(trainer_id: int, before: datetime) -> list[Overdue]:
    """Those of one trainer, the oldest first, with how many people are not marked."""
    rows = db.session.execute(
        _rows(_unmarked)
        .where(Offering.trainer_id == trainer_id, *ended_before(before))
        .order_by(Offering.ends_at, Offering.id)
    )
    return [Overdue(*row) for row in rows]


def lately_overdue(at: datetime) -> list[Overdue]:
    """Those somebody may have to be reminded of: they ended, or were opened again, in the last weeks."""
    rows = db.session.execute(
        _rows(sa.literal(0)).where(*_ended_between(at - LATELY, at)).order_by(Offering.id)
    )
    return [Overdue(*row) for row in rows]


def digest_key(day: date) -> str:
    """What the coordinators' letter of that day is called."""
    return f"rosters-overdue {day}"


def told_to_coordinators(today: date) -> dict[str, datetime]:
    """Keys of the rosters that stood in a letter to the coordinators in the last weeks, and when that was."""
    days = [digest_key(today - timedelta(days=n)) for n in range(LATELY.days + 2)]
    found = db.session.execute(sa.select(Job.payload, Job.created_at).where(Job.dedupe_key.in_(days)))
    return {key: row.created_at for row in found for key in row.payload["rosters"]}


def reminders(rows: Sequence[Overdue], today: date) -> dict[int, dict[int, datetime]]:
    """What was sent about these rosters so far: by offering id, the day's number and when it was sent."""
    keys = {one.key(step): (one.offering.id, step) for one in rows for step in (*TO_TRAINER, TO_COORDINATORS)}
    sent = told_to_coordinators(today)
    for job in db.session.execute(sa.select(Job.dedupe_key, Job.created_at).where(Job.dedupe_key.in_(keys))):
        sent[job.dedupe_key] = job.created_at
    found: dict[int, dict[int, datetime]] = {}
    for key in keys.keys() & sent.keys():
        offering_id, step = keys[key]
        found.setdefault(offering_id, {})[step] = sent[key]
    return {offering_id: dict(sorted(steps.items())) for offering_id, steps in found.items()}
