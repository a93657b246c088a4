"""What every page knows of the site, its visitors and its files."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g, make_response, send_from_directory
from flask.sessions import SecureCookieSessionInterface
from werkzeug.routing import IntegerConverter, Map

from catalog import readiness
from catalog.config import Settings

HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"
HTMX_LOCAL = "htmx-2.0.11.min.js"
"""The name, in the instance folder, of the fetched and hash-checked copy for networks that block the CDN."""

LARGEST_NUMBER = 2**31 - 1
"""What the databases hold as a row's number."""


class Site(NamedTuple):
    """What every page knows about the place it runs at."""

    name: str
    demo: bool
    association: str
    state: str
    url: str
    zone: str
    htmx_url: str
    htmx_integrity: str
    htmx_local: bool
    organisation: str
    """What the button calls whom people sign in through; "" where nobody is configured."""


def site_of(settings: Settings) -> Site:
    return Site(
        settings.site_name,
        settings.demo,
        settings.association,
        settings.state,
        settings.site_url,
        settings.site_zone,
        "/htmx.js" if settings.htmx_source == "local" else HTMX_URL,
        HTMX_INTEGRITY,
        settings.htmx_source == "local",
        settings.organisation.name if settings.organisation else "",
    )


class RowNumber(IntegerConverter):
    """A row's number in an address; one that no column holds is not found, instead of an error."""

    def __init__(self, of: Map) -> None:
        super().__init__(of, max=LARGEST_NUMBER)


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions with the signer made once; to make it anew costs a page more than to use it."""

    @cache  # noqa: B019 - there is one for each application, and it lives as long
    def get_signing_serializer(self, app: Flask) -> Any:
        return super().get_signing_serializer(app)

    def save_session(self, app: Flask, session: Any, response: Any) -> None:
        if not g.get("same_for_all"):
            super().save_session(app, session, response)


class Stranger:
    """Whoever is not signed in."""

    is_authenticated = is_active = is_trainer = is_administrator = False
    is_coordinator = coordinates_some = False
    grants_in_force = ()
    is_anonymous = True
    id = None
    name = ""
    zone = None

    def get_id(self) -> None:
        return None

    def covers(self, _county: str | None, _provider: str) -> bool:
        return False


def same_for_all() -> None:
    """Said by a view whose answer is the same whoever asks: it neither varies with a cookie nor sets one, so caches
    may share it."""
    g.same_for_all, g._login_user = True, Stranger()


def static_urls(app: Flask) -> Callable[[str], str]:
    folder = Path(str(app.static_folder))

    @cache
    def static_url(name: str) -> str:
        """The file's address with its content in it, so that browsers may keep it for ever."""
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        return f"{app.static_url_path}/{name}?v={digest[:12]}"

    return static_url


def htmx() -> Response:
    response = send_from_directory(current_app.instance_path, HTMX_LOCAL, mimetype="text/javascript")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def health() -> Response:
    """This process is alive; nothing is said about the database."""
    same_for_all()
    return make_response("ok\n", 200, {"Content-Type": "text/plain", "Cache-Control": "no-store"})


def ready_of(look: readiness.Look) -> Callable[[], Response]:
    def ready() -> Response:
        """Whether requests may be sent here: words for whoever watches, and no details for strangers."""
        same_for_all()
        found = look.look()
        status = 503 if found.missing else 200
        return make_response(
            f"{found}\n", status, {"Content-Type": "text/plain", "Cache-Control": "no-store"}
        )

    return ready
