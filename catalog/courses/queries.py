"""Reads for those who write, review and post courses. Finding and showing them to everyone is not here."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from catalog.accounts.models import Person, Qualification, RoleGrant
from catalog.accounts.queries import rsc_qualifications
from catalog.competencies.models import Ledger
from catalog.courses import rsc
from catalog.courses.models import (
    Course,
    CourseArea,
    CourseState,
    CourseTopic,
    Meeting,
    Offering,
    Review,
    ReviewAct,
    Seat,
    meeting_substitute,
    meeting_trainer,
)
from catalog.extensions import db

LARGEST_ID = 2**31 - 1
PAGE = 25


class TaughtCourse(NamedTuple):
    course: Course
    asked: Review | None


class TaughtOffering(NamedTuple):
    """An offering on a trainer's desk; `taken` counts the seats held or offered."""

    offering: Offering
    taken: int
    is_own: bool
    is_helped: bool = True

    @property
    def has_roster(self) -> bool:
        """Whoever only stands in at a meeting takes its attendance and has no roster."""
        return self.is_own or self.is_helped


class Awaiting(NamedTuple):
    course: Course
    since: datetime | None


class Page(NamedTuple):
    """One page of a list; `url` gives the address of another."""

    courses: Sequence[Course]
    total: int
    number: int
    pages: int
    url: Callable[[int], str]


def coordinated_by(person: Person) -> sa.ColumnElement[bool]:
    """Whether a session is among those the person coordinates; access.may_coordinate asks the same of one."""
    if person.is_coordinator:
        return sa.true()
    return sa.or_(sa.false(), *(_is_covered(grant) for grant in person.grants_in_force))


def _is_covered(grant: RoleGrant) -> sa.ColumnElement[bool]:
    there = [Offering.county.in_(grant.counties)] if grant.counties else []
    if grant.providers:
        theirs = sa.select(Course.id).where(Course.provider.in_(grant.providers))
        there.append(Offering.course_id.in_(theirs))
    return sa.and_(sa.true(), *there)


def course(course_id: int) -> Course | None:
    return db.session.get(Course, course_id) if course_id <= LARGEST_ID else None


def mapped(course_id: int) -> Course | None:
    """The course with its mapping, its prerequisites and its owner loaded."""
    return db.session.scalar(
        sa.select(Course)
        .where(Course.id == course_id)
        .options(*_with_mapping(), selectinload(Course.required), joinedload(Course.owner))
        .execution_options(populate_existing=True)
    )


def _with_mapping() -> tuple[sa.sql.base.ExecutableOption, ...]:
    areas, topics = selectinload(Course.areas), selectinload(Course.topics)
    return (
        areas.joinedload(CourseArea.area),
        areas.joinedload(CourseArea.reviewed_by),
        topics.joinedload(CourseTopic.topic),
        selectinload(Course.tags),
    )


def conversation(course_id: int) -> Sequence[Review]:
    """Every step of the review, the oldest first."""
    return db.session.scalars(
        sa.select(Review)
        .where(Review.course_id == course_id)
        .options(joinedload(Review.by))
        .order_by(Review.at, Review.id)
    ).all()


def last_asked(course: Course) -> Review | None:
    """What the coordinator asked to change, while the answer is due."""
    if course.state != CourseState.CHANGES_ASKED:
        return None
    return db.session.scalar(
        sa.select(Review)
        .where(Review.course_id == course.id, Review.act == ReviewAct.CHANGES_ASKED)
        .options(joinedload(Review.by))
        .order_by(Review.id.desc())
        .limit(1)
    )


def coordinators(of: Offering | None = None) -> list[Person]:
    """Whoever coordinates everything now, for good or for a while; `of` a session, also who coordinates its county or
    its provider."""
    some = coordinators_of_some()
    return [one for one in some if (one.covers(of.county, of.course.provider) if of else one.is_coordinator)]


def coordinators_of_some() -> list[Person]:
    """Whoever coordinates anything now: everything, or some counties or providers."""
    may_be = (
        sa.select(Person)
        .where(
            Person.coordinates | Person.is_administrator | Person.has_grants,
            Person.merged_into_id.is_(None),
            Person.left_at.is_(None),
        )
        .order_by(Person.id)
    )
    return [one for one in db.session.scalars(may_be) if one.coordinates_some]


def titles(of: Course | None = None) -> dict[int, str]:
    """Published courses that another could ask for first or consist of, by id; with those it names already."""
    kept = {named.id: named.title for named in (*of.required, *of.components)} if of else {}
    found = db.session.execute(
        sa.select(Course.id, Course.title).where(Course.state == CourseState.PUBLISHED).order_by(Course.title)
    )
    others = {course_id: title for course_id, title in found if of is None or course_id != of.id}
    return {**others, **kept}


def offering_with_meetings(offering_id: int) -> Offering | None:
    if offering_id > LARGEST_ID:
        return None
    return db.session.scalar(
        sa.select(Offering)
        .where(Offering.id == offering_id)
        .options(
            joinedload(Offering.course),
            joinedload(Offering.trainer),
            selectinload(Offering.meetings).options(
                selectinload(Meeting.co_trainers), joinedload(Meeting.substitute)
            ),
        )
    )


def rsc_warning(offering: Offering) -> str:
    """What people are told before they join where the facilitator is not qualified on every day of RSC."""
    if all(meeting.ledger != Ledger.RSC for meeting in offering.meetings):
        return ""
    return rsc.warning(offering, rsc_held(offering))


def rsc_held(*offerings: Offering) -> Sequence[Qualification]:
    """What lets those who lead the meetings of these offerings provide RSC, whenever it held.

    Who stands in for a facilitator is read along, for all meetings at once."""
    of = sa.select(Meeting).where(Meeting.offering_id.in_([offering.id for offering in offerings]))
    meetings = db.session.scalars(of.options(selectinload(Meeting.substitute))).all()
    people = {meeting.substitute.id for meeting in meetings if meeting.substitute}
    people |= {offering.trainer_id for offering in offerings if offering.trainer_id}
    return rsc_qualifications(people)


# The trainer's desk.


def courses_of(person: Person) -> list[TaughtCourse]:
    """The person's courses by title, each with what a coordinator last asked to change."""
    last = (
        sa.select(sa.func.max(Review.id))
        .where(Review.act == ReviewAct.CHANGES_ASKED)
        .group_by(Review.course_id)
        .scalar_subquery()
    )
    found = db.session.execute(
        sa.select(Course, Review)
        .outerjoin(Review, sa.and_(Review.course_id == Course.id, Review.id.in_(last)))
        .where(Course.owner_id == person.id)
        .options(joinedload(Review.by))
        .order_by(Course.title, Course.id)
    )
    return [TaughtCourse(course, asked) for course, asked in found]


def offerings_of(person: Person, at: datetime, past: bool, limit: int = 50) -> list[TaughtOffering]:
    """What the person teaches: the coming ones soonest first, or the past ones latest first."""
    taken = (
        sa.select(sa.func.count())
        .where(Seat.offering_id == Offering.id, Seat.is_taken)
        .correlate(Offering)
        .scalar_subquery()
    )
    helps, stands_in = (
        sa.select(Meeting.offering_id)
        .join(others, others.c.meeting_id == Meeting.id)
        .where(others.c.person_id == person.id)
        for others in (meeting_trainer, meeting_substitute)
    )
    is_over = sa.func.coalesce(Offering.ends_at <= at, sa.false())
    soonest = (Offering.starts_at.desc(), Offering.id) if past else (Offering.starts_at, Offering.id)
    found = db.session.execute(
        sa.select(Offering, taken, Offering.id.in_(helps))
        .where(
            sa.or_(Offering.trainer_id == person.id, Offering.id.in_(helps), Offering.id.in_(stands_in)),
            is_over == past,
        )
        .options(joinedload(Offering.course))
        .order_by(*soonest)
        .limit(limit)
    )
    return [
        TaughtOffering(offering, count, offering.trainer_id == person.id, is_helped)
        for offering, count, is_helped in found
    ]


# The coordinator's queue.


def awaiting_review() -> list[Awaiting]:
    """Courses in review, the one that has waited longest first."""
    since = (
        sa.select(sa.func.max(Review.at))
        .where(Review.course_id == Course.id, Review.act == ReviewAct.SUBMITTED)
        .correlate(Course)
        .scalar_subquery()
    )
    found = db.session.execute(
        sa.select(Course, since)
        .where(Course.state == CourseState.IN_REVIEW)
        .options(joinedload(Course.owner), selectinload(Course.areas).joinedload(CourseArea.area))
        .order_by(since, Course.id)
    )
    return [Awaiting(course, at) for course, at in found]


def with_trainer() -> Sequence[Course]:
    """Courses whose trainers were asked for changes and have not answered yet."""
    return db.session.scalars(
        sa.select(Course)
        .where(Course.state == CourseState.CHANGES_ASKED)
        .options(joinedload(Course.owner))
        .order_by(Course.updated_at, Course.id)
    ).all()


def is_mapping_unseen() -> sa.ColumnElement[bool]:
    """Whether a published course has a row of its mapping that nobody reviewed, or no mapping at all."""
    unseen = [
        sa.exists().where(row.course_id == Course.id, row.reviewed_at.is_(None))
        for row in (CourseArea, CourseTopic)
    ]
    unmapped = sa.and_(Course.apply_url == "", ~sa.exists().where(CourseArea.course_id == Course.id))
    return sa.and_(Course.state == CourseState.PUBLISHED, sa.or_(*unseen, unmapped))


def mapping_not_reviewed(number: int, url: Callable[[int], str]) -> Page:
    """Published courses with a row of their mapping that nobody reviewed, or with no mapping at all."""
    wanted = is_mapping_unseen()
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Course).where(wanted)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(number, 1), pages)
    courses = db.session.scalars(
        sa.select(Course)
        .where(wanted)
        .options(selectinload(Course.areas).joinedload(CourseArea.area))
        .order_by(Course.title, Course.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    return Page(courses, total, number, pages, url)
