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


def signed_in(person: Person) -> Response:
    """Open the sign-in, and give the browser its cookie and a new form token."""
    services.end_sign_in(request.cookies.get(COOKIE, ""))
    token = services.begin_sign_in(person, request.user_agent.string)
    db.session.commit()
    # A form that was opened before, by whoever, is not taken for theirs.
    session.clear()
    response = web.saved(web.back_to(url_for("browse.index")))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(services.STAY_SIGNED_IN.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response
