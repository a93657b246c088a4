"""How pages are answered: whole or in part, refused, guarded.

`answers` is what views call, `guards` what stands above them; `around` and `refusals` are about every request."""

from flask import Flask, request
from flask_login import current_user
from jinja2 import StrictUndefined

from catalog import readiness, wording
from catalog.config import Settings
from catalog.extensions import login
from catalog.places import county_name
from catalog.web import around, refusals
from catalog.web.answers import (
    Painted,
    as_file,
    back_to,
    is_fragment,
    may_be_shared,
    page_of_form,
    pager,
    render,
    render_alike,
    row_number,
    saved,
)
from catalog.web.guards import may_lag, needs, network, spend, takes_files
from catalog.web.site import (
    HTMX_INTEGRITY,
    HTMX_LOCAL,
    HTMX_URL,
    RowNumber,
    Sessions,
    Stranger,
    health,
    htmx,
    ready_of,
    same_for_all,
    site_of,
    static_urls,
)

__all__ = [
    "HTMX_INTEGRITY",
    "HTMX_LOCAL",
    "HTMX_URL",
    "Painted",
    "Stranger",
    "as_file",
    "back_to",
    "init_app",
    "is_fragment",
    "may_be_shared",
    "may_lag",
    "needs",
    "network",
    "page_of_form",
    "pager",
    "render",
    "render_alike",
    "row_number",
    "same_for_all",
    "saved",
    "spend",
    "takes_files",
]


def init_app(app: Flask, settings: Settings) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(site=site_of(settings), static_url=static_urls(app), county_name=county_name)
    app.jinja_env.filters.update(
        hours=wording.hours,
        money=wording.money,
        day=wording.day,
        clock_time=wording.clock_time,
        when=wording.when,
        zone_name=wording.zone_name,
        local=wording.local,
    )
    # The person themself: a page asks a dozen times who is reading, and the proxy would look it up each time.
    app.context_processor(lambda: {"me": current_user._get_current_object(), "here": request.path})

    app.session_interface = Sessions()
    login.init_app(app)
    login.session_protection = None
    login.anonymous_user = Stranger
    login.unauthorized_handler(refusals.ask_to_sign_in)

    app.url_map.converters["int"] = RowNumber
    around.init_app(app)
    refusals.init_app(app)
    app.add_url_rule("/htmx.js", "htmx", htmx)
    app.add_url_rule("/healthz", "health", health)
    app.add_url_rule("/readyz", "ready", ready_of(readiness.Look(app)))
