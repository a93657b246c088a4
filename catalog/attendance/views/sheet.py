"""Taking attendance: the whole sheet at once, or one tap."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.attendance import forms, queries, services, wording
from catalog.attendance.forms import Typed
from catalog.attendance.sheet import Cell, doors_open_at
from catalog.attendance.views.blueprint import pages
from catalog.attendance.views.pages import cell_to_mark, offering_to_keep, sheet_context, sheet_page
from catalog.courses.models import Meeting
from catalog.errors import RuleBroken
from catalog.extensions import db

LONGEST_KEPT = 366 * 24 * 3600
"""Seconds; a telephone may lie in a drawer."""


@pages.get("/offerings/<int:offering_id>/attendance")
@login_required
def sheet(offering_id: int) -> Response:
    offering, only = offering_to_keep(offering_id)
    return sheet_page(offering, only=only)


@pages.post("/offerings/<int:offering_id>/attendance")
@login_required
def save(offering_id: int) -> Response:
    offering, only = offering_to_keep(offering_id)
    entry = forms.read_all(request.form, queries.sheet(offering, clock.now(), only))
    if entry.gone:
        return sheet_page(offering, 409, entry.typed, _sentence_for(entry.gone), only=only)
    if entry.errors:
        problem = "Some minutes cannot be saved yet. Nothing was saved."
        return sheet_page(offering, 422, entry.typed, problem, only=only)
    try:
        services.mark(offering, entry.changes, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        offering, only = offering_to_keep(offering_id)
        return sheet_page(offering, 409, entry.typed, str(refusal), only=only)
    db.session.commit()
    if request.form.get("then") == "close":
        return web.saved(url_for(".closing", offering_id=offering_id), message="Saved.")
    url = url_for(".sheet", offering_id=offering_id)
    if not web.is_fragment():
        return web.saved(url, message="Saved.")
    context = sheet_context(offering_to_keep(offering_id)[0], only=only)
    return web.saved(url, "attendance/_sheet.html", "Saved.", **context)


@pages.post("/meetings/<int:meeting_id>/marks/<int:enrollment_id>")
@login_required
def mark(meeting_id: int, enrollment_id: int) -> Response:
    cell = cell_to_mark(meeting_id, enrollment_id)
    typed = forms.read(request.form, cell)
    if typed.error:
        return _refused_mark(cell, typed)
    if typed.meant is None:
        abort(400)
    at, tap, after = _said_at(cell.meeting), _tap("tap"), _tap("after")
    try:
        services.mark(cell.meeting.offering, [typed.meant], by=current_user, said_at=at, tap=tap, after=after)
    except RuleBroken as refusal:
        db.session.rollback()
        return _refused_mark(cell_to_mark(meeting_id, enrollment_id), None, refusal)
    db.session.commit()
    # What stands may be another mark: one that was seen later and arrived before.
    standing = cell_to_mark(meeting_id, enrollment_id)
    return web.saved(_sheet_url(cell), "attendance/_mark.html", **_mark_context(standing))


@pages.get("/meetings/<int:meeting_id>/marks/<int:enrollment_id>/recordings")
@login_required
def recordings(meeting_id: int, enrollment_id: int) -> Response:
    cell = cell_to_mark(meeting_id, enrollment_id)
    return web.render("attendance/recordings.html", cell=cell, rows=queries.recordings(cell), words=wording)


def _said_at(meeting: Meeting) -> datetime | None:
    """When a tap was made that says how many seconds ago that was; None when it was made just now.

    The age is told instead of the time, because clocks of telephones differ. Nobody was seen before the doors
    opened."""
    age = request.form.get("age", type=float)
    if age is None:
        return None
    at = clock.now() - timedelta(seconds=min(age, LONGEST_KEPT) if age > 0 else 0)
    return max(at, doors_open_at(meeting))


def _tap(field: str) -> str | None:
    """What the device calls this tap, or the one before it."""
    name = request.form.get(field, "")
    if name and not re.fullmatch(r"[0-9A-Za-z-]{8,40}", name):
        abort(400)
    return name or None


def _refused_mark(cell: Cell, typed: Typed | None, refusal: RuleBroken | None = None) -> Response:
    """The cell as it is saved, or as it was typed, with the reason beside it; the whole sheet without htmx."""
    typed = typed or replace(Typed.saved(cell), error=str(refusal))
    if web.is_fragment():
        context = {**_mark_context(cell), "typed": typed}
        return web.render("attendance/_mark.html", status=422, **context)
    offering, only = offering_to_keep(cell.meeting.offering_id)
    status, problem = (409, str(refusal)) if refusal else (422, "These minutes cannot be saved.")
    everything = {
        other.name: Typed.saved(other) for other in queries.sheet(offering, clock.now(), only).cells
    }
    return sheet_page(offering, status, {**everything, cell.name: typed}, problem, only=only)


def _mark_context(cell: Cell) -> dict[str, Any]:
    return {
        "cell": cell,
        "typed": Typed.saved(cell),
        "count": queries.marked(cell.meeting),
        "sheet_url": _sheet_url(cell),
        "taken": wording.taken,
    }


def _sheet_url(cell: Cell) -> str:
    return url_for(".sheet", offering_id=cell.meeting.offering_id)


def _sentence_for(enrollment_ids: list[int]) -> str:
    names = " and ".join(queries.names_of(enrollment_ids)) or "somebody"
    return (
        f"This page was older than the roster: {names} has no seat on this session now, so what you marked there "
        "was left out. Everything else you typed is below and not saved yet. Check it and save again."
    )
