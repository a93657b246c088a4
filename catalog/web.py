"""How pages are answered: whole or in part, refused, guarded. The only file that reads HX-* headers."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Hashable
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
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from catalog import wording
from catalog.config import Settings
from catalog.errors import RuleBroken
from catalog.extensions import db, login, writing
from catalog.limits import TooOften
from catalog.places import county_name

HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"
HTMX_LOCAL = "htmx-2.0.11.min.js"
"""The name, in the instance folder, of the fetched and hash-checked copy for networks that block the CDN."""

VARY = "HX-Request, HX-Boosted, HX-History-Restore-Request, Cookie"
READS = ("GET", "HEAD", "OPTIONS")
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

    is_authenticated = is_active = is_trainer = is_coordinator = is_administrator = False
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
    app.url_value_preprocessor(_allow_files)
    app.before_request(_choose_transaction)
    app.before_request(_refuse_unstorable)
    app.after_request(_add_headers)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(RuleBroken, _refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(Exception, _unexpected)
    app.add_url_rule("/htmx.js", "htmx", _htmx)
    app.add_url_rule("/healthz", "health", _health)


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


def render_alike(
    recall: Callable[[Hashable, Callable[[], bytes]], bytes],
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
    response = make_response(recall((template, key), lambda: render_template(template, **context()).encode()))
    response.headers["Vary"] = VARY
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


# Around every request.


def _choose_transaction() -> None:
    writing.set(request.method not in READS)


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
    policy = (
        "default-src 'self'; "
        f"script-src 'self' {HTMX_URL}; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint not in ("static", "htmx"):
        headers.setdefault("Cache-Control", "no-store" if current_user.is_authenticated else "no-cache")
    return response


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
    return _page(409, "That did not work", str(error), back=_page_of_form())


def _too_often(error: TooOften) -> Response:
    db.session.rollback()
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
    db.session.rollback()
    if current_app.testing:
        raise error
    current_app.logger.error("unexpected error", exc_info=error)
    # The page does not ask who is reading: it may be the database that is away.
    g._login_user = Stranger()
    return _page(500, *SENTENCES[500])


def _page(code: int, title: str, sentence: str, back: str = "/") -> Response:
    """A page of its own for a refusal; `back` is where one goes on from."""
    return make_response(
        render_template("errors/error.html", code=code, title=title, sentence=sentence, back=back), code
    )


def _ask_to_sign_in() -> Response:
    """Back to where one was after signing in; a form that was sent leads back to the page it stood on."""
    here = request.full_path.rstrip("?") if request.method in READS else _page_of_form()
    url = url_for("accounts.sign_in", next=here)
    if is_fragment():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url
        return response
    return make_response(redirect(url, 303))


def _page_of_form() -> str:
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
    return make_response("ok\n", 200, {"Content-Type": "text/plain"})
