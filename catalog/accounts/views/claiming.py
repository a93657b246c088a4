"""Taking over an account that somebody else made."""

from flask import Response

from catalog import web
from catalog.accounts import claims, passwords, services
from catalog.accounts.forms import ClaimForm
from catalog.accounts.views.blueprint import pages
from catalog.accounts.views.opening import signed_in
from catalog.extensions import start_writing


@pages.get("/claim/<token>")
def claim(token: str) -> Response:
    return _claim_page(token, ClaimForm())


@pages.post("/claim/<token>")
def take_over(token: str) -> Response:
    form = ClaimForm()
    if claims.person_of(token) is None or not form.validate():
        return _claim_page(token, form, 422)
    # Hashing a password takes a while; nobody else's write waits for it.
    start_writing()
    hashed = passwords.hash_of(str(form.password.data))
    person = claims.person_of(token)
    if person is None:
        return _claim_page(token, form, 422)
    services.claim(person, hashed)
    return signed_in(person)


def _claim_page(token: str, form: ClaimForm, status: int = 200) -> Response:
    """For a link that is used, too old or wrong, all alike, the page says where to go instead."""
    person = claims.person_of(token)
    response = web.render("accounts/claim.html", status=status if person else 410, person=person, form=form)
    # The address opens the account: no other page is told where its reader came from.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
