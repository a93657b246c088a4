"""My learning; and for coordinators, a person's hours and history across everything."""

from flask import Blueprint, Response, abort, url_for
from flask_login import current_user, login_required

import catalog.records.naming  # noqa: F401 - it tells the audit trail what things are called
from catalog import clock, web
from catalog.accounts.models import Person
from catalog.accounts.services import LastAdministrator
from catalog.extensions import db
from catalog.records import forms, queries, services
from catalog.records.forms import RolesForm

pages = Blueprint("records", __name__)


@pages.get("/learning")
@login_required
def learning() -> Response:
    now = clock.now()
    return web.render(
        "records/learning.html",
        way=queries.way(current_user, now),
        hours=queries.hours(current_user),
        now=now,
    )


@pages.get("/people/<int:person_id>")
@web.needs("is_coordinator")
def person(person_id: int) -> Response:
    someone = _person(person_id)
    form = RolesForm(obj=someone)
    form.seen.data = forms.roles(someone)
    return _person_page(someone, form)


@pages.post("/people/<int:person_id>/roles")
@web.needs("is_administrator")
def change_roles(person_id: int) -> Response:
    someone, form = _person(person_id), RolesForm()
    if form.seen.data != forms.roles(someone):
        form.form_errors.append("Somebody else changed these roles meanwhile. This is how they stand now.")
        return _person_page(someone, _fresh(form, someone), 409)
    try:
        services.change_roles(
            someone,
            by=current_user,
            is_trainer=form.is_trainer.data,
            coordinates=form.coordinates.data,
            is_administrator=form.is_administrator.data,
        )
    except LastAdministrator as refusal:
        form.is_administrator.errors = [str(refusal)]
        return _person_page(someone, form, 422)
    db.session.commit()
    return web.saved(url_for(".person", person_id=person_id), message="The roles are changed.")


def _person(person_id: int) -> Person:
    return db.session.get(Person, person_id) or abort(404)


def _fresh(form: RolesForm, someone: Person) -> RolesForm:
    for name in services.ROLES:
        form[name].data = getattr(someone, name)
    form.seen.data = forms.roles(someone)
    return form


def _person_page(someone: Person, form: RolesForm, status: int = 200) -> Response:
    now = clock.now()
    return web.render(
        "records/person.html",
        status=status,
        person=someone,
        qualifications=queries.qualifications(someone),
        way=queries.way(someone, now),
        hours=queries.hours(someone),
        form=form,
        now=now,
    )
