"""Around every request: its number and transaction, what is refused at the door, the headers of its answer."""

import re
import time
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, abort, current_app, g, request, session
from flask_login import current_user
from sqlalchemy.exc import DBAPIError

from catalog import logs, metrics, outages
from catalog.extensions import db, writing
from catalog.web.answers import READS, tag
from catalog.web.guards import bytes_taken, spend
from catalog.web.site import HTMX_URL

HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::[0-9]{1,5})?")
"""A site's name as a request says it, and perhaps its port."""
FOR_MACHINES = ("/healthz", "/readyz", "/metrics")
"""Asked by what watches a node, under whatever name it has there; they hold no link and no page."""
POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' {HTMX_URL}",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
UNUSED = (
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
"""What no page of ours asks of a browser, so nothing that got into one may ask it either."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    app.before_request(_number_request)
    app.url_value_preprocessor(_allow_files)
    app.before_request(_refuse_foreign_host)
    app.before_request(_choose_transaction)
    app.before_request(_refuse_unstorable)
    app.before_request(_count_changes)
    app.after_request(_count_answer)
    app.after_request(_add_headers)
    app.teardown_appcontext(_let_go)


def _number_request() -> None:
    """Each request has a number; a proxy in front that is trusted may have given it one."""
    g.began = time.perf_counter()
    trusted = current_app.config["CATALOG"].proxies > 0
    logs.request_id.set(logs.new_id(request.headers.get(logs.HEADER) if trusted else None))


def route_asked() -> str:
    """The rule, with its places for numbers and tokens unfilled; an address that is none of ours is no route."""
    return request.url_rule.rule if request.url_rule else "none"


def _count_answer(response: Response) -> Response:
    response.headers[logs.HEADER] = logs.request_id.get()
    began, route = g.get("began", time.perf_counter()), route_asked()
    logs.answered(
        method=request.method, route=route, status=response.status_code, began=began, person_id=_who()
    )
    if current_app.config["CATALOG"].metrics_token:
        metrics.answered(request.method, route, response.status_code, began)
    return response


def _who() -> int | None:
    """The number of whoever asks, if somebody was looked up already. After a commit their columns would be read again
    for it; the row's identity is known without."""
    row = sa.inspect(g.get("_login_user"), raiseerr=False)
    return row.identity[0] if row is not None and row.identity else None


def _choose_transaction() -> None:
    writing.set(request.method not in READS)


def _refuse_foreign_host() -> None:
    """Only under the names of this site: whoever made a browser or a cache call it by another one wants a page of
    ours to be taken for theirs."""
    if request.path in FOR_MACHINES:
        return
    named = HOST.fullmatch(request.host.lower())
    if named is None or named[1] not in current_app.config["CATALOG"].answered_hosts:
        abort(400)


def _allow_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form: a view that takes files may be sent more."""
    if most := bytes_taken():
        request.max_content_length = most + current_app.config["MAX_CONTENT_LENGTH"]


def _refuse_unstorable() -> None:
    """No text column of PostgreSQL holds a NUL, and no form of ours sends one, nor a file."""
    sent = (request.args,) if request.method in READS else (request.args, request.form)
    if any("\0" in text for fields in sent for text in fields.values()):
        abort(400)
    if request.method not in READS and request.files and not bytes_taken():
        abort(400)


def _count_changes() -> None:
    """What a person may change in a minute; strangers' forms have limits of their own. Leaving is always possible."""
    if request.method in READS or request.endpoint == "accounts.sign_out":
        return
    if current_user.is_authenticated:
        spend("change", current_app.config["CATALOG"].changes_a_minute)


def _add_headers(response: Response) -> Response:
    headers, settings = response.headers, current_app.config["CATALOG"]
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if request.is_secure or settings.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint in ("static", "htmx"):
        return response
    if response.status_code == 200 and g.get("may_be_shared") and _is_alike_for_strangers():
        return let_be_shared(response, settings.browse_refresh_seconds)
    headers.setdefault("Cache-Control", "no-store")
    return response


def _is_alike_for_strangers() -> bool:
    """Nobody is signed in, and nothing on the page or in its cookies belongs to this visit: no token of a form, and
    no message, which is taken out of the session when it is shown."""
    return (
        request.method in READS
        and not current_user.is_authenticated
        and not session.modified
        and "csrf_token" not in g
    )


def let_be_shared(response: Response, seconds: int) -> Response:
    """Browsers ask each time, so that a step back shows what is so now; caches for many may spare us some of that."""
    kept = (
        f"public, max-age=0, s-maxage={seconds}"
        if seconds and g.may_be_shared == "kept"
        else "public, no-cache"
    )
    response.headers["Cache-Control"] = kept
    if "ETag" not in response.headers:
        response.set_etag(tag(response.get_data()))
    response.make_conditional(request)
    return response


def _let_go(_error: BaseException | None) -> None:
    """Give the connection back. Where the database went away after the answer was made, the answer is still given."""
    try:
        db.session.remove()
    except DBAPIError as error:
        current_app.logger.warning("the database went away behind an answer: %s", outages.first_line(error))
        db.session.registry.clear()
