"""The cookie of a sign-in: who it is, and the one function that every way of signing in ends with."""

from datetime import timedelta

from flask import Response, after_this_request, current_app, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog import clock, web
from catalog.accounts import queries, services
from catalog.accounts.models import Person
from catalog.accounts.queries import Opened
from catalog.extensions import db, login

SEEN_EVERY = timedelta(minutes=10)
"""How often it is written down that a sign-in is used; most requests read and leave it at that."""


def cookie_name() -> str:
    return str(current_app.config["SIGN_IN_COOKIE"])


def token() -> str:
    """What this browser is signed in with; empty where it is not."""
    return request.cookies.get(cookie_name(), "")


@login.request_loader
def _person_of(_incoming: object) -> Person | None:
    found = queries.sign_in_of(token()) if token() else None
    if found is None:
        return None
    if clock.now() - found.last_seen_at >= SEEN_EVERY:
        _note_use(found)
    return found.person


def _note_use(found: Opened) -> None:
    """Once the answer is out, in a transaction of its own: a page that is only read writes nothing and waits for
    nobody."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def note() -> None:
        with app.app_context():
            services.note_use(found.id)

    @after_this_request
    def later(response: AnyResponse) -> AnyResponse:
        response.call_on_close(note)
        return response


def signed_in(person: Person, back: str | None = None, *, has_factor: bool = False) -> Response:
    """Open the sign-in, and give the browser its cookie and a new form token. `back` is where to go on; without it
    the page that `next` names.

    Whoever has a second step is let in half-way only, to the page that asks for it, unless it was shown already."""
    awaits = person.second_step_since is not None and not has_factor
    lasts = services.TIME_FOR_THE_STEP if awaits else services.lasts()
    opened = services.begin_sign_in(
        person, request.user_agent.string, awaits_factor=awaits, has_factor=has_factor
    )
    # Only then: until its sign-in has ended, this browser is no new device.
    services.end_sign_in(token())
    db.session.commit()
    # A form that was opened before, by whoever, is not taken for theirs.
    session.clear()
    back = back or web.back_to(url_for("browse.index"))
    response = web.saved(url_for("factors.second_step", next=back) if awaits else back)
    response.set_cookie(
        cookie_name(),
        opened,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def closed(response: AnyResponse) -> AnyResponse:
    """The browser forgets the sign-in, which has ended."""
    session.clear()
    response.delete_cookie(
        cookie_name(), secure=bool(current_app.config["SESSION_COOKIE_SECURE"]), httponly=True, samesite="Lax"
    )
    return response


def of_a_link(response: Response) -> Response:
    """A page whose address opens something: no other page is told of it, and nobody keeps it."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
