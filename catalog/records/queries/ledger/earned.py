"""Lines that were earned here."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.accounts.models import Person
from catalog.attendance.models import Credit, CreditArea, CreditTopic, credit_tag
from catalog.competencies.models import Ledger
from catalog.courses.models import Course, Offering
from catalog.extensions import db
from catalog.records.ledger import Entry
from catalog.records.queries import leading
from catalog.records.queries.ledger import columns, leaders
from catalog.wording import local


def statement() -> sa.Select[Any]:
    return _statement_on(db.engine.dialect.name)


@cache
def _statement_on(_database: str) -> sa.Select[Any]:
    trainer = aliased(Person)

    unreviewed = sa.or_(
        sa.exists().where(CreditArea.credit_id == Credit.id, ~CreditArea.was_reviewed),
        sa.exists().where(CreditTopic.credit_id == Credit.id, ~CreditTopic.was_reviewed),
    )
    return (
        sa.select(
            Credit.id,
            Credit.person_id,
            Credit.ledger,
            Credit.minutes,
            Credit.earned_on,
            Credit.known_by,
            Credit.taken_by,
            Credit.not_counted_because,
            Credit.offering_id,
            Offering.starts_at,
            Offering.zone,
            Offering.trainer_id,
            Course.title,
            Course.provider,
            Course.trainer_names,
            trainer.name.label("trainer"),
            columns.listed(Credit, CreditArea.area_id, CreditArea.credit_id == Credit.id).label("areas"),
            columns.listed(Credit, CreditTopic.topic_id, CreditTopic.credit_id == Credit.id).label("topics"),
            columns.tagged(Credit, credit_tag, "credit_id").label("tags"),
            unreviewed.label("unreviewed"),
            sa.case((Credit.ledger == Ledger.RSC, leaders.held())).label("held"),
            leading.attended(trainer).label("led"),
        )
        .join(Offering, Offering.id == Credit.offering_id)
        .join(Course, Course.id == Offering.course_id)
        .outerjoin(trainer, trainer.id == Offering.trainer_id)
        .where(Credit.person_id.in_(columns.people()), Credit.superseded_at.is_(None), Credit.minutes > 0)
    )


def line(row: Any) -> Entry:
    first = local(row.starts_at, row.zone).date() if row.starts_at else row.earned_on
    is_rsc = row.ledger == Ledger.RSC
    return Entry(
        key=f"credit-{row.id}",
        ledger=row.ledger,
        began=min(first, row.earned_on),
        on=row.earned_on,
        minutes=row.minutes,
        title=row.title,
        provider=row.provider,
        trainer=row.trainer or row.trainer_names,
        known_by=row.known_by,
        taken_by=row.taken_by,
        areas=columns.ids(row.areas),
        topics=columns.ids(row.topics),
        tags=columns.words(row.tags),
        is_reviewed=not row.unreviewed,
        rsc=leaders.provider_of(row, min(first, row.earned_on), row.earned_on, row.trainer_id)
        if is_rsc
        else None,
        not_counted=row.not_counted_because,
        offering_id=row.offering_id,
    )
