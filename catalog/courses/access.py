"""Loading a thing and deciding who may work on it: 404 when it is hidden or not there, 403 when not theirs."""

from typing import Any

from flask import abort

from catalog.accounts.models import Person
from catalog.courses import queries
from catalog.courses.models import Course, Offering
from catalog.courses.services import refuse_posting


def may_coordinate(person: Any, offering: Offering) -> bool:
    """Whether the coordinator's work on this session is theirs: they coordinate everything, or its county or the
    provider of its course. It is asked anew with every request."""
    return bool(person.covers(offering.county, offering.course.provider))


def may_author(person: Person) -> bool:
    return person.is_trainer or person.is_coordinator


def authors_only(person: Person) -> None:
    if not may_author(person):
        abort(403)


def may_edit(person: Person, course: Course) -> bool:
    return person.is_coordinator or (person.is_trainer and course.owner_id == person.id)


def course_to_edit(person: Person, course_id: int) -> Course:
    """One's own course, or any for coordinators; what is not published is not even there for others."""
    course = queries.course(course_id) or abort(404)
    if not may_edit(person, course):
        abort(403 if course.is_public else 404)
    return course


def course_to_review(person: Person, course_id: int) -> Course:
    course = course_to_edit(person, course_id)
    if not person.is_coordinator:
        abort(403)
    return course


def course_to_post(person: Person, course_id: int) -> Course:
    """Any trainer may post a session of a published course."""
    course = queries.course(course_id) or abort(404)
    if not may_author(person) or not (course.is_public or may_edit(person, course)):
        abort(403 if course.is_public else 404)
    refuse_posting(course)
    return course


def offering_to_edit(person: Person, offering_id: int) -> Offering:
    """The session one teaches, or any one coordinates."""
    offering = queries.offering_with_meetings(offering_id) or abort(404)
    if not (may_coordinate(person, offering) or (person.is_trainer and offering.trainer_id == person.id)):
        abort(403 if offering.course.is_public else 404)
    return offering
