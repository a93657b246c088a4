"""The audit page: who did what, to what, when, and why; and the same as a table."""

from datetime import date
from typing import Any

from flask import Response, current_app, make_response, request, url_for

from catalog import clock, web
from catalog.notices import exporting, phrases, queries
from catalog.notices.queries import Filters
from catalog.notices.views.blueprint import pages
from catalog.sheets import csv_bytes
from catalog.workbook import Tab, xlsx_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/audit")
@web.needs("is_coordinator")
def index() -> Response:
    filters = _filters()
    before, after = (request.args.get(name, type=web.row_number) for name in ("before", "after"))
    return web.render(
        "notices/index.html",
        "notices/_trail.html",
        trail=queries.trail(filters, before, after),
        filters=filters,
        person=queries.person_named(filters.person_id),
        offering=queries.thing_named("offering", filters.offering_id),
        groups=phrases.GROUPS,
        facts_of=phrases.facts,
        abouts=exporting.ABOUTS,
        url=_url,
        file_url=_file_url,
        most=queries.MOST_EXPORTED,
    )


@pages.get("/audit.csv")
@web.needs("is_coordinator")
def trail_csv() -> Response:
    """What the page with the same filters lists, all pages of it."""
    answer = make_response(csv_bytes(_rows()))
    return web.as_file(answer, "audit-trail.csv", "text/csv; charset=utf-8")


@pages.get("/audit.xlsx")
@web.needs("is_coordinator")
def trail_xlsx() -> Response:
    tab = Tab("Audit trail", _rows(), exporting.WIDTHS)
    answer = make_response(xlsx_bytes([tab], title="Audit trail", made_at=clock.now()))
    return web.as_file(answer, "audit-trail.xlsx", XLSX)


def _rows() -> list[exporting.Row]:
    return exporting.rows(queries.whole(_filters()), _zone())


def _zone() -> str:
    return str(current_app.config["CATALOG"].site_zone)


def _day(name: str) -> date | None:
    """None for what is no day, as for any filter that cannot be read."""
    return request.args.get(name, type=date.fromisoformat)


def _filters() -> Filters:
    action, about = request.args.get("action", ""), request.args.get("about", "")
    return Filters(
        words=request.args.get("words", "").strip()[:200],
        action=action if action in phrases.GROUPS or action in phrases.PHRASES else "",
        person_id=request.args.get("person", type=web.row_number),
        offering_id=request.args.get("offering", type=web.row_number),
        about=about if about in exporting.ABOUTS else "",
        first=_day("from"),
        last=_day("until"),
        zone=_zone(),
    )


def _url(**changes: Any) -> str:
    """This page with some of its filters changed; the place in the trail is not kept."""
    return url_for(".index", **{**_kept(), **changes})


def _file_url(kind: str) -> str:
    """The same filters as a file: "csv" or "xlsx"."""
    return url_for(f".trail_{kind}", **_kept())


def _kept() -> dict[str, Any]:
    filters = _filters()
    return {
        "words": filters.words or None,
        "action": filters.action or None,
        "person": filters.person_id,
        "offering": filters.offering_id,
        "about": filters.about or None,
        "from": filters.first,
        "until": filters.last,
    }
