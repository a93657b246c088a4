"""One's own account."""

from flask import Response, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.accounts import services
from catalog.accounts.forms import AccountForm
from catalog.accounts.views.blueprint import pages
from catalog.extensions import db


@pages.get("/account")
@login_required
def account() -> Response:
    return web.render("accounts/account.html", form=AccountForm(obj=current_user))


@pages.post("/account")
@login_required
def update() -> Response:
    form = AccountForm()
    if not form.validate():
        return web.render("accounts/account.html", status=422, form=form)
    services.change_account(
        current_user,
        name=str(form.name.data),
        county=form.county.data or None,
        zone=form.zone.data or None,
        licence=form.licence.data,
    )
    db.session.commit()
    return web.saved(url_for("accounts.account"), message="Saved.")
