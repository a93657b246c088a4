"""The roster: for those who run an offering. Every change is one small form with its own URL."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.accounts.queries import person_with_email
from catalog.courses.access import may_coordinate
from catalog.courses.models import Offering
from catalog.courses.refusals import GroupSize
from catalog.enrollment import queries, services
from catalog.enrollment.access import (
    enrollment_to_coordinate,
    enrollment_to_run,
    may_lead,
    offering_to_coordinate,
    offering_to_run,
)
from catalog.enrollment.forms import AddForm, CapacityForm, MoveForm, ReasonForm
from catalog.enrollment.models import Enrollment
from catalog.enrollment.refusals import AlreadyEnrolled, BelowSeated, SameOffering
from catalog.enrollment.views.blueprint import pages
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.notices.phrases import phrase

ROSTER = "/offerings/<int:offering_id>/roster"
ONE = "/enrollments/<int:enrollment_id>"


@pages.get("/rosters")
@web.needs("coordinates_some")
def rosters() -> Response:
    """Every session the person coordinates, and how it has filled."""
    past, words = "past" in request.args, request.args.get("q", "").strip()
    number = max(request.args.get("page", 1, int), 1)
    rows, count = queries.fills(past=past, words=words, page=number, of=current_user)
    return web.render(
        "enrollment/rosters.html",
        "enrollment/_rosters.html",
        rows=rows,
        past=past,
        words=words,
        pages=web.pager(min(number, count), count, q=words or None, past=1 if past else None),
    )


@pages.get(ROSTER)
@login_required
def roster(offering_id: int) -> Response:
    return _roster_page(offering_to_run(current_user, offering_id))


@pages.post(ROSTER + "/people")
@web.needs("coordinates_some")
def add(offering_id: int) -> Response:
    offering = offering_to_coordinate(current_user, offering_id)
    form = AddForm()
    if form.validate():
        person = person_with_email(str(form.email.data))
        if person is None:
            form.email.errors = ["Nobody has an account with this address. Ask the person to make one first."]
        else:
            try:
                services.add(person, offering, by=current_user, reason=form.reason.data or "")
                return _commit(offering_id, f"{person.name} was added.")
            except AlreadyEnrolled:
                form.email.errors = ["This person is on this session already."]
            except RuleBroken as refusal:
                db.session.rollback()
                form.email.errors = [str(refusal)]
    return _roster_page(offering_to_coordinate(current_user, offering_id), 422, add_form=form)


@pages.post(ROSTER + "/capacity")
@web.needs("coordinates_some")
def change_capacity(offering_id: int) -> Response:
    offering = offering_to_coordinate(current_user, offering_id)
    form = CapacityForm()
    if form.validate():
        try:
            services.change_capacity(offering, form.wanted, by=current_user)
            return _commit(offering_id, "The number of seats was changed.")
        except (BelowSeated, GroupSize) as refusal:
            db.session.rollback()
            form.capacity.errors = [str(refusal)]
    return _roster_page(offering_to_coordinate(current_user, offering_id), 422, capacity_form=form)


@pages.post(ROSTER + "/cancel")
@login_required
def cancel(offering_id: int) -> Response:
    offering = offering_to_run(current_user, offering_id)
    if not may_lead(current_user, offering):
        abort(403)
    form = ReasonForm()
    if not form.validate():
        return _roster_page(offering, 422, cancel_form=form)
    services.cancel(offering, by=current_user, reason=str(form.reason.data))
    return _commit(offering_id, "The session is cancelled, and everyone on it is told.")


@pages.get(ONE)
@login_required
def show(enrollment_id: int) -> Response:
    """One person's place, with what can be done about it."""
    return _person_page(enrollment_to_run(current_user, enrollment_id))


@pages.post(ONE + "/approve")
@login_required
def approve(enrollment_id: int) -> Response:
    enrollment = enrollment_to_run(current_user, enrollment_id)
    services.approve(enrollment, by=current_user)
    return _commit(enrollment.offering_id, f"{enrollment.person.name} was accepted.")


@pages.post(ONE + "/refuse")
@login_required
def refuse(enrollment_id: int) -> Response:
    return _with_reason(enrollment_to_run(current_user, enrollment_id), services.refuse, "was told no")


@pages.post(ONE + "/remove")
@web.needs("coordinates_some")
def remove(enrollment_id: int) -> Response:
    return _with_reason(
        enrollment_to_coordinate(current_user, enrollment_id), services.remove, "was taken off the list"
    )


@pages.post(ONE + "/put-first")
@web.needs("coordinates_some")
def put_first(enrollment_id: int) -> Response:
    return _with_reason(
        enrollment_to_coordinate(current_user, enrollment_id), services.put_first, "is next in the queue"
    )


@pages.post(ONE + "/seat")
@web.needs("coordinates_some")
def seat_now(enrollment_id: int) -> Response:
    return _with_reason(
        enrollment_to_coordinate(current_user, enrollment_id), services.seat_now, "has a seat now"
    )


@pages.post(ONE + "/move")
@web.needs("coordinates_some")
def move(enrollment_id: int) -> Response:
    enrollment = enrollment_to_coordinate(current_user, enrollment_id)
    form = _move_form(enrollment)
    if form.validate():
        to = offering_to_coordinate(current_user, form.to.data)
        try:
            services.move(enrollment, to, by=current_user, reason=str(form.reason.data))
            return _commit(enrollment.offering_id, f"{enrollment.person.name} was moved.")
        except (AlreadyEnrolled, SameOffering) as refusal:
            db.session.rollback()
            form.to.errors = [str(refusal).replace("You are", "This person is")]
            enrollment = enrollment_to_coordinate(current_user, enrollment_id)
    return _person_page(enrollment, 422, move_form=form)


def _with_reason(enrollment: Enrollment, change: Any, said: str) -> Response:
    """A change that needs its reason written down."""
    form = ReasonForm()
    if form.validate():
        try:
            change(enrollment, by=current_user, reason=str(form.reason.data))
            return _commit(enrollment.offering_id, f"{enrollment.person.name} {said}.")
        except RuleBroken as refusal:
            db.session.rollback()
            form.reason.errors = [str(refusal)]
            enrollment = enrollment_to_run(current_user, enrollment.id)
    return _person_page(enrollment, 422, reason_form=form)


def _commit(offering_id: int, message: str) -> Response:
    """Commit, and back to the roster. The message is made before: after a commit every name is read again."""
    db.session.commit()
    return web.saved(url_for("enrollment.roster", offering_id=offering_id), message=message)


def _roster_page(offering: Offering, status: int = 200, **forms: Any) -> Response:
    context = {
        "offering": offering,
        "rows": queries.roster(offering),
        "ended": queries.ended(offering),
        "left": queries.seats_left(offering),
        "moved_at": queries.last_moved(offering),
        "now": clock.now(),
        "leads": may_lead(current_user, offering),
        "coordinates": may_coordinate(current_user, offering),
        "add_form": AddForm(formdata=None),
        "capacity_form": CapacityForm(
            formdata=None, capacity=offering.capacity, no_limit=offering.capacity is None
        ),
        "cancel_form": ReasonForm(formdata=None),
    }
    return web.render("enrollment/roster.html", status=status, **{**context, **forms})


def _person_page(enrollment: Enrollment, status: int = 200, **forms: Any) -> Response:
    context = {
        "enrollment": enrollment,
        "offering": enrollment.offering,
        "coordinates": may_coordinate(current_user, enrollment.offering),
        "place": queries.place_in_queue(enrollment),
        "history": queries.history(enrollment),
        "phrase": phrase,
        "reason_form": ReasonForm(formdata=None),
        "move_form": _move_form(enrollment, formdata=None),
    }
    return web.render("enrollment/show.html", status=status, **{**context, **forms})


def _move_form(enrollment: Enrollment, **kwargs: Any) -> MoveForm:
    form = MoveForm(**kwargs)
    form.to.choices = [
        (offering.id, queries.label_of(offering))
        for offering in queries.other_offerings(enrollment.offering, current_user)
    ]
    return form
