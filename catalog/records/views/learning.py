"""My learning."""

from flask import Response
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.records import queries
from catalog.records.views.blueprint import pages
from catalog.records.wording import mark_said


@pages.get("/learning")
@login_required
def learning() -> Response:
    now = clock.now()
    links = queries.own_links(current_user, now)
    return web.render(
        "records/learning.html",
        way=queries.way(current_user, now),
        hours=queries.hours(current_user),
        links=links,
        courses=queries.begun(current_user, links.certificates),
        mark_said=mark_said,
        now=now,
    )
