"""My learning."""

from flask import Response
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.records import queries
from catalog.records.views.blueprint import pages


@pages.get("/learning")
@login_required
def learning() -> Response:
    now = clock.now()
    return web.render(
        "records/learning.html",
        way=queries.way(current_user, now),
        hours=queries.hours(current_user),
        now=now,
    )
