"""Saying which areas and topics a course covers."""

from typing import Any

from flask import Response, abort, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.competencies.queries import tags, topics_by_area
from catalog.courses import queries, services
from catalog.courses.access import course_to_edit
from catalog.courses.forms.mapping import mapping_form
from catalog.courses.forms.saying import say
from catalog.courses.models import Course
from catalog.courses.refusals import FieldsRefused, Stale
from catalog.courses.views.blueprint import pages
from catalog.courses.views.editing import version_of_form, version_to_show
from catalog.extensions import db


@pages.get("/courses/<int:course_id>/mapping")
@login_required
def mapping(course_id: int) -> Response:
    return _page(_course(course_id))


@pages.post("/courses/<int:course_id>/mapping")
@login_required
def save_mapping(course_id: int) -> Response:
    course = _course(course_id)
    form = mapping_form(topics_by_area(), tags(), course)
    if not form.validate():
        return _page(course, 422, form=form)
    try:
        services.save_mapping(
            course, form.covered(), set(form.tags.data or ()), version_of_form(), by=current_user
        )
    except FieldsRefused as refusal:
        db.session.rollback()
        say(form, refusal.sentences)
        return _page(_course(course_id), 422, form=form)
    except Stale:
        db.session.rollback()
        return _page(_course(course_id), 409, form=form)
    db.session.commit()
    return web.saved(url_for(".review_course", course_id=course_id), message="The mapping is saved.")


def _course(course_id: int) -> Course:
    course_to_edit(current_user, course_id)
    return queries.mapped(course_id) or abort(404)


def _page(course: Course, status: int = 200, form: Any = None) -> Response:
    groups = topics_by_area()
    retired = [row.area.name for row in course.areas if row.area.retired_in]
    return web.render(
        "courses/mapping.html",
        status=status,
        course=course,
        version=version_to_show(course, status),
        groups=groups,
        form=form or mapping_form(groups, tags(), course),
        retired=retired + [row.topic.name for row in course.topics if row.topic.retired_in],
        is_stale=status == 409,
        rows={row.area_id: row for row in course.areas},
    )
