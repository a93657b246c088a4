"""The statements of the catalog page: the rows of sessions, the rows of courses, for any filters and order."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.browse.filters import Filters, Sort
from catalog.browse.queries.conditions import SCHEDULED, Condition, of_course, of_offering, offering_minutes
from catalog.browse.vocabulary import Vocabulary
from catalog.competencies.models import Area
from catalog.courses import search
from catalog.courses.models import (
    Course,
    CourseArea,
    Meeting,
    MeetingKind,
    Offering,
    OfferingState,
    Seat,
    WhenFull,
)
from catalog.enrollment.models import LIVE, Enrollment, State

PAGE = 25
LONGEST = 2**31 - 1
BEST = 500
"""By relevance only so many courses are looked at: to rank and sort them all takes longer the more there are."""

# Written out, because a partial index is of no use to a value that is only known later.
WAITING = Enrollment.state == sa.literal_column(f"'{State.WAITING}'")


@dataclass(frozen=True)
class Asked:
    """What a statement is written for."""

    filters: Filters
    vocabulary: Vocabulary
    few: bool
    zone: str
    is_signed_in: bool
    is_first_page: bool

    @property
    def upto(self) -> sa.ColumnElement[int]:
        """Of the first page it is written out: PostgreSQL then knows that few rows are asked for, and keeps its plan
        instead of making one at each request, which takes as long as the answer."""
        return sa.literal_column(str(PAGE + 1), sa.Integer) if self.is_first_page else UPTO

    @property
    def skipped(self) -> sa.ColumnElement[int]:
        return sa.literal_column("0", sa.Integer) if self.is_first_page else SKIPPED


# What is only known when the statement is executed: a statement is written once for many requests.
NOW = sa.bindparam("now", type_=Offering.starts_at.type)
PERSON = sa.bindparam("person_id", type_=sa.Integer)
SKIPPED = sa.bindparam("skipped", type_=sa.Integer)
UPTO = sa.bindparam("upto", type_=sa.Integer)


def _areas() -> sa.ScalarSelect[str]:
    """The codes of the areas a course covers, with spaces between them."""
    return (
        sa.select(sa.func.aggregate_strings(Area.code, " "))
        .join(CourseArea, CourseArea.area_id == Area.id)
        .where(CourseArea.course_id == Course.id)
        .correlate(Course)
        .scalar_subquery()
    )


STILL_SCHEDULED = Offering.state.concat("") == OfferingState.SCHEDULED
"""The same as SCHEDULED in a form no index helps with, so that the courses are where the search begins."""


# Offerings. First which and in what order, on narrow rows that an index covers; then the columns of those few.


def offering_rows(asked: Asked) -> sa.Select[Any]:
    chosen = _chosen_offerings(asked).subquery("chosen")
    return (
        sa.select(
            Offering.id,
            Offering.course_id,
            Course.title,
            Course.kind,
            Offering.format,
            Offering.county,
            Offering.place,
            Offering.zone,
            Offering.starts_at,
            Offering.ends_at,
            offering_minutes(),
            Course.rsc_minutes,
            _count(Meeting, Meeting.offering_id == Offering.id, Meeting.kind == MeetingKind.SITTING),
            _areas(),
            Offering.capacity,
            _count(Seat, Seat.offering_id == Offering.id, ~Seat.is_taken),
            _count(Enrollment, Enrollment.offering_id == Offering.id, WAITING),
            Offering.when_full == sa.literal_column(f"'{WhenFull.WAITLIST}'"),
            _mine() if asked.is_signed_in else sa.null(),
            Offering.opens_at,
            sa.case((Offering.opens_at > NOW, "early"), (Offering.closes_at <= NOW, "late")),
            sa.or_(Offering.needs_approval, Offering.question != ""),
            Offering.price_cents,
            Offering.member_price_cents,
            Offering.language,
        )
        .join(chosen, chosen.c.id == Offering.id)
        .join(Course, Course.id == Offering.course_id)
        .order_by(chosen.c.undated, chosen.c.sorted_by, Offering.starts_at, Offering.id)
    )


def _count(table: Any, *where: Any) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(table).where(*where).scalar_subquery()


def _mine() -> sa.ColumnElement[Any]:
    """The state of the reader's own live enrollment."""
    own = sa.and_(Enrollment.offering_id == Offering.id, Enrollment.person_id == PERSON)
    return sa.select(Enrollment.state).where(own, Enrollment.state.in_(LIVE)).scalar_subquery()


def _chosen_offerings(asked: Asked) -> sa.Select[Any]:
    """The ids of the page's offerings and one more: first those with dates, then those at one's own pace.

    Each half is read in the order of an index and stops early, which one query over both would not do."""
    best = _best(asked.filters)
    dated = _half(asked, 0, Offering.starts_at > NOW, Offering.minutes, best)
    undated = _half(asked, 1, Offering.starts_at.is_(None), Course.minutes, best)
    both = sa.union_all(sa.select(dated), sa.select(undated)).subquery()
    order = (both.c.undated, both.c.sorted_by, both.c.starts_at, both.c.id)
    return sa.select(both).order_by(*order).limit(PAGE + 1).offset(asked.skipped)


def _half(asked: Asked, undated: int, when: Condition, minutes: Any, best: sa.CTE | None) -> sa.Subquery:
    half = sa.select(Offering.id, sa.literal(undated).label("undated"), Offering.starts_at)
    half = half.join(Course, Course.id == Offering.course_id)
    half = half.where(when, *of_offering(asked.filters, NOW, asked.zone, minutes))
    of_its_course = _of_course(asked)
    if best is not None:
        half = half.join(best, best.c.course_id == Course.id).where(STILL_SCHEDULED, *of_its_course)
    elif asked.few:
        courses = sa.select(Course.id).where(*of_its_course).correlate(None)
        half = half.where(STILL_SCHEDULED, Offering.course_id.in_(courses))
    else:
        half = half.where(SCHEDULED, *of_its_course)
    order = _order(asked.filters, minutes, best)
    half = half.add_columns(order.label("sorted_by"))
    usual = asked.filters.sort == Sort.DATE
    return (
        half.order_by(*([] if usual else [order]), Offering.starts_at, Offering.id)
        .limit(asked.upto)
        .subquery()
    )


def _order(filters: Filters, minutes: Any, best: sa.CTE | None) -> sa.ColumnElement[Any]:
    """What comes before the date or the title."""
    if best is not None:
        return best.c.rank
    return minutes if filters.sort == Sort.HOURS else sa.literal(0)


def _of_course(asked: Asked) -> list[Condition]:
    """What is asked of the course; its words are left to `_best` where that finds them."""
    is_ranked = asked.filters.sort == Sort.RELEVANCE
    filters = asked.filters.without("words") if is_ranked else asked.filters
    return of_course(filters, asked.vocabulary, few=asked.few)


def _best(filters: Filters) -> sa.CTE | None:
    """The courses that fit the words best, when that is the order. A CTE, so that it is made once for both halves."""
    matching = search.matching(filters.q) if filters.sort == Sort.RELEVANCE else None
    return None if matching is None else matching.order_by("rank").limit(BEST).cte("best")


# Courses.


def course_rows(asked: Asked) -> sa.Select[Any]:
    chosen = _chosen_courses(asked).subquery("chosen")
    upcoming = sa.and_(SCHEDULED, Offering.course_id == Course.id, Offering.starts_at > NOW)
    coming = aliased(Offering)
    next_id = sa.select(Offering.id).where(upcoming).order_by(Offering.starts_at, Offering.id).limit(1)
    return (
        sa.select(
            Course.id,
            Course.title,
            Course.kind,
            Course.format,
            Course.location,
            Course.provider,
            Course.provider_state,
            Course.minutes,
            Course.minutes_most,
            Course.minutes_about,
            Course.rsc_minutes,
            Course.meeting_pattern,
            Course.price_cents,
            Course.member_price_cents,
            Course.listing,
            Course.apply_url != "",
            Course.dates_listed,
            coming.starts_at,
            coming.zone,
            _count(Offering, upcoming),
            _count(Offering, SCHEDULED, Offering.course_id == Course.id, Offering.starts_at.is_(None)),
            _areas(),
        )
        .join(chosen, chosen.c.id == Course.id)
        .outerjoin(coming, coming.id == next_id.scalar_subquery())
        .order_by(chosen.c.sorted_by, Course.title, Course.id)
    )


def _chosen_courses(asked: Asked) -> sa.Select[Any]:
    best = _best(asked.filters)
    chosen = sa.select(Course.id).where(*_of_course(asked))
    if best is not None:
        chosen = chosen.join(best, best.c.course_id == Course.id)
    order = _order(asked.filters, sa.func.coalesce(Course.minutes, LONGEST), best)
    chosen = chosen.add_columns(order.label("sorted_by"))
    usual = asked.filters.sort == Sort.TITLE
    chosen = chosen.order_by(*([] if usual else [order]), Course.title, Course.id)
    return chosen.limit(PAGE + 1).offset(asked.skipped)
