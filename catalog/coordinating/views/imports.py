"""Tables that a coordinator brings in: uploaded, looked at row by row, settled, saved, and, if hours, taken back."""

import re
from typing import Any

from flask import Response, abort, current_app, make_response, request, url_for
from flask_login import current_user

from catalog import clock, web
from catalog.coordinating.importing import queries, services
from catalog.coordinating.importing.enrolling import pasted
from catalog.coordinating.importing.forms import ListForm, TableForm
from catalog.coordinating.importing.planned import Outcome, Planned, seal
from catalog.coordinating.importing.refusals import ChangedMeanwhile
from catalog.coordinating.importing.table import MOST_BYTES, Table, read
from catalog.coordinating.models import TableImport, TableKind
from catalog.coordinating.views.blueprint import pages
from catalog.courses.models import Offering
from catalog.enrollment.access import offering_to_run
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing
from catalog.records.importing.framework import known_names
from catalog.records.importing.naming import plain_name
from catalog.records.refusals import SheetRefused
from catalog.sheets import csv_bytes

LIST = "/imports"
ONE = LIST + "/<int:table_id>"
ENROLLING = "/offerings/<int:offering_id>/enroll-list"
PER_PAGE = 200
ORDER = list(Outcome)
NAMES = {
    TableKind.MEMBERSHIPS: "Memberships",
    TableKind.ENROLLING: "People for a session",
    TableKind.ATTENDANCE: "Attendance from before",
}


@pages.get(LIST)
@web.needs("is_coordinator")
def imports() -> Response:
    return web.render("coordinating/imports.html", latest=queries.latest(current_user), names=NAMES)


@pages.get(LIST + "/memberships")
@web.needs("is_coordinator")
def import_memberships() -> Response:
    return _upload_page(TableKind.MEMBERSHIPS, TableForm(formdata=None))


@pages.post(LIST + "/memberships")
@web.takes_files(2 * MOST_BYTES)
@web.needs("is_coordinator")
def read_memberships() -> Response:
    return _read(TableKind.MEMBERSHIPS, TableForm())


@pages.get(LIST + "/attendance")
@web.needs("is_coordinator")
def import_attendance() -> Response:
    return _upload_page(TableKind.ATTENDANCE, TableForm(formdata=None))


@pages.post(LIST + "/attendance")
@web.takes_files(2 * MOST_BYTES)
@web.needs("is_coordinator")
def read_attendance() -> Response:
    return _read(TableKind.ATTENDANCE, TableForm())


@pages.get(ENROLLING)
@web.needs("is_coordinator")
def enroll_list(offering_id: int) -> Response:
    offering = offering_to_run(current_user, offering_id)
    return _upload_page(TableKind.ENROLLING, ListForm(formdata=None), offering=offering)


@pages.post(ENROLLING)
@web.takes_files(2 * MOST_BYTES)
@web.needs("is_coordinator")
def read_list(offering_id: int) -> Response:
    offering_to_run(current_user, offering_id)
    return _read(TableKind.ENROLLING, ListForm(), offering_id)


@pages.get(LIST + "/memberships/example.csv")
@web.needs("is_coordinator")
def memberships_example() -> Response:
    return _example(TableKind.MEMBERSHIPS)


@pages.get(LIST + "/attendance/example.csv")
@web.needs("is_coordinator")
def attendance_example() -> Response:
    return _example(TableKind.ATTENDANCE)


@pages.get(LIST + "/people/example.csv")
@web.needs("is_coordinator")
def list_example() -> Response:
    return _example(TableKind.ENROLLING)


@pages.get(ONE)
@web.needs("is_coordinator")
def show_table(table_id: int) -> Response:
    found = _table(table_id)
    return _report(found) if found.saved_at else _preview(found)


@pages.post(ONE)
@web.needs("is_coordinator")
def save_table(table_id: int) -> Response:
    """Whoever settles a row sees first what comes of it; saving is the next step."""
    found = _table(table_id)
    here = url_for(".show_table", table_id=table_id)
    try:
        if services.settle(found, _settled()) or "settle" in request.form:
            db.session.commit()
            return web.saved(here, message="Taken. This is what would come of it now.")
        made = services.save(found, _seen(found), by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        changed = refusal.lines if isinstance(refusal, ChangedMeanwhile) else frozenset[int]()
        return _preview(_table(table_id), 409, str(refusal), changed)
    db.session.commit()
    if not made:
        return web.saved(here, message="This table was saved already, so nothing changed.")
    return web.saved(here, message=f"{'1 row is' if made == 1 else f'{made} rows are'} saved.")


@pages.post(ONE + "/undo")
@web.needs("is_coordinator")
def undo_table(table_id: int) -> Response:
    taken, _ = services.undo(_table(table_id), by=current_user)
    db.session.commit()
    what = "1 entry is" if taken == 1 else f"{taken} entries are"
    return web.saved(url_for(".show_table", table_id=table_id), message=f"{what} taken back.")


def _table(table_id: int) -> TableImport:
    return queries.table(table_id) or abort(404)


def _read(kind: TableKind, form: TableForm | ListForm, offering_id: int | None = None) -> Response:
    """Reading a workbook takes a second; nobody else's write waits for it."""
    known, today = known_names(), clock.today(current_app.config["CATALOG"].site_zone)
    db.session.rollback()
    rows = None
    if form.validate():
        try:
            rows = services.rows_of(kind, _sent(kind, form), known, today)
        except SheetRefused as refusal:
            field = form.table if form.table.data or not isinstance(form, ListForm) else form.people
            field.errors = [str(refusal)]
    start_writing()
    offering = offering_to_run(current_user, offering_id) if offering_id else None
    if rows is None:
        return _upload_page(kind, form, 422, offering)
    name = plain_name(form.table.data.filename) if form.table.data else "Addresses you wrote"
    found = services.keep(kind, name, rows, by=current_user, offering=offering)
    db.session.commit()
    return web.saved(url_for(".show_table", table_id=found.id))


def _sent(kind: TableKind, form: TableForm | ListForm) -> Table:
    if form.table.data:
        sent = form.table.data
        return read(sent.stream.read(MOST_BYTES + 1), services.KINDS[kind].NEEDS, sent.filename or "")
    return pasted(str(form["people"].data))


def _settled() -> dict[int, str]:
    """What was said of rows, by their numbers."""
    found = ((re.fullmatch(r"who-(\d{1,6})", name, re.ASCII), said) for name, said in request.form.items())
    return {int(name[1]): said for name, said in found if name}


def _seen(found: TableImport) -> str:
    """The seal of the page that was sent; of another table than this one, none. Numbers of tables that were forgotten
    are given anew on SQLite."""
    of, _, marks = request.form.get("seen", "").partition(" ")
    return marks if of == found.read_at.isoformat() else ""


def _upload_page(
    kind: TableKind, form: TableForm | ListForm, status: int = 200, offering: Offering | None = None
) -> Response:
    page = f"coordinating/import_{kind}.html"
    return web.render(page, status=status, form=form, offering=offering)


def _preview(
    found: TableImport, status: int = 200, problem: str = "", changed: frozenset[int] = frozenset()
) -> Response:
    planned = services.plan(found, by=current_user)
    first = sorted(planned, key=lambda row: (row.line not in changed, ORDER.index(row.outcome), row.line))
    return web.render(
        "coordinating/show_table.html",
        status=status,
        found=found,
        name=NAMES[found.kind],
        counts=services.counted(planned),
        seen=f"{found.read_at.isoformat()} {seal(planned)}",
        problem=problem,
        changed=changed,
        **_page(first),
    )


def _report(found: TableImport) -> Response:
    done = found.rows["done"]
    first = sorted(done, key=lambda row: (ORDER.index(Outcome(row["outcome"])), row["line"]))
    return web.render(
        "coordinating/table_saved.html",
        found=found,
        name=NAMES[found.kind],
        can_undo=found.kind == TableKind.ATTENDANCE,
        undone=found.rows.get("undone"),
        **_page(first),
    )


def _page(rows: list[Any] | list[Planned]) -> dict[str, Any]:
    pages_ = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(request.args.get("page", 1, type=web.row_number), 1), pages_)
    return {
        "rows": rows[(number - 1) * PER_PAGE : number * PER_PAGE],
        "total": len(rows),
        "pager_of": web.pager(number, pages_),
    }


def _example(kind: TableKind) -> Response:
    answer = make_response(csv_bytes(services.KINDS[kind].EXAMPLE))
    return web.as_file(answer, f"{NAMES[kind]} (example).csv", "text/csv; charset=utf-8")
