"""Showing once more that it is you, before you change how you sign in."""

from flask import Response, abort, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.factors import queries
from catalog.factors.forms import CodeForm, PasswordAgainForm
from catalog.factors.models import Asking
from catalog.factors.services import passkeys
from catalog.factors.views import access, trying
from catalog.factors.views.blueprint import pages
from catalog.factors.views.second_step import asked, shown

WRONG = "That is not your password."


@pages.get("/account/confirm")
@login_required
def confirm() -> Response:
    return _page(PasswordAgainForm(formdata=None), CodeForm(formdata=None))


@pages.post("/account/confirm")
@login_required
def confirm_password() -> Response:
    form = PasswordAgainForm()
    if form.validate() and trying.is_right_password(_person(), str(form.password.data)):
        return _confirmed()
    if not form.errors:
        form.password.errors = [WRONG]
    return _page(form, CodeForm(formdata=None), 422)


@pages.post("/account/confirm/code")
@login_required
def confirm_code() -> Response:
    form = CodeForm()
    if form.validate() and trying.is_right_code(_person(), str(form.code.data)):
        return _confirmed()
    if not form.errors:
        form.code.errors = ["That is not the code. Each works once: wait until the app shows the next one."]
    return _page(PasswordAgainForm(formdata=None), form, 422)


@pages.post("/account/confirm/passkey/options")
@login_required
def ask_to_confirm() -> Response:
    if not queries.passkeys_of(current_user):
        abort(404)
    return asked(Asking.CONFIRM, _person())


@pages.post("/account/confirm/passkey")
@login_required
def confirm_passkey() -> Response:
    if shown(Asking.CONFIRM, _person()):
        return _confirmed()
    form = CodeForm(formdata=None)
    form.form_errors.append(passkeys.NotAPasskey.sentence)
    return _page(PasswordAgainForm(formdata=None), form, 422)


def _confirmed() -> Response:
    accounts.prove_again(access.here())
    db.session.commit()
    return web.saved(web.back_to(url_for("factors.index")))


def _page(password: PasswordAgainForm, code: CodeForm, status: int = 200) -> Response:
    return web.render(
        "factors/confirm.html",
        status=status,
        password=password,
        code=code,
        factors=queries.factors_of(current_user),
        has_password=current_user.password_hash is not None,
        next=web.back_to(url_for("factors.index")),
    )


def _person() -> Person:
    person: Person = current_user._get_current_object()
    return person
