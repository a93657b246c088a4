"""Taking over an account that somebody else made."""

from flask import Response

from catalog import web
from catalog.accounts import claims, passwords, services
from catalog.accounts.forms import NewPasswordForm
from catalog.accounts.views.blueprint import pages
from catalog.accounts.views.opening import of_a_link, signed_in
from catalog.extensions import start_writing


@pages.get("/claim/<token>")
def claim(token: str) -> Response:
    return _page(token, NewPasswordForm())


@pages.post("/claim/<token>")
def take_over(token: str) -> Response:
    form, person = NewPasswordForm(), claims.person_of(token)
    if person is None or not form.of(person).validate():
        return _page(token, form, 422)
    # Hashing a password takes a while; nobody else's write waits for it.
    start_writing()
    hashed = passwords.hash_of(str(form.password.data))
    person = claims.person_of(token)
    if person is None:
        return _page(token, form)
    services.claim(person, hashed)
    return signed_in(person)


def _page(token: str, form: NewPasswordForm, status: int = 200) -> Response:
    """For a link that is used, too old or wrong, all alike, the page says where to go instead."""
    person = claims.person_of(token)
    status = status if person else 410
    return of_a_link(web.render("accounts/claim.html", status=status, person=person, form=form))
