"""A video meeting's report: uploaded, settled beside the roster, saved as marks."""

import hashlib
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user, login_required

import catalog.video.models  # noqa: F401
from catalog import web
from catalog.attendance import queries as attendance
from catalog.courses.models import Meeting
from catalog.enrollment.access import may_run, refusal
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing
from catalog.video import clocks, forms, queries, reading, services
from catalog.video.forms import Said, UploadForm, ZoneForm
from catalog.video.models import Report
from catalog.video.names import clean
from catalog.video.refusals import NotSettled, OtherReport, ReportRefused, SavedAlready
from catalog.wording import local

pages = Blueprint("video", __name__)


@pages.get("/meetings/<int:meeting_id>/video-report")
@login_required
def new(meeting_id: int) -> Response:
    meeting = _meeting(meeting_id)
    return _upload_page(meeting, UploadForm(meeting.offering.zone))


@pages.post("/meetings/<int:meeting_id>/video-report")
@web.takes_files(reading.MOST_BYTES)
@login_required
def create(meeting_id: int) -> Response:
    meeting = _meeting(meeting_id)
    form = UploadForm(meeting.offering.zone)
    if not form.validate():
        return _upload_page(meeting, form, 422)
    near = local(meeting.starts_at, form.zone.data).replace(tzinfo=None)
    data = form.report.data.read()
    upload = services.Upload(
        hashlib.sha256(data).hexdigest(), clean(form.report.data.filename), form.zone.data
    )
    # Reading a large report takes a second; nobody else's write waits for it.
    start_writing()
    try:
        parsed = reading.read(data, near)
        report = services.keep(_meeting(meeting_id), upload, parsed, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _upload_page(_meeting(meeting_id), form, 422, refusal)
    db.session.commit()
    return web.saved(url_for(".show", report_id=report.id))


def _upload_page(
    meeting: Meeting, form: UploadForm, status: int = 200, refusal: RuleBroken | None = None
) -> Response:
    try:
        services.refuse_meeting(meeting)
    except RuleBroken as standing:
        closed: RuleBroken | None = standing
    else:
        closed = None
    return web.render(
        "video/new.html",
        status=status,
        meeting=meeting,
        form=form,
        refusal=refusal,
        closed=closed,
        before=queries.reports_of(meeting),
    )


@pages.get("/video-reports/<int:report_id>")
@login_required
def show(report_id: int) -> Response:
    report = _report(report_id)
    return _saved_page(report) if report.saved_at else _settle_page(report)


@pages.post("/video-reports/<int:report_id>")
@login_required
def save(report_id: int) -> Response:
    report, said = _report(report_id), forms.read(request.form)
    url = url_for(".show", report_id=report_id)
    try:
        if not report.saved_at and request.form.get("zone") != report.zone:
            raise OtherReport
        if not said.is_sound and not report.saved_at:
            return _settle_page(
                report, 422, said, "Somebody new needs a name and an address. Nothing was saved."
            )
        marks = services.save(report, said.settled, said.people, by=current_user)
    except SavedAlready as refusal:
        db.session.rollback()
        return web.saved(url, message=str(refusal))
    except RuleBroken as refusal:
        db.session.rollback()
        status = 422 if isinstance(refusal, NotSettled) else 409
        return _settle_page(_report(report_id), status, said, str(refusal))
    db.session.commit()
    return web.saved(url, message=f"Saved: {marks} {'mark' if marks == 1 else 'marks'} from the report.")


@pages.post("/video-reports/<int:report_id>/zone")
@login_required
def change_zone(report_id: int) -> Response:
    report = _report(report_id)
    form = ZoneForm(report.meeting.offering.zone)
    if not form.validate():
        abort(400)
    try:
        services.change_zone(report, form.zone.data)
    except ReportRefused as refusal:
        db.session.rollback()
        return _settle_page(_report(report_id), 422, None, str(refusal))
    db.session.commit()
    return web.saved(url_for(".show", report_id=report_id))


@pages.post("/video-reports/<int:report_id>/discard")
@login_required
def discard(report_id: int) -> Response:
    report = _report(report_id)
    meeting_id = report.meeting_id
    services.discard(report)
    db.session.commit()
    message = "The report was discarded, with every name in it."
    return web.saved(url_for(".new", meeting_id=meeting_id), message=message)


def _settle_page(report: Report, status: int = 200, said: Said | None = None, problem: str = "") -> Response:
    found = services.preview(report, said.settled if said else None)
    zone_form = ZoneForm(report.meeting.offering.zone, formdata=None, data={"zone": report.zone})
    better = clocks.better_zone(found.participants, report.meeting, report.zone)
    if better:
        zone_form.zone.data = better
    context: dict[str, Any] = {
        "report": report,
        "found": found,
        "newcomers": forms.newcomer_forms(found.to_settle, said),
        "problem": problem,
        "better": better,
        "zone_form": zone_form,
        "closed": attendance.closing_of(report.meeting.offering) is not None,
    }
    return web.render("video/show.html", status=status, **context)


def _saved_page(report: Report) -> Response:
    return web.render("video/saved.html", report=report, rows=queries.saved_rows(report))


def _meeting(meeting_id: int) -> Meeting:
    meeting = queries.meeting(meeting_id) or abort(404)
    if not may_run(current_user, meeting.offering):
        abort(refusal(meeting.offering))
    return meeting


def _report(report_id: int) -> Report:
    """To those who do not run its session it is not there."""
    report = queries.report(report_id) or abort(404)
    if not may_run(current_user, report.meeting.offering):
        abort(404)
    return report
