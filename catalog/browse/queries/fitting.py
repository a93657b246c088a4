"""Which upcoming offerings fit a state of the catalog page, whatever its order and page: what saved searches ask."""

from datetime import datetime

import sqlalchemy as sa

from catalog.browse.filters import Filters
from catalog.browse.queries.conditions import (
    PUBLISHED,
    SCHEDULED,
    Condition,
    of_course,
    of_offering,
    offering_minutes,
)
from catalog.browse.vocabulary import Vocabulary
from catalog.courses.models import Course, Offering


def is_coming(now: datetime) -> Condition:
    """Listed with a date to come, or at one's own pace. The course has to be joined."""
    return sa.and_(SCHEDULED, PUBLISHED, sa.or_(Offering.starts_at > now, Offering.starts_at.is_(None)))


def fitting(filters: Filters, vocabulary: Vocabulary, now: datetime, zone: str) -> sa.Select[tuple[int]]:
    """The ids of the offerings that fit; days begin at midnight in `zone`."""
    return (
        sa.select(Offering.id)
        .join(Course, Course.id == Offering.course_id)
        .where(
            is_coming(now),
            *of_offering(filters, now, zone, offering_minutes()),
            *of_course(filters, vocabulary, few=False),
        )
    )
