"""Saved searches are for the person alone; who waits for a course is for coordinators."""

from typing import Any

from flask import abort

from catalog.browse.access import may_see
from catalog.courses import queries as courses
from catalog.courses.models import Course
from catalog.following import queries
from catalog.following.models import SavedSearch


def own_search(person: Any, search_id: int) -> SavedSearch:
    """To everybody else it is not there, coordinators included."""
    found = queries.search(search_id)
    return found if found is not None and found.person_id == person.id else abort(404)


def course_to_wait_for(person: Any, course_id: int) -> Course:
    """One that everybody may see; waiting for a draft would say that there is one."""
    found = courses.course(course_id)
    if found is None or not found.is_public or not may_see(person, found):
        abort(404)
    return found


def course_to_plan(course_id: int) -> Course:
    return courses.course(course_id) or abort(404)
