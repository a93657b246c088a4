"""Reads: who may still answer, who has to, and whom to ask by mail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Mark
from catalog.courses.models import Asking, Course, Meeting, MeetingKind, Offering, meeting_trainer
from catalog.enrollment.models import Enrollment, State
from catalog.evaluation.models import EvaluationGiven
from catalog.extensions import UtcDateTime, db
from catalog.notices.models import Job

_also, _run, _sitting = aliased(Enrollment), aliased(Offering), aliased(Meeting)

# Whoever was taken off a session and added again has two enrollments, and still answers once.
HAS_GIVEN = (
    sa.exists()
    .where(
        EvaluationGiven.enrollment_id == _also.id,
        _also.offering_id == Enrollment.offering_id,
        _also.person_id == Enrollment.person_id,
    )
    .correlate(Enrollment)
)

# Whoever teaches a session does not answer about it: with one's own answers among five, only four are unknown.
TEACHES = sa.or_(
    sa.exists()
    .where(_run.id == Enrollment.offering_id, _run.trainer_id == Enrollment.person_id)
    .correlate(Enrollment),
    sa.exists()
    .where(
        _sitting.offering_id == Enrollment.offering_id,
        meeting_trainer.c.meeting_id == _sitting.id,
        meeting_trainer.c.person_id == Enrollment.person_id,
    )
    .correlate(Enrollment),
)

WAS_THERE = sa.exists().where(Mark.enrollment_id == Enrollment.id, Mark.minutes > 0).correlate(Enrollment)


def is_missing(enrollment_ids: Collection[int]) -> set[int]:
    """Of these enrollments, those whose person must still answer before the certificate."""
    return set(
        db.session.scalars(
            sa.select(Enrollment.id)
            .join(Enrollment.offering)
            .join(Offering.course)
            .where(
                Enrollment.id.in_(enrollment_ids),
                Course.asking == Asking.BEFORE_CERTIFICATE,
                ~HAS_GIVEN,
                ~TEACHES,
            )
        )
    )


def opens_at(offering: Offering) -> datetime | None:
    """When the last meeting that takes place is over. Work of one's own may go on after that; a session that is
    nothing else is over with it."""
    called_off = offering.cancelled_at
    held = [one for one in offering.meetings if called_off is None or one.starts_at < called_off]
    sittings = [one for one in held if not one.is_own_work]
    return max((one.ends_at for one in sittings or held), default=None)


def is_judged(person: Person, offering: Offering) -> bool:
    """Whether the answers are about this person too, whatever else they may do in the catalog."""
    helping = {trainer.id for meeting in offering.meetings for trainer in meeting.co_trainers}
    return person.id in helping | {offering.trainer_id}


@dataclass(frozen=True)
class Standing:
    """How one person stands to the questions about one session."""

    enrollment_id: int | None
    """The enrollment they answer for; None for those who only run the session."""
    was_there: bool
    has_given: bool
    opens_at: datetime | None
    is_asked: bool
    is_required: bool

    @property
    def is_open(self) -> bool:
        return self.is_asked and self.is_over and self.was_there and not self.has_given

    @property
    def is_over(self) -> bool:
        return self.opens_at is not None and self.opens_at <= clock.now()


def standing(offering: Offering, person: Person) -> Standing:
    found = db.session.execute(
        sa.select(Enrollment.id, WAS_THERE, HAS_GIVEN)
        .where(
            Enrollment.offering_id == offering.id,
            Enrollment.person_id == person.id,
            sa.or_(Enrollment.state == State.SEATED, WAS_THERE),
            ~TEACHES,
        )
        .order_by(WAS_THERE.desc(), Enrollment.id)
    ).first()
    enrollment_id, was_there, has_given = found or (None, False, False)
    asking = offering.course.asking
    return Standing(
        enrollment_id,
        was_there=was_there,
        has_given=has_given,
        opens_at=opens_at(offering),
        is_asked=asking != Asking.NONE,
        is_required=asking == Asking.BEFORE_CERTIFICATE,
    )


# The same rules over many sessions at once.


def _last_end(*kinds: sa.ColumnElement[bool]) -> sa.ScalarSelect[datetime]:
    return (
        sa.select(sa.func.max(Meeting.ends_at))
        .where(
            Meeting.offering_id == Offering.id,
            sa.or_(Offering.cancelled_at.is_(None), Meeting.starts_at < Offering.cancelled_at),
            *kinds,
        )
        .correlate(Offering)
        .scalar_subquery()
    )


OPENS_AT = sa.func.coalesce(_last_end(Meeting.kind == MeetingKind.SITTING), _last_end(), type_=UtcDateTime())


def to_give(person: Person) -> Sequence[Offering]:
    """The sessions this person may still answer about, the latest first. One statement."""
    mine = (
        sa.exists()
        .where(
            Enrollment.offering_id == Offering.id,
            Enrollment.person_id == person.id,
            WAS_THERE,
            ~HAS_GIVEN,
            ~TEACHES,
        )
        .correlate(Offering)
    )
    return db.session.scalars(
        sa.select(Offering)
        .join(Offering.course)
        .options(contains_eager(Offering.course))
        .where(mine, Course.asking != Asking.NONE, clock.now() >= OPENS_AT)
        .order_by(Offering.ends_at.desc(), Offering.id)
    ).all()


def teaches(person_id: int) -> sa.ColumnElement[bool]:
    """Whether the person teaches the Offering of the statement around it."""
    helps = sa.exists().where(
        _sitting.offering_id == Offering.id,
        meeting_trainer.c.meeting_id == _sitting.id,
        meeting_trainer.c.person_id == person_id,
    )
    return sa.or_(sa.func.coalesce(Offering.trainer_id == person_id, sa.false()), helps.correlate(Offering))


def first_letter(enrollment_id: int) -> str:
    """The dedupe key of the mail that asks for an evaluation."""
    return f"evaluation {enrollment_id}"


def unanswered(since: datetime, now: datetime) -> list[tuple[Enrollment, datetime | None]]:
    """Those who may answer about a session that ended after `since` and have not, each with when they were asked
    by mail."""
    key = sa.literal(first_letter(0)[:-1]).concat(sa.cast(Enrollment.id, sa.String))
    found = db.session.execute(
        sa.select(Enrollment, Job.created_at)
        .join(Enrollment.offering)
        .join(Offering.course)
        .outerjoin(Job, Job.dedupe_key == key)
        .options(
            contains_eager(Enrollment.offering).contains_eager(Offering.course),
            joinedload(Enrollment.person, innerjoin=True),
        )
        .where(
            # The sessions that ended are found first, by their index; then what else has to be so.
            Offering.ends_at >= since,
            Course.asking != Asking.NONE,
            since <= OPENS_AT,
            now >= OPENS_AT,
            WAS_THERE,
            ~HAS_GIVEN,
            ~TEACHES,
        )
        .order_by(Enrollment.id)
    )
    return [(enrollment, asked_at) for enrollment, asked_at in found]
