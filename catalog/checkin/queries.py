"""Reads: doors, what a code opens, and how somebody stands at a meeting."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from catalog.accounts.models import Person
from catalog.attendance.models import Mark, Method
from catalog.attendance.queries import closing_of
from catalog.attendance.sheet import doors_open_at
from catalog.checkin import codes
from catalog.checkin.models import LEAVING, Door
from catalog.checkin.scans import Scan
from catalog.courses.models import Meeting, Offering, OfferingState, WhenFull
from catalog.enrollment.models import Enrollment, State
from catalog.enrollment.queries import live_enrollment, waiting
from catalog.extensions import db
from catalog.wording import clock_time

OPENS_BEFORE = timedelta(hours=1)


def meeting(meeting_id: int) -> Meeting | None:
    """The meeting with its session, its course and those who run it."""
    return db.session.scalar(
        sa.select(Meeting)
        .options(
            joinedload(Meeting.offering, innerjoin=True).options(
                joinedload(Offering.course, innerjoin=True),
                joinedload(Offering.trainer),
                selectinload(Offering.meetings).selectinload(Meeting.co_trainers),
            )
        )
        .where(Meeting.id == meeting_id)
    )


def door_of(meeting_id: int) -> Door | None:
    return db.session.scalar(
        sa.select(Door).options(joinedload(Door.meeting, innerjoin=True)).where(Door.meeting_id == meeting_id)
    )


def drawn(text: str, at: datetime) -> Scan | None:
    """What a code that was scanned opens; None where it opens nothing, whatever the reason."""
    token = codes.read(text)
    door = door_of(token.meeting_id) if token else None
    if token is None or door is None or not door.is_working(at):
        return None
    method = codes.method_of(token, door.secret, door.printed_secret, door.meeting_id, at)
    return Scan(door.meeting_id, method) if method else None


def spoken(typed: str, at: datetime) -> Scan | None:
    """What a code that was typed opens, among the doors at which something can be done now."""
    for door in doors_now(at):
        if codes.is_spoken(typed, door.secret, door.meeting_id, at):
            return Scan(door.meeting_id, Method.SPOKEN)
    return None


def doors_now(at: datetime) -> list[Door]:
    rows = db.session.scalars(
        sa.select(Door)
        .join(Door.meeting)
        .options(contains_eager(Door.meeting))
        .where(*_about_now(at))
        .order_by(Door.meeting_id)
    )
    return [door for door in rows if door.is_working(at)]


def _about_now(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return Door.is_open == sa.true(), Meeting.starts_at <= at + OPENS_BEFORE, Meeting.ends_at > at - LEAVING


def open_now(person: Person, at: datetime) -> list[Meeting]:
    """The meetings on now that this person sits on and whose door is open, for their own pages."""
    rows = db.session.scalars(
        sa.select(Door)
        .join(Door.meeting)
        .join(Meeting.offering)
        .join(Enrollment, Enrollment.offering_id == Offering.id)
        .options(
            contains_eager(Door.meeting)
            .contains_eager(Meeting.offering)
            .joinedload(Offering.course, innerjoin=True)
        )
        .where(
            *_about_now(at),
            Enrollment.person_id == person.id,
            Enrollment.state == State.SEATED,
            Offering.state == OfferingState.SCHEDULED,
            Offering.settled_at.is_(None),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [door.meeting for door in rows if door.is_working(at)]


def here(meeting: Meeting) -> tuple[int, int]:
    """How many of the seated are here now, and how many are seated."""
    seated = (Enrollment.offering_id == meeting.offering_id, Enrollment.state == State.SEATED)
    is_here = (Mark.meeting_id == meeting.id, Mark.minutes > 0, Mark.left_at.is_(None))
    row = db.session.execute(
        sa.select(
            sa.select(sa.func.count(Mark.id))
            .join(Mark.enrollment)
            .where(*seated, *is_here)
            .scalar_subquery(),
            sa.select(sa.func.count(Enrollment.id)).where(*seated).scalar_subquery(),
        )
    ).one()
    return row[0], row[1]


class Act(StrEnum):
    """What somebody can do at the door."""

    COME = "come"
    LEAVE = "leave"
    WALK_IN = "walk_in"


@dataclass(frozen=True)
class Standing:
    """How one person stands at one meeting."""

    meeting: Meeting
    door: Door | None
    at: datetime
    enrollment: Enrollment | None
    mark: Mark | None
    is_closed: bool

    @property
    def is_here(self) -> bool:
        """Came, by whatever way that was written down."""
        return self.mark is not None and self.mark.minutes > 0

    @property
    def has_left(self) -> bool:
        return self.mark is not None and self.mark.left_at is not None

    @property
    def came_at(self) -> datetime:
        """For whom no time was written down: the start."""
        return (self.mark.came_at if self.mark else None) or self.meeting.starts_at

    @property
    def act(self) -> Act | None:
        """None where there is nothing to do, or where `why_not` says what is in the way."""
        if self.why_not or self.door is None or self.has_left:
            return None
        if self.enrollment is None:
            return Act.WALK_IN
        if not self.is_here:
            return Act.COME
        return Act.LEAVE if self.door.checks_out and self._since_is_known else None

    @property
    def _since_is_known(self) -> bool:
        """Somebody marked for part of the meeting without times: nobody can say which part."""
        mark = self.mark
        return mark is not None and (mark.came_at is not None or mark.minutes == self.meeting.minutes)

    @property
    def why_not(self) -> str:
        """The sentence that says what is in the way; empty where nothing is."""
        offering, trainer = self.meeting.offering, self.meeting.offering.trainer
        speak = f"Speak to {trainer.name}." if trainer else "Speak to the trainer."
        if offering.is_cancelled:
            return "This session was cancelled."
        if self.is_closed:
            return f"The roster of this session is closed, so nobody can check in or out any more. {speak}"
        if self.enrollment and self.enrollment.state != State.SEATED:
            return f"{NO_SEAT_YET[self.enrollment.state]} {speak}"
        if self.door is None or not self.door.is_working(self.at):
            return "" if self.is_here else f"The door of this meeting is closed. {speak}"
        if self.enrollment is None and not self.door.allows_walk_ins:
            return f"You are not on the roster of this session. {speak}"
        if self.enrollment is None and (sentence := why_no_walk_ins(offering)):
            return f"{sentence} {speak}"
        if self.at < doors_open_at(self.meeting):
            return f"Check-in opens at {clock_time(doors_open_at(self.meeting), offering.zone)}."
        if self.at >= self.meeting.ends_at and not self.is_here:
            return f"This meeting is over. {speak}"
        return ""


def why_no_walk_ins(offering: Offering) -> str:
    """The sentence that says why nobody takes a seat at the door; empty where people may. While anybody waits, a
    seat is not for whoever comes by."""
    if offering.when_full == WhenFull.NEITHER:
        return "This session lets nobody in without a seat."
    if offering.has_waitlist and waiting(offering):
        return "People wait for a seat on this session, and nobody is let in past them."
    return ""


NO_SEAT_YET = {
    State.WAITING: "You are on the waitlist of this session and have no seat yet.",
    State.OFFERED: "A seat is kept for you. Open My learning and take it, then scan the code again.",
    State.REQUESTED: "You have asked for a seat, and nobody has decided yet.",
}


def standing(person: Person, meeting: Meeting, at: datetime) -> Standing:
    enrollment = live_enrollment(person, meeting.offering)
    return Standing(
        meeting=meeting,
        door=door_of(meeting.id),
        at=at,
        enrollment=enrollment,
        mark=_mark(meeting, enrollment) if enrollment else None,
        is_closed=closing_of(meeting.offering) is not None,
    )


def _mark(meeting: Meeting, enrollment: Enrollment) -> Mark | None:
    return db.session.scalar(
        sa.select(Mark)
        .where(Mark.meeting_id == meeting.id, Mark.enrollment_id == enrollment.id)
        .execution_options(populate_existing=True)
    )
