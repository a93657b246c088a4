"""Rosters that nobody has closed, for coordinators."""

from flask import Response, current_app, request

from catalog import clock, web
from catalog.attendance import deadlines
from catalog.attendance.views.blueprint import pages


@pages.get("/rosters/overdue")
@web.needs("is_coordinator")
def overdue() -> Response:
    """Open rosters of sessions that ended before today, the oldest first."""
    zone = current_app.config["CATALOG"].site_zone
    today, number = clock.today(zone), max(request.args.get("page", 1, int), 1)
    rows, count = deadlines.overdue(deadlines.midnight(today, zone), number)
    return web.render(
        "attendance/overdue.html",
        rows=rows,
        reminders=deadlines.reminders(rows, today),
        pages=web.pager(min(number, count), count),
        now=clock.now(),
        last_step=deadlines.TO_COORDINATORS,
    )
