"""Reads: disputes and their threads, by person, by session, and all that are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Mark
from catalog.courses.models import Meeting, Offering, meeting_trainer
from catalog.courses.queries import coordinated_by
from catalog.disputes.models import Dispute, DisputeEntry, DisputeState
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.wording import local

PER_PAGE = 50
_other = aliased(Meeting)

# Written out, because a partial index is of no use to a value that is only known later.
IS_OPEN = Dispute.state != sa.literal_column(f"'{DisputeState.SETTLED}'")


def dispute(dispute_id: int) -> Dispute | None:
    """The dispute with its thread, and everything that decides who may read it."""
    return db.session.scalar(
        sa.select(Dispute)
        .options(
            joinedload(Dispute.enrollment, innerjoin=True).joinedload(Enrollment.person, innerjoin=True),
            joinedload(Dispute.meeting, innerjoin=True)
            .joinedload(Meeting.offering, innerjoin=True)
            .options(
                joinedload(Offering.course, innerjoin=True),
                joinedload(Offering.trainer),
                selectinload(Offering.meetings).selectinload(Meeting.co_trainers),
            ),
            selectinload(Dispute.entries).joinedload(DisputeEntry.by, innerjoin=True),
        )
        .where(Dispute.id == dispute_id)
    )


def of_mark(meeting_id: int, enrollment_id: int) -> Sequence[Dispute]:
    """Every dispute there was about this mark, the latest first."""
    return db.session.scalars(
        sa.select(Dispute)
        .where(Dispute.enrollment_id == enrollment_id, Dispute.meeting_id == meeting_id)
        .order_by(Dispute.id.desc())
    ).all()


def of_person(person: Person) -> dict[tuple[int, int], Dispute]:
    """The latest dispute about each of the person's marks, by (enrollment id, meeting id). One statement."""
    found = db.session.scalars(
        sa.select(Dispute)
        .join(Dispute.enrollment)
        .where(Enrollment.person_id == person.id)
        .order_by(Dispute.id)
    )
    return {(one.enrollment_id, one.meeting_id): one for one in found}


def marks_of(person: Person) -> dict[tuple[int, int], Mark]:
    """The person's marks as they stand this moment, with who wrote them down, by (enrollment id, meeting id).
    One statement."""
    found = db.session.scalars(
        sa.select(Mark)
        .join(Mark.enrollment)
        .options(joinedload(Mark.marked_by, innerjoin=True))
        .where(Enrollment.person_id == person.id)
    )
    return {(mark.enrollment_id, mark.meeting_id): mark for mark in found}


def open_for(offering: Offering) -> int:
    """How many marks of this session are disputed and not settled yet."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Dispute)
            .join(Dispute.meeting)
            .where(Meeting.offering_id == offering.id, IS_OPEN)
        )
        or 0
    )


@dataclass(frozen=True)
class Row:
    """A dispute in a list; `since` is when it became the turn of whoever has it."""

    dispute: Dispute
    since: datetime

    @property
    def offering(self) -> Offering:
        return self.dispute.meeting.offering

    @property
    def days(self) -> int:
        """For how many days nothing has happened, on the session's calendar."""
        zone = self.offering.zone
        return (clock.today(zone) - local(self.since, zone).date()).days


def open_to(person: Person, page: int) -> tuple[list[Row], int]:
    """One page of what is open: to coordinators what is about the sessions they coordinate, to trainers what is about
    their own; the oldest first. And the number of pages."""
    wanted = [IS_OPEN, sa.or_(coordinated_by(person), _runs(person))]
    count = sa.select(sa.func.count()).select_from(Dispute).join(Dispute.meeting).join(Meeting.offering)
    pages = max(1, -(-(db.session.scalar(count.where(*wanted)) or 0) // PER_PAGE))
    start = (min(max(page, 1), pages) - 1) * PER_PAGE
    listed = _listed(*wanted).order_by(Dispute.opened_at, Dispute.id).limit(PER_PAGE).offset(start)
    return [Row(*row) for row in db.session.execute(listed)], pages


def own(person: Person) -> list[Row]:
    """What the person disputed, the latest first."""
    listed = _listed(Enrollment.person_id == person.id).order_by(Dispute.id.desc()).limit(PER_PAGE)
    return [Row(*row) for row in db.session.execute(listed)]


def _listed(*wanted: sa.ColumnElement[bool]) -> sa.Select[tuple[Dispute, datetime]]:
    since = (
        sa.select(sa.func.max(DisputeEntry.at))
        .where(DisputeEntry.dispute_id == Dispute.id)
        .correlate(Dispute)
        .scalar_subquery()
    )
    return (
        sa.select(Dispute, sa.func.coalesce(since, Dispute.opened_at))
        .join(Dispute.enrollment)
        .join(Dispute.meeting)
        .join(Meeting.offering)
        .options(
            contains_eager(Dispute.enrollment).joinedload(Enrollment.person, innerjoin=True),
            contains_eager(Dispute.meeting)
            .contains_eager(Meeting.offering)
            .options(joinedload(Offering.course, innerjoin=True), joinedload(Offering.trainer)),
        )
        .where(*wanted)
    )


def _runs(person: Person) -> sa.ColumnElement[bool]:
    """Whether the person, a trainer, teaches the session or helps at one of its meetings."""
    if not person.is_trainer:
        return sa.false()
    return sa.or_(
        Offering.trainer_id == person.id,
        sa.exists().where(
            _other.offering_id == Offering.id,
            meeting_trainer.c.meeting_id == _other.id,
            meeting_trainer.c.person_id == person.id,
        ),
    )
