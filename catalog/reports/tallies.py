"""What the tallies hold, as one statement each over the rows they are counted from. The worker writes them down; the
reports read what was written."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance.models import Credit, CreditArea, Mark
from catalog.competencies.models import Ledger
from catalog.courses.models import Meeting, MeetingKind, Offering
from catalog.enrollment.models import Enrollment, State
from catalog.evaluation.models import Evaluation
from catalog.evaluation.wording import POINTS, SCALES
from catalog.extensions import Base
from catalog.reports.models import (
    AnswerTally,
    AreaTally,
    HoursTally,
    PeopleTally,
    SessionTally,
    WorkplaceTally,
)


class Measure(StrEnum):
    """Which hours: of a ledger in which they count, or met without counting in either. Never added together."""

    TRAINING = "training"
    RSC = "rsc"
    NEITHER = "neither"


MEASURE: sa.ColumnElement[str] = sa.case(
    (Credit.not_counted_because != "", Measure.NEITHER.value),
    (Credit.ledger == Ledger.RSC, Measure.RSC.value),
    else_=Measure.TRAINING.value,
)
IN_FORCE: tuple[sa.ColumnElement[bool], ...] = (Credit.superseded_at.is_(None), Credit.minutes > 0)

HOURS = (
    sa.select(
        Credit.offering_id,
        Credit.earned_on.label("on"),
        MEASURE.label("measure"),
        sa.func.count().label("times"),
        sa.func.sum(Credit.minutes).label("minutes"),
    )
    .where(*IN_FORCE)
    .group_by(Credit.offering_id, Credit.earned_on, MEASURE)
)

# A course that splits its minutes gives each area its part; one that does not touches each area with all of them.
AREA_MINUTES = sa.func.coalesce(CreditArea.minutes, Credit.minutes)

AREAS = (
    sa.select(
        Credit.offering_id,
        Credit.earned_on.label("on"),
        MEASURE.label("measure"),
        CreditArea.area_id,
        sa.func.count().label("times"),
        sa.func.sum(AREA_MINUTES).label("minutes"),
    )
    .join(CreditArea, CreditArea.credit_id == Credit.id)
    .where(*IN_FORCE)
    .group_by(Credit.offering_id, Credit.earned_on, MEASURE, CreditArea.area_id)
)

_first = (
    sa.select(
        Meeting.offering_id,
        sa.func.coalesce(
            sa.func.min(sa.case((Meeting.kind == MeetingKind.SITTING, Meeting.starts_wall))),
            sa.func.min(Meeting.starts_wall),
        ).label("wall"),
    )
    .group_by(Meeting.offering_id)
    .subquery()
)
_came = sa.select(Mark.enrollment_id).where(Mark.minutes > 0).distinct().subquery()
_seated = (
    sa.select(
        Enrollment.offering_id,
        sa.func.count().label("seated"),
        sa.func.sum(sa.case((_came.c.enrollment_id.is_(None), 1), else_=0)).label("no_shows"),
    )
    .outerjoin(_came, _came.c.enrollment_id == Enrollment.id)
    .where(Enrollment.state == State.SEATED)
    .group_by(Enrollment.offering_id)
    .subquery()
)

# The day is the first of its sittings by the wall clock they were agreed on; without sittings, that of its own work.
SESSIONS = (
    sa.select(
        Offering.id.label("offering_id"),
        sa.func.date(_first.c.wall).label("on"),
        sa.func.coalesce(_seated.c.seated, 0).label("seated"),
        sa.case((Offering.settled_at.is_not(None), sa.func.coalesce(_seated.c.no_shows, 0))).label(
            "no_shows"
        ),
    )
    .join(_first, _first.c.offering_id == Offering.id)
    .outerjoin(_seated, _seated.c.offering_id == Offering.id)
)


def _points(question: str) -> sa.Select[Any]:
    points = Evaluation.scales[question].as_integer()
    return (
        sa.select(
            Evaluation.offering_id,
            sa.literal(question).label("question"),
            *(sa.func.sum(sa.case((points == point, 1), else_=0)) for point in POINTS),
        )
        .where(Evaluation.is_shown, points.is_not(None))
        .group_by(Evaluation.offering_id)
    )


# Answers are shown in fives, so that nobody can subtract; what is not shown yet to the trainer is in no report.
ANSWERS = sa.union_all(*(_points(question) for question in SCALES))

# Who was there for at least a minute, session by session and day by day; packed by `people`.
PRESENT = (
    sa.select(Credit.offering_id, Credit.earned_on, Credit.person_id)
    .where(Credit.superseded_at.is_(None), Credit.attended_minutes > 0)
    .order_by(Credit.offering_id, Credit.earned_on)
)
WORKPLACES = (
    sa.select(Person.county, Person.id)
    .where(Person.county.is_not(None), Person.county != "")
    .order_by(Person.county)
)

ALL: tuple[tuple[type[Base], sa.Select[Any] | sa.CompoundSelect[Any]], ...] = (
    (HoursTally, HOURS),
    (AreaTally, AREAS),
    (SessionTally, SESSIONS),
    (AnswerTally, ANSWERS),
)
TABLES: tuple[type[Base], ...] = (*(tally for tally, _ in ALL), PeopleTally, WorkplaceTally)
