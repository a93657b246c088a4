"""Signing in with a password, and out."""

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog import web
from catalog.accounts import passwords, queries, services, tries
from catalog.accounts.forms import SignInForm
from catalog.accounts.models import Person
from catalog.accounts.views.blueprint import pages
from catalog.accounts.views.opening import closed, signed_in, token
from catalog.extensions import db, start_writing
from catalog.limits import TooOften


@pages.get("/sign-in")
def sign_in() -> Response:
    return _page(SignInForm())


@pages.post("/sign-in")
def begin() -> Response:
    form = SignInForm()
    if not form.validate():
        return _page(form, 422)
    email, password = str(form.email.data), str(form.password.data)
    try:
        keys = tries.password(email, request.remote_addr)
    except TooOften as refusal:
        return _wait(form, refusal)
    db.session.commit()
    person = queries.account_with_email(email)
    known = person.id if person else None
    stored = person.password_hash if person else None
    # Checking a password takes a while; nobody else's write waits for it.
    start_writing()
    if passwords.is_right(stored, password):
        tries.right(keys)
        person = db.session.get_one(Person, known)
        # It may have been changed meanwhile: then what was right before opens nothing.
        if person.merged_into_id is None and person.password_hash == stored:
            return signed_in(person)
        form.form_errors.append(_why_closed(person))
    else:
        form.form_errors.append("The address and the password do not belong together.")
    return _page(form, 422)


def _page(form: SignInForm, status: int = 200) -> Response:
    return web.render("accounts/sign_in.html", status=status, form=form, next=web.back_to("/"))


def _wait(form: SignInForm, refusal: TooOften) -> Response:
    db.session.rollback()
    form.form_errors.append(f"{refusal} Or choose a new password by mail.")
    response = _page(form, 429)
    response.headers["Retry-After"] = str(refusal.seconds)
    return response


def _why_closed(person: Person) -> str:
    """Only for whoever knows the password of the account that is gone."""
    if person.merged_into_id is None:
        return "The password was changed just now. Sign in with the new one."
    address = queries.masked(db.session.get_one(Person, person.merged_into_id).email)
    return f"This account was joined with another one of yours. Sign in with the address {address} instead."


@pages.post("/sign-out")
def sign_out() -> AnyResponse:
    services.end_sign_in(token())
    db.session.commit()
    return closed(redirect(url_for("browse.index"), 303))
