"""Closing the roster and opening it again."""

from flask import Response, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.attendance import queries, reckoning, services
from catalog.attendance.forms import ReopenForm
from catalog.attendance.queries import Sheet
from catalog.attendance.views.blueprint import pages
from catalog.attendance.views.pages import offering_to_mark, sheet_page
from catalog.courses.models import Offering
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


def _closing_page(offering: Offering, status: int = 200, problem: str = "") -> Response:
    found: Sheet = queries.sheet(offering, clock.now())
    earned = reckoning.reckon(found, queries.rsc_qualifications(offering.trainer_id))
    if not problem:
        try:
            services.refuse_to_close(found)
        except RuleBroken as refusal:
            problem = str(refusal)
    return web.render("attendance/closing.html", status=status, sheet=found, earned=earned, problem=problem)
