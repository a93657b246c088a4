"""The page of one course, painted from how the course stands."""

from datetime import datetime
from typing import Any, NamedTuple

from flask import render_template
from markupsafe import Markup

from catalog.browse import saying
from catalog.browse.access import may_see
from catalog.browse.facets import Picture
from catalog.browse.queries import course_text, served
from catalog.courses.access import may_author, may_edit


class Painted(NamedTuple):
    title: str
    body: Markup


def course_page(text: str, picture: Picture, reader: Any, now: datetime) -> Painted | None:
    """The page for this reader, signed in or not; None when it is not for them.

    A stranger's page follows from the text and the day alone, so it is painted once for each picture."""
    if reader.is_authenticated:
        return _painted(text, picture, reader, now)
    return picture.recall(("course", text, now.date()), lambda: _painted(text, picture, reader, now))


def _painted(text: str, picture: Picture, reader: Any, now: datetime) -> Painted | None:
    found = course_text.read(text)
    course = found.course
    if not may_see(reader, course):
        return None
    asked = picture.recall(("asked", found.changes, now.date()), lambda: served.asked(now.date()))
    is_joined_here = course.is_public and not course.is_applied_for_elsewhere
    body = render_template(
        "browse/_course.html",
        course=course,
        said=saying.of(course, bool(found.mapped)),
        areas=picture.vocabulary.strip,
        mapped=found.mapped,
        tags=found.tags,
        required=found.required,
        counts=served.counts_for(course, found.mapped, found.covered, asked),
        coming=[line for line in found.lines if line.is_upcoming(now)],
        past=[line for line in reversed(found.lines) if not line.is_upcoming(now)],
        now=now,
        may_edit=may_edit(reader, course),
        may_post=is_joined_here and may_author(reader),
    )
    return Painted(course.title, Markup(body))  # noqa: S704 - it is what the template made
