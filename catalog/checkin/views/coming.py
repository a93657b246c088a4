"""Coming and leaving: a code is scanned or typed, and then there is one button."""

from datetime import timedelta

from flask import Response, abort, current_app, request, url_for
from flask_login import current_user, login_required

from catalog import clock, limits, web
from catalog.accounts.models import Person
from catalog.accounts.services import NotVerified
from catalog.checkin import queries, scans, services
from catalog.checkin.forms import CodeForm
from catalog.checkin.queries import Act
from catalog.checkin.refusals import NOT_VALID
from catalog.checkin.scans import Scan
from catalog.checkin.views.blueprint import pages
from catalog.courses.models import Meeting
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.notices import audit

COOKIE = "scan"
MOST_FAILURES = 10
WINDOW = timedelta(minutes=10)


@pages.get("/in/<token>")
def scan(token: str) -> Response:
    """Where a scanned code leads. It changes nothing but what this browser remembers."""
    limits.check(_key(), MOST_FAILURES, WINDOW)
    found = queries.drawn(token, clock.now())
    if found is None:
        _count_failure("scanned")
        return _enter_page(CodeForm(formdata=None), 410, NOT_VALID)
    return _remembered(found)


@pages.get("/check-in")
def enter() -> Response:
    return _enter_page(CodeForm())


@pages.post("/check-in")
def read_code() -> Response:
    limits.check(_key(), MOST_FAILURES, WINDOW)
    form = CodeForm()
    if not form.validate():
        return _enter_page(form, 422)
    found = queries.spoken(str(form.code.data), clock.now())
    if found is None:
        _count_failure("typed")
        return _enter_page(form, 422, NOT_VALID)
    return _remembered(found)


@pages.get("/check-in/<int:meeting_id>")
@login_required
def show(meeting_id: int) -> Response:
    return _page(_meeting(meeting_id))


@pages.post("/check-in/<int:meeting_id>")
@login_required
def come(meeting_id: int) -> Response:
    meeting, scan = _meeting(meeting_id), _scan(meeting_id)
    do = request.form.get("do", "")
    if do not in set(Act):
        abort(400)
    standing = queries.standing(current_user, meeting, clock.now())
    if scan is None and standing.act == do:
        return _page(meeting, 422, NOT_VALID)
    if scan is not None:
        try:
            services.act(Act(do), current_user, meeting, method=scan.method)
        except NotVerified:
            raise
        except RuleBroken as refusal:
            db.session.rollback()
            return _page(_meeting(meeting_id), 409, str(refusal))
        db.session.commit()
    response = web.saved(url_for(".show", meeting_id=meeting_id))
    # Leaving asks for a code of its own, and so does whoever uses this browser next.
    response.delete_cookie(COOKIE)
    return response


def _page(meeting: Meeting, status: int = 200, problem: str = "") -> Response:
    standing = queries.standing(current_user, meeting, clock.now())
    has_scanned = _scan(meeting.id) is not None
    return web.render(
        "checkin/show.html",
        status=status,
        meeting=meeting,
        standing=standing,
        has_scanned=has_scanned,
        # What a meeting is, and when, is told to those on its roster and those who stand before its door.
        is_told=has_scanned or standing.enrollment is not None,
        problem=problem,
    )


def _enter_page(form: CodeForm, status: int = 200, problem: str = "") -> Response:
    return web.render("checkin/enter.html", status=status, form=form, problem=problem)


def _meeting(meeting_id: int) -> Meeting:
    """One of a course that is not public is there for those on its roster and those who stand before its door."""
    found = queries.meeting(meeting_id) or abort(404)
    is_open = found.offering.course.is_public or _scan(meeting_id) is not None
    if not is_open and queries.standing(current_user, found, clock.now()).enrollment is None:
        abort(404)
    return found


def _remembered(found: Scan) -> Response:
    """On to the button, by way of the sign-in where that is needed; the browser keeps what was scanned."""
    response = web.saved(url_for(".show", meeting_id=found.meeting_id))
    response.set_cookie(
        COOKIE,
        scans.written(found, current_user.id),
        max_age=int(scans.LASTS.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def _scan(meeting_id: int) -> Scan | None:
    found = scans.read(request.cookies.get(COOKIE, ""), current_user.id)
    return found if found and found.meeting_id == meeting_id else None


def _key() -> str:
    """Whose failures are counted together: a person's, or those from one address without a sign-in."""
    if current_user.is_authenticated:
        return f"check-in of {current_user.id}"
    return f"check-in from {web.network()}"


def _count_failure(how: str) -> None:
    """Counted and noted, without the code: a guess that was nearly right is nobody's to read."""
    key, person_id = _key(), current_user.id
    limits.failed(key, WINDOW)
    person = db.session.get(Person, person_id) if person_id else None
    audit.note("checkin.refused", "person", person_id or 0, by=person, person_id=person_id, how=how)
    db.session.commit()
