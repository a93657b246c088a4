"""Paper: a sheet to print for one meeting, and the same sheet typed in afterwards."""

from typing import Any

from flask import Response, abort, current_app, make_response, request, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog import paper as printing
from catalog.attendance import forms, queries, services, wording
from catalog.attendance.forms import PaperEntry
from catalog.attendance.forms.paper import WRITTEN_IN, Written
from catalog.attendance.services import Guest, GuestRefused
from catalog.attendance.sheet import doors_open_at
from catalog.attendance.views.blueprint import pages
from catalog.attendance.views.pages import meeting_to_mark
from catalog.config import Settings
from catalog.courses.models import Meeting
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.wording import day, when


@pages.get("/meetings/<int:meeting_id>/sign-in-sheet.pdf")
@login_required
def sign_in_sheet(meeting_id: int) -> Response:
    meeting = meeting_to_mark(meeting_id)
    if meeting.is_own_work:
        abort(404)
    response = make_response(printing.pdf("attendance/sign_in_sheet.typ", _printed(meeting)))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="sign-in-{meeting.id}.pdf"'
    return response


def _printed(meeting: Meeting) -> dict[str, Any]:
    """What the printed sheet shows: names, and nothing else about anybody."""
    offering = meeting.offering
    settings: Settings = current_app.config["CATALOG"]
    leader = meeting.substitute or offering.trainer
    names = dict.fromkeys(person.name for person in (*([leader] if leader else []), *meeting.co_trainers))
    facts = [
        ("Meeting", f"{meeting.number} of {len(offering.meetings)}" if len(offering.meetings) > 1 else ""),
        ("About", "" if offering.is_group else meeting.title),
        ("Place", meeting.place or offering.place),
        ("Trainer" if len(names) == 1 else "Trainers", ", ".join(names)),
    ]
    on = day(meeting.starts_at, offering.zone)
    return {
        "title": f"Sign-in sheet: {offering.course.title}, {on}",
        "site": settings.site_name,
        "course": offering.course.title,
        "day": on,
        "when": when(meeting.starts_at, meeting.ends_at, offering.zone),
        "facts": [fact for fact in facts if fact[1]],
        "people": [enrolled.person.name for enrolled in queries.sheet(offering, clock.now()).people],
        "blank": WRITTEN_IN,
    }


@pages.get("/meetings/<int:meeting_id>/paper")
@login_required
def paper(meeting_id: int) -> Response:
    meeting = meeting_to_mark(meeting_id)
    return _paper_page(forms.blank_paper(queries.sheet(meeting.offering, clock.now()), meeting))


@pages.post("/meetings/<int:meeting_id>/paper")
@login_required
def save_paper(meeting_id: int) -> Response:
    meeting = meeting_to_mark(meeting_id)
    entry = forms.read_paper(request.form, queries.sheet(meeting.offering, clock.now()), meeting)
    if entry.problems:
        return _paper_page(entry, 422, "Some of it cannot be saved yet. Nothing was saved.")
    try:
        people = services.type_in(meeting, entry.cells, _guests(entry.guests), by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _refused(meeting_id, refusal)
    db.session.commit()
    said = "1 person was" if people == 1 else f"{people} people were"
    url = url_for(".sheet", offering_id=meeting.offering_id)
    return web.saved(url, message=f"{said} marked from the paper sheet.")


def _guests(written: list[Written]) -> list[Guest]:
    return [
        Guest(line.number, line.person, line.email, line.times.came_at, line.times.left_at)
        for line in written
    ]


def _refused(meeting_id: int, refusal: RuleBroken) -> Response:
    """Everything as it was typed, with the reason: beside the line where it is about one."""
    meeting = meeting_to_mark(meeting_id)
    entry = forms.read_paper(request.form, queries.sheet(meeting.offering, clock.now()), meeting)
    if isinstance(refusal, GuestRefused):
        entry = entry.refused(refusal.line, str(refusal))
        return _paper_page(entry, 409, "Some of it cannot be saved yet. Nothing was saved.")
    return _paper_page(entry, 409, str(refusal))


def _paper_page(entry: PaperEntry, status: int = 200, problem: str = "") -> Response:
    meeting = entry.meeting
    return web.render(
        "attendance/paper.html",
        status=status,
        entry=entry,
        meeting=meeting,
        offering=meeting.offering,
        problem=problem,
        is_early=doors_open_at(meeting) > clock.now(),
        closing=queries.closing_of(meeting.offering),
        taken=wording.taken,
    )
