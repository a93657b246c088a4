"""Closing the roster and opening it again."""

from collections.abc import Callable

from flask import Response, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.attendance import queries, reckoning, services
from catalog.attendance.forms import ReopenForm
from catalog.attendance.sheet import Sheet
from catalog.attendance.views.blueprint import pages
from catalog.attendance.views.pages import offering_to_mark, sheet_page
from catalog.courses.models import Offering
from catalog.courses.queries import rsc_held
from catalog.errors import RuleBroken
from catalog.extensions import db


@pages.get("/offerings/<int:offering_id>/attendance/close")
@login_required
def closing(offering_id: int) -> Response:
    return _closing_page(offering_to_mark(offering_id))


@pages.post("/offerings/<int:offering_id>/attendance/close")
@login_required
def close(offering_id: int) -> Response:
    offering = offering_to_mark(offering_id)
    try:
        services.close(offering, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _closing_page(offering_to_mark(offering_id), 409, str(refusal))
    db.session.commit()
    message = "The roster is closed and everyone's hours are there."
    return web.saved(url_for(".sheet", offering_id=offering_id), message=message)


@pages.post("/offerings/<int:offering_id>/attendance/reopen")
@login_required
def reopen(offering_id: int) -> Response:
    offering = offering_to_mark(offering_id)
    form = ReopenForm()
    if not form.validate():
        return sheet_page(offering, 422, form=form)
    try:
        services.reopen(offering, by=current_user, reason=str(form.reason.data))
    except RuleBroken as refusal:
        db.session.rollback()
        return sheet_page(offering_to_mark(offering_id), 409, problem=str(refusal))
    db.session.commit()
    return web.saved(url_for(".sheet", offering_id=offering_id), message="The roster is open again.")


@pages.post("/offerings/<int:offering_id>/attendance/hours")
@login_required
def give_hours(offering_id: int) -> Response:
    offering = offering_to_mark(offering_id)
    try:
        given = services.give_hours(offering, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _closing_page(offering_to_mark(offering_id), 409, str(refusal))
    count = len({credit.person_id for credit in given})
    db.session.commit()
    message = f"{'1 person has' if count == 1 else f'{count} people have'} their hours now."
    return web.saved(url_for(".closing", offering_id=offering_id), message=message)


def _closing_page(offering: Offering, status: int = 200, refused: str = "") -> Response:
    found: Sheet = queries.sheet(offering, clock.now())
    return web.render(
        "attendance/closing.html",
        status=status,
        sheet=found,
        earned=reckoning.reckon(found, rsc_held(offering)),
        problem=refused or _why_not(services.refuse_to_close, found),
        finished=[] if _why_not(services.refuse_to_give, found) else services.finished(found),
        is_own_pace=not _why_not(services.refuse_to_give, found),
    )


def _why_not(refuse: Callable[[Sheet], None], found: Sheet) -> str:
    """The sentence that says why this cannot be done with the sheet as it is; nothing where it can."""
    try:
        refuse(found)
    except RuleBroken as refusal:
        return str(refusal)
    return ""
