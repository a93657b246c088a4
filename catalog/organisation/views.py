"""Signing in through an organisation, and one's own link to it."""

import hmac
import secrets

from flask import Blueprint, Response, abort, current_app, make_response, redirect, request, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.accounts import claims as claiming
from catalog.accounts import queries as accounts
from catalog.accounts import services as sign_ups
from catalog.accounts.models import Person
from catalog.accounts.views.opening import signed_in
from catalog.config import Organisation, Settings
from catalog.extensions import db, start_writing
from catalog.factors.views.access import freshly
from catalog.organisation import carrying, provider, queries, services
from catalog.organisation.provider import Claims, NotBelieved, ProviderAway

pages = Blueprint("organisation", __name__)

INDEX = "organisation.index"


@pages.get("/sign-in/organisation")
def begin() -> Response:
    """A plain link: a form could not be sent here, because it may lead on to this site alone."""
    then = web.back_to(url_for("browse.index"))
    try:
        going = provider.way_there(_organisation(), _back(), lambda: secrets.token_urlsafe(32))
    except ProviderAway as error:
        return _failed(error, 503)
    response = make_response(redirect(going.url, 302))
    _carry(response, carrying.way(going.state, going.nonce, going.verifier, then))
    return response


@pages.get("/sign-in/organisation/back")
def back() -> Response:
    """Where the provider sends people. It changes something on a GET because the standard has no other way; the state
    is what says that this browser began it, and each state is good once."""
    organisation = _organisation()
    way = carrying.way_of(request.cookies.get(carrying.COOKIE, ""))
    if way is None or not hmac.compare_digest(way[0].encode(), request.args.get("state", "").encode()):
        return _failed(NotBelieved(), 400)
    state, nonce, verifier, then = way
    if request.args.get("iss", organisation.issuer) != organisation.issuer or "code" not in request.args:
        return _failed(NotBelieved(), 400)
    start_writing()
    try:
        services.use_up(state)
        db.session.commit()
        # The provider may take seconds to answer; nobody else's write waits for it.
        claims = provider.claims_of(organisation, request.args["code"], _back(), nonce, verifier)
    except ProviderAway as error:
        return _failed(error, 503)
    except (NotBelieved, services.UsedAlready) as error:
        return _failed(error, 400)
    start_writing()
    return _came_back(claims, then)


def _came_back(claims: Claims, then: str) -> Response:
    if identity := queries.identity(claims.issuer, claims.subject):
        services.used(identity, claims)
        return _arrived(identity.person, claims, then)
    if current_user.is_authenticated:
        return _wait(make_response(redirect(url_for(INDEX), 303)), claims)
    if claims.email_verified and accounts.account_with_email(claims.email) is None:
        try:
            return _arrived(services.sign_up(claims), claims, then)
        except sign_ups.EmailTaken:
            db.session.rollback()
    return _whose(claims)


def _arrived(person: Person, claims: Claims, then: str) -> Response:
    response = signed_in(person, then, has_factor=claims.has_factor)
    response.delete_cookie(carrying.COOKIE)
    return response


def _whose(claims: Claims) -> Response:
    """Nobody is linked to them and nobody new may be made: they sign in here first, and link the two then."""
    person = accounts.account_with_email(claims.email) if claims.email_verified else None
    if person and claiming.is_unclaimed(person):
        sign_ups.ask_to_sign_up(claims.email, url_for(INDEX))
        db.session.commit()
    page = web.render(
        "organisation/whose.html", name=_organisation().name, claims=claims, taken=person is not None
    )
    return _wait(page, claims)


@pages.get("/account/organisation")
@login_required
def index() -> Response:
    organisation = _organisation()
    claims = _waiting()
    linked = queries.identities_of(current_user)
    if claims and any((one.issuer, one.subject) == (claims.issuer, claims.subject) for one in linked):
        claims = None
    return web.render("organisation/index.html", name=organisation.name, linked=linked, claims=claims)


@pages.post("/account/organisation")
@freshly(INDEX)
def link() -> Response:
    claims = _waiting() or abort(404)
    services.link(current_user._get_current_object(), claims, _organisation().name)
    db.session.commit()
    response = web.saved(url_for(INDEX), message=f"You can sign in through {_organisation().name} now.")
    response.delete_cookie(carrying.COOKIE)
    return response


@pages.post("/account/organisation/<int:identity_id>/unlink")
@freshly(INDEX)
def unlink(identity_id: int) -> Response:
    identity = queries.identity_of(current_user, identity_id) or abort(404)
    services.unlink(identity, _organisation().name)
    db.session.commit()
    return web.saved(url_for(INDEX), message="Unlinked.")


def _organisation() -> Organisation:
    """404 where none is configured."""
    settings: Settings = current_app.config["CATALOG"]
    return settings.organisation or abort(404)


def _back() -> str:
    """From SITE_URL: what a request calls its host decides nothing."""
    settings: Settings = current_app.config["CATALOG"]
    return settings.site_url + url_for("organisation.back")


def _waiting() -> Claims | None:
    claims = carrying.waiting_of(request.cookies.get(carrying.COOKIE, ""))
    return claims if claims and claims.issuer == _organisation().issuer else None


def _wait(response: Response, claims: Claims) -> Response:
    _carry(response, carrying.waiting(claims))
    return response


def _carry(response: Response, value: str) -> None:
    """Lax, so that it comes along when the provider sends the browser back."""
    response.set_cookie(
        carrying.COOKIE,
        value,
        max_age=int(carrying.LASTS.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )


def _failed(error: Exception, status: int) -> Response:
    """A plain page; what exactly was wrong stands in the log, without what the provider sent."""
    db.session.rollback()
    current_app.logger.warning(
        "sign-in through the organisation: %s: %r", type(error).__name__, error.__cause__
    )
    response = web.render(
        "organisation/failed.html", status=status, name=_organisation().name, sentence=str(error)
    )
    response.delete_cookie(carrying.COOKIE)
    return response
