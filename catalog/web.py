"""How pages are answered: whole or in part, refused, guarded. The only file that reads HX-* headers."""

import hashlib
import re
import time
import unicodedata
from collections.abc import Callable, Hashable
from datetime import timedelta
from functools import cache, wraps
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from flask_login import current_user, login_required
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import IntegerConverter, Map

from catalog import limits, logs, metrics, outages, readiness, replica, wording
from catalog.config import Settings
from catalog.errors import RuleBroken
from catalog.extensions import db, elsewhere, login, writing
from catalog.limits import TooOften
from catalog.places import county_name

HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"
HTMX_LOCAL = "htmx-2.0.11.min.js"
"""The name, in the instance folder, of the fetched and hash-checked copy for networks that block the CDN."""

VARY = "HX-Request, HX-Boosted, HX-History-Restore-Request, Cookie"
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::[0-9]{1,5})?")
"""A site's name as a request says it, and perhaps its port."""
MINUTE = timedelta(minutes=1)
READS = ("GET", "HEAD", "OPTIONS")
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
RETRY_AFTER_SECONDS = 30
"""When to come back while the data cannot be reached."""
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


def init_app(app: Flask, settings: Settings) -> None:
    site = Site(
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
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(site=site, static_url=_static_urls(app), county_name=county_name)
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
    login.unauthorized_handler(_ask_to_sign_in)

    app.url_map.converters["int"] = RowNumber
    app.before_request(_number_request)
    app.url_value_preprocessor(_allow_files)
    app.before_request(_refuse_foreign_host)
    app.before_request(_choose_transaction)
    app.before_request(_refuse_unstorable)
    app.before_request(_count_changes)
    app.after_request(_count_answer)
    app.after_request(_add_headers)
    app.teardown_appcontext(_let_go)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(RuleBroken, _refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(Exception, _unexpected)
    app.add_url_rule("/htmx.js", "htmx", _htmx)
    app.add_url_rule("/healthz", "health", _health)
    app.add_url_rule("/readyz", "ready", _ready(readiness.Look(app)))


# Answers.


def is_fragment() -> bool:
    """Whether only a part of the page is wanted: a plain htmx request, not a boosted link, not a step back."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and not headers.get("HX-Boosted")
        and not headers.get("HX-History-Restore-Request")
    )


def render(page: str, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """The page, or only its fragment where htmx asks for a part and the page has one."""
    template = fragment if fragment and is_fragment() else page
    response = make_response(render_template(template, **context), status)
    response.headers["Vary"] = VARY
    return response


class Painted(NamedTuple):
    """A page as it is sent, and what it is recognised by."""

    body: bytes
    tag: str


def _painted(text: str) -> Painted:
    body = text.encode()
    return Painted(body, _tag(body))


def _tag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def render_alike(
    recall: Callable[[Hashable, Callable[[], Painted]], Painted],
    key: Hashable,
    page: str,
    fragment: str | None,
    context: Callable[[], dict[str, Any]],
) -> Response:
    """Like `render`, for a page that every stranger sees alike as long as the key is the same.

    What was painted for one stranger is shown to the next, and `recall` keeps it; so nothing on such a page may
    belong to one visit, as a form's token does. Whoever is signed in or has a message waiting gets a page of their
    own."""
    template = fragment if fragment and is_fragment() else page
    if current_user.is_authenticated or "_flashes" in session:
        return render(page, fragment, **context())
    painted = recall((template, key), lambda: _painted(render_template(template, **context())))
    response = make_response(painted.body)
    response.headers["Vary"] = VARY
    response.set_etag(painted.tag)
    return may_be_shared(response)


def may_be_shared(response: Response, *, is_kept: bool = True) -> Response:
    """Said of a page that strangers see alike: caches on the way may hold it for them, for as long as counts may be
    old, and ask again with its tag. With `is_kept` false they ask each time.

    What turns out to belong to one visit after all is not shared: see `_is_alike_for_strangers`."""
    g.may_be_shared = "kept" if is_kept else "asked"
    return response


def same_for_all() -> None:
    """Said by a view whose answer is the same whoever asks: it neither varies with a cookie nor sets one, so caches
    may share it."""
    g.same_for_all, g._login_user = True, Stranger()


def saved(url: str, fragment: str | None = None, message: str | None = None, **context: Any) -> Response:
    """After a change: 303 to a plain form; to htmx the fragment with the flash messages, or a way to the page.

    A 303 to htmx would swap the whole target page into the fragment's place."""
    if message:
        flash(message, "message")
    if not is_fragment():
        return make_response(redirect(url, 303))
    if fragment is None:
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
        return response
    # What was written is committed; reading it again for the fragment needs no write lock.
    writing.set(False)
    body = render_template(fragment, **context) + render_template("_flashes.html", oob=True)
    response = make_response(body)
    response.headers["Vary"] = VARY
    return response


def as_file(answer: Response, name: str, media_type: str) -> Response:
    """An answer that browsers save, under this name. A head of an answer holds plain letters only, so names with
    others are said twice: without them, and spelled out for browsers that can read it."""
    plain = " ".join(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().split())
    names = {"filename": plain}
    if plain != name:
        names["filename*"] = f"UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Type"] = media_type
    answer.headers.set("Content-Disposition", "attachment", **names)
    return answer


def needs(may: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only for people with the flag, such as `is_coordinator`; strangers must sign in, others get 403."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        @login_required
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not getattr(current_user, may):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return guard


def may_lag(*, signed_in: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A page that may be a moment old, so that a replica may be read for it, where there is one.

    For strangers only, unless `signed_in`: whoever has just changed something must see it. What the replica does not
    know yet, or cannot tell, is looked for on the primary. It stands below `needs`: who is asking is never old."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def read(*args: Any, **kwargs: Any) -> Any:
            there = replica.here()
            engine = there.to_read() if there and (signed_in or not current_user.is_authenticated) else None
            if there is None or engine is None:
                return view(*args, **kwargs)
            before = elsewhere.set(engine)
            try:
                return view(*args, **kwargs)
            except NotFound:
                db.session.rollback()
            except (DBAPIError, NoneFree) as error:
                db.session.rollback()
                there.failed(error)
            finally:
                elsewhere.reset(before)
            return view(*args, **kwargs)

        return read

    return guard


def takes_files(most: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view be sent files, of `most` bytes all together. Every other view refuses them."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.takes_bytes = most  # type: ignore[attr-defined]
        return view

    return mark


def _bytes_taken() -> int:
    """How many bytes of files the view of this request takes; 0 where it takes none."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), "takes_bytes", 0)


class Pager(NamedTuple):
    """Where one is in a list, for the macro of the same name; `url` is the address of another page of it."""

    number: int
    pages: int
    url: Callable[[int], str]


def pager(number: int, pages: int, **query: Any) -> Pager:
    """The pager of the list that this request shows; `query` is what it is filtered by, None where by nothing."""
    endpoint, values = str(request.endpoint), {**(request.view_args or {}), **query}
    return Pager(number, pages, lambda page: url_for(endpoint, **values, page=page if page > 1 else None))


def back_to(default: str) -> str:
    """Where the person was, if `next` names a path of this site; anything else could lead them away."""
    target = request.values.get("next", "")
    return target if _is_path_of_ours(target) else default


def _is_path_of_ours(target: str) -> bool:
    """Plain printable characters only: browsers leave out a tab or a line end, and "/<tab>/" becomes "//"."""
    return re.fullmatch(r"/(?![/\\])[!-~]*", target) is not None


def row_number(text: str) -> int:
    """A row's number in a query string: `request.args.get("person", type=row_number)`."""
    number = int(text)
    if not 0 <= number <= LARGEST_NUMBER:
        raise ValueError
    return number


def spend(what: str, most: int) -> None:
    """Count one use, in a minute, of what whoever asks may do so often; people by who they are, others by where they
    are. Raises limits.TooOften."""
    who = f"person {current_user.id}" if current_user.is_authenticated else f"address {request.remote_addr}"
    limits.spend(f"{what} {who}", most, MINUTE)


# Around every request.


def _count_changes() -> None:
    """What a person may change in a minute; strangers' forms have limits of their own. Leaving is always possible."""
    if request.method in READS or request.endpoint == "accounts.sign_out":
        return
    if current_user.is_authenticated:
        spend("change", current_app.config["CATALOG"].changes_a_minute)


def _number_request() -> None:
    """Each request has a number; a proxy in front that is trusted may have given it one."""
    g.began = time.perf_counter()
    trusted = current_app.config["CATALOG"].proxies > 0
    logs.request_id.set(logs.new_id(request.headers.get(logs.HEADER) if trusted else None))


def _route() -> str:
    """The rule, with its places for numbers and tokens unfilled; an address that is none of ours is no route."""
    return request.url_rule.rule if request.url_rule else "none"


def _count_answer(response: Response) -> Response:
    response.headers[logs.HEADER] = logs.request_id.get()
    began, route = g.get("began", time.perf_counter()), _route()
    # Whoever was asked for already is known; nobody is looked up for a line of a log.
    person_id = getattr(g.get("_login_user"), "id", None)
    logs.answered(
        method=request.method, route=route, status=response.status_code, began=began, person_id=person_id
    )
    if current_app.config["CATALOG"].metrics_token:
        metrics.answered(request.method, route, response.status_code, began)
    return response


def _choose_transaction() -> None:
    writing.set(request.method not in READS)


def _refuse_foreign_host() -> None:
    """Only under the names of this site: whoever made a browser or a cache call it by another one wants a page of
    ours to be taken for theirs."""
    named = HOST.fullmatch(request.host.lower())
    if named is None or named[1] not in current_app.config["CATALOG"].answered_hosts:
        abort(400)


def _allow_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form: a view that takes files may be sent more."""
    if most := _bytes_taken():
        request.max_content_length = most + current_app.config["MAX_CONTENT_LENGTH"]


def _refuse_unstorable() -> None:
    """No text column of PostgreSQL holds a NUL, and no form of ours sends one, nor a file."""
    sent = (request.args,) if request.method in READS else (request.args, request.form)
    if any("\0" in text for fields in sent for text in fields.values()):
        abort(400)
    if request.method not in READS and request.files and not _bytes_taken():
        abort(400)


def _add_headers(response: Response) -> Response:
    headers, settings = response.headers, current_app.config["CATALOG"]
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if request.is_secure or settings.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint in ("static", "htmx"):
        return response
    if response.status_code == 200 and g.get("may_be_shared") and _is_alike_for_strangers():
        return _let_be_shared(response, settings.browse_refresh_seconds)
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


def _let_be_shared(response: Response, seconds: int) -> Response:
    """Browsers ask each time, so that a step back shows what is so now; caches for many may spare us some of that."""
    kept = (
        f"public, max-age=0, s-maxage={seconds}"
        if seconds and g.may_be_shared == "kept"
        else "public, no-cache"
    )
    response.headers["Cache-Control"] = kept
    if "ETag" not in response.headers:
        response.set_etag(_tag(response.get_data()))
    response.make_conditional(request)
    return response


def _let_go(_error: BaseException | None) -> None:
    """Give the connection back. Where the database went away after the answer was made, the answer is still given."""
    try:
        db.session.remove()
    except DBAPIError as error:
        current_app.logger.warning("the database went away behind an answer: %s", _first_line(error))
        db.session.registry.clear()


# Refusals and errors.


def _refused(error: RuleBroken) -> Response:
    """A rule said no, and no form was there to say it beside a field."""
    db.session.rollback()
    if is_fragment():
        flash(str(error), "error")
        # 422 because htmx swaps it; the page that was asked for stays as it is and the messages say why.
        response = make_response(render_template("_flashes.html", oob=False), 422)
        response.headers["HX-Retarget"] = "#flashes"
        response.headers["HX-Reswap"] = "outerHTML"
        return response
    return _page(409, "That did not work", str(error), back=page_of_form())


def _too_often(error: TooOften) -> Response:
    db.session.rollback()
    if is_fragment():
        flash(str(error), "error")
        response = make_response(render_template("_flashes.html", oob=False), 429)
        response.headers["HX-Retarget"] = "#flashes"
        response.headers["HX-Reswap"] = "outerHTML"
    else:
        response = _page(429, SENTENCES[429][0], str(error))
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _form_expired(error: CSRFError) -> Response:
    sentence = (
        "This page was open for too long, or in another sign-in. Go back, reload it, and send it again."
    )
    response = _page(400, "Please send it again", sentence)
    if is_fragment():
        response.headers["HX-Refresh"] = "true"
    return response


SENTENCES = {
    400: ("That request could not be read", "Go back and try again."),
    403: ("This is not yours to see", "It belongs to somebody else, or to another role than yours."),
    404: ("There is nothing here", "The address may be mistyped, or what was here is gone."),
    405: ("That cannot be done here", "Go back and use the button on the page."),
    413: ("That was too large", "Nothing was saved. Send less at once."),
    429: ("That was tried too often", "Wait a few minutes and try again."),
    500: ("Something went wrong on our side", "Nothing you sent was half saved. Please try again."),
    503: (
        "One moment, please",
        "The catalog cannot get at its data just now, so nothing you sent was saved yet. "
        "Wait half a minute and try again; what you typed is still there when you go back.",
    ),
}


def _error_page(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400 and error.response:
        return make_response(error.response)
    title, sentence = SENTENCES.get(code, (error.name, ""))
    response = _page(code, title, sentence)
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _unexpected(error: Exception) -> Response:
    is_outage = outages.passes(error)
    # Whatever the session holds on to is let go; a rollback would ask a database that may be away.
    if is_outage:
        db.session().invalidate()
        db.session.remove()
    else:
        db.session.rollback()
    # The page does not ask who is reading: it may be the database that is away.
    g._login_user = Stranger()
    if is_outage:
        current_app.logger.error("the data cannot be reached: %s", _first_line(error))
        response = _page(503, *SENTENCES[503], back=page_of_form())
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    if current_app.testing:
        raise error
    logs.log.error(
        "unexpected error", exc_info=error, extra={"facts": {"method": request.method, "route": _route()}}
    )
    if current_app.config["CATALOG"].metrics_token:
        metrics.failed(_route(), error)
    return _page(500, *SENTENCES[500])


def _first_line(error: Exception) -> str:
    """What the database said, without the statement and its values, which may be somebody's."""
    said = str(getattr(error, "orig", None) or error).strip()
    return f"{type(error).__name__}: {said.splitlines()[0] if said else ''}"


def _page(code: int, title: str, sentence: str, back: str = "/") -> Response:
    """A page of its own for a refusal; `back` is where one goes on from."""
    number = logs.request_id.get() if code >= 500 else ""
    page = render_template(
        "errors/error.html", code=code, title=title, sentence=sentence, back=back, number=number
    )
    return make_response(page, code)


def _ask_to_sign_in() -> Response:
    """Back to where one was after signing in; a form that was sent leads back to the page it stood on."""
    here = request.full_path.rstrip("?") if request.method in READS else page_of_form()
    url = url_for("accounts.sign_in", next=here)
    if is_fragment():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url
        return response
    return make_response(redirect(url, 303))


def page_of_form() -> str:
    """The page on which the form of this request stood, as far as the browser says."""
    referrer = request.referrer or ""
    root = request.url_root.rstrip("/")
    path = referrer.removeprefix(root)
    return path if path != referrer and _is_path_of_ours(path) else "/"


# Files.


def _static_urls(app: Flask) -> Callable[[str], str]:
    folder = Path(str(app.static_folder))

    @cache
    def static_url(name: str) -> str:
        """The file's address with its content in it, so that browsers may keep it for ever."""
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        return f"{app.static_url_path}/{name}?v={digest[:12]}"

    return static_url


def _htmx() -> Response:
    response = send_from_directory(current_app.instance_path, HTMX_LOCAL, mimetype="text/javascript")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _health() -> Response:
    """This process is alive; nothing is said about the database."""
    same_for_all()
    return make_response("ok\n", 200, {"Content-Type": "text/plain", "Cache-Control": "no-store"})


def _ready(look: readiness.Look) -> Callable[[], Response]:
    def ready() -> Response:
        """Whether requests may be sent here: words for whoever watches, and no details for strangers."""
        same_for_all()
        found = look.look()
        status = 503 if found.missing else 200
        return make_response(
            f"{found}\n", status, {"Content-Type": "text/plain", "Cache-Control": "no-store"}
        )

    return ready
