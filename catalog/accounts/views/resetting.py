"""A password that is forgotten: another one is chosen by a link that is mailed."""

from flask import Response, request

from catalog import web
from catalog.accounts import passwords, proofs, services, tries
from catalog.accounts.forms import AddressForm, NewPasswordForm
from catalog.accounts.models import Person
from catalog.accounts.views.blueprint import pages
from catalog.accounts.views.opening import of_a_link, signed_in
from catalog.accounts.views.signing_up import look_in_mail
from catalog.extensions import db, start_writing


@pages.get("/reset")
def forgot() -> Response:
    return web.render("accounts/forgot.html", form=AddressForm(), next=web.back_to("/"))


@pages.post("/reset")
def ask_to_reset() -> Response:
    form = AddressForm()
    if not form.validate():
        return web.render("accounts/forgot.html", status=422, form=form, next=web.back_to("/"))
    tries.letter(str(form.email.data), request.remote_addr)
    services.ask_to_reset(str(form.email.data), web.back_to("/"))
    db.session.commit()
    return look_in_mail("reset", str(form.email.data))


@pages.get("/reset/<reset_key>")
def reset(reset_key: str) -> Response:
    return _page(proofs.person_to_reset(reset_key), NewPasswordForm())


@pages.post("/reset/<reset_key>")
def save_reset(reset_key: str) -> Response:
    form, person = NewPasswordForm(), proofs.person_to_reset(reset_key)
    if person is None or not form.of(person).validate():
        return _page(person, form, 422)
    # Hashing a password takes a while; nobody else's write waits for it.
    start_writing()
    hashed = passwords.hash_of(str(form.password.data))
    person = proofs.person_to_reset(reset_key)
    if person is None:
        return _page(None, form)
    services.reset_password(person, hashed)
    return signed_in(person)


def _page(person: Person | None, form: NewPasswordForm, status: int = 200) -> Response:
    """For a link that is used, too old or wrong, all alike, the page says how to get another one."""
    status = status if person else 410
    return of_a_link(web.render("accounts/reset.html", status=status, person=person, form=form))
