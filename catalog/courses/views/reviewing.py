"""The queue of the coordinators, and the conversation about one course."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user, login_required
from flask_wtf import FlaskForm

from catalog import web
from catalog.competencies.queries import strip_areas, topics_by_area
from catalog.courses import queries, services, wording
from catalog.courses.access import course_to_edit, course_to_review
from catalog.courses.forms.review import AskForm, PublishForm, SubmitForm
from catalog.courses.models import Course
from catalog.courses.refusals import NothingMapped, NotReady, SessionsToCome, Stale, WrongState
from catalog.courses.states import ACTS, STATES
from catalog.courses.views.blueprint import pages
from catalog.courses.views.editing import version_of_form, version_to_show
from catalog.extensions import db


@pages.get("/review")
@web.needs("is_coordinator")
def review() -> Response:
    return web.render(
        "courses/review.html",
        awaiting=queries.awaiting_review(),
        with_trainer=queries.with_trainer(),
        unmapped=queries.mapping_not_reviewed(
            request.args.get("page", 1, type=int),
            lambda number: url_for(".review", page=number) + "#mappings",
        ),
        areas=strip_areas(),
        wording=wording,
    )


@pages.get("/courses/<int:course_id>/review")
@login_required
def review_course(course_id: int) -> Response:
    course_to_edit(current_user, course_id)
    return _page(course_id)


@pages.post("/courses/<int:course_id>/submit")
@login_required
def submit(course_id: int) -> Response:
    course = course_to_edit(current_user, course_id)
    form = SubmitForm()
    if not form.validate():
        return _page(course_id, 422, submit_form=form)
    send = partial(services.submit, text=form.text.data or "")
    return _step(course, send, "Sent for review. A coordinator reads it next.", submit_form=form)


@pages.post("/courses/<int:course_id>/publish")
@web.needs("is_coordinator")
def publish(course_id: int) -> Response:
    course = course_to_review(current_user, course_id)
    form = PublishForm()
    put = partial(services.publish, with_mapping=bool(form.with_mapping.data))
    return _step(course, put, "Published. Everyone can find it now.", publish_form=form)


@pages.post("/courses/<int:course_id>/ask-changes")
@web.needs("is_coordinator")
def ask_changes(course_id: int) -> Response:
    course = course_to_review(current_user, course_id)
    form = AskForm()
    if not form.validate():
        return _page(course_id, 422, ask_form=form)
    ask = partial(services.ask_changes, reason=form.reason.data or "")
    return _step(course, ask, "The trainer is told what should change.", ask_form=form)


@pages.post("/courses/<int:course_id>/mapping/review")
@web.needs("is_coordinator")
def review_mapping(course_id: int) -> Response:
    course = course_to_review(current_user, course_id)
    message = "The mapping is recorded as reviewed by you, today."
    return _step(course, services.review_mapping, message, publish_form=PublishForm())


@pages.post("/courses/<int:course_id>/archive")
@login_required
def archive(course_id: int) -> Response:
    course = course_to_edit(current_user, course_id)
    return _step(course, services.archive, "The course is out of the catalog.")


@pages.post("/courses/<int:course_id>/unarchive")
@login_required
def unarchive(course_id: int) -> Response:
    course = course_to_edit(current_user, course_id)
    return _step(course, services.unarchive, "The course is a draft again.")


def _step(course: Course, act: Callable[..., None], message: str, **forms: FlaskForm) -> Response:
    """Take the step, or show the page as it stands now, with the reason and what was typed.

    The answer is 409 when the course stands otherwise than the person was shown."""
    try:
        act(course, version_of_form(), by=current_user)
    except (NotReady, NothingMapped) as refusal:
        db.session.rollback()
        for form in forms.values():
            form.form_errors.append(str(refusal))
        return _page(course.id, 422, **forms)
    except (SessionsToCome, WrongState, Stale) as refusal:
        db.session.rollback()
        return _page(course.id, 409, late=str(refusal), **forms)
    db.session.commit()
    return web.saved(url_for(".review_course", course_id=course.id), message=message)


def _page(course_id: int, status: int = 200, late: str | None = None, **forms: Any) -> Response:
    course = queries.mapped(course_id) or abort(404)
    forms = {
        "submit_form": SubmitForm(None),
        "publish_form": PublishForm(None),
        "ask_form": AskForm(None),
        **forms,
    }
    return web.render(
        "courses/review_course.html",
        status=status,
        course=course,
        version=version_to_show(course, status),
        conversation=queries.conversation(course_id),
        missing=services.missing(course),
        can_publish=services.can_publish(course, current_user),
        groups=topics_by_area(),
        areas=strip_areas(),
        late=late,
        wording=wording,
        states=STATES,
        acts=ACTS,
        **forms,
    )
