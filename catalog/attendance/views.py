"""The attendance sheet, one tap or all at once; closing the roster and opening it again."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.attendance import forms, queries, reckoning, services
from catalog.attendance.forms import ReopenForm, Typed
from catalog.attendance.models import Credit
from catalog.attendance.queries import Cell, Sheet
from catalog.courses.models import Offering
from catalog.courses.wording import credit_sentence
from catalog.enrollment.access import may_run
from catalog.errors import RuleBroken
from catalog.extensions import db

pages = Blueprint("attendance", __name__)


@pages.get("/offerings/<int:offering_id>/attendance")
@login_required
def sheet(offering_id: int) -> Response:
    return _sheet_page(_offering(offering_id))


@pages.post("/offerings/<int:offering_id>/attendance")
@login_required
def save(offering_id: int) -> Response:
    offering = _offering(offering_id)
    entry = forms.read_all(request.form, queries.sheet(offering, clock.now()))
    if entry.gone:
        return _sheet_page(offering, 409, entry.typed, _sentence_for(entry.gone))
    if entry.errors:
        return _sheet_page(offering, 422, entry.typed, "Some minutes cannot be saved yet. Nothing was saved.")
    try:
        services.mark(offering, entry.changes, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _sheet_page(_offering(offering_id), 409, entry.typed, str(refusal))
    db.session.commit()
    if request.form.get("then") == "close":
        return web.saved(url_for(".closing", offering_id=offering_id), message="Saved.")
    url = url_for(".sheet", offering_id=offering_id)
    if not web.is_fragment():
        return web.saved(url, message="Saved.")
    return web.saved(url, "attendance/_sheet.html", "Saved.", **_context(_offering(offering_id)))


@pages.post("/meetings/<int:meeting_id>/marks/<int:enrollment_id>")
@login_required
def mark(meeting_id: int, enrollment_id: int) -> Response:
    cell = _cell(meeting_id, enrollment_id)
    typed = forms.read(request.form, cell.name, cell.meeting.minutes)
    if typed.error:
        return _refused_mark(cell, typed)
    if typed.minutes is None:
        abort(400)
    changed = Cell(cell.meeting, cell.enrollment, typed.minutes)
    try:
        services.mark(cell.meeting.offering, [changed], by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _refused_mark(_cell(meeting_id, enrollment_id), None, refusal)
    db.session.commit()
    return web.saved(_sheet_url(cell), "attendance/_mark.html", **_mark_context(changed))


def _refused_mark(cell: Cell, typed: Typed | None, refusal: RuleBroken | None = None) -> Response:
    """The cell as it is saved, or as it was typed, with the reason beside it; the whole sheet without htmx."""
    typed = typed or replace(Typed.saved(cell), error=str(refusal))
    if web.is_fragment():
        context = {**_mark_context(cell), "typed": typed}
        return web.render("attendance/_mark.html", status=422, **context)
    offering = _offering(cell.meeting.offering_id)
    status, problem = (409, str(refusal)) if refusal else (422, "These minutes cannot be saved.")
    everything = {other.name: Typed.saved(other) for other in queries.sheet(offering, clock.now()).cells}
    return _sheet_page(offering, status, {**everything, cell.name: typed}, problem)


def _mark_context(cell: Cell) -> dict[str, Any]:
    return {
        "cell": cell,
        "typed": Typed.saved(cell),
        "count": queries.marked(cell.meeting),
        "sheet_url": _sheet_url(cell),
    }


def _sheet_url(cell: Cell) -> str:
    return url_for(".sheet", offering_id=cell.meeting.offering_id)


@pages.get("/offerings/<int:offering_id>/attendance/close")
@login_required
def closing(offering_id: int) -> Response:
    return _closing_page(_offering(offering_id))


@pages.post("/offerings/<int:offering_id>/attendance/close")
@login_required
def close(offering_id: int) -> Response:
    offering = _offering(offering_id)
    try:
        services.close(offering, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _closing_page(_offering(offering_id), 409, str(refusal))
    db.session.commit()
    message = "The roster is closed and everyone's hours are there."
    return web.saved(url_for(".sheet", offering_id=offering_id), message=message)


@pages.post("/offerings/<int:offering_id>/attendance/reopen")
@login_required
def reopen(offering_id: int) -> Response:
    offering = _offering(offering_id)
    form = ReopenForm()
    if not form.validate():
        return _sheet_page(offering, 422, form=form)
    try:
        services.reopen(offering, by=current_user, reason=str(form.reason.data))
    except RuleBroken as refusal:
        db.session.rollback()
        return _sheet_page(_offering(offering_id), 409, problem=str(refusal))
    db.session.commit()
    return web.saved(url_for(".sheet", offering_id=offering_id), message="The roster is open again.")


def _offering(offering_id: int) -> Offering:
    """The offering whose sheet this person may keep: 404 when there is none, 403 when it is somebody else's."""
    offering = queries.offering_to_mark(offering_id)
    if offering is None:
        abort(404)
    if not may_run(current_user, offering):
        abort(403)
    return offering


def _cell(meeting_id: int, enrollment_id: int) -> Cell:
    cell = queries.cell(meeting_id, enrollment_id)
    if cell is None:
        abort(404)
    if not may_run(current_user, cell.meeting.offering):
        abort(403)
    return cell


def _sentence_for(enrollment_ids: list[int]) -> str:
    names = " and ".join(queries.names_of(enrollment_ids)) or "somebody"
    return (
        f"This page was older than the roster: {names} has no seat on this session now, so what you marked there "
        "was left out. Everything else you typed is below and not saved yet. Check it and save again."
    )


def _context(
    offering: Offering,
    typed: dict[str, Typed] | None = None,
    problem: str = "",
    form: ReopenForm | None = None,
) -> dict[str, Any]:
    found = queries.sheet(offering, clock.now())
    return {
        "sheet": found,
        "rule": credit_sentence(offering.course),
        "typed": typed or {cell.name: Typed.saved(cell) for cell in found.cells},
        "problem": problem,
        "credits": _by_enrollment(queries.credits_in_force(offering)),
        "form": form or ReopenForm(formdata=None),
        # The meeting whose button was pressed stays unfolded.
        "opened": request.form.get("everyone", type=int),
    }


def _by_enrollment(found: Any) -> dict[int, list[Credit]]:
    by_enrollment: dict[int, list[Credit]] = {}
    for credit in found:
        by_enrollment.setdefault(credit.enrollment_id, []).append(credit)
    return by_enrollment


def _sheet_page(
    offering: Offering,
    status: int = 200,
    typed: dict[str, Typed] | None = None,
    problem: str = "",
    form: ReopenForm | None = None,
) -> Response:
    context = _context(offering, typed, problem, form)
    # htmx swaps a 422 in and leaves a 409 out.
    status = 422 if status == 409 and web.is_fragment() else status
    return web.render("attendance/sheet.html", "attendance/_sheet.html", status, **context)


def _closing_page(offering: Offering, status: int = 200, problem: str = "") -> Response:
    found: Sheet = queries.sheet(offering, clock.now())
    earned = reckoning.reckon(found, queries.rsc_qualifications(offering.trainer_id))
    if not problem:
        try:
            services.refuse_to_close(found)
        except RuleBroken as refusal:
            problem = str(refusal)
    return web.render("attendance/closing.html", status=status, sheet=found, earned=earned, problem=problem)
