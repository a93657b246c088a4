"""Making an account."""

from flask import Response

from catalog import web
from catalog.accounts import claims, passwords, queries, services
from catalog.accounts.forms import SignUpForm
from catalog.accounts.views.blueprint import pages
from catalog.accounts.views.opening import signed_in
from catalog.extensions import db


@pages.get("/sign-up")
def sign_up() -> Response:
    return web.render("accounts/sign_up.html", form=SignUpForm(), next=web.back_to("/"))


@pages.post("/sign-up")
def create() -> Response:
    form = SignUpForm()
    if form.validate():
        hashed = passwords.hash_of(str(form.password.data))
        try:
            return signed_in(services.add_person(str(form.name.data), str(form.email.data), hashed))
        except services.EmailTaken as refusal:
            _help_to_claim(str(form.email.data))
            form.email.errors = [*form.email.errors, str(refusal)]
    return web.render("accounts/sign_up.html", status=422, form=form, next=web.back_to("/"))


def _help_to_claim(email: str) -> None:
    """The account may be one that was made for them; then the link to it goes to its address, and only there."""
    person = queries.person_with_email(email)
    if person and claims.is_unclaimed(person):
        claims.send_link(person)
        db.session.commit()
