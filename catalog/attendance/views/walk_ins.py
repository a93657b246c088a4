"""Taking in somebody who is not on the roster: looking for them, or writing them down as new."""

from typing import Any, NamedTuple

from flask import Response, abort, request, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.accounts.models import Person
from catalog.accounts.queries import person_with_email
from catalog.attendance import finding, services
from catalog.attendance.finding import Found
from catalog.attendance.forms.walk_in import WalkInForm
from catalog.attendance.refusals import NoRoom, NotBegun
from catalog.attendance.views.blueprint import pages
from catalog.attendance.views.pages import offering_to_mark
from catalog.courses.models import Meeting, Offering
from catalog.enrollment.access import may_lead
from catalog.errors import RuleBroken
from catalog.extensions import db


class WalkIn(NamedTuple):
    """What was looked for, who was found, and why nobody was taken in."""

    words: str
    is_enough: bool
    meeting: Meeting | None
    found: list[Found]
    form: WalkInForm
    problem: str = ""
    again: dict[str, Any] | None = None
    """What to send again with one seat more, where the session is full and the reader may add one."""


@pages.get("/offerings/<int:offering_id>/walk-ins")
@login_required
def walk_ins(offering_id: int) -> Response:
    return _page(offering_to_mark(offering_id))


@pages.post("/offerings/<int:offering_id>/walk-ins")
@login_required
def take_in(offering_id: int) -> Response:
    offering = offering_to_mark(offering_id)
    person = db.session.get(Person, request.form.get("person", 0, type=web.row_number)) or abort(404)
    return _take_in(person, offering, f"{person.name} has a seat and is marked as here.")


@pages.post("/offerings/<int:offering_id>/walk-ins/new")
@login_required
def take_in_new(offering_id: int) -> Response:
    offering = offering_to_mark(offering_id)
    form = WalkInForm()
    if not form.validate():
        return _page(offering, 422, form)
    known = person_with_email(str(form.email.data))
    person = services.new_person(str(form.name.data), str(form.email.data), by=current_user)
    said = f"{person.name} has a seat and is marked as here. "
    said += "That address had an account already." if known else "A letter is on its way to them."
    return _take_in(person, offering, said, form)


def _take_in(person: Person, offering: Offering, said: str, form: WalkInForm | None = None) -> Response:
    """The seat and the mark, with one seat more where that was asked for; otherwise the page says why not."""
    wants_more = "more" in request.form
    if wants_more and not may_lead(current_user, offering):
        abort(403)
    try:
        if (meeting := _meeting(offering)) is None:
            raise NotBegun
        if wants_more:
            services.make_room(person, offering, by=current_user)
        services.take_in(person, meeting, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _page(offering_to_mark(offering.id), 409, form, refusal)
    db.session.commit()
    return web.saved(url_for(".sheet", offering_id=offering.id), message=said)


def _meeting(offering: Offering) -> Meeting | None:
    """The one that was chosen, of those at which people can be marked; else the latest."""
    chosen = request.values.get("meeting", type=web.row_number)
    meetings = finding.meetings_to_mark(offering)
    return next((meeting for meeting in meetings if meeting.id == chosen), meetings[0] if meetings else None)


def _page(
    offering: Offering,
    status: int = 200,
    form: WalkInForm | None = None,
    refusal: RuleBroken | None = None,
) -> Response:
    words = request.values.get("q", "")[:200].strip()
    is_full = isinstance(refusal, NoRoom) and may_lead(current_user, offering)
    walk = WalkIn(
        words=words,
        is_enough=finding.is_enough(words),
        meeting=_meeting(offering),
        found=finding.find(offering, words),
        form=form or _blank(words),
        problem=str(refusal or ""),
        again=_sent() if is_full else None,
    )
    meetings = finding.meetings_to_mark(offering)
    return web.render(
        "attendance/walk_ins.html",
        "attendance/_walk_in_found.html",
        status,
        offering=offering,
        meetings=meetings,
        walk=walk,
    )


def _sent() -> dict[str, Any]:
    return {key: text for key, text in request.form.items() if key != "csrf_token"} | {"more": "1"}


def _blank(words: str) -> WalkInForm:
    """Whoever was not found by name or address need not be typed again."""
    return WalkInForm(formdata=None, **{"email" if "@" in words else "name": words})
