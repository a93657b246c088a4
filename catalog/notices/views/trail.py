"""The audit page: who did what, to what, when, and why."""

from typing import Any

from flask import Response, request, url_for

from catalog import web
from catalog.notices import phrases, queries
from catalog.notices.queries import Filters
from catalog.notices.views.blueprint import pages


@pages.get("/audit")
@web.needs("is_coordinator")
def index() -> Response:
    filters = _filters()
    before, after = (request.args.get(name, type=web.row_number) for name in ("before", "after"))
    return web.render(
        "notices/index.html",
        "notices/_trail.html",
        trail=queries.trail(filters, before, after),
        filters=filters,
        person=queries.person_named(filters.person_id),
        offering=queries.thing_named("offering", filters.offering_id),
        groups=phrases.GROUPS,
        facts_of=phrases.facts,
        url=_url,
    )


def _filters() -> Filters:
    action = request.args.get("action", "")
    return Filters(
        words=request.args.get("words", "").strip()[:200],
        action=action if action in phrases.GROUPS or action in phrases.PHRASES else "",
        person_id=request.args.get("person", type=web.row_number),
        offering_id=request.args.get("offering", type=web.row_number),
    )


def _url(**changes: Any) -> str:
    """This page with some of its filters changed; the place in the trail is not kept."""
    filters = _filters()
    kept: dict[str, Any] = {
        "words": filters.words or None,
        "action": filters.action or None,
        "person": filters.person_id,
        "offering": filters.offering_id,
    }
    return url_for(".index", **{**kept, **changes})
