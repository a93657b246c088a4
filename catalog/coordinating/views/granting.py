"""The coordinator's role for a part or for a while: who has it, giving it, ending it."""

from flask import Response, abort, current_app, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.accounts.models import RoleGrant
from catalog.accounts.queries import person_with_email
from catalog.coordinating.forms.granting import GrantForm
from catalog.coordinating.queries import granting as queries
from catalog.coordinating.services import granting as services
from catalog.coordinating.views.blueprint import pages
from catalog.errors import RuleBroken
from catalog.extensions import db

NOBODY = "Nobody has an account with this address. Ask the person to make one first."


@pages.get("/roles")
@web.needs("coordinates_some")
def grants() -> Response:
    return _page(_form(formdata=None))


@pages.post("/roles")
@web.needs("coordinates_some")
def create_grant() -> Response:
    form = _form()
    if not form.validate():
        return _page(form, 422)
    person = person_with_email(str(form.email.data))
    if person is None:
        form.email.errors = [NOBODY]
        return _page(form, 422)
    try:
        services.grant(
            person,
            by=current_user,
            counties=form.counties.data or [],
            providers=form.providers.data or [],
            until=form.ends_at,
            reason=str(form.reason.data),
        )
    except RuleBroken as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return _page(form, 422)
    message = f"{person.name} has the role now, and is told by letter."
    db.session.commit()
    return web.saved(url_for(".grants"), message=message)


@pages.post("/roles/<int:grant_id>/end")
@login_required
def end_grant(grant_id: int) -> Response:
    services.end(_grant(grant_id), by=current_user)
    db.session.commit()
    back = ".grants" if current_user.coordinates_some else "accounts.account"
    return web.saved(url_for(back), message="The role has ended.")


def _grant(grant_id: int) -> RoleGrant:
    """For those who coordinate everything, who gave it and who has it; to everybody else it is not there."""
    found = queries.grant(grant_id) or abort(404)
    is_theirs = current_user.id in (found.person_id, found.granted_by_id)
    return found if current_user.is_coordinator or is_theirs else abort(404)


def _form(**more: object) -> GrantForm:
    return GrantForm(queries.providers(), str(current_app.config["CATALOG"].site_zone), **more)


def _page(form: GrantForm, status: int = 200) -> Response:
    now = clock.now()
    found = queries.grants(current_user)
    return web.render(
        "coordinating/grants.html",
        status=status,
        form=form,
        running=[one for one in found if one.is_in_force(now)],
        ended=[one for one in found if not one.is_in_force(now)],
        now=now,
        said=queries.said,
    )
