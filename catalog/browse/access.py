"""Who may see what of the public face: 404 for what is not there, or not there for this reader."""

from typing import Any

from flask import abort

from catalog.browse.queries import offering as offering_page
from catalog.courses.models import Course, CourseState, Offering
from catalog.enrollment.access import may_run, stands_in
from catalog.enrollment.models import Enrollment, State

SHOWN = (CourseState.PUBLISHED, CourseState.ARCHIVED)
"""An archived course was public once: links from certificates and old mail still lead to it."""


def may_see(person: Any, course: Course) -> bool:
    """`person` is whoever looks, signed in or not."""
    is_theirs = person.id is not None and course.owner_id == person.id
    return course.state in SHOWN or is_theirs or bool(person.is_coordinator)


def offering_to_see(person: Any, offering_id: int) -> Offering:
    found = offering_page.offering(offering_id)
    if found is None or not (may_see(person, found.course) or found.trainer_id == (person.id or 0)):
        abort(404)
    return found


def may_see_link(person: Any, offering: Offering, mine: Enrollment | None) -> bool:
    """The online link is for those who have a seat, and for those who run the session."""
    if not person.is_authenticated:
        return False
    leads_one = any(stands_in(person, meeting) for meeting in offering.meetings)
    return (mine is not None and mine.state == State.SEATED) or may_run(person, offering) or leads_one
