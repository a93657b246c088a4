"""What must never be in the database, each as a query for the rows that break it.

Most of these the database refuses by itself; they are read all the same, because a restored backup, a repair by
hand or an error of ours could bring them in."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Credit, Mark, Recording
from catalog.courses.models import Course, CourseArea, Meeting, Offering, OfferingState, Seat
from catalog.enrollment.models import HOLDING, LIVE, Enrollment, State
from catalog.evaluation.models import Evaluation, EvaluationGiven
from catalog.extensions import UtcDateTime
from catalog.notices.models import AuditEntry
from catalog.reports.checking import certificates, closings, groups, hours, keys, merges

LONG_AFTER = timedelta(hours=1)

Invariant = tuple[str, str, sa.Select[Any]]

_held = (
    sa.select(sa.func.count())
    .where(Enrollment.offering_id == Offering.id, Enrollment.state.in_(HOLDING))
    .correlate(Offering)
    .scalar_subquery()
)
_seats = (
    sa.select(sa.func.count()).where(Seat.offering_id == Offering.id).correlate(Offering).scalar_subquery()
)
_waits = aliased(Enrollment)

OVERSOLD = sa.select(Offering.id.label("offering"), Offering.capacity, _held.label("held")).where(
    _held > Offering.capacity
)

WRONG_SEATS = sa.select(Offering.id.label("offering"), Offering.capacity, _seats.label("seats")).where(
    _seats != Offering.capacity
)

DUPLICATE = (
    sa.select(
        Enrollment.offering_id.label("offering"),
        Enrollment.person_id.label("person"),
        sa.func.count().label("live_rows"),
    )
    .where(Enrollment.state.in_(LIVE))
    .group_by(Enrollment.offering_id, Enrollment.person_id)
    .having(sa.func.count() > 1)
)

SHARED_SEAT = (
    sa.select(Enrollment.seat_id.label("seat"), sa.func.count().label("live_rows"))
    .where(Enrollment.seat_id.is_not(None))
    .group_by(Enrollment.seat_id)
    .having(sa.func.count() > 1)
)

SEATLESS = sa.select(
    Enrollment.id.label("enrollment"), Enrollment.state, Enrollment.seat_id.label("seat")
).where(Enrollment.state.in_(HOLDING) != Enrollment.seat_id.is_not(None))

ORPHAN_SEAT = (
    sa.select(Seat.id.label("seat"), Seat.offering_id.label("offering"), Seat.is_taken.label("is_taken"))
    .outerjoin(Enrollment, Enrollment.seat_id == Seat.id)
    .where(Seat.is_taken != Enrollment.id.is_not(None))
)

FOREIGN_SEAT = (
    sa.select(Enrollment.id.label("enrollment"), Seat.id.label("seat"))
    .join(Seat, Seat.id == Enrollment.seat_id)
    .where(Seat.offering_id != Enrollment.offering_id)
)

ORPHAN_ENROLLMENT = (
    sa.select(Enrollment.id.label("enrollment"), Enrollment.offering_id.label("offering"))
    .outerjoin(Offering, Offering.id == Enrollment.offering_id)
    .where(Offering.id.is_(None))
)

UNQUEUED = sa.select(Enrollment.id.label("enrollment"), Enrollment.offering_id.label("offering")).where(
    Enrollment.state == State.WAITING, Enrollment.queued_at.is_(None)
)


def _written_down(enrollment: type[Enrollment], *actions: str) -> sa.Exists:
    """Whether one of these movements of this person on this offering stands in the audit trail."""
    return sa.exists().where(
        AuditEntry.about == "offering",
        AuditEntry.about_id == enrollment.offering_id,
        # It may have been written of an account that was joined with theirs since.
        sa.or_(
            AuditEntry.person_id == enrollment.person_id,
            AuditEntry.person_id.in_(
                sa.select(Person.id).where(Person.merged_into_id == enrollment.person_id)
            ),
        ),
        AuditEntry.action.in_(actions),
    )


# Somebody holds a seat who came later than somebody who still waits, and no exception was written down. Those
# whose waiting began with an answer or a move, or who were put first with a reason, are left out: their place is
# older than their waiting.
OUT_OF_ORDER = (
    sa.select(
        _waits.id.label("waiting"),
        Enrollment.id.label("seated_before"),
        Enrollment.offering_id.label("offering"),
    )
    .join(_waits, _waits.offering_id == Enrollment.offering_id)
    .where(
        _waits.state == State.WAITING,
        Enrollment.state.in_(HOLDING),
        sa.func.coalesce(Enrollment.queued_at, Enrollment.joined_at) > _waits.queued_at,
        ~_written_down(Enrollment, "enrollment.seated_out_of_turn"),
        ~_written_down(_waits, "enrollment.approved", "enrollment.moved_here", "enrollment.put_first"),
    )
)

_now = sa.bindparam("now", type_=UtcDateTime(), callable_=clock.now)
_fills_vacancies = sa.exists().where(
    Meeting.offering_id == Offering.id, Meeting.number <= Offering.joins_until, Meeting.starts_at > _now
)

# A free seat and a queue at once: the queue should have moved. Sessions that have begun seat nobody any more, unless
# they are groups that still fill their vacancies.
STUCK_QUEUE = (
    sa.select(Offering.id.label("offering"), sa.func.count().label("waiting"))
    .join(Enrollment, Enrollment.offering_id == Offering.id)
    .where(
        Enrollment.state == State.WAITING,
        Offering.state == OfferingState.SCHEDULED,
        sa.or_(Offering.starts_at > _now, _fills_vacancies),
        sa.exists().where(Seat.offering_id == Offering.id, Seat.is_taken.is_(False)),
    )
    .group_by(Offering.id)
)

CREDIT_WITHOUT_ATTENDANCE = sa.select(
    Credit.id.label("credit"),
    Credit.person_id.label("person"),
    Credit.offering_id.label("offering"),
    Credit.minutes,
).where(
    Credit.superseded_at.is_(None),
    Credit.minutes > 0,
    ~sa.exists().where(
        Mark.enrollment_id == Enrollment.id,
        Mark.minutes > 0,
        Enrollment.person_id == Credit.person_id,
        Enrollment.offering_id == Credit.offering_id,
    ),
)

CREDIT_TWICE = (
    sa.select(
        Credit.person_id.label("person"),
        Credit.offering_id.label("offering"),
        Credit.ledger,
        sa.func.count().label("credits"),
    )
    .where(Credit.superseded_at.is_(None))
    .group_by(Credit.person_id, Credit.offering_id, Credit.ledger)
    .having(sa.func.count() > 1)
)

CREDIT_TOO_LARGE = sa.select(
    Credit.id.label("credit"), Credit.minutes, Credit.held_minutes.label("held")
).where(Credit.superseded_at.is_(None), Credit.minutes > Credit.held_minutes)

FOREIGN_MARK = (
    sa.select(Mark.id.label("mark"), Mark.enrollment_id.label("enrollment"), Mark.meeting_id.label("meeting"))
    .join(Enrollment, Enrollment.id == Mark.enrollment_id)
    .join(Meeting, Meeting.id == Mark.meeting_id)
    .where(Meeting.offering_id != Enrollment.offering_id)
)

# Who answered and what was answered are kept apart, so their numbers are all that can be compared.
_answers = (
    sa.select(sa.func.count())
    .where(Evaluation.offering_id == Offering.id)
    .correlate(Offering)
    .scalar_subquery()
)
_answered = (
    sa.select(sa.func.count())
    .select_from(EvaluationGiven)
    .join(EvaluationGiven.enrollment)
    .where(Enrollment.offering_id == Offering.id)
    .correlate(Offering)
    .scalar_subquery()
)

ANSWERS_DIFFER = sa.select(
    Offering.id.label("offering"), _answers.label("answers"), _answered.label("people")
).where(_answers != _answered)

# What a mark says was said by somebody, and that stands in the recordings.
UNRECORDED_MARK = sa.select(
    Mark.id.label("mark"), Mark.enrollment_id.label("enrollment"), Mark.meeting_id.label("meeting")
).where(
    ~sa.exists().where(
        Recording.meeting_id == Mark.meeting_id,
        Recording.enrollment_id == Mark.enrollment_id,
        Recording.was_taken,
        Recording.minutes == Mark.minutes,
        Recording.came_at.is_not_distinct_from(Mark.came_at),
        Recording.left_at.is_not_distinct_from(Mark.left_at),
    )
)

SPLIT_TOO_LARGE = (
    sa.select(Course.id.label("course"), Course.minutes, sa.func.sum(CourseArea.minutes).label("split"))
    .join(CourseArea, CourseArea.course_id == Course.id)
    .group_by(Course.id, Course.minutes)
    .having(sa.func.sum(CourseArea.minutes) > Course.minutes)
)

# An offer that ran out goes to the next person within seconds where `flask catalog work` runs.
FORGOTTEN_OFFER = sa.select(
    Enrollment.id.label("enrollment"), Enrollment.offering_id.label("offering"), Enrollment.offer_ends_at
).where(
    Enrollment.state == State.OFFERED,
    Enrollment.offer_ends_at
    < sa.bindparam("long_ago", type_=UtcDateTime(), callable_=lambda: clock.now() - LONG_AFTER),
)

ALL: tuple[Invariant, ...] = (
    ("oversold", "more people hold seats than there are", OVERSOLD),
    ("wrong seats", "the seats are not as many as the capacity", WRONG_SEATS),
    ("duplicate", "a person is on one session twice", DUPLICATE),
    ("shared seat", "a seat is held twice", SHARED_SEAT),
    ("seat and state", "the state and the seat do not agree", SEATLESS),
    ("orphan seat", "a seat is taken by nobody, or free and held", ORPHAN_SEAT),
    ("foreign seat", "a seat of another session is held", FOREIGN_SEAT),
    ("orphan", "an enrollment has no session", ORPHAN_ENROLLMENT),
    ("no place", "somebody waits without a place in the queue", UNQUEUED),
    ("queue out of order", "somebody was seated before an earlier person", OUT_OF_ORDER),
    ("stuck queue", "a seat is free while people wait", STUCK_QUEUE),
    ("forgotten offer", "an offer ran out and is still held; is the worker running?", FORGOTTEN_OFFER),
    (
        "credit without attendance",
        "credit was given to somebody who was not there",
        CREDIT_WITHOUT_ATTENDANCE,
    ),
    ("credit twice", "a person has two credits in force for one session and ledger", CREDIT_TWICE),
    ("credit too large", "credit exceeds the minutes held", CREDIT_TOO_LARGE),
    ("foreign mark", "a mark is for a meeting of another session", FOREIGN_MARK),
    ("evaluations differ", "not as many evaluations as people who gave one", ANSWERS_DIFFER),
    ("unrecorded mark", "a mark says what nobody recorded", UNRECORDED_MARK),
    ("split too large", "areas are given more minutes than the course has", SPLIT_TOO_LARGE),
    *closings.ALL,
    *certificates.ALL,
    *hours.ALL,
    *groups.ALL,
    *merges.ALL,
    *keys.ALL,
)
