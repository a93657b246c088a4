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
from catalog.enrollment.access import may_mark, may_run, refusal, stands_in
from catalog.extensions import db


def offering_to_mark(offering_id: int) -> Offering:
    """The offering whose sheet this person may keep: 404 when there is none, 403 when it is somebody else's."""
    offering = queries.offering_to_mark(offering_id)
    if offering is None:
        abort(404)
    if not may_run(current_user, offering):
        abort(refusal(offering))
    return offering


def offering_to_keep(offering_id: int) -> tuple[Offering, frozenset[int] | None]:
    """The same, also for whoever stands in at some of its meetings, whose sheet then has only these."""
    offering = queries.offering_to_mark(offering_id) or abort(404)
    if may_run(current_user, offering):
        return offering, None
    only = frozenset(one.id for one in offering.meetings if stands_in(current_user, one))
    if not only:
        abort(refusal(offering))
    return offering, only


def meeting_to_mark(meeting_id: int) -> Meeting:
    """One of its meetings: 404 and 403 as above; whoever stands in at it keeps it too."""
    offering_id = db.session.scalar(sa.select(Meeting.offering_id).where(Meeting.id == meeting_id))
    offering = queries.offering_to_mark(offering_id or 0) or abort(404)
    meeting = next(meeting for meeting in offering.meetings if meeting.id == meeting_id)
    if not may_mark(current_user, meeting):
        abort(refusal(offering))
    return meeting


def cell_to_mark(meeting_id: int, enrollment_id: int) -> Cell:
    """One person at one meeting, for whoever keeps the sheet: 404 and 403 as above. Others are told the same whether
    the person is on it or not."""
    cell = queries.cell(meeting_id, enrollment_id)
    meeting = cell.meeting if cell else meeting_to_mark(meeting_id)
    if not may_mark(current_user, meeting):
        abort(refusal(meeting.offering))
    return cell or abort(404)


def sheet_context(
    offering: Offering,
    typed: dict[str, Typed] | None = None,
    problem: str = "",
    form: ReopenForm | None = None,
    only: frozenset[int] | None = None,
) -> dict[str, Any]:
    found = queries.sheet(offering, clock.now(), only)
    return {
        "sheet": found,
        "rule": credit_sentence(offering.course, offering.feeds_both_ledgers),
        "typed": typed or {cell.name: Typed.saved(cell) for cell in found.cells},
        "problem": problem,
        # Whoever stands in at a meeting is not told anybody's hours.
        "credits": _by_enrollment(queries.credits_in_force(offering)) if only is None else {},
        "changed": queries.changes_of(offering) if found.last_closing and only is None else [],
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
    *,
    only: frozenset[int] | None = None,
) -> Response:
    context = sheet_context(offering, typed, problem, form, only)
    # htmx swaps a 422 in and leaves a 409 out.
    status = 422 if status == 409 and web.is_fragment() else status
    return web.render("attendance/sheet.html", "attendance/_sheet.html", status, **context)
