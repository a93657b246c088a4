"""Writing down hours from elsewhere: one's own, and by coordinators for somebody else; and correcting them."""

from typing import Any

from flask import Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.accounts.models import Person
from catalog.competencies import queries as competencies
from catalog.competencies.models import Ledger
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing
from catalog.records import queries, services
from catalog.records.access import entry_to_write, other_person
from catalog.records.evidence import Clean
from catalog.records.forms import HoursForm, hours_form
from catalog.records.models import EntryState, HourEntry
from catalog.records.refusals import AlreadyCorrected, FileRefused
from catalog.records.views.blueprint import pages
from catalog.records.views.files import MOST_SENT, file_taken
from catalog.records.views.hours import LIST, ONE, entry_url

THEIRS = "/people/<int:person_id>/hours/new"


@pages.get(LIST + "/new")
@login_required
def new_hours() -> Response:
    return _new_page(_form(formdata=None), current_user)


@pages.post(LIST + "/new")
@web.takes_files(MOST_SENT)
@login_required
def create_hours() -> Response:
    file, form = _read()
    if form.errors:
        return _new_page(form, current_user, 422)
    try:
        made = services.add_hours(form.written(), file, by=current_user, once=form.once.data)
    except RuleBroken as refusal:
        return _new_page(_refused(form, refusal), current_user, 409)
    db.session.commit()
    return web.saved(entry_url(made.id), message="It is written down. A coordinator looks at it.")


@pages.get(THEIRS)
@web.needs("is_coordinator")
def new_person_hours(person_id: int) -> Response:
    return _new_page(_form(formdata=None), other_person(current_user, person_id))


@pages.post(THEIRS)
@web.takes_files(MOST_SENT)
@web.needs("is_coordinator")
def create_person_hours(person_id: int) -> Response:
    other_person(current_user, person_id)
    file, form = _read()
    person = other_person(current_user, person_id)
    if form.errors:
        return _new_page(form, person, 422)
    try:
        made = services.add_hours_for(person, form.written(), file, by=current_user, once=form.once.data)
    except RuleBroken as refusal:
        return _new_page(_refused(form, refusal), other_person(current_user, person_id), 409)
    db.session.commit()
    return web.saved(entry_url(made.id), message="It is written down as verified by you. The person is told.")


@pages.get(ONE + "/edit")
@login_required
def edit_hours(entry_id: int) -> ResponseReturnValue:
    found = entry_to_write(current_user, entry_id)
    if found.superseded_at or found.state == EntryState.WITHDRAWN:
        return redirect(entry_url(queries.versions(found)[-1].id), 303)
    return _edit_page(_form(found, formdata=None), found)


@pages.post(ONE + "/edit")
@web.takes_files(MOST_SENT)
@login_required
def update_hours(entry_id: int) -> Response:
    entry_to_write(current_user, entry_id)
    file, form = _read(entry_id)
    found = entry_to_write(current_user, entry_id)
    if form.errors:
        return _edit_page(form, found, 422)
    try:
        made = services.correct_hours(
            found,
            form.written(),
            file,
            by=current_user,
            drops_file=bool(form.drops_file.data),
            once=form.once.data,
        )
    except (AlreadyCorrected, FileRefused) as refusal:
        db.session.rollback()
        return _edit_page(_refused(form, refusal), entry_to_write(current_user, entry_id), 409)
    db.session.commit()
    return web.saved(entry_url(made.id), message="Your correction is saved.")


def _read(entry_id: int | None = None) -> tuple[Clean | None, HoursForm]:
    """The form, and its file made safe, which is slow: the lock waits until that is done."""
    db.session.rollback()
    form = _form(entry_to_write(current_user, entry_id) if entry_id else None)
    form.validate()
    file = file_taken(form)
    start_writing()
    return file, form


def _form(of: HourEntry | None = None, **more: object) -> HoursForm:
    said = request.form.get("ledger") or request.args.get("ledger") or (of.ledger.value if of else "")
    return hours_form(
        Ledger.RSC if said == Ledger.RSC.value else Ledger.TRAINING,
        clock.today(current_app.config["CATALOG"].site_zone),
        groups=competencies.topics_by_area(),
        tags=competencies.tags(),
        categories=competencies.categories(),
        of=of,
        **more,
    )


def _refused(form: HoursForm, refusal: RuleBroken) -> HoursForm:
    db.session.rollback()
    form.form_errors.append(str(refusal))
    form.once.renew()
    return form


def _new_page(form: HoursForm, person: Person, status: int = 200) -> Response:
    is_mine = person.id == current_user.id
    here = url_for(".new_hours") if is_mine else url_for(".new_person_hours", person_id=person.id)
    return web.render(
        "records/new_hours.html",
        status=status,
        form=form,
        person=person,
        is_mine=is_mine,
        here_url=here,
        groups=competencies.topics_by_area(),
        entry=None,
        dict_of=_options,
    )


def _edit_page(form: HoursForm, of: HourEntry, status: int = 200) -> Response:
    return web.render(
        "records/edit_hours.html",
        status=status,
        form=form,
        entry=of,
        is_mine=of.person_id == current_user.id,
        latest=queries.versions(of)[-1],
        here_url=url_for(".edit_hours", entry_id=of.id),
        groups=competencies.topics_by_area(),
        dict_of=_options,
    )


def _options(field: Any) -> dict[int, Any]:
    """A field's checkboxes by the ids they stand for, so that the page can group them."""
    return {option.data: option for option in field}
