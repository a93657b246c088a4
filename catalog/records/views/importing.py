"""A table of past trainings: uploaded, looked at row by row, saved as entries that wait for a coordinator."""

from datetime import date
from typing import Any

from flask import Response, current_app, make_response, request, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing
from catalog.records import importing, queries, services
from catalog.records.access import import_to_read, other_person
from catalog.records.forms import SheetForm
from catalog.records.importing import EXAMPLE, MOST_BYTES
from catalog.records.importing.framework import known_names
from catalog.records.importing.naming import plain_name
from catalog.records.models import HourImport
from catalog.records.refusals import NothingChosen, SheetRefused
from catalog.records.views.blueprint import pages
from catalog.records.views.hours import LIST
from catalog.sheets import csv_bytes

MINE = LIST + "/import"
THEIRS = "/people/<int:person_id>/hours/import"
ONE = MINE + "/<int:import_id>"


@pages.get(MINE)
@login_required
def import_hours() -> Response:
    return _upload_page(current_user, SheetForm(formdata=None))


@pages.post(MINE)
@web.takes_files(2 * MOST_BYTES)
@login_required
def read_hours() -> Response:
    return _read(current_user.id)


@pages.get(THEIRS)
@web.needs("is_coordinator")
def import_person_hours(person_id: int) -> Response:
    return _upload_page(other_person(current_user, person_id), SheetForm(formdata=None))


@pages.post(THEIRS)
@web.takes_files(2 * MOST_BYTES)
@web.needs("is_coordinator")
def read_person_hours(person_id: int) -> Response:
    return _read(other_person(current_user, person_id).id)


@pages.get(MINE + "/example.csv")
@login_required
def import_example() -> Response:
    answer = make_response(csv_bytes(EXAMPLE))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers.set("Content-Disposition", "attachment", filename="Trainings (example).csv")
    return answer


@pages.get(ONE)
@login_required
def show_import(import_id: int) -> Response:
    return _preview(import_to_read(current_user, import_id))


@pages.post(ONE)
@login_required
def save_import(import_id: int) -> Response:
    found = import_to_read(current_user, import_id)
    chosen = set(request.form.getlist("row", type=web.row_number))
    try:
        made = services.save_import(found, chosen, request.form.get("seen", ""), by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        status = 422 if isinstance(refusal, NothingChosen) else 409
        return _preview(import_to_read(current_user, import_id), status, str(refusal))
    db.session.commit()
    if not made:
        return web.saved(_list_url(found.person), message="This table was saved already, so nothing changed.")
    what = "1 entry is" if made == 1 else f"{made} entries are"
    return web.saved(_list_url(found.person), message=f"{what} written down. A coordinator looks at them.")


def _read(person_id: int) -> Response:
    """Reading a workbook takes a second; nobody else's write waits for it."""
    known, today = known_names(), clock.today(current_app.config["CATALOG"].site_zone)
    form = SheetForm()
    db.session.rollback()
    sheet = None
    if form.validate():
        sent = form.table.data
        try:
            sheet = importing.read(sent.stream.read(MOST_BYTES + 1), known, today, sent.filename or "")
        except SheetRefused as refusal:
            form.table.errors = [str(refusal)]
    start_writing()
    person = db.session.get_one(Person, person_id)
    if sheet is None:
        return _upload_page(person, form, 422)
    file_name = plain_name(form.table.data.filename)
    found = services.keep_import(person, file_name, sheet, by=current_user)
    db.session.commit()
    return web.saved(url_for(".show_import", import_id=found.id))


def _upload_page(person: Person, form: SheetForm, status: int = 200) -> Response:
    return web.render(
        "records/import_hours.html",
        status=status,
        form=form,
        person=person,
        is_mine=person.id == current_user.id,
        list_url=_list_url(person),
        most_rows=importing.MOST_ROWS,
    )


def _preview(found: HourImport, status: int = 200, problem: str = "") -> Response:
    rows = found.rows["rows"]
    sound = [row for row in rows if not row["problems"]]
    there = queries.already_there(found.person_id, [date.fromisoformat(row["ended"]) for row in sound])
    return web.render(
        "records/show_import.html",
        status=status,
        found=found,
        rows=[_row(row, there) for row in rows],
        sound=len(sound),
        is_mine=found.person_id == current_user.id,
        list_url=_list_url(found.person),
        problem=problem,
        names=queries.names(),
    )


def _row(row: dict[str, Any], there: dict[Any, Any]) -> dict[str, Any]:
    """A row with its days as days, and what is there already with the same day, ledger and minutes."""
    if row["problems"]:
        return {**row, "days": None, "twin": None}
    began, ended = date.fromisoformat(row["began"]), date.fromisoformat(row["ended"])
    twins = there.get((Ledger(row["ledger"]), ended, row["minutes"]))
    return {**row, "days": (began, ended), "twin": twins[0] if twins else None}


def _list_url(person: Person) -> str:
    if person.id == current_user.id:
        return url_for(".hours")
    return url_for(".person_hours", person_id=person.id)
