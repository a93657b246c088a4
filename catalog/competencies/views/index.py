"""The page everybody reads, and the same as a file."""

import re

from flask import Response, make_response
from flask_login import current_user

from catalog import web
from catalog.competencies import effects, queries, services, wording
from catalog.competencies.models import PolicyKind
from catalog.competencies.views.blueprint import pages
from catalog.competencies.views.saving import today


@pages.get("/framework")
def index() -> Response:
    every = queries.every_category()
    policies = queries.policies()
    names = {one.code: one.name for one in every}
    page = web.render(
        "competencies/index.html",
        edition=queries.edition_in_force(),
        credentials=queries.credentials(),
        areas=queries.topics_by_area(),
        categories=sorted((one for one in every if one.is_current), key=lambda one: one.is_add_on),
        superseded=[one for one in every if not one.is_current],
        rules=queries.rules(),
        policies=[(one, wording.policy_said(one, names)) for one in policies],
        policy_kinds=wording.POLICIES,
        cycles=[one for one in policies if one.kind == PolicyKind.CYCLE and one.applies(today())],
        tags=queries.tags(),
        asked=queries.topics_asked_counts(),
        today=today(),
        running=effects.running() if current_user.is_coordinator else [],
    )
    return web.may_be_shared(page)


@pages.get("/framework.json")
@web.needs("is_coordinator")
def download() -> Response:
    """The framework as it is now, as a file that can be loaded here or elsewhere."""
    content, edition = services.exported(), queries.edition_in_force()
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", edition.code if edition else "")
    answer.headers["Content-Disposition"] = f'attachment; filename="framework-{name}.json"'
    return answer
