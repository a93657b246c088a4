"""Reads: what certificates are made from."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from catalog.accounts.models import Person, Qualification
from catalog.attendance.models import Credit, CreditArea, CreditTopic, Mark, RosterClosing
from catalog.courses.models import Course, CourseArea, CourseTopic, Meeting, MeetingKind, Offering
from catalog.enrollment.models import Enrollment
from catalog.extensions import db


def offering_to_certify(offering_id: int) -> Offering | None:
    return db.session.scalar(
        sa.select(Offering)
        .options(
            joinedload(Offering.trainer),
            joinedload(Offering.course, innerjoin=True).options(
                selectinload(Course.areas).joinedload(CourseArea.reviewed_by),
                selectinload(Course.topics).joinedload(CourseTopic.reviewed_by),
            ),
            selectinload(Offering.meetings).selectinload(Meeting.co_trainers),
            selectinload(Offering.meetings).selectinload(Meeting.substitute),
        )
        .where(Offering.id == offering_id)
    )


CREDIT_WHOLE = (
    joinedload(Credit.person, innerjoin=True),
    selectinload(Credit.areas).joinedload(CreditArea.area, innerjoin=True),
    selectinload(Credit.topics).joinedload(CreditTopic.topic, innerjoin=True),
    selectinload(Credit.tags),
)


def credits_of(person: Person, course_ids: Collection[int]) -> Sequence[Credit]:
    """The person's credit in force from these courses, with its sessions, the latest last."""
    return db.session.scalars(
        sa.select(Credit)
        .join(Credit.offering)
        .options(contains_eager(Credit.offering).selectinload(Offering.meetings), *CREDIT_WHOLE)
        .where(
            Credit.person_id == person.id,
            Credit.superseded_at.is_(None),
            Credit.minutes > 0,
            Offering.course_id.in_(course_ids),
        )
        .order_by(Credit.earned_on, Credit.id)
    ).all()


def is_settled(offering: Offering) -> bool:
    """Whether its hours are final: the roster is closed; or people work at their own pace, each until they have
    finished, and hours are given only to those who have."""
    if not offering.sittings:
        return True
    closed = sa.select(RosterClosing.id).where(
        RosterClosing.offering_id == offering.id, RosterClosing.reopened_at.is_(None)
    )
    return db.session.scalar(closed) is not None


def held_by(person_ids: Collection[int]) -> dict[int, list[Qualification]]:
    """What these people hold or held, whenever that was."""
    held: dict[int, list[Qualification]] = {}
    for one in db.session.scalars(
        sa.select(Qualification).where(Qualification.person_id.in_(person_ids)).order_by(Qualification.id)
    ):
        held.setdefault(one.person_id, []).append(one)
    return held


OwnWork = dict[int, dict[MeetingKind, tuple[int, int]]]


def own_work(offering: Offering) -> OwnWork:
    """By person and kind: the minutes of work of their own that they did, and what it was worth."""
    worth: dict[MeetingKind, int] = {}
    for meeting in offering.meetings:
        if meeting.is_own_work:
            worth[meeting.kind] = worth.get(meeting.kind, 0) + meeting.minutes
    if not worth:
        return {}
    rows = db.session.execute(
        sa.select(Enrollment.person_id, Meeting.id, Meeting.kind, sa.func.max(Mark.minutes))
        .select_from(Mark)
        .join(Mark.meeting)
        .join(Mark.enrollment)
        .where(Meeting.offering_id == offering.id, Meeting.kind.in_(worth))
        .group_by(Enrollment.person_id, Meeting.id, Meeting.kind)
        .order_by(Meeting.kind)
    )
    found: OwnWork = {}
    for person_id, _, kind, minutes in rows:
        mine = found.setdefault(person_id, {})
        mine[kind] = (mine.get(kind, (0, 0))[0] + minutes, worth[kind])
    return found
