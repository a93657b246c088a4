"""The desk itself: what needs a trainer first, then what is theirs."""

from flask import Response, current_app
from flask_login import current_user, login_required

from catalog import web
from catalog.courses import wording
from catalog.courses.access import authors_only
from catalog.courses.states import STATES
from catalog.teaching.queries.desk import desk
from catalog.teaching.views.blueprint import pages


@pages.get("/teaching")
@login_required
def index() -> Response:
    authors_only(current_user)
    zone = current_app.config["CATALOG"].site_zone
    return web.render("teaching/index.html", desk=desk(current_user, zone), wording=wording, states=STATES)
