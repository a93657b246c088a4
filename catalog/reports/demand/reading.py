"""Reads: who misses what, as the last run found it, and which seats are coming, as of now."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.competencies.models import Area, Category, Ledger, Topic
from catalog.courses.models import (
    Course,
    CourseState,
    CourseTopic,
    Format,
    Kind,
    Listing,
    Meeting,
    Offering,
    OfferingState,
    Seat,
)
from catalog.enrollment.models import IS_WAITING, Enrollment
from catalog.extensions import db
from catalog.reports.demand.gaps import ONLINE, UNPLACED, Coming
from catalog.reports.period import Period
from catalog.reports.standings.models import GoalStanding, StandingRun, TopicGap

# Who misses what.


def missed(run: StandingRun) -> dict[int, dict[str, int]]:
    """By topic and county, how many people."""
    found: dict[int, dict[str, int]] = {}
    for row in db.session.execute(
        sa.select(TopicGap.topic_id, TopicGap.county, TopicGap.people).where(TopicGap.run_id == run.id)
    ):
        found.setdefault(row.topic_id, {})[row.county] = row.people
    return found


def people_by_county(run: StandingRun) -> dict[str, int]:
    """How many people miss at least one topic."""
    rows = db.session.execute(
        sa.select(GoalStanding.county, sa.func.count(GoalStanding.person_id.distinct()))
        .where(GoalStanding.run_id == run.id, GoalStanding.missing != "")
        .group_by(GoalStanding.county)
    )
    return dict(rows.tuples().all())


def _who(run: StandingRun, topic_ids: Collection[int] | None, counties: Collection[str]) -> list[Any]:
    """Those who miss one of these topics, or any where None are named; of these counties, or of all."""
    where: list[Any] = [GoalStanding.run_id == run.id]
    if topic_ids is None:
        where.append(GoalStanding.missing != "")
    else:
        where.append(sa.or_(sa.false(), *(GoalStanding.missing.contains(f",{one},") for one in topic_ids)))
    if counties:
        where.append(GoalStanding.county.in_(list(counties)))
    return where


def count_who(run: StandingRun, topic_ids: Collection[int] | None, counties: Collection[str]) -> int:
    counted = sa.select(sa.func.count(GoalStanding.person_id.distinct()))
    return db.session.scalar(counted.where(*_who(run, topic_ids, counties))) or 0


class Somebody(NamedTuple):
    id: int
    name: str
    county: str
    categories: str


def who(
    run: StandingRun, topic_ids: Collection[int] | None, counties: Collection[str], *, page: int, size: int
) -> list[Somebody]:
    """One page of them by name, each once, with what they work toward."""
    rows = db.session.execute(
        sa.select(
            Person.id,
            Person.name,
            sa.func.min(GoalStanding.county),
            sa.func.aggregate_strings(Category.name, ", "),
        )
        .join(GoalStanding, GoalStanding.person_id == Person.id)
        .join(Category, Category.id == GoalStanding.category_id)
        .where(*_who(run, topic_ids, counties))
        .group_by(Person.id, Person.name)
        .order_by(Person.name, Person.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [Somebody(*row) for row in rows]


# Topics and courses.


class TopicName(NamedTuple):
    id: int
    code: str
    name: str
    area: str


def topics() -> list[TopicName]:
    """In the framework's order, without those that are shown mainly by references."""
    rows = db.session.execute(
        sa.select(Topic.id, Topic.code, Topic.name, Area.name)
        .join(Topic.area)
        .where(Topic.retired_in.is_(None), Area.retired_in.is_(None), ~Area.by_references)
        .order_by(Area.mentors_only, Area.position, Area.id, Topic.position, Topic.id)
    )
    return [TopicName(*row) for row in rows]


def mapped() -> dict[int, dict[int, bool]]:
    """By published course, the topics it covers, and whether a coordinator has reviewed that."""
    found: dict[int, dict[int, bool]] = {}
    for row in db.session.execute(
        sa.select(
            CourseTopic.course_id,
            CourseTopic.topic_id,
            CourseTopic.reviewed_at.is_not(None).label("reviewed"),
        )
        .join(Course, Course.id == CourseTopic.course_id)
        .where(Course.state == CourseState.PUBLISHED)
        .order_by(CourseTopic.course_id, CourseTopic.topic_id)
    ):
        found.setdefault(row.course_id, {})[row.topic_id] = bool(row.reviewed)
    return found


def schedulable(state: str) -> dict[int, str]:
    """The titles of courses of which a session could be posted here: published, and not another state's."""
    rows = db.session.execute(
        sa.select(Course.id, Course.title)
        .where(
            Course.state == CourseState.PUBLISHED,
            Course.listing == Listing.OPEN,
            Course.apply_url == "",
            Course.kind == Kind.IN_SERVICE,
            Course.provider_state.in_(("", state)),
        )
        .order_by(Course.id)
    )
    return dict(rows.tuples().all())


# Seats.


def coming(period: Period, at: datetime, zone: str) -> list[Coming]:
    """Sessions that begin in these days and can still be joined, now or once they open, without anybody waiting; and
    those at one's own pace. Only what gives training hours covers a topic."""
    free = (
        sa.select(sa.func.count())
        .where(Seat.offering_id == Offering.id, ~Seat.is_taken)
        .correlate(Offering)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            Offering.id,
            Offering.course_id,
            _place(),
            Offering.starts_at,
            sa.case((Offering.capacity.is_not(None), free)),
        )
        .join(Course, Course.id == Offering.course_id)
        .where(*_is_coming(period, at, zone))
        .order_by(Offering.starts_at.nulls_last(), Offering.id)
    )
    return [Coming(*row) for row in rows]


def _place() -> Any:
    """What can be joined from anywhere is online, also where there is a room as well."""
    is_online = Offering.format.in_((Format.VIRTUAL, Format.HYBRID, Format.SELF_PACED))
    return sa.case((is_online, ONLINE), else_=sa.func.coalesce(Offering.county, UNPLACED))


def _is_coming(period: Period, at: datetime, zone: str) -> list[Any]:
    begins = midnight(period.first, zone)
    ends = midnight(period.last + timedelta(days=1), zone)
    gives_training = sa.or_(
        sa.exists().where(
            Meeting.offering_id == Offering.id, Meeting.ledger == Ledger.TRAINING, Meeting.minutes > 0
        ),
        sa.and_(Offering.starts_at.is_(None), Course.kind != Kind.REFLECTIVE_GROUP),
    )
    in_these_days = sa.and_(Offering.starts_at >= begins, Offering.starts_at > at, Offering.starts_at < ends)
    return [
        Offering.state == OfferingState.SCHEDULED,
        sa.or_(in_these_days, sa.and_(Offering.starts_at.is_(None), sa.literal(ends > at))),
        sa.or_(Offering.closes_at.is_(None), Offering.closes_at > at),
        Course.state == CourseState.PUBLISHED,
        Course.listing == Listing.OPEN,
        Course.apply_url == "",
        gives_training,
        ~sa.exists().where(Enrollment.offering_id == Offering.id, IS_WAITING),
    ]


class SessionRow(NamedTuple):
    id: int
    title: str
    starts_at: datetime | None
    zone: str
    county: str | None
    format: Format


def session_rows(offering_ids: Sequence[int]) -> dict[int, SessionRow]:
    rows = db.session.execute(
        sa.select(
            Offering.id, Course.title, Offering.starts_at, Offering.zone, Offering.county, Offering.format
        )
        .join(Course, Course.id == Offering.course_id)
        .where(Offering.id.in_(list(offering_ids)))
    )
    return {row.id: SessionRow(*row) for row in rows}


def midnight(day: date, zone: str) -> datetime:
    """The instant at which the day begins where the catalog is at home."""
    return datetime.combine(day, time(), ZoneInfo(zone))
