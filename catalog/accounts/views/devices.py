"""Where somebody is signed in, and ending it."""

from flask import Response, abort, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.accounts import queries, services
from catalog.accounts.views.blueprint import pages
from catalog.accounts.views.opening import token
from catalog.extensions import db


@pages.get("/account/sign-ins")
@login_required
def sign_ins() -> Response:
    return web.render("accounts/sign_ins.html", devices=queries.devices(current_user, token()))


@pages.post("/account/sign-ins/<int:sign_in_id>/end")
@login_required
def end_sign_in(sign_in_id: int) -> Response:
    if not services.end_one(current_user, sign_in_id):
        abort(404)
    db.session.commit()
    return web.saved(url_for("accounts.sign_ins"), message="That sign-in has ended.")


@pages.post("/account/sign-ins/end-others")
@login_required
def end_other_sign_ins() -> Response:
    ended = services.end_others(current_user, token())
    db.session.commit()
    said = (
        f"{ended} other sign-in{' has' if ended == 1 else 's have'} ended."
        if ended
        else "There was no other."
    )
    return web.saved(url_for("accounts.sign_ins"), message=said)
