"""The public face: finding, a course's page, a session's page."""

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, request
from flask_login import current_user

from catalog import clock, web
from catalog.browse import choices, facets, forms, keeping
from catalog.browse.facets import Counts, Picture
from catalog.browse.forms import Filters
from catalog.browse.parts import Parts
from catalog.browse.queries import listing
from catalog.courses import search
from catalog.extensions import db

pages = Blueprint("browse", __name__)


@pages.get("/")
def index() -> Response:
    settings = current_app.config["CATALOG"]
    picture = keeping.picture(db.engine, settings.browse_refresh_seconds, settings.site_zone)
    filters = forms.read(request.args, picture.vocabulary)
    counts = picture.recall(("counts", filters.key), lambda: _counts(picture, filters))
    reader = listing.Reader(clock.now(), settings.site_zone, current_user.id)
    results = listing.page(filters, picture, counts, reader)
    response = web.render(
        "browse/index.html",
        "browse/_update.html",
        filters=filters,
        results=results,
        chips=choices.chips(filters, picture.vocabulary),
        loosen=choices.loosen(filters, counts) if not results.rows else None,
        parts=Parts(picture, filters, counts, reader.now),
    )
    return _at_its_address(response, filters)


def _counts(picture: Picture, filters: Filters) -> Counts:
    hits = search.hits(filters.q)
    found = db.session.scalars(sa.union(*hits)).all() if hits else []
    return facets.count(picture, filters, found)


def _at_its_address(response: Response, filters: Filters) -> Response:
    """A form sends its empty fields too; the address bar gets the state without them, and no step back for it."""
    if web.is_fragment() and request.query_string.decode(errors="replace") != filters.query.removeprefix("?"):
        response.headers["HX-Replace-Url"] = request.path + filters.query
    return response
