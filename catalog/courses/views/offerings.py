"""Posting a session of a course, and changing it."""

from flask import Response, current_app, request, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.accounts.queries import trainers
from catalog.courses import schedule, services
from catalog.courses.access import course_to_post, offering_to_edit
from catalog.courses.forms.offering import OfferingForm, default_ledger, editing_form, posting_form
from catalog.courses.forms.saying import differences, say, says
from catalog.courses.models import Course, Offering
from catalog.courses.refusals import (
    FieldsRefused,
    MeetingHasMarks,
    OfferingCancelled,
    SentBefore,
    Settled,
    Stale,
)
from catalog.courses.views.blueprint import pages
from catalog.courses.views.editing import version_of_form, version_to_show
from catalog.extensions import db


@pages.get("/courses/<int:course_id>/offerings/new")
@login_required
def new_offering(course_id: int) -> Response:
    course = course_to_post(current_user, course_id)
    return _page(_posting_form(course), course)


@pages.post("/courses/<int:course_id>/offerings")
@login_required
def post_offering(course_id: int) -> Response:
    course = course_to_post(current_user, course_id)
    form = _posting_form(course)
    if (moved := _rearranged(form, course)) is not None:
        return _page(form, course, 200 if moved else 422)
    if not form.validate():
        return _page(form, course, 422)
    try:
        offering = services.post(course, form.columns(), form.rows(), by=current_user, once=form.once.data)
    except FieldsRefused as refusal:
        db.session.rollback()
        if isinstance(refusal, SentBefore):
            form.once.renew()
        say(form, refusal.sentences)
        return _page(form, course_to_post(current_user, course_id), 422)
    db.session.commit()
    return web.saved(url_for("browse.offering", offering_id=offering.id), message=_posted(form))


@pages.get("/offerings/<int:offering_id>/edit")
@login_required
def edit_offering(offering_id: int) -> Response:
    offering = offering_to_edit(current_user, offering_id)
    if offering.is_cancelled:
        raise OfferingCancelled
    return _page(_editing_form(offering), offering.course, offering=offering)


@pages.post("/offerings/<int:offering_id>")
@login_required
def update_offering(offering_id: int) -> Response:
    offering = offering_to_edit(current_user, offering_id)
    form = _editing_form(offering)
    if (moved := _rearranged(form, offering.course, offering)) is not None:
        return _page(form, offering.course, 200 if moved else 422, offering)
    if not form.validate():
        return _page(form, offering.course, 422, offering)
    try:
        told = services.edit_offering(
            offering, form.columns(), form.rows(), version_of_form(), by=current_user
        )
    except (FieldsRefused, MeetingHasMarks, Settled, Stale) as refusal:
        return _refused_edit(form, offering_id, refusal)
    db.session.commit()
    message = "Saved. Everyone on the session is told what changed." if told else "Saved."
    return web.saved(url_for("browse.offering", offering_id=offering_id), message=message)


def _refused_edit(form: OfferingForm, offering_id: int, refusal: Exception) -> Response:
    db.session.rollback()
    offering = offering_to_edit(current_user, offering_id)
    if isinstance(refusal, Stale):
        saved = offer(editing_form(offering, bound=False), offering)
        return _page(form, offering.course, 409, offering, differences(form, saved))
    say(form, refusal.sentences if isinstance(refusal, FieldsRefused) else {"": str(refusal)})
    return _page(form, offering.course, 409 if isinstance(refusal, Settled) else 422, offering)


def _rearranged(form: OfferingForm, course: Course, offering: Offering | None = None) -> bool | None:
    """Whether a button beside the meetings was pressed, and then whether it worked."""
    moved = form.rearrange(request.form, default_ledger(course), adds=offering is not None)
    offer(form, offering)
    return moved


def _posting_form(course: Course) -> OfferingForm:
    return offer(posting_form(course, current_app.config["CATALOG"].site_zone, current_user.id))


def _editing_form(offering: Offering) -> OfferingForm:
    return offer(editing_form(offering), offering)


def offer(form: OfferingForm, offering: Offering | None = None) -> OfferingForm:
    """Let the form choose among today's trainers, and whoever is named on it already."""
    people = {person.id: person.name for person in trainers()}
    if offering:
        helping = [person for meeting in offering.meetings for person in meeting.co_trainers]
        helping += [meeting.substitute for meeting in offering.meetings if meeting.substitute]
        people |= {person.id: person.name for person in [*helping, offering.trainer] if person}
    people.setdefault(current_user.id, current_user.name)
    return form.offer(people.items(), current_user.is_coordinator)


def _posted(form: OfferingForm) -> str:
    twice = [entry.form for entry in form.meetings if form.comes_twice(entry.form)]
    note = (
        f" {schedule.said(twice[0].starts.data)} comes twice that night; the first is meant." if twice else ""
    )
    return f"Posted.{note}"


def posting_page(form: OfferingForm, course: Course, status: int = 200) -> Response:
    """The form of a new session, filled in or not."""
    return _page(form, course, status)


def _page(
    form: OfferingForm,
    course: Course,
    status: int = 200,
    offering: Offering | None = None,
    now_saved: list[tuple[str, str]] | None = None,
) -> Response:
    return web.render(
        "courses/edit_offering.html" if offering else "courses/new_offering.html",
        "courses/_offering_form.html",
        status=status,
        form=form,
        course=course,
        offering=offering,
        version=version_to_show(offering, status) if offering else 0,
        now_saved=now_saved,
        says=says,
    )
