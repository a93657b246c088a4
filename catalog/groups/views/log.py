"""The log of individual RSC: what one wrote down, and what one is asked to confirm."""

from flask import Response, current_app, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.groups import queries, services
from catalog.groups.access import session_asked, session_mine
from catalog.groups.forms import SessionForm
from catalog.groups.models import RscState
from catalog.groups.refusals import AlreadyAnswered, AlreadyWritten, NotQualified
from catalog.groups.views.blueprint import pages

ONE = "/rsc/<int:session_id>"
STATES = {
    RscState.ASKED: ("Not answered yet", "sun"),
    RscState.CONFIRMED: ("Confirmed", "leaf"),
    RscState.DECLINED: ("Not confirmed", "clay"),
    RscState.WITHDRAWN: ("Taken back", "soft"),
}


@pages.get("/rsc")
@login_required
def log() -> Response:
    return _log_page()


@pages.get("/rsc/new")
@login_required
def new_session() -> Response:
    return _new_page(_form(formdata=None))


@pages.post("/rsc")
@login_required
def write_down() -> Response:
    form = _form()
    if not form.validate():
        return _new_page(form, 422)
    provider = db.session.get_one(Person, form.provider_id.data)
    held_on, minutes = (form[name].data for name in ("held_on", "minutes"))
    try:
        made = services.write_down(current_user, provider, held_on, minutes, once=form.once.data)
    except (NotQualified, AlreadyWritten) as refusal:
        db.session.rollback()
        field = form.provider_id if isinstance(refusal, NotQualified) else form.held_on
        field.errors = [str(refusal)]
        return _new_page(form, 422)
    name = made.provider.name
    db.session.commit()
    return web.saved(url_for(".log"), message=f"Written down. {name} is asked to confirm it.")


@pages.post(ONE + "/confirm")
@login_required
def confirm(session_id: int) -> Response:
    session = session_asked(current_user, session_id)
    try:
        services.confirm(session)
    except (AlreadyAnswered, NotQualified) as refusal:
        return _log_page(409, str(refusal))
    said = f"Confirmed. It is among the hours of {session.person.name} now."
    db.session.commit()
    return web.saved(url_for(".log"), message=said)


@pages.post(ONE + "/decline")
@login_required
def decline(session_id: int) -> Response:
    session = session_asked(current_user, session_id)
    try:
        services.decline(session)
    except AlreadyAnswered as refusal:
        return _log_page(409, str(refusal))
    said = f"{session.person.name} is told that it was not confirmed."
    db.session.commit()
    return web.saved(url_for(".log"), message=said)


@pages.post(ONE + "/withdraw")
@login_required
def withdraw_session(session_id: int) -> Response:
    session = session_mine(current_user, session_id)
    try:
        services.withdraw(session)
    except AlreadyAnswered as refusal:
        return _log_page(409, str(refusal))
    db.session.commit()
    return web.saved(url_for(".log"), message="Taken back.")


def _form(**more: object) -> SessionForm:
    zone = current_app.config["CATALOG"].site_zone
    return SessionForm(queries.providers(current_user), clock.today(zone), **more)


def _new_page(form: SessionForm, status: int = 200) -> Response:
    return web.render("groups/new_session.html", status=status, form=form)


def _log_page(status: int = 200, problem: str = "") -> Response:
    if problem:
        db.session.rollback()
    return web.render(
        "groups/log.html",
        status=status,
        mine=queries.written_by(current_user),
        asked=queries.asked_of(current_user),
        answered=queries.answered_by(current_user),
        states=STATES,
        problem=problem,
    )
