"""Everything the page of one course says, in a fixed number of statements however much there is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from catalog.accounts.models import Person
from catalog.browse.forms import age_bands_of
from catalog.browse.queries.listing import WAITING
from catalog.browse.rows import Badge, seats_badge, short_day
from catalog.competencies.models import (
    Area,
    Category,
    Confidence,
    HourRule,
    HourTag,
    Ledger,
    Purpose,
    RuleKind,
    Topic,
    TopicAsked,
)
from catalog.courses.models import (
    Basis,
    Course,
    CourseArea,
    CourseTopic,
    Format,
    Meeting,
    Offering,
    OfferingState,
    Seat,
    course_prerequisite,
    course_tag,
)
from catalog.courses.wording import FORMATS
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.extensions import db
from catalog.places import county_name
from catalog.wording import clock_time, day, zone_name

MOST_OFFERINGS = 200


def course(course_id: int) -> Course | None:
    return db.session.scalar(
        sa.select(Course).options(joinedload(Course.owner)).where(Course.id == course_id)
    )


# The mapping, and what else hangs on a course.


class Status(NamedTuple):
    """How a mapping is known."""

    basis: Basis
    reviewer: str | None
    reviewed_at: datetime | None

    def sentence(self, zone: str) -> str:
        """Never more than is known: only a review with its name and date makes a mapping reviewed."""
        if self.reviewed_at:
            by = f" by {self.reviewer}" if self.reviewer else ""
            return f"Mapping reviewed{by} on {day(self.reviewed_at, zone)}"
        return {
            Basis.PROPOSED: "Mapping proposed by the trainer",
            Basis.STATED: "Stated by the provider",
            Basis.SUGGESTED: "Suggested, not reviewed",
        }[self.basis]


@dataclass(frozen=True)
class MappedArea:
    id: int
    code: str
    name: str
    by_references: bool
    minutes: int | None
    status: Status
    topics: list[tuple[str, Status]] = field(default_factory=list)


def mapping(course_id: int) -> list[MappedArea]:
    """The areas the course covers, in the framework's order, each with its topics."""
    reviewer, topic_reviewer = aliased(Person), aliased(Person)
    topics = (
        sa.select(Topic.area_id, Topic.name, Topic.position, CourseTopic.basis, CourseTopic.reviewed_at)
        .add_columns(topic_reviewer.name.label("reviewer"))
        .join(CourseTopic, CourseTopic.topic_id == Topic.id)
        .outerjoin(topic_reviewer, topic_reviewer.id == CourseTopic.reviewed_by_id)
        .where(CourseTopic.course_id == course_id)
        .subquery()
    )
    statement = (
        sa.select(CourseArea, Area, reviewer.name.label("reviewer"), topics)
        .join(Area, Area.id == CourseArea.area_id)
        .outerjoin(reviewer, reviewer.id == CourseArea.reviewed_by_id)
        .outerjoin(topics, topics.c.area_id == Area.id)
        .where(CourseArea.course_id == course_id)
        .order_by(Area.mentors_only, Area.position, topics.c.position)
    )
    found: dict[int, MappedArea] = {}
    for covers, area, name, _, topic, _, basis, at, topic_name in db.session.execute(statement):
        status = Status(covers.basis, name, covers.reviewed_at)
        mapped = found.setdefault(
            area.id, MappedArea(area.id, area.code, area.name, area.by_references, covers.minutes, status)
        )
        if topic:
            mapped.topics.append((topic, Status(basis, topic_name, at)))
    return list(found.values())


@dataclass(frozen=True)
class Extras:
    tags: list[str]
    required: list[tuple[int, str]]


def extras(course_id: int) -> Extras:
    """The tags its hours carry, and the courses that come first."""
    tags = (
        sa.select(sa.literal("tag"), HourTag.id, HourTag.label)
        .join(course_tag, course_tag.c.tag_id == HourTag.id)
        .where(course_tag.c.course_id == course_id)
    )
    required = (
        sa.select(sa.literal("required"), Course.id, Course.title)
        .join(course_prerequisite, course_prerequisite.c.required_id == Course.id)
        .where(course_prerequisite.c.course_id == course_id)
    )
    rows = db.session.execute(sa.union_all(tags, required)).all()
    return Extras(
        tags=[text for what, _, text in rows if what == "tag"],
        required=[(id_, text) for what, id_, text in rows if what == "required"],
    )


# What it counts for.


@dataclass
class CategoryCount:
    """What of one category's topics a course covers; never a claim that it is accepted for it."""

    name: str
    credential: str
    asks_rsc: bool
    asked: int = 0
    covered: int = 0
    is_confirmed: bool = True
    by_area: int = 0
    """Topics asked for in areas that the course covers without saying which topics."""


def counts_for(of: Course, mapped: Sequence[MappedArea], on: date) -> list[CategoryCount]:
    """The categories the course serves, by what they ask for on that day; none for one that is applied for."""
    if of.is_applied_for_elsewhere:
        return []
    areas_only = {area.id for area in mapped if not area.topics}
    found: dict[int, CategoryCount] = {}
    for category, area_id, asks_rsc, asked, covered, confirmed in db.session.execute(
        _asked_and_covered(of.id, on)
    ):
        if of.age_band not in age_bands_of(category.age_band):
            continue
        count = found.setdefault(
            category.id, CategoryCount(category.name, category.credential, bool(asks_rsc))
        )
        count.asked += asked
        count.covered += covered
        count.is_confirmed = count.is_confirmed and confirmed == asked
        count.by_area += asked if area_id in areas_only else 0
    return [count for count in found.values() if count.covered or count.by_area]


def _asked_and_covered(course_id: int, on: date) -> sa.Select[Any]:
    """For each category and area: the topics asked for, those covered, and those surely known to be asked for."""
    asks_rsc = (
        sa.exists()
        .where(
            HourRule.category_id == Category.id,
            HourRule.ledger == Ledger.RSC,
            HourRule.purpose == Purpose.FIRST,
            HourRule.kind == RuleKind.MINIMUM,
            HourRule.minutes > 0,
            HourRule.is_enabled,
            HourRule.retired_in.is_(None),
            sa.or_(HourRule.effective_from.is_(None), HourRule.effective_from <= on),
            sa.or_(HourRule.effective_until.is_(None), HourRule.effective_until >= on),
        )
        .label("asks_rsc")
    )
    confirmed = sa.and_(
        TopicAsked.confidence == Confidence.CONFIRMED, Topic.confidence == Confidence.CONFIRMED
    )
    covers = sa.and_(CourseTopic.topic_id == Topic.id, CourseTopic.course_id == course_id)
    return (
        sa.select(
            Category,
            Topic.area_id,
            asks_rsc,
            sa.func.count(),
            sa.func.count(CourseTopic.topic_id),
            sa.func.sum(sa.case((confirmed, 1), else_=0)),
        )
        .join(TopicAsked, TopicAsked.category_id == Category.id)
        .join(Topic, Topic.id == TopicAsked.topic_id)
        .outerjoin(CourseTopic, covers)
        .where(Category.is_current, Category.retired_in.is_(None), Topic.retired_in.is_(None))
        .group_by(Category.id, Topic.area_id)
        .order_by(Category.position, Category.id)
    )


# Its offerings.


class OfferingLine(NamedTuple):
    """The columns in the order of `offerings`. `mine` is the state of the reader's own enrollment."""

    id: int
    state: OfferingState
    format: Format
    county: str | None
    place: str
    zone: str
    language: str
    starts_at: datetime | None
    ends_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    capacity: int | None
    free: int
    waiting: int
    meetings: int
    mine: State | None
    is_sample: bool

    @property
    def where(self) -> str:
        place = ", ".join(part for part in (self.place, county_name(self.county)) if part)
        return (
            place
            if self.format == Format.IN_PERSON and place
            else " · ".join(filter(None, (FORMATS[self.format], place)))
        )

    @property
    def title(self) -> str:
        """ "Tue 14 Jan 2027, 9:00 am, Central time", by which one session of a course is told from another."""
        if not self.starts_at:
            return "At your own pace"
        return f"{day(self.starts_at, self.zone)}, {clock_time(self.starts_at, self.zone)}, {zone_name(self.zone)}"

    @property
    def times(self) -> str:
        if not self.starts_at or not self.ends_at:
            return "No meetings"
        if self.meetings > 1:
            return f"{self.meetings} meetings, until {day(self.ends_at, self.zone)}"
        return f"Until {clock_time(self.ends_at, self.zone)}"

    def is_upcoming(self, now: datetime) -> bool:
        return self.state == OfferingState.SCHEDULED and (self.ends_at is None or self.ends_at > now)

    def badges(self, now: datetime) -> list[Badge]:
        """What can be said of it, the most important first."""
        if self.state == OfferingState.CANCELLED:
            return [Badge("Cancelled", "clay")]
        if self.ends_at and self.ends_at <= now:
            return [Badge("Over", "soft")]
        found = [Badge("Your session", "leaf")] if self.mine else []
        if self.starts_at and self.starts_at <= now:
            return [*found, Badge("Has begun", "soft")]
        if self.opens_at and self.opens_at > now:
            found.append(Badge(f"Opens {short_day(self.opens_at, self.zone)}", "soft"))
        elif self.closes_at and self.closes_at <= now:
            found.append(Badge("Enrollment closed", "soft"))
        return [*found, seats_badge(self.capacity, self.free, self.waiting)]


def offerings(course_id: int, person_id: int | None) -> list[OfferingLine]:
    """The offerings of a course, those at one's own pace first, then by date; of very many, the latest."""
    seats = sa.select(sa.func.count()).where(Seat.offering_id == Offering.id, ~Seat.is_taken)
    waiting = sa.select(sa.func.count()).where(Enrollment.offering_id == Offering.id, WAITING)
    meetings = sa.select(sa.func.count()).where(Meeting.offering_id == Offering.id)
    own = sa.and_(Enrollment.offering_id == Offering.id, Enrollment.person_id == person_id)
    mine = sa.select(Enrollment.state).where(own, Enrollment.state.in_(LIVE))
    statement = (
        sa.select(
            Offering.id,
            Offering.state,
            Offering.format,
            Offering.county,
            Offering.place,
            Offering.zone,
            Offering.language,
            Offering.starts_at,
            Offering.ends_at,
            Offering.opens_at,
            Offering.closes_at,
            Offering.capacity,
            seats.scalar_subquery(),
            waiting.scalar_subquery(),
            meetings.scalar_subquery(),
            mine.scalar_subquery() if person_id else sa.null(),
            Offering.is_sample,
        )
        .where(Offering.course_id == course_id)
        .order_by(Offering.starts_at.is_not(None), Offering.starts_at.desc(), Offering.id)
        .limit(MOST_OFFERINGS)
    )
    lines = [OfferingLine(*row) for row in db.session.execute(statement)]
    dated = [line for line in lines if line.starts_at]
    return [line for line in lines if not line.starts_at] + dated[::-1]
