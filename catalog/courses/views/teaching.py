"""The trainer's desk: what is asked, what is coming, what was."""

from flask import Response
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.courses import queries, wording
from catalog.courses.access import authors_only
from catalog.courses.states import STATES
from catalog.courses.views.blueprint import pages


@pages.get("/teaching")
@login_required
def teaching() -> Response:
    authors_only(current_user)
    now = clock.now()
    return web.render(
        "courses/teaching.html",
        courses=queries.courses_of(current_user),
        coming=queries.offerings_of(current_user, now, past=False),
        past=queries.offerings_of(current_user, now, past=True),
        wording=wording,
        states=STATES,
    )
