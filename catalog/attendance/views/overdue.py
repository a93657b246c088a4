"""Rosters that nobody has closed, for those who coordinate them."""

from flask import Response, current_app, request
from flask_login import current_user

from catalog import clock, web
from catalog.attendance import deadlines
from catalog.attendance.views.blueprint import pages
from catalog.courses.queries import coordinated_by


@pages.get("/rosters/overdue")
@web.needs("coordinates_some")
def overdue() -> Response:
    """Open rosters of sessions that ended before today, the oldest first."""
    zone = current_app.config["CATALOG"].site_zone
    today, number = clock.today(zone), max(request.args.get("page", 1, int), 1)
    rows, count = deadlines.overdue(deadlines.midnight(today, zone), number, coordinated_by(current_user))
    return web.render(
        "attendance/overdue.html",
        rows=rows,
        reminders=deadlines.reminders(rows, today),
        pages=web.pager(min(number, count), count),
        now=clock.now(),
        last_step=deadlines.TO_COORDINATORS,
    )
