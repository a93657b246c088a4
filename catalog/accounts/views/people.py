"""For coordinators, everybody's accounts."""

from flask import Response, request

from catalog import web
from catalog.accounts import queries
from catalog.accounts.views.blueprint import pages


@pages.get("/people")
@web.needs("is_coordinator")
def people() -> Response:
    words, role = request.args.get("words", "")[:200].strip(), request.args.get("role", "")
    role = role if role in queries.ROLES else ""
    found = queries.people(words, role, request.args.get("page", 1, type=int))

    return web.render(
        "accounts/people.html",
        "accounts/_people.html",
        found=found,
        words=words,
        role=role,
        pager=web.pager(found.number, found.pages, words=words or None, role=role or None),
    )
