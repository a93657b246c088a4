"""Confirming the address of an account, which is asked for before a seat is taken."""

from flask import Response, request, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.accounts import proofs, services, tries
from catalog.accounts.services import NotVerified
from catalog.accounts.views.blueprint import pages
from catalog.accounts.views.opening import of_a_link
from catalog.extensions import db


@pages.app_errorhandler(NotVerified)
def ask_first(_refusal: NotVerified) -> Response:
    """Whatever seat they wanted, they are asked for this first, and led back to it afterwards."""
    db.session.rollback()
    return web.saved(url_for("accounts.unverified", next=web.back_to(web.page_of_form())))


@pages.get("/account/verify")
@login_required
def unverified() -> Response:
    return web.render("accounts/unverified.html", next=web.back_to("/"))


@pages.post("/account/verify")
@login_required
def ask_to_verify() -> Response:
    back = web.back_to("/")
    if not current_user.is_verified:
        tries.letter(current_user.email, request.remote_addr)
        services.ask_to_verify(current_user, back)
        db.session.commit()
    return web.saved(url_for("accounts.unverified", next=back), message="The letter is on its way.")


@pages.get("/verify/<verify_key>")
def verify(verify_key: str) -> Response:
    return _page(verify_key)


@pages.post("/verify/<verify_key>")
def confirm(verify_key: str) -> Response:
    found = proofs.to_verify(verify_key)
    if found is None:
        return _page(verify_key)
    services.verify(found.person)
    db.session.commit()
    return web.saved(found.back, message="Your address is confirmed.")


def _page(verify_key: str) -> Response:
    found = proofs.to_verify(verify_key)
    return of_a_link(web.render("accounts/verify.html", status=200 if found else 410, found=found))
