"""Reads: who may still answer, who has to, and what was answered."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.courses.models import Asking, Course, Meeting, Offering, meeting_trainer
from catalog.enrollment.models import Enrollment
from catalog.evaluation.models import EvaluationGiven
from catalog.extensions import db

# Whoever was taken off a session and added again has two enrollments, and still answers once.
_also = aliased(Enrollment)
HAS_GIVEN = sa.exists().where(
    EvaluationGiven.enrollment_id == _also.id,
    _also.offering_id == Enrollment.offering_id,
    _also.person_id == Enrollment.person_id,
)

# Whoever teaches a session does not answer about it: with one's own answers among five, only four are unknown.
TEACHES = sa.or_(
    sa.exists().where(Offering.id == Enrollment.offering_id, Offering.trainer_id == Enrollment.person_id),
    sa.exists().where(
        Meeting.offering_id == Enrollment.offering_id,
        meeting_trainer.c.meeting_id == Meeting.id,
        meeting_trainer.c.person_id == Enrollment.person_id,
    ),
)


def is_missing(enrollment_ids: Collection[int]) -> set[int]:
    """Of these enrollments, those whose person must still answer before the certificate."""
    is_required = sa.exists().where(
        Offering.id == Enrollment.offering_id,
        Course.id == Offering.course_id,
        Course.asking == Asking.BEFORE_CERTIFICATE,
    )
    return set(
        db.session.scalars(
            sa.select(Enrollment.id).where(
                Enrollment.id.in_(enrollment_ids), is_required, ~HAS_GIVEN, ~TEACHES
            )
        )
    )
