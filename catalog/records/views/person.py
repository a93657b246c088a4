"""For coordinators, a person's hours and history across everything; and what is written down about them."""

from typing import Any, TypeVar

from flask import Response, abort, g, url_for
from flask_login import current_user
from flask_wtf import FlaskForm

from catalog import clock, web
from catalog.accounts.forms import LicenceForm
from catalog.accounts.models import Person, Qualification
from catalog.accounts.services import LastAdministrator
from catalog.competencies import queries as competencies
from catalog.extensions import db
from catalog.notices.queries import addresses
from catalog.records import forms, queries, services
from catalog.records.forms import MembershipForm, QualificationForm, RolesForm
from catalog.records.views.blueprint import pages
from catalog.records.wording import mark_said


@pages.get("/people/<int:person_id>")
@web.needs("is_coordinator")
def person(person_id: int) -> Response:
    return _person_page(_person(person_id))


@pages.post("/people/<int:person_id>/roles")
@web.needs("is_administrator")
def change_roles(person_id: int) -> Response:
    someone, form = _person(person_id), RolesForm()
    if form.seen.data != forms.roles(someone):
        return _person_page(someone, 409, roles=_refused(_roles(someone), ROLES_CHANGED))
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
        return _person_page(someone, 422, roles=form)
    db.session.commit()
    return web.saved(url_for(".person", person_id=person_id), message="The roles are changed.")


@pages.post("/people/<int:person_id>/sign-out")
@web.needs("is_coordinator")
def end_sign_ins(person_id: int) -> Response:
    someone = _person(person_id)
    if someone.is_closed:
        abort(404)
    ended = services.end_sign_ins(someone, by=current_user._get_current_object())
    said = (
        f"{someone.name} is signed out everywhere, and is told." if ended else "They were signed in nowhere."
    )
    db.session.commit()
    return web.saved(url_for(".person", person_id=person_id), message=said)


@pages.post("/people/<int:person_id>/qualifications")
@web.needs("is_coordinator")
def add_qualification(person_id: int) -> Response:
    someone, form = _person(person_id), _qualification_form(prefix=NEW)
    if not form.validate():
        return _person_page(someone, 422, new=form)
    services.add_qualification(someone, form.columns(), by=current_user)
    db.session.commit()
    return web.saved(_url(someone), message="The qualification is written down.")


@pages.post("/people/<int:person_id>/qualifications/<int:qualification_id>")
@web.needs("is_coordinator")
def change_qualification(person_id: int, qualification_id: int) -> Response:
    someone, held = _person(person_id), _qualification(person_id, qualification_id)
    form = _qualification_form(obj=held, prefix=_prefix(held))
    if form.seen.data != forms.stand(held):
        return _person_page(someone, 409, changed=_refused(_change(held), QUALIFICATION_CHANGED))
    if not form.validate():
        return _person_page(someone, 422, changed=form)
    services.change_qualification(held, form.columns(), by=current_user)
    db.session.commit()
    return web.saved(_url(someone), message="The qualification is changed.")


@pages.post("/people/<int:person_id>/membership")
@web.needs("is_coordinator")
def set_membership(person_id: int) -> Response:
    someone, form = _person(person_id), MembershipForm()
    if not form.validate():
        return _person_page(someone, 422, membership=form)
    services.set_membership(someone, form.member_until.data, by=current_user)
    db.session.commit()
    return web.saved(_url(someone), message="The membership is changed.")


@pages.post("/people/<int:person_id>/licence")
@web.needs("is_coordinator")
def set_licence(person_id: int) -> Response:
    someone, form = _person(person_id), LicenceForm()
    if not form.validate():
        return _person_page(someone, 422, licence=form)
    services.set_licence(someone, form.licence.data, by=current_user)
    db.session.commit()
    return web.saved(_url(someone), message="The licence number is changed.")


NEW = "new-"
ROLES_CHANGED = "Somebody else changed these roles meanwhile. This is how they stand now."
QUALIFICATION_CHANGED = "Somebody else changed this qualification meanwhile. This is how it stands now."


def _url(someone: Person) -> str:
    return url_for(".person", person_id=someone.id) + "#standing"


def _person(person_id: int) -> Person:
    return db.session.get(Person, person_id) or abort(404)


def _qualification(person_id: int, qualification_id: int) -> Qualification:
    """One of the person's own. On PostgreSQL its row is locked, so that nobody changes what `seen` stood for."""
    held = db.session.get(Qualification, qualification_id, with_for_update=True)
    return held if held and held.person_id == person_id else abort(404)


def _prefix(held: Qualification) -> str:
    return f"held{held.id}-"


def _roles(someone: Person) -> RolesForm:
    """As the roles stand, whatever was sent."""
    form = RolesForm(formdata=None, obj=someone)
    form.seen.data = forms.roles(someone)
    return form


def _qualification_form(**more: Any) -> QualificationForm:
    return QualificationForm(_categories(), **more)


def _categories() -> list[tuple[str, str]]:
    """Read once for a page, on which every qualification has a form."""
    if "categories" not in g:
        g.categories = [(one.code, f"{one.name} ({one.code})") for one in competencies.categories()]
    return list(g.categories)


def _change(held: Qualification) -> QualificationForm:
    form = _qualification_form(formdata=None, obj=held, prefix=_prefix(held))
    form.seen.data = forms.stand(held)
    return form


Form = TypeVar("Form", bound=FlaskForm)


def _refused(form: Form, sentence: str) -> Form:
    form.form_errors.append(sentence)
    return form


def _person_page(
    someone: Person,
    status: int = 200,
    *,
    roles: RolesForm | None = None,
    new: QualificationForm | None = None,
    changed: QualificationForm | None = None,
    membership: MembershipForm | None = None,
    licence: LicenceForm | None = None,
) -> Response:
    """The page with the one form that was sent, if any, as it was typed, and the others as things stand."""
    now = clock.now()
    held = queries.qualifications(someone)
    sent = {changed._prefix: changed} if changed else {}
    return web.render(
        "records/person.html",
        status=status,
        person=someone,
        addresses=addresses(someone),
        qualifications=[(one, sent.get(_prefix(one)) or _change(one)) for one in held],
        way=queries.way(someone, now),
        hours=queries.hours(someone),
        links=queries.links_of(someone),
        mark_said=mark_said,
        roles=roles or _roles(someone),
        new=new or _qualification_form(formdata=None, prefix=NEW),
        membership=membership or MembershipForm(formdata=None, obj=someone),
        licence=licence or LicenceForm(formdata=None, obj=someone),
        joined_with=db.session.get(Person, someone.merged_into_id or 0),
        now=now,
    )
