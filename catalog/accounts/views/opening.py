"""The cookie of a sign-in: who it is, and the one function that every way of signing in ends with."""

from flask import Response, current_app, request, session, url_for

from catalog import web
from catalog.accounts import queries, services
from catalog.accounts.models import Person
from catalog.extensions import db, login

COOKIE = "sign_in"


@login.request_loader
def _person_of(_incoming: object) -> Person | None:
    token = request.cookies.get(COOKIE)
    return queries.person_signed_in(token) if token else None


def signed_in(person: Person, *, has_factor: bool = False, then: str | None = None) -> Response:
    """Open the sign-in, and give the browser its cookie and a new form token; `then` is where it leads.

    Whoever has a second step is let in half-way only, to the page that asks for it, unless it was shown already."""
    awaits = person.second_step_since is not None and not has_factor
    lasts = services.TIME_FOR_THE_STEP if awaits else services.STAY_SIGNED_IN
    services.end_sign_in(request.cookies.get(COOKIE, ""))
    token = services.begin_sign_in(
        person, request.user_agent.string, awaits_factor=awaits, has_factor=has_factor
    )
    db.session.commit()
    # A form that was opened before, by whoever, is not taken for theirs.
    session.clear()
    then = then or web.back_to(url_for("browse.index"))
    response = web.saved(url_for("factors.second_step", next=then) if awaits else then)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response
