"""Seats that are held: what they will give if all goes as planned."""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.competencies.models import Ledger
from catalog.courses.models import Course, CourseArea, CourseTopic, Kind, Meeting, Offering, course_tag
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.records.ledger import NO_AREA, Entry, Sure
from catalog.records.queries import leading
from catalog.records.queries.ledger import columns, leaders
from catalog.wording import local

APPLIED_FOR = "One applies for this programme elsewhere. It counts as education and not as in-service hours."


def statement() -> sa.Select[Any]:
    return _statement_on(db.engine.dialect.name)


@cache
def _statement_on(_database: str) -> sa.Select[Any]:
    trainer = aliased(Person)

    def worth(ledger: Ledger) -> Any:
        return (
            sa.select(sa.func.sum(Meeting.minutes))
            .where(Meeting.offering_id == Offering.id, Meeting.ledger == ledger)
            .correlate(Offering)
            .scalar_subquery()
        )

    unreviewed = sa.or_(
        sa.exists().where(CourseArea.course_id == Course.id, CourseArea.reviewed_at.is_(None)),
        sa.exists().where(CourseTopic.course_id == Course.id, CourseTopic.reviewed_at.is_(None)),
    )
    has_credit = sa.exists().where(
        Credit.person_id == Enrollment.person_id,
        Credit.offering_id == Enrollment.offering_id,
        Credit.superseded_at.is_(None),
    )
    gives_rsc = sa.or_(Course.kind == Kind.REFLECTIVE_GROUP, Course.rsc_minutes > 0)
    return (
        sa.select(
            Enrollment.id,
            Enrollment.person_id,
            Enrollment.offering_id,
            Offering.starts_at,
            Offering.ends_at,
            Offering.zone,
            Offering.trainer_id,
            Course.title,
            Course.provider,
            Course.trainer_names,
            Course.apply_url,
            Course.credit_cap_minutes,
            trainer.name.label("trainer"),
            worth(Ledger.TRAINING).label("training"),
            worth(Ledger.RSC).label("rsc"),
            columns.listed(Course, CourseArea.area_id, CourseArea.course_id == Course.id).label("areas"),
            columns.listed(Course, CourseTopic.topic_id, CourseTopic.course_id == Course.id).label("topics"),
            columns.tagged(Course, course_tag, "course_id").label("tags"),
            unreviewed.label("unreviewed"),
            sa.case((gives_rsc, leaders.held())).label("held"),
            sa.case((gives_rsc, leading.planned(trainer))).label("led"),
        )
        .join(Offering, Offering.id == Enrollment.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .outerjoin(trainer, trainer.id == Offering.trainer_id)
        .where(
            Enrollment.person_id.in_(columns.people()),
            Enrollment.state == State.SEATED,
            Offering.state == "scheduled",
            ~has_credit,
            # Over, and the roster is not closed yet: the hours are still to come. Once it is closed there is credit.
            sa.or_(
                Offering.ends_at.is_(None),
                Offering.ends_at > sa.bindparam("now"),
                Offering.settled_at.is_(None),
            ),
        )
    )


def lines_of(row: Any, at: datetime) -> list[Entry]:
    first = local(row.starts_at, row.zone).date() if row.starts_at else at.date()
    last = local(row.ends_at, row.zone).date() if row.ends_at else first
    minutes = {Ledger.TRAINING: row.training or 0, Ledger.RSC: row.rsc or 0}
    reason = APPLIED_FOR if row.apply_url else ""
    lines = [
        Entry(
            key=f"seat-{row.id}",
            ledger=of,
            began=first,
            on=last,
            minutes=min(worth, row.credit_cap_minutes) if row.credit_cap_minutes is not None else worth,
            title=row.title,
            provider=row.provider,
            trainer=row.trainer or row.trainer_names,
            sure=Sure.PLANNED,
            areas=columns.ids(row.areas),
            topics=columns.ids(row.topics),
            tags=columns.words(row.tags),
            is_reviewed=not row.unreviewed,
            rsc=leaders.provider_of(row, first, first, row.trainer_id) if of == Ledger.RSC else None,
            not_counted=reason or (NO_AREA if of == Ledger.TRAINING and not row.areas else ""),
            offering_id=row.offering_id,
        )
        for of, worth in minutes.items()
        if worth
    ]
    return [one for line in lines for one in (leaders.by_leader(row, line) if line.rsc else [line])]
