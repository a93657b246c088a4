"""What the tallies hold, as one statement each over the rows they are counted from. The worker writes them down; the
reports read what was written."""

from enum import StrEnum

import sqlalchemy as sa

from catalog.attendance.models import Credit, CreditArea
from catalog.competencies.models import Ledger


class Measure(StrEnum):
    """Which hours: of a ledger in which they count, or met without counting in either. Never added together."""

    TRAINING = "training"
    RSC = "rsc"
    NEITHER = "neither"


MEASURE = sa.case(
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
