"""Secret addresses for a person's own calendar program: made and taken back by the person, read by the program.

Nothing is written down about who reads one, because nothing changes on a GET but the count of wrong addresses."""

from datetime import timedelta

from flask import Response, abort, current_app, session, url_for
from flask_login import current_user, login_required

from catalog import clock, limits, web
from catalog.calendars import queries, services
from catalog.calendars.reading import feed_of
from catalog.calendars.views.answering import answer
from catalog.calendars.views.blueprint import pages
from catalog.extensions import db

MOST_MISSES, WINDOW = 20, timedelta(minutes=10)
NEW = "new_feed"
"""Where the session keeps a new address's secret, from the button to the page that shows it once."""


@pages.get("/calendar")
@login_required
def index() -> Response:
    token = session.pop(NEW, "")
    return web.render(
        "calendars/index.html",
        address=_address(token) if token else "",
        feeds=queries.feeds_of(current_user),
    )


@pages.post("/calendar/feeds")
@login_required
def create_feed() -> Response:
    token = services.make_feed(current_user)
    db.session.commit()
    session[NEW] = token
    return web.saved(url_for(".index"))


@pages.post("/calendar/feeds/<int:feed_id>/revoke")
@login_required
def revoke_feed(feed_id: int) -> Response:
    services.revoke_feed(queries.own_feed(current_user, feed_id) or abort(404), by=current_user)
    db.session.commit()
    return web.saved(url_for(".index"), message="The address is taken back. It opens nothing now.")


@pages.get("/feeds/<token>.ics")
def feed(token: str) -> Response:
    """Raises limits.TooOften for somebody who has missed too often, whatever they ask for now."""
    limits.check(_tally(), MOST_MISSES, WINDOW)
    found = queries.feed_with(token)
    if found is None:
        limits.failed(_tally(), WINDOW)
        db.session.commit()
        return _hidden(Response("There is no such calendar.\n", 404, mimetype="text/plain"))
    if found.revoked_at:
        # It was somebody's own, so it is no guess; programs ask for it again for years unless they are told.
        return _hidden(Response("This address was taken back.\n", 410, mimetype="text/plain"))
    made = feed_of(found.person, clock.now(), current_app.config["CATALOG"])
    return _hidden(answer(made, "private, no-cache"))


def _address(token: str) -> str:
    return str(current_app.config["CATALOG"].site_url) + url_for(".feed", token=token)


def _tally() -> str:
    return f"feed {web.network()}"


def _hidden(response: Response) -> Response:
    """Found by no search engine, kept by no cache that others share."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
