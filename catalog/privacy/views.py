"""One's own data: what others see, everything as a file, and leaving."""

from flask import Blueprint, Response, abort, make_response, request, session, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.accounts import openness, tries
from catalog.accounts.views.changing import who_knows
from catalog.accounts.views.opening import of_a_link
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.privacy import proofs, queries, services
from catalog.privacy.forms import LeaveForm, OpennessForm
from catalog.privacy.models import Departure, PersonalExport
from catalog.privacy.refusals import LinkSpent, WrongPassword

pages = Blueprint("privacy", __name__)

ACCOUNT = "/account/privacy"


@pages.get(ACCOUNT)
@login_required
def show() -> Response:
    return _page(OpennessForm(obj=openness.of(current_user)))


@pages.post(ACCOUNT)
@login_required
def choose() -> Response:
    form = OpennessForm()
    if not form.validate():
        return _page(form, 422)
    openness.choose(
        current_user,
        name_on_sessions=bool(form.name_on_sessions.data),
        address_in_groups=bool(form.address_in_groups.data),
        # Nobody but a trainer is asked, so nobody else can have said it.
        address_as_trainer=bool(form.address_as_trainer.data) and current_user.is_trainer,
    )
    db.session.commit()
    return web.saved(url_for(".show"), message="Saved. Below you see what others see.")


def _page(form: OpennessForm, status: int = 200) -> Response:
    return web.render(
        "privacy/show.html",
        status=status,
        form=form,
        chosen=openness.of(current_user),
        export=queries.last_export(current_user.id),
        now=clock.now(),
    )


@pages.post(ACCOUNT + "/export")
@login_required
def ask_for_export() -> Response:
    services.ask_for_export(current_user)
    db.session.commit()
    return web.saved(
        url_for(".show", _anchor="export"), message="Your file is being made. We write when it is ready."
    )


@pages.get(ACCOUNT + "/export/<int:export_id>.zip")
@login_required
def export_file(export_id: int) -> Response:
    found = db.session.get(PersonalExport, export_id)
    if found is None or found.person_id != current_user.id or not found.is_there(clock.now()):
        abort(404)
    return web.as_file(make_response(found.content or b""), "everything-about-me.zip", "application/zip")


@pages.get("/account/leave")
@login_required
def leave() -> Response:
    return _leave_page(LeaveForm())


@pages.post("/account/leave")
@login_required
def ask_to_leave() -> Response:
    form = LeaveForm()
    if not form.validate():
        return _leave_page(form, 422)
    if (person := who_knows(str(form.password.data))) is None:
        form.password.errors = [str(WrongPassword())]
        return _leave_page(form, 422)
    try:
        made = services.ask_to_leave(person)
    except RuleBroken as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return _leave_page(form, 409)
    return _leaving(made)


def _leaving(made: Departure) -> Response:
    due = made.due_at
    db.session.commit()
    session.clear()
    return web.render("privacy/leaving.html", due=due)


# Without a password: by a link that is mailed.


@pages.post("/account/leave/link")
@login_required
def ask_for_leave_link() -> Response:
    if current_user.password_hash:
        abort(404)
    tries.letter(current_user.email, request.remote_addr)
    try:
        services.mail_leave_link(current_user)
    except RuleBroken:
        db.session.rollback()
        return _leave_page(LeaveForm(), 409)
    db.session.commit()
    said = f"A letter is on its way to {current_user.email}. Its link leads on for an hour."
    return web.saved(url_for(".leave"), message=said)


@pages.get("/account/leave/<leave_key>")
@login_required
def leave_link(leave_key: str) -> Response:
    return _link_page(leave_key)


@pages.post("/account/leave/<leave_key>")
@login_required
def leave_by_link(leave_key: str) -> Response:
    try:
        made = services.leave_by_link(current_user, leave_key)
    except LinkSpent:
        db.session.rollback()
        return _link_page(leave_key)
    except RuleBroken:
        db.session.rollback()
        return of_a_link(_leave_page(LeaveForm(), 409))
    return _leaving(made)


def _link_page(key: str) -> Response:
    """For a link that is used, too old or of somebody else, all alike, the page says so and offers the usual way."""
    if proofs.is_theirs(current_user, key):
        return of_a_link(_leave_page(LeaveForm(formdata=None), key=key))
    return of_a_link(_leave_page(LeaveForm(formdata=None), 410, is_spent=True))


# What every way of leaving shows first.


def _leave_page(form: LeaveForm, status: int = 200, *, key: str = "", is_spent: bool = False) -> Response:
    now = clock.now()
    return web.render(
        "privacy/leave.html",
        status=status,
        form=form,
        in_the_way=queries.in_the_way(current_user, now),
        given_back=len(queries.coming_places(queries.accounts_of(current_user.id), now)),
        goes=queries.what_goes(current_user),
        stays=queries.what_stays(current_user),
        days=services.GRACE.days,
        key=key,
        is_spent=is_spent,
    )


@pages.get("/account/stay/<stay_token>")
def stay(stay_token: str) -> Response:
    return _stay_page(stay_token)


@pages.post("/account/stay/<stay_token>")
def call_off(stay_token: str) -> Response:
    try:
        services.call_off(stay_token)
    except RuleBroken:
        db.session.rollback()
        return _stay_page(stay_token)
    db.session.commit()
    return web.saved(url_for("accounts.sign_in"), message="Your account stays. Sign in to go on.")


def _stay_page(token: str) -> Response:
    """For a link that is used, too old or wrong, all alike, the page says where to go instead."""
    found = queries.departure_by(token)
    response = web.render("privacy/stay.html", status=200 if found else 410, departure=found, token=token)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
