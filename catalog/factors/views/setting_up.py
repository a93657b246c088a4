"""One's own second step: the app, the passkeys, the recovery codes."""

from flask import Response, abort, current_app, url_for
from flask_login import current_user, login_required
from markupsafe import Markup

from catalog import web
from catalog.accounts.models import Person
from catalog.config import Settings
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing
from catalog.factors import digits, queries, services
from catalog.factors.forms import AppForm, NameForm, PasskeyForm
from catalog.factors.models import Asking, Passkey
from catalog.factors.rules import is_required
from catalog.factors.views import access
from catalog.factors.views.blueprint import pages
from catalog.factors.views.second_step import asked, challenge_taken
from catalog.paper import qr_svg

INDEX, APP = "factors.index", "factors.app"


@pages.get("/account/second-step")
@login_required
def index() -> Response:
    return _index(PasskeyForm(formdata=None))


def _index(form: PasskeyForm, status: int = 200) -> Response:
    return web.render(
        "factors/index.html",
        status=status,
        form=form,
        factors=queries.factors_of(current_user),
        required=is_required(current_user),
        first=access.needs_one(current_user),
    )


@pages.get("/account/second-step/app")
@access.freshly(APP)
def app() -> Response:
    return _app(AppForm(formdata=None), services.apps.offer(current_user))


@pages.post("/account/second-step/app")
@access.freshly(APP)
def add_app() -> Response:
    form, person = AppForm(), _person()
    sealed = str(form.sealed.data)
    if not form.validate():
        return _app(form, sealed, 422)
    fresh = _codes_to_come(person)
    try:
        services.apps.add(person, sealed, str(form.code.data), here=access.here())
    except services.apps.WrongDigits as refusal:
        db.session.rollback()
        form.code.errors = [str(refusal)]
        return _app(form, sealed, 422)
    except services.apps.OfferTooOld:
        db.session.rollback()
        return _app(form, sealed, 422)
    return _added(person, fresh, "The app is set up.")


def _app(form: AppForm, sealed: str, status: int = 200) -> Response:
    """The picture for the phone and the letters for typing. Nothing of it is kept until the app is confirmed."""
    settings: Settings = current_app.config["CATALOG"]
    try:
        secret = services.apps.offered(current_user, sealed)
    except services.apps.OfferTooOld as refusal:
        sealed, status = services.apps.offer(current_user), 422
        secret = services.apps.offered(current_user, sealed)
        form.form_errors = [str(refusal)]
    address = digits.address(secret, current_user.email, settings.site_name)
    return web.render(
        "factors/app.html",
        status=status,
        form=form,
        sealed=sealed,
        qr=Markup(qr_svg(address)),  # noqa: S704 - an image that this program has just drawn
        secret=digits.spaced(secret),
        replaces=queries.app_of(current_user) is not None,
    )


@pages.post("/account/second-step/app/remove")
@access.freshly(INDEX)
def remove_app() -> Response:
    services.apps.remove(_person())
    db.session.commit()
    return web.saved(url_for(INDEX), message="The app was removed.")


@pages.post("/account/second-step/passkeys/options")
@access.freshly(INDEX)
def ask_for_new_passkey() -> Response:
    return asked(Asking.ADD, _person())


@pages.post("/account/second-step/passkeys")
@access.freshly(INDEX)
def add_passkey() -> Response:
    form, person = PasskeyForm(), _person()
    challenge = challenge_taken(Asking.ADD, person)
    if not form.validate():
        return _index(form, 422)
    fresh = _codes_to_come(person)
    try:
        services.passkeys.add(
            person, str(form.credential.data), challenge, form.name.data or "", here=access.here()
        )
    except RuleBroken as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return _index(form, 422)
    return _added(person, fresh, "The passkey was added.")


@pages.post("/account/second-step/passkeys/<int:passkey_id>")
@access.freshly(INDEX)
def rename_passkey(passkey_id: int) -> Response:
    passkey, form = _own_passkey(passkey_id), NameForm()
    if not form.validate():
        wrong = PasskeyForm(formdata=None)
        wrong.form_errors.extend(form.errors["name"])
        return _index(wrong, 422)
    services.passkeys.rename(passkey, str(form.name.data))
    db.session.commit()
    return web.saved(url_for(INDEX), message="Saved.")


@pages.post("/account/second-step/passkeys/<int:passkey_id>/remove")
@access.freshly(INDEX)
def remove_passkey(passkey_id: int) -> Response:
    services.passkeys.remove(_own_passkey(passkey_id))
    db.session.commit()
    return web.saved(url_for(INDEX), message="The passkey was removed.")


@pages.post("/account/second-step/codes")
@access.freshly(INDEX)
def make_codes() -> Response:
    person = _person()
    if person.second_step_since is None:
        abort(404)
    fresh = services.codes.fresh()
    start_writing()
    services.codes.keep(person, fresh)
    db.session.commit()
    return _codes(fresh, "")


def _codes_to_come(person: Person) -> list[services.codes.Fresh]:
    """Codes come with the first factor. They are made before anything is written, because it takes a while."""
    fresh = services.codes.fresh() if not queries.unused_codes(person) else []
    start_writing()
    return fresh


def _added(person: Person, fresh: list[services.codes.Fresh], message: str) -> Response:
    """The codes are shown in this answer and never again."""
    shown = bool(fresh) and services.codes.keep(person, fresh, anew=False)
    db.session.commit()
    return _codes(fresh, message) if shown else web.saved(url_for(INDEX), message=message)


def _codes(fresh: list[services.codes.Fresh], message: str) -> Response:
    return web.render("factors/codes.html", codes=[code.shown for code in fresh], message=message)


def _own_passkey(passkey_id: int) -> Passkey:
    return queries.passkey_of(current_user, passkey_id) or abort(404)


def _person() -> Person:
    person: Person = current_user._get_current_object()
    return person
