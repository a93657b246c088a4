"""Reads: one person's way through the sessions: coming, waiting, past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from catalog.accounts.models import Person
from catalog.attendance.models import Mark, RosterClosing
from catalog.courses.models import Meeting, Offering
from catalog.enrollment import queries as enrollment
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.enrollment.queries.standing import QUEUE_MOVED
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from catalog.wording import local


@dataclass(frozen=True)
class Step:
    """One enrollment as its person looks at it."""

    enrollment: Enrollment
    marks: dict[int, Mark]
    """By meeting id, as they stand this moment; a meeting that is missing has not been marked."""
    is_closed: bool
    place: int | None = None
    waiting: int = 0
    moved_at: datetime | None = None

    @property
    def offering(self) -> Offering:
        return self.enrollment.offering

    def next_meeting(self, at: datetime) -> Meeting | None:
        """The meeting that is on or comes next; work of one's own only when no other is left."""
        ahead = [meeting for meeting in self.offering.meetings if meeting.ends_at > at]
        return min(ahead, key=lambda meeting: (meeting.is_own_work, meeting.ends_at), default=None)

    def told_meetings(self, at: datetime) -> list[Meeting]:
        """What can be said something about: what is marked, what has begun, and work that was due. Of a session
        that was cancelled, only what came before."""
        off = self.offering.cancelled_at
        return [
            meeting
            for meeting in self.offering.meetings
            if meeting.id in self.marks
            or (_begins(meeting) <= at and (off is None or meeting.starts_at < off))
        ]

    @property
    def here(self) -> int:
        """At how many meetings the person was for any time."""
        return sum(mark.minutes > 0 or mark.is_open for mark in self.marks.values())

    def is_today(self, at: datetime) -> bool:
        """Whether a sitting is on this day of the session's calendar and not over yet."""
        today, zone = local(at, self.offering.zone).date(), self.offering.zone
        return any(
            local(meeting.starts_at, zone).date() == today and meeting.ends_at > at
            for meeting in self.offering.meetings
            if not meeting.is_own_work
        )


@dataclass(frozen=True)
class Way:
    """A person's enrollments, sorted by what comes next for them."""

    offered: list[Step]
    coming: list[Step]
    """A seat, and whatever was cancelled: there is nothing left to decide or to wait for."""
    waiting: list[Step]
    requested: list[Step]
    past: list[Step]
    """Sessions that are over, newest first, and those left or cancelled before."""

    @property
    def is_empty(self) -> bool:
        return not (self.offered or self.coming or self.waiting or self.requested or self.past)


def way(person: Person, at: datetime) -> Way:
    live = enrollment.live_of(person)
    ended = _ended(person)
    ids = [one.id for one in (*live, *ended)]
    marks, closed, queue = _marks(ids), _closed(person), _queue(person)

    def step(one: Enrollment) -> Step:
        return Step(
            one, marks.get(one.id, {}), one.offering_id in closed, *queue.get(one.id, (None, 0, None))
        )

    steps = [step(one) for one in live]
    over = [one for one in steps if one.offering.is_over(at)]
    ahead = [one for one in steps if not one.offering.is_over(at)]
    open_ = [one for one in ahead if not one.offering.is_cancelled]
    past = over + [step(one) for one in ended]
    return Way(
        offered=[one for one in open_ if one.enrollment.state == State.OFFERED],
        coming=sorted(
            (one for one in ahead if one.enrollment.state == State.SEATED or one.offering.is_cancelled),
            key=lambda one: _next(one, at),
        ),
        waiting=[one for one in open_ if one.enrollment.state == State.WAITING],
        requested=[one for one in open_ if one.enrollment.state == State.REQUESTED],
        past=sorted(past, key=_when, reverse=True),
    )


def _begins(meeting: Meeting) -> datetime:
    """From when on its mark is missed: work of one's own is looked at when it is due."""
    return meeting.ends_at if meeting.is_own_work else meeting.starts_at


def _next(step: Step, at: datetime) -> tuple[bool, datetime]:
    """What comes first comes first; self-paced sessions, which have no dates, come after."""
    meeting = step.next_meeting(at)
    return (meeting is None, meeting.starts_at if meeting else step.enrollment.joined_at)


def _when(step: Step) -> datetime:
    return step.enrollment.ended_at or step.offering.ends_at or step.enrollment.joined_at


def _ended(person: Person) -> Sequence[Enrollment]:
    return db.session.scalars(
        sa.select(Enrollment)
        .join(Enrollment.offering)
        .options(
            contains_eager(Enrollment.offering).joinedload(Offering.course, innerjoin=True),
            contains_eager(Enrollment.offering).selectinload(Offering.meetings),
        )
        .where(Enrollment.person_id == person.id, Enrollment.state.not_in(LIVE))
    ).all()


def _marks(enrollment_ids: Sequence[int]) -> dict[int, dict[int, Mark]]:
    found: dict[int, dict[int, Mark]] = {}
    for mark in db.session.scalars(sa.select(Mark).where(Mark.enrollment_id.in_(enrollment_ids))):
        found.setdefault(mark.enrollment_id, {})[mark.meeting_id] = mark
    return found


def _closed(person: Person) -> set[int]:
    """Ids of the person's offerings whose roster is closed."""
    return set(
        db.session.scalars(
            sa.select(RosterClosing.offering_id)
            .join(Enrollment, Enrollment.offering_id == RosterClosing.offering_id)
            .where(Enrollment.person_id == person.id, RosterClosing.reopened_at.is_(None))
        )
    )


def _queue(person: Person) -> dict[int, tuple[int, int, datetime | None]]:
    """Place, length of the queue and its last movement for each queue the person stands in: one statement."""
    other = aliased(Enrollment)
    all_waiting = sa.select(sa.func.count()).where(
        other.offering_id == Enrollment.offering_id, other.state == State.WAITING
    )
    before_me = sa.tuple_(other.queued_at, other.id) <= sa.tuple_(Enrollment.queued_at, Enrollment.id)
    moved = sa.select(sa.func.max(AuditEntry.at)).where(
        AuditEntry.about == "offering",
        AuditEntry.about_id == Enrollment.offering_id,
        AuditEntry.action.in_(QUEUE_MOVED),
    )
    rows = db.session.execute(
        sa.select(
            Enrollment.id,
            all_waiting.where(before_me).correlate(Enrollment).scalar_subquery(),
            all_waiting.correlate(Enrollment).scalar_subquery(),
            moved.correlate(Enrollment).scalar_subquery(),
        ).where(Enrollment.person_id == person.id, Enrollment.state == State.WAITING)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}
