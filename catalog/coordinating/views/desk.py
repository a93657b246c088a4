"""What needs a coordinator today, in order."""

from flask import Response, abort, current_app, request
from flask_login import current_user

from catalog import clock, web
from catalog.coordinating import desk as saying
from catalog.coordinating.queries.desk import heaps
from catalog.coordinating.queries.lists import LISTED, lines
from catalog.coordinating.queries.work import Moment, work_of
from catalog.coordinating.views.blueprint import pages
from catalog.notices import queries as mail


def moment() -> Moment:
    zone = current_app.config["CATALOG"].site_zone
    return Moment(clock.now(), clock.today(zone), zone)


@pages.get("/desk")
@web.needs("coordinates_some")
def desk() -> Response:
    at = moment()
    return web.render(
        "coordinating/desk.html",
        lines=[saying.line(heap, at.now, at.zone) for heap in heaps(at, current_user)],
        waits=mail.held_up(at.now) if current_user.is_coordinator else None,
        today=at.today,
    )


@pages.get("/desk/<kind>")
@web.needs("coordinates_some")
def waiting(kind: str) -> Response:
    if kind not in LISTED or kind not in work_of(current_user):
        abort(404)
    number = max(request.args.get("page", 1, int), 1)
    found, count = lines(kind, moment(), number, current_user)
    return web.render(
        "coordinating/waiting.html",
        title=saying.TITLES[kind],
        empty=saying.EMPTY[kind],
        lines=found,
        pages=web.pager(min(number, count), count),
    )
