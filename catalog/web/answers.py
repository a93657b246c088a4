"""Answers: a page or its fragment, what follows a change, files. The only file that reads HX-* headers."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Response, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user

from catalog.extensions import writing
from catalog.web.site import LARGEST_NUMBER

VARY = "HX-Request, HX-Boosted, HX-History-Restore-Request, Cookie"
READS = ("GET", "HEAD", "OPTIONS")


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
    return Painted(body, tag(body))


def tag(body: bytes) -> str:
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
    return target if is_path_of_ours(target) else default


def is_path_of_ours(target: str) -> bool:
    """Plain printable characters only: browsers leave out a tab or a line end, and "/<tab>/" becomes "//"."""
    return re.fullmatch(r"/(?![/\\])[!-~]*", target) is not None


def page_of_form() -> str:
    """The page on which the form of this request stood, as far as the browser says."""
    referrer = request.referrer or ""
    root = request.url_root.rstrip("/")
    path = referrer.removeprefix(root)
    return path if path != referrer and is_path_of_ours(path) else "/"


def row_number(text: str) -> int:
    """A row's number in a query string: `request.args.get("person", type=row_number)`."""
    number = int(text)
    if not 0 <= number <= LARGEST_NUMBER:
        raise ValueError
    return number
