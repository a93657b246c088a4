"""The sheet as a page, which several views answer with, and who may open it."""

from typing import Any

import sqlalchemy as sa
from flask import Response, abort, request
from flask_login import current_user

from catalog import clock, web
from catalog.attendance import queries
from catalog.attendance.forms import ReopenForm, Typed
from catalog.attendance.models import Credit
from catalog.attendance.sheet import Cell
from catalog.attendance.wording import taken
from catalog.courses.models import Meeting, Offering
from catalog.courses.wording import credit_sentence
from catalog.enrollment.access import may_run
from catalog.extensions import db


def offering_to_mark(offering_id: int) -> Offering:
    """The offering whose sheet this person may keep: 404 when there is none, 403 when it is somebody else's."""
    offering = queries.offering_to_mark(offering_id)
    if offering is None:
        abort(404)
    if not may_run(current_user, offering):
        abort(403)
    return offering


def meeting_to_mark(meeting_id: int) -> Meeting:
    """One of its meetings: 404 and 403 as above."""
    offering_id = db.session.scalar(sa.select(Meeting.offering_id).where(Meeting.id == meeting_id))
    offering = offering_to_mark(offering_id or 0)
    return next(meeting for meeting in offering.meetings if meeting.id == meeting_id)


def cell_to_mark(meeting_id: int, enrollment_id: int) -> Cell:
    """One person at one meeting, for whoever keeps the sheet: 404 and 403 as above."""
    cell = queries.cell(meeting_id, enrollment_id)
    if cell is None:
        abort(404)
    if not may_run(current_user, cell.meeting.offering):
        abort(403)
    return cell


def sheet_context(
    offering: Offering,
    typed: dict[str, Typed] | None = None,
    problem: str = "",
    form: ReopenForm | None = None,
) -> dict[str, Any]:
    found = queries.sheet(offering, clock.now())
    return {
        "sheet": found,
        "rule": credit_sentence(offering.course, offering.feeds_both_ledgers),
        "typed": typed or {cell.name: Typed.saved(cell) for cell in found.cells},
        "problem": problem,
        "credits": _by_enrollment(queries.credits_in_force(offering)),
        "changed": queries.changes_of(offering) if found.last_closing else [],
        "form": form or ReopenForm(formdata=None),
        "taken": taken,
        # The meeting whose button was pressed stays unfolded.
        "opened": request.form.get("everyone", type=int) or request.form.get("stayed", type=int),
    }


def _by_enrollment(found: Any) -> dict[int, list[Credit]]:
    by_enrollment: dict[int, list[Credit]] = {}
    for credit in found:
        by_enrollment.setdefault(credit.enrollment_id, []).append(credit)
    return by_enrollment


def sheet_page(
    offering: Offering,
    status: int = 200,
    typed: dict[str, Typed] | None = None,
    problem: str = "",
    form: ReopenForm | None = None,
) -> Response:
    context = sheet_context(offering, typed, problem, form)
    # htmx swaps a 422 in and leaves a 409 out.
    status = 422 if status == 409 and web.is_fragment() else status
    return web.render("attendance/sheet.html", "attendance/_sheet.html", status, **context)
