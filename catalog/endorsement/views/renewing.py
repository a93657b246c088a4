"""What one holds, and the meter of the period one is in."""

from datetime import date

from flask import Response, current_app, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.competencies import queries as competencies
from catalog.competencies.models import Category
from catalog.endorsement import queries, refusals, services, wording
from catalog.endorsement.access import own_endorsed
from catalog.endorsement.forms import EndorsedForm, RenewForm
from catalog.endorsement.models import Endorsed
from catalog.endorsement.views.blueprint import pages
from catalog.extensions import db

LIST = "/endorsed"
ONE = LIST + "/<int:endorsed_id>"


@pages.get(LIST + "/new")
@login_required
def new_endorsed() -> Response:
    return _form_page(EndorsedForm(_to_hold(), _today(), formdata=None))


@pages.post(LIST + "/new")
@login_required
def create_endorsed() -> Response:
    form = EndorsedForm(_to_hold(), _today())
    if not form.validate():
        return _form_page(form, 422)
    category = db.session.get_one(Category, form.category_id.data)
    try:
        made = services.hold(current_user, category, **form.columns(), by=current_user)
    except refusals.AlreadyHeld as refusal:
        form.category_id.errors = [str(refusal)]
        return _form_page(form, 422)
    db.session.commit()
    return web.saved(url_for(".renewal", endorsed_id=made.id), message="It is written down.")


@pages.get(ONE)
@login_required
def renewal(endorsed_id: int) -> Response:
    held = own_endorsed(current_user, endorsed_id)
    now = clock.now()
    found = queries.renewal_of(held, now)
    return web.render(
        "endorsement/renewal.html",
        found=found,
        outlook=queries.outlook(found, now, zone=current_app.config["CATALOG"].site_zone),
        form=RenewForm(formdata=None, seen=held.valid_until.isoformat()),
        said=wording,
    )


@pages.get(ONE + "/edit")
@login_required
def edit_endorsed(endorsed_id: int) -> Response:
    held = own_endorsed(current_user, endorsed_id)
    return _form_page(EndorsedForm(None, _today(), formdata=None, obj=held), held=held)


@pages.post(ONE + "/edit")
@login_required
def update_endorsed(endorsed_id: int) -> Response:
    held = own_endorsed(current_user, endorsed_id)
    form = EndorsedForm(None, _today(), until=held.valid_until)
    if not form.validate():
        return _form_page(form, 422, held)
    columns = form.columns()
    columns["valid_until"] = columns["valid_until"] or held.valid_until
    services.change_endorsed(held, columns, by=current_user)
    db.session.commit()
    return web.saved(url_for(".renewal", endorsed_id=endorsed_id), message="Your changes are saved.")


@pages.post(ONE + "/renew")
@login_required
def renew(endorsed_id: int) -> Response:
    """The person says that the association has renewed it."""
    held = own_endorsed(current_user, endorsed_id)
    services.renew(held, _day(RenewForm().seen.data or ""), by=current_user)
    db.session.commit()
    return web.saved(url_for(".renewal", endorsed_id=endorsed_id), message="The next period has begun.")


@pages.post(ONE + "/remove")
@login_required
def remove_endorsed(endorsed_id: int) -> Response:
    services.let_go(own_endorsed(current_user, endorsed_id), by=current_user)
    db.session.commit()
    return web.saved(url_for(".index"), message="It is no longer written down. You can add it again.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def _today() -> date:
    return clock.today(current_app.config["CATALOG"].site_zone)


def _to_hold() -> list[Category]:
    held = {one.category_id for one in queries.endorsed_of(current_user)}
    return [category for category in competencies.categories() if category.id not in held]


def _form_page(form: EndorsedForm, status: int = 200, held: Endorsed | None = None) -> Response:
    return web.render("endorsement/endorsed_form.html", status=status, form=form, held=held)
