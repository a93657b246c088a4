"""The public face: finding, a course's page, a session's page."""

from datetime import datetime

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_login import current_user

from catalog import clock, web
from catalog.browse import choices, company, facets, forms, keeping, leads, painting, saying
from catalog.browse.access import may_see_link, offering_to_see
from catalog.browse.facets import Counts, Picture
from catalog.browse.filters import Filters
from catalog.browse.parts import Parts
from catalog.browse.queries import course as course_page
from catalog.browse.queries import course_text, listing, meetings
from catalog.browse.queries import offering as offering_page
from catalog.calendars.reading import feed_of_many, file_of
from catalog.calendars.views.answering import answer
from catalog.config import Settings
from catalog.courses import search
from catalog.enrollment import queries as enrollment
from catalog.enrollment.access import may_lead, may_run
from catalog.extensions import db

pages = Blueprint("browse", __name__)


@pages.get("/")
@web.may_lag()
def index() -> Response:
    picture = _picture()
    filters = _filters(picture)
    if filters.q:
        web.spend("search", _settings().searches_a_minute)
    counts = picture.recall(("counts", filters.key), lambda: _counts(picture, filters))
    reader = listing.Reader(clock.now(), _settings().site_zone, current_user.id)
    results = listing.page(filters, picture, counts, reader)
    response = web.render_alike(
        picture.recall,
        (filters.query, filters.problems, results.expected, results.found),
        "browse/index.html",
        "browse/_update.html",
        lambda: {
            "filters": filters,
            "results": results,
            "parts": Parts(picture, filters, counts),
            "lead": _lead(reader.now),
        },
    )
    return _at_its_address(response, filters)


@pages.get("/courses/<int:course_id>")
@web.may_lag()
def course(course_id: int) -> Response:
    now, today, picture = clock.now(), clock.today(_settings().site_zone), _picture()
    text = course_text.of(course_id, current_user.id, now) or abort(404)
    return web.render_alike(
        picture.recall,
        (text, today),
        "browse/course.html",
        None,
        lambda: painting.course_page(text, picture, current_user, now, today) or abort(404),
    )


@pages.get("/offerings/<int:offering_id>")
@web.may_lag()
def offering(offering_id: int) -> Response:
    offering = offering_to_see(current_user, offering_id)
    standing = enrollment.standing(offering, current_user if current_user.is_authenticated else None)
    now = clock.now()
    trainers = offering_page.trainers(offering, now)
    page = web.render(
        "browse/offering.html",
        offering=offering,
        said=saying.of_offering(offering),
        standing=standing,
        shows_link=may_see_link(current_user, offering, standing.mine),
        runs=current_user.is_authenticated and may_run(current_user, offering),
        leads=current_user.is_authenticated and may_lead(current_user, offering),
        trainers=trainers,
        company=company.of(current_user, offering, standing.mine, [person for person, _ in trainers]),
        areas=_picture().vocabulary.strip,
        mapped=course_page.mapping(offering.course_id),
        now=now,
    )
    return web.may_be_shared(page)


@pages.get("/offerings/<int:offering_id>/calendar.ics")
def calendar(offering_id: int) -> Response:
    offering = offering_to_see(current_user, offering_id)
    if not offering.meetings:
        abort(404)
    mine = enrollment.live_enrollment(current_user, offering) if current_user.is_authenticated else None
    reader = current_user if current_user.is_authenticated else None
    shows_link = may_see_link(current_user, offering, mine)
    content = file_of(offering_id, reader, clock.now(), _settings(), shows_link=shows_link)
    headers = {"Content-Disposition": f'attachment; filename="session-{offering.id}.ics"', "Vary": "Cookie"}
    return web.may_be_shared(Response(content, mimetype="text/calendar", headers=headers))


@pages.get("/calendar.ics")
@web.may_lag(signed_in=True)
def feed() -> Response:
    """The sessions of a search, for anybody's calendar program: the address is that of the search."""
    web.same_for_all()
    filters, settings = _filters(_picture()), _settings()
    found = meetings.meetings(filters, _picture().vocabulary, clock.now(), settings.site_zone)
    chosen = ", ".join(chip.text for chip in choices.chips(filters, _picture().vocabulary))
    name = f"{settings.site_name}: {chosen}" if chosen else settings.site_name
    return answer(feed_of_many(found, name, settings.site_url), "public, max-age=600")


@pages.get("/subscribe")
def subscribe() -> Response:
    """How to follow a search in one's calendar, with the address to copy."""
    filters = _filters(_picture()).at(1)
    page = web.render(
        "browse/subscribe.html",
        filters=filters,
        chips=choices.chips(filters, _picture().vocabulary),
        address=_settings().site_url + url_for(".feed") + filters.query,
        most=meetings.MOST,
    )
    return web.may_be_shared(page)


def _lead(now: datetime) -> leads.Lead | None:
    """On the home page itself, and on no list that somebody asked for."""
    if request.query_string or not current_user.is_authenticated or web.is_fragment():
        return None
    return leads.lead(current_user, now)


def _filters(picture: Picture) -> Filters:
    return picture.recall(
        ("filters", request.query_string), lambda: forms.read(request.args, picture.vocabulary)
    )


def _settings() -> Settings:
    settings: Settings = current_app.config["CATALOG"]
    return settings


def _picture() -> Picture:
    settings = _settings()
    return keeping.picture(db.engine, settings.browse_refresh_seconds, settings.site_zone)


def _counts(picture: Picture, filters: Filters) -> Counts:
    hits = search.hits(filters.q)
    found = db.session.scalars(sa.union(*hits)).all() if hits else []
    return facets.count(picture, filters, found)


def _at_its_address(response: Response, filters: Filters) -> Response:
    """A form sends its empty fields too; the address bar gets the state without them, and no step back for it."""
    if web.is_fragment() and request.query_string.decode(errors="replace") != filters.query.removeprefix("?"):
        response.headers["HX-Replace-Url"] = request.path + filters.query
    return response
