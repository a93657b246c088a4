"""What the page of one course is painted from."""

from datetime import date, datetime
from typing import Any

from catalog.browse import asides, saying
from catalog.browse.access import may_see
from catalog.browse.facets import Picture
from catalog.browse.queries import course_text, served
from catalog.courses.access import may_author, may_edit


def course_page(
    text: str, picture: Picture, reader: Any, now: datetime, today: date
) -> dict[str, Any] | None:
    """The page of a course that stands as the text says, for this reader; None when it is not for them.

    For strangers it follows from the text and the day alone. The day decides which rules are in force."""
    found = course_text.read(text)
    course = found.course
    if not may_see(reader, course):
        return None
    asked = picture.recall(("asked", found.changes, today), lambda: served.asked(today))
    is_joined_here = course.is_public and not course.is_applied_for_elsewhere
    coming = [line for line in found.lines if line.is_upcoming(now)]
    return {
        **asides.of_course(reader, course, coming, now),
        "course": course,
        "said": saying.of(course, bool(found.mapped)),
        "areas": picture.vocabulary.strip,
        "mapped": found.mapped,
        "tags": found.tags,
        "required": found.required,
        "components": found.components,
        "counts": served.counts_for(course, found.mapped, found.covered, asked),
        "coming": coming,
        "past": [line for line in reversed(found.lines) if not line.is_upcoming(now)],
        "now": now,
        "may_edit": may_edit(reader, course),
        "may_post": is_joined_here and may_author(reader),
    }
