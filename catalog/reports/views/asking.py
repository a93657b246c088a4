"""The list of reports, a report, its files, and the rows behind one of its figures."""

from typing import NamedTuple

from flask import Response, abort, current_app, make_response, request, url_for

from catalog import clock, web
from catalog.extensions import db
from catalog.reports import desk, drawing, files, masking, queries, services
from catalog.reports.forms import AskForm, address
from catalog.reports.frame import PER_PAGE, TOTAL, Asked, Behind, Question, Report, Table, Unit, Which
from catalog.reports.period import Preset, preset
from catalog.reports.saying import say
from catalog.reports.standings import reckoning
from catalog.reports.views.blueprint import pages

COUNTING = "A new count was asked for. It is usually here within a minute; reload the page then."
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Asking(NamedTuple):
    """A question with what its address asks; `asked` is None where that cannot be read."""

    question: Question
    form: AskForm
    asked: Asked | None


@pages.get("/reports")
@web.needs("is_coordinator")
def index() -> Response:
    return web.render("reports/index.html", questions=desk.ALL)


@pages.get("/reports/<name>")
@web.needs("is_coordinator")
@web.may_lag(signed_in=True)
def show(name: str) -> Response:
    asking = _asking(name)
    if asking.asked is None:
        return _page(asking, None, 422)
    return _page(asking, _answer(asking.question, asking.asked))


@pages.get("/reports/<name>.csv")
@web.needs("is_coordinator")
@web.may_lag(signed_in=True)
def csv(name: str) -> Response:
    """One table: the one that `table` names, else the first."""
    question, asked = _asked_rightly(name)
    table = _table(_answer(question, asked), request.args.get("table", ""))
    return web.as_file(
        make_response(files.csv(table)), f"{question.key}-{table.key}.csv", "text/csv; charset=utf-8"
    )


@pages.get("/reports/<name>.xlsx")
@web.needs("is_coordinator")
@web.may_lag(signed_in=True)
def xlsx(name: str) -> Response:
    """All tables, each on a tab."""
    question, asked = _asked_rightly(name)
    made = files.xlsx(question, _answer(question, asked), asked, clock.now())
    return web.as_file(make_response(made), f"{question.key}.xlsx", XLSX)


@pages.post("/reports/count")
@web.needs("is_coordinator")
def count() -> Response:
    services.ask()
    reckoning.ask()
    db.session.commit()
    return web.saved(web.back_to(url_for(".index")), message=COUNTING)


@pages.get("/reports/<name>/rows")
@web.needs("is_coordinator")
@web.may_lag(signed_in=True)
def rows(name: str) -> Response:
    """What a figure is made of, person by person or session by session; never masked, so never from a masked page."""
    question, asked = _asked_rightly(name)
    which = Which(*(request.args.get(name, "") for name in Which._fields))
    number = max(request.args.get("page", 1, type=web.row_number), 1)
    behind = question.behind(asked, which, number) or abort(404)
    count = max(1, -(-min(behind.in_all, queries.MOST_LISTED) // PER_PAGE))
    return web.render(
        "reports/rows.html",
        question=question,
        asked=asked,
        which=which,
        behind=behind,
        title=_title(question, behind),
        address=address,
        most=queries.MOST_LISTED,
        pages=web.pager(min(number, count), count, name=name, **address(asked, which)),
    )


def _title(question: Question, behind: Behind) -> str:
    return f"{question.title}: {behind.says}"


def _asking(name: str) -> Asking:
    question = desk.question(name) or abort(404)
    settings = current_app.config["CATALOG"]
    form = AskForm(request.args)
    form.fill(settings.state)
    asked = form.asked(question, clock.today(settings.site_zone)) if form.validate() else None
    return Asking(question, form, asked)


def _asked_rightly(name: str) -> tuple[Question, Asked]:
    """For what has no form to say it beside: an address that cannot be read is refused."""
    asking = _asking(name)
    return asking.question, asking.asked or abort(400)


def _answer(question: Question, asked: Asked) -> Report:
    report = question.answer(asked)
    return masking.masked(report) if asked.masked else report


def _table(report: Report, key: str) -> Table:
    named = [table for table in report.tables if table.key == key or not key]
    return named[0] if named else abort(404)


def _page(asking: Asking, report: Report | None, status: int = 200) -> Response:
    settings = current_app.config["CATALOG"]
    today = clock.today(settings.site_zone)
    return web.render(
        asking.question.template,
        status=status,
        question=asking.question,
        form=asking.form,
        asked=asking.asked,
        report=report,
        presets=[(one.value, preset(one, today)) for one in Preset],
        address=address,
        say=say,
        drawing=drawing,
        units=Unit,
        total=TOTAL,
    )
