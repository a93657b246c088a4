"""Signing in with a password, and out."""

from flask import Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog import web
from catalog.accounts import passwords, queries, services
from catalog.accounts.forms import SignInForm
from catalog.accounts.models import Person
from catalog.accounts.views.blueprint import pages
from catalog.accounts.views.opening import COOKIE, signed_in
from catalog.extensions import db, start_writing


@pages.get("/sign-in")
def sign_in() -> Response:
    return web.render("accounts/sign_in.html", form=SignInForm(), next=web.back_to("/"))


@pages.post("/sign-in")
def begin() -> Response:
    form = SignInForm()
    if form.validate():
        email, password = str(form.email.data), str(form.password.data)
        person = queries.account_with_email(email)
        known = person.id if person else None
        stored = person.password_hash if person else None
        # Checking a password takes a while; nobody else's write waits for it.
        start_writing()
        if passwords.is_right(stored, password):
            person = db.session.get_one(Person, known)
            if person.merged_into_id is None:
                return signed_in(person)
            form.form_errors.append(_joined(person.merged_into_id))
        else:
            form.form_errors.append("The address and the password do not belong together.")
    return web.render("accounts/sign_in.html", status=422, form=form, next=web.back_to("/"))


def _joined(with_id: int) -> str:
    """Only for whoever knows the password of the account that is gone."""
    address = queries.masked(db.session.get_one(Person, with_id).email)
    return f"This account was joined with another one of yours. Sign in with the address {address} instead."


@pages.post("/sign-out")
def sign_out() -> AnyResponse:
    services.end_sign_in(request.cookies.get(COOKIE, ""))
    db.session.commit()
    session.clear()
    response = redirect(url_for("browse.index"), 303)
    response.delete_cookie(COOKIE)
    return response
