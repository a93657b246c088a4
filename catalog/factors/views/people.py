"""For administrators: taking a second step away from somebody who cannot get in any more."""

from flask import Response, abort, url_for
from flask_login import current_user

from catalog import web
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.factors import queries, services
from catalog.factors.forms import ForgetForm
from catalog.factors.views import access
from catalog.factors.views.blueprint import pages

BACK = "factors.ask_to_forget"


@pages.get("/people/<int:person_id>/second-step")
@web.needs("is_administrator")
def ask_to_forget(person_id: int) -> Response:
    return _page(_person(person_id), ForgetForm(formdata=None))


@pages.post("/people/<int:person_id>/second-step")
@web.needs("is_administrator")
@access.freshly(BACK, named=True)
def forget(person_id: int) -> Response:
    person, form = _person(person_id), ForgetForm()
    if not form.validate():
        return _page(person, form, 422)
    services.forget_factors(person, current_user._get_current_object(), str(form.reason.data))
    db.session.commit()
    return web.saved(
        url_for(BACK, person_id=person_id),
        message=f"{person.name} signs in with the password alone now, and was told.",
    )


def _page(person: Person, form: ForgetForm, status: int = 200) -> Response:
    return web.render(
        "factors/forget.html", status=status, person=person, form=form, factors=queries.factors_of(person)
    )


def _person(person_id: int) -> Person:
    person = db.session.get(Person, person_id)
    return person if person and person.merged_into_id is None else abort(404)
