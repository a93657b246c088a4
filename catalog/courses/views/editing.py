"""Writing a course."""

from typing import Any

from flask import Response, request, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.accounts.queries import trainers
from catalog.courses import queries, services
from catalog.courses.access import authors_only, course_to_edit
from catalog.courses.forms.choices import EXAMPLE, EXAMPLES
from catalog.courses.forms.course import CourseForm, numbered, titles_of
from catalog.courses.forms.saying import differences, say, says
from catalog.courses.models import Course, CreditRule, Kind, Offering
from catalog.courses.refusals import FieldsRefused, SentBefore, Stale
from catalog.courses.views.blueprint import pages
from catalog.extensions import db


@pages.get("/courses/new")
@login_required
def new() -> Response:
    authors_only(current_user)
    form = _form(None)
    if request.args.get("kind") == Kind.REFLECTIVE_GROUP:
        form.kind.data, form.credit_rule.data = Kind.REFLECTIVE_GROUP, CreditRule.PER_MEETING
    return _page(form, None)


@pages.post("/courses")
@login_required
def create() -> Response:
    authors_only(current_user)
    form = _form(None)
    if not form.validate():
        return _page(form, None, 422)
    try:
        course = services.create(
            form.columns(),
            form.required_ids(),
            by=current_user,
            components=form.component_ids(),
            once=form.once.data,
        )
    except FieldsRefused as refusal:
        return _refused(form, None, refusal)
    db.session.commit()
    return web.saved(
        url_for(".mapping", course_id=course.id), message="Saved as a draft. Now say what it covers."
    )


@pages.get("/courses/<int:course_id>/edit")
@login_required
def edit(course_id: int) -> Response:
    course = course_to_edit(current_user, course_id)
    return _page(_form(course), course)


@pages.post("/courses/<int:course_id>")
@login_required
def update(course_id: int) -> Response:
    course = course_to_edit(current_user, course_id)
    form = _form(course)
    if not form.validate():
        return _page(form, course, 422)
    try:
        services.edit(
            course,
            form.columns(),
            form.required_ids(),
            version_of_form(),
            by=current_user,
            components=form.component_ids(),
        )
    except FieldsRefused as refusal:
        return _refused(form, course_id, refusal)
    except Stale:
        db.session.rollback()
        course = course_to_edit(current_user, course_id)
        return _page(form, course, 409, now_saved=differences(form, _form(course, bound=False)))
    db.session.commit()
    return web.saved(url_for(".review_course", course_id=course_id), message="Saved.")


def version_of_form() -> int:
    """The version the form was opened with; without one, nothing is newer than what is saved."""
    return request.form.get("version", 0, type=int)


def version_to_show(thing: Course | Offering, status: int) -> int:
    """A form that comes back keeps the version it was opened with, or a later save would go unseen; after a 409
    the person has been shown that save, and saving once more is meant."""
    return version_of_form() if request.method == "POST" and status != 409 else thing.version


def _form(course: Course | None, bound: bool = True) -> CourseForm:
    form = CourseForm(
        **({} if bound else {"formdata": None}),
        obj=course,
        prerequisite_titles=titles_of(course.required) if course else ["", ""],
        component_titles=titles_of(course.components if course else [], empty=3),
    )
    owners = [(person.id, person.name) for person in trainers()] if current_user.is_coordinator else None
    if owners is not None and course and course.owner and course.owner_id not in dict(owners):
        owners.append((course.owner.id, course.owner.name))
    if course:
        del form.once
    return form.offer(queries.titles(course), owners)


def _page(form: CourseForm, course: Course | None, status: int = 200, **more: Any) -> Response:
    return web.render(
        "courses/edit.html" if course else "courses/new.html",
        status=status,
        form=form,
        course=course,
        version=version_to_show(course, status) if course else 0,
        asked=queries.last_asked(course) if course else None,
        choices=[numbered(course_id, title) for course_id, title in form.titles.items()],
        says=says,
        example=EXAMPLE,
        examples=EXAMPLES,
        **{"now_saved": None, **more},
    )


def _refused(form: CourseForm, course_id: int | None, refusal: FieldsRefused) -> Response:
    db.session.rollback()
    if isinstance(refusal, SentBefore):
        form.once.renew()
    say(form, refusal.sentences)
    return _page(form, course_to_edit(current_user, course_id) if course_id else None, 422)
