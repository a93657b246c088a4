"""The door of a meeting, for those who run it: the screen with the codes, what it allows, the code on paper."""

from typing import Any

from flask import Response, abort, current_app, url_for
from flask_login import current_user, login_required
from markupsafe import Markup

from catalog import clock, paper, web
from catalog.attendance.sheet import doors_open_at
from catalog.checkin import codes, queries, services
from catalog.checkin.forms import DoorForm
from catalog.checkin.models import Door
from catalog.checkin.refusals import NoWalkIns
from catalog.checkin.views.blueprint import pages
from catalog.config import Settings
from catalog.courses.models import Meeting
from catalog.enrollment.access import may_mark, refusal
from catalog.errors import RuleBroken
from catalog.extensions import db


@pages.get("/meetings/<int:meeting_id>/door")
@login_required
def door(meeting_id: int) -> Response:
    meeting = _meeting_to_run(meeting_id)
    found = queries.door_of(meeting_id)
    if found is None or not found.is_working(clock.now()):
        if web.is_fragment():
            return web.render("checkin/_door_shut.html", meeting=meeting)
        return _settings_page(meeting, found)
    return web.render("checkin/door.html", "checkin/_door.html", **_screen(meeting, found))


@pages.get("/meetings/<int:meeting_id>/door/settings")
@login_required
def settings(meeting_id: int) -> Response:
    meeting = _meeting_to_run(meeting_id)
    return _settings_page(meeting, queries.door_of(meeting_id))


@pages.post("/meetings/<int:meeting_id>/door")
@login_required
def open_door(meeting_id: int) -> Response:
    meeting, form = _meeting_to_run(meeting_id), DoorForm()
    if not form.validate():
        return _settings_page(meeting, queries.door_of(meeting_id), 422)
    try:
        services.open_door(
            meeting,
            by=current_user,
            allows_walk_ins=bool(form.allows_walk_ins.data),
            checks_out=bool(form.checks_out.data),
            prints=bool(form.prints.data),
        )
    except NoWalkIns as refusal:
        db.session.rollback()
        return _settings_page(_meeting_to_run(meeting_id), queries.door_of(meeting_id), 422, str(refusal))
    db.session.commit()
    return web.saved(url_for(".door", meeting_id=meeting_id))


@pages.post("/meetings/<int:meeting_id>/door/close")
@login_required
def close_door(meeting_id: int) -> Response:
    _meeting_to_run(meeting_id)
    services.close_door(_door(meeting_id), by=current_user)
    db.session.commit()
    return web.saved(url_for(".settings", meeting_id=meeting_id), message="The door is closed.")


@pages.post("/meetings/<int:meeting_id>/door/codes")
@login_required
def new_codes(meeting_id: int) -> Response:
    _meeting_to_run(meeting_id)
    services.new_codes(_door(meeting_id), by=current_user)
    db.session.commit()
    message = "All codes are new. Those from before open nothing."
    return web.saved(url_for(".settings", meeting_id=meeting_id), message=message)


@pages.get("/meetings/<int:meeting_id>/door/printed")
@login_required
def printed(meeting_id: int) -> Response:
    meeting = _meeting_to_run(meeting_id)
    found = queries.door_of(meeting_id)
    secret = found.printed_secret if found and found.is_working(clock.now()) else None
    url = _url(codes.printed(secret, meeting_id)) if secret else None
    return web.render(
        "checkin/printed.html",
        meeting=meeting,
        door=found,
        qr=_qr(url) if url else None,
        opens_at=doors_open_at(meeting),
    )


def _screen(meeting: Meeting, door: Door) -> dict[str, Any]:
    now = clock.now()
    return {
        "meeting": meeting,
        "door": door,
        "qr": _qr(_url(codes.drawn(door.secret, meeting.id, now))),
        "code": codes.spoken(door.secret, meeting.id, now),
        "here_now": queries.here(meeting),
        "enter_url": f"{_site_url()}{url_for('.enter')}",
        "opens_at": doors_open_at(meeting) if now < doors_open_at(meeting) else None,
    }


def _settings_page(meeting: Meeting, door: Door | None, status: int = 200, no_walk_ins: str = "") -> Response:
    problem = ""
    try:
        services.refuse_if_over(meeting)
    except RuleBroken as refusal:
        problem = str(refusal)
    is_open = door is not None and door.is_working(clock.now())
    form = DoorForm(obj=door)
    if no_walk_ins:
        form.allows_walk_ins.errors = [no_walk_ins]
    if door and not form.is_submitted():
        form.prints.data = door.printed_secret is not None
    return web.render(
        "checkin/settings.html",
        status=status,
        meeting=meeting,
        door=door,
        is_open=is_open,
        form=form,
        problem=problem,
    )


def _meeting_to_run(meeting_id: int) -> Meeting:
    """A meeting people come to: 404 when there is none, 403 when it is somebody else's."""
    meeting = queries.meeting(meeting_id) or abort(404)
    if not may_mark(current_user, meeting):
        abort(refusal(meeting.offering))
    return meeting


def _door(meeting_id: int) -> Door:
    return queries.door_of(meeting_id) or abort(404)


def _qr(url: str) -> Markup:
    """Drawn here from an address of ours, so it is markup that can be trusted."""
    return Markup(paper.qr_svg(url))  # noqa: S704 - see above


def _url(token: str) -> str:
    return f"{_site_url()}{url_for('checkin.scan', token=token)}"


def _site_url() -> str:
    settings: Settings = current_app.config["CATALOG"]
    return settings.site_url
