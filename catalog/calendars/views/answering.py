"""A feed as an answer: 304 to a program that has read it already, and else the whole."""

from datetime import UTC

from flask import Response, current_app, request

from catalog.calendars.reading import Feed


def answer(feed: Feed, cache: str) -> Response:
    """What changed decides, not when: a seat that is given back moves no clock of the session. So If-None-Match is
    looked at, and Last-Modified is only told."""
    if request.if_none_match.contains_weak(feed.tag):
        response = Response(status=304)
    else:
        response = Response(feed.text(current_app.config["CATALOG"]), mimetype="text/calendar")
    # Weak, because programs on the way may pack it.
    response.set_etag(feed.tag, weak=True)
    response.headers["Cache-Control"] = cache
    if feed.changed_at:
        response.last_modified = feed.changed_at.astimezone(UTC)
    return response
