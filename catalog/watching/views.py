"""For administrators what the nightly check found; for machines the figures."""

import hmac

from flask import Blueprint, Response, abort, current_app, make_response, request, url_for
from flask_login import current_user

from catalog import metrics, web
from catalog.extensions import db
from catalog.retention import KINDS
from catalog.watching import queries, services
from catalog.watching.gauges import Gauges

pages = Blueprint("watching", __name__)


@pages.get("/watching")
@web.needs("is_administrator")
def show() -> Response:
    settings = current_app.config["CATALOG"]
    return web.render(
        "watching/show.html",
        checks=queries.checks(),
        given_up=queries.given_up(),
        kinds=KINDS,
        days=settings.retention,
    )


@pages.post("/watching/work/again")
@web.needs("is_administrator")
def try_again() -> Response:
    count = services.try_again(by=current_user)
    db.session.commit()
    jobs = "1 job is" if count == 1 else f"{count:,} jobs are"
    return web.saved(url_for(".show"), message=f"{jobs} tried again.")


@pages.get("/metrics")
def figures() -> Response:
    """Not there at all without a token; with one, only for whoever shows it."""
    token = current_app.config["CATALOG"].metrics_token
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is None:
        abort(404)
    if not hmac.compare_digest(shown.encode(), token.encode()):
        refusal = make_response("Show the token.\n", 401, {"Content-Type": "text/plain"})
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal
    web.same_for_all()
    answer = make_response(metrics.text([Gauges()]))
    answer.headers["Content-Type"] = metrics.CONTENT_TYPE
    answer.headers["Cache-Control"] = "no-store"
    return answer
