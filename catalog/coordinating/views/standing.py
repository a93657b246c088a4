"""Who is a member until when, and what trainers hold until when."""

from datetime import date
from typing import Any

from flask import Response, make_response, request, url_for

from catalog import sheets, web
from catalog.coordinating.queries import members as memberships
from catalog.coordinating.queries.qualified import SHOWN, qualified
from catalog.coordinating.views.blueprint import pages
from catalog.coordinating.views.desk import moment
from catalog.places import county_name

LABELS = {
    "due": "Needs something",
    "expired": "Expired",
    "expiring": "Expires within 90 days",
    "all": "All",
}


@pages.get("/memberships")
@web.needs("is_coordinator")
def members() -> Response:
    before, ended, problem = _chosen()
    number = max(request.args.get("page", 1, int), 1)
    found = memberships.members(moment().today, before, ended, number)
    query: dict[str, Any] = {
        "before": before.isoformat() if before else None,
        "show": "ended" if ended else None,
    }
    return web.render(
        "coordinating/members.html",
        status=422 if problem else 200,
        found=found,
        before=request.args.get("before", "")[:20],
        problem=problem,
        ended=ended,
        csv=url_for(".members_csv", **query),
        pages=web.pager(min(number, found.pages), found.pages, **query),
    )


@pages.get("/memberships.csv")
@web.needs("is_coordinator")
def members_csv() -> Response:
    before, ended, _problem = _chosen()
    rows = [
        (one.name, one.email, county_name(one.county), one.licence, one.member_until)
        for one in memberships.all_members(moment().today, before, ended)
    ]
    head = ("Name", "Email address", "County", "Licence number", "Member until")
    answer = make_response(sheets.csv_bytes([head, *rows]))
    return web.as_file(answer, "memberships.csv", "text/csv; charset=utf-8")


@pages.get("/qualifications")
@web.needs("is_coordinator")
def qualifications() -> Response:
    show = request.args.get("show", "due")
    show = show if show in SHOWN else "due"
    at, number = moment(), max(request.args.get("page", 1, int), 1)
    found = qualified(show, at, number)
    return web.render(
        "coordinating/qualifications.html",
        found=found,
        show=show,
        labels=LABELS,
        today=at.today,
        pages=web.pager(min(number, found.pages), found.pages, show=show),
    )


def _chosen() -> tuple[date | None, bool, str]:
    """The day before which a membership ends, whether those that have ended are wanted, and what is wrong with it."""
    typed, ended = request.args.get("before", "").strip(), request.args.get("show") == "ended"
    if not typed:
        return None, ended, ""
    try:
        return date.fromisoformat(typed), ended, ""
    except ValueError:
        return None, ended, "Enter a day such as 2026-12-31."
