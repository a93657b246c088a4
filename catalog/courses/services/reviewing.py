"""The way of a course from the trainer's desk into the catalog; each step is written down and told."""

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses import letters, search
from catalog.courses.models import Course, CourseArea, CourseState, Review, ReviewAct
from catalog.courses.refusals import NothingMapped, NotReady, ReasonNeeded, WrongState
from catalog.courses.services.mapping import mark_reviewed
from catalog.courses.services.versions import claim
from catalog.extensions import db
from catalog.notices import audit

BEFORE_REVIEW = (CourseState.DRAFT, CourseState.CHANGES_ASKED)


def missing(course: Course) -> list[str]:
    """What a reviewer still needs, in words; nothing when the course can be sent."""
    mapped = course.is_applied_for_elsewhere or db.session.scalar(
        sa.select(sa.exists().where(CourseArea.course_id == course.id))
    )
    wanted = {"a title": course.title, "a summary": course.summary, "a kind": course.kind}
    return [
        what for what, is_there in {**wanted, "at least one competency area": mapped}.items() if not is_there
    ]


def submit(course: Course, version: int, *, by: Person, text: str = "") -> None:
    """Send the course to the coordinators, the first time or with an answer. Raises NotReady."""
    claim(course, version)
    _refuse_unless(course.state in BEFORE_REVIEW)
    _refuse_unready(course)
    _step(course, ReviewAct.SUBMITTED, CourseState.IN_REVIEW, "course.submitted", by=by, text=text)
    letters.submitted(course, text, by)


def ask_changes(course: Course, version: int, *, by: Person, reason: str) -> None:
    claim(course, version)
    _refuse_unless(course.state == CourseState.IN_REVIEW)
    if not reason.strip():
        raise ReasonNeeded
    _step(
        course, ReviewAct.CHANGES_ASKED, CourseState.CHANGES_ASKED, "course.changes_asked", by=by, text=reason
    )
    letters.changes_asked(course, reason, by)


def can_publish(course: Course, by: Person) -> bool:
    """What is in review, and what a coordinator wrote or looks after for want of an owner."""
    is_own = course.owner_id in (None, by.id) and course.state in BEFORE_REVIEW
    return by.is_coordinator and (course.state == CourseState.IN_REVIEW or is_own)


def publish(course: Course, version: int, *, by: Person, with_mapping: bool = False) -> None:
    """Put the course into the catalog; `with_mapping` also records that its mapping was reviewed."""
    claim(course, version)
    _refuse_unless(can_publish(course, by))
    _refuse_unready(course)
    _step(course, ReviewAct.PUBLISHED, CourseState.PUBLISHED, "course.published", by=by)
    if with_mapping and course.areas:
        _record_mapping(course, by)
    letters.published(course, by)


def review_mapping(course: Course, version: int, *, by: Person) -> None:
    """Record on every row of the mapping who reviewed it, and when."""
    claim(course, version)
    _refuse_unless(course.state == CourseState.PUBLISHED)
    if not course.areas:
        raise NothingMapped
    _record_mapping(course, by)
    letters.mapping_reviewed(course, by)


def _record_mapping(course: Course, by: Person) -> None:
    mark_reviewed(course, by, clock.now())
    _step(course, ReviewAct.MAPPING_REVIEWED, course.state, "course.mapping_reviewed", by=by)


def _step(
    course: Course, act: ReviewAct, state: CourseState, action: str, *, by: Person, text: str = ""
) -> None:
    course.state = state
    db.session.add(Review(course_id=course.id, at=clock.now(), by_id=by.id, act=act, text=text))
    db.session.flush()
    audit.note(action, "course", course.id, by=by, person_id=course.owner_id, reason=text or None)
    search.index(course)


def _refuse_unless(allowed: bool) -> None:
    if not allowed:
        raise WrongState


def _refuse_unready(course: Course) -> None:
    if lacking := missing(course):
        raise NotReady(lacking)
