"""Making an account: an address is typed in, and the rest is done by the link that is mailed there.

So the page says the same to everybody, and nobody has an account with an address that is not theirs."""

from flask import Response, request, session, url_for

from catalog import web
from catalog.accounts import passwords, proofs, services, tries
from catalog.accounts.forms import AddressForm, OpenForm
from catalog.accounts.proofs import Wanted
from catalog.accounts.views.blueprint import pages
from catalog.accounts.views.opening import of_a_link, signed_in
from catalog.extensions import db, start_writing


@pages.get("/sign-up")
def sign_up() -> Response:
    return web.render("accounts/sign_up.html", form=AddressForm(), next=web.back_to("/"))


@pages.post("/sign-up")
def create() -> Response:
    form = AddressForm()
    if not form.validate():
        return web.render("accounts/sign_up.html", status=422, form=form, next=web.back_to("/"))
    tries.letter(str(form.email.data), request.remote_addr)
    services.ask_to_sign_up(str(form.email.data), web.back_to("/"))
    db.session.commit()
    return look_in_mail("sign_up", str(form.email.data))


def look_in_mail(what: str, email: str) -> Response:
    session["asked"] = {"what": what, "email": email, "next": web.back_to("/")}
    return web.saved(url_for("accounts.sent"))


@pages.get("/look-in-your-mail")
def sent() -> Response:
    """The same for everybody who has typed an address in, whatever there is at it."""
    return web.render("accounts/sent.html", asked=session.get("asked"))


@pages.get("/sign-up/<sign_up_key>")
def open_account(sign_up_key: str) -> Response:
    return _page(proofs.sign_up_of(sign_up_key), OpenForm())


@pages.post("/sign-up/<sign_up_key>")
def save_account(sign_up_key: str) -> Response:
    form, wanted = OpenForm(), proofs.sign_up_of(sign_up_key)
    if wanted is None or not form.with_address(wanted.email).validate():
        return _page(wanted, form, 422)
    # Hashing a password takes a while; nobody else's write waits for it.
    start_writing()
    hashed = passwords.hash_of(str(form.password.data))
    try:
        person = services.add_person(str(form.name.data), wanted.email, hashed, is_verified=True)
    except services.EmailTaken:
        return _page(None, form)
    return signed_in(person, wanted.back)


def _page(wanted: Wanted | None, form: OpenForm, status: int = 200) -> Response:
    status = status if wanted else 410
    email = wanted.email if wanted else ""
    return of_a_link(web.render("accounts/open_account.html", status=status, email=email, form=form))
