"""Who is half signed in, who showed lately that it is them, and who has to set up a second step first."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, request, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.accounts import queries as accounts
from catalog.accounts.models import Person, SignIn
from catalog.accounts.views.opening import token
from catalog.config import Settings
from catalog.factors.rules import FRESH, is_required
from catalog.factors.views.blueprint import pages


def _sign_in() -> SignIn | None:
    return accounts.row_of(token()) if token() else None


def half_open() -> SignIn | None:
    """The sign-in of this browser that waits for its second step; None for strangers and for whoever is in."""
    found = _sign_in()
    return found if found and found.awaits_factor else None


def here() -> SignIn:
    """The sign-in of whoever is signed in; pages behind `login_required` alone ask."""
    found = _sign_in()
    if found is None or found.awaits_factor:
        raise LookupError("nobody is signed in")
    return found


def is_fresh(sign_in: SignIn) -> bool:
    return (sign_in.proved_at or sign_in.began_at) > clock.now() - FRESH


def freshly(back: str, *, named: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only for people who showed within ten minutes that it is them; others are asked, and come back to `back`, the
    name of a page; `named` says that it is about the same thing."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        @login_required
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if is_fresh(here()):
                return view(*args, **kwargs)
            return web.saved(url_for("factors.confirm", next=url_for(back, **(kwargs if named else {}))))

        return guarded

    return guard


ALWAYS_OPEN = frozenset({"static", "htmx", "health", "accounts.sign_out"})
TO_SET_UP = frozenset(
    {
        "factors.index",
        "factors.app",
        "factors.add_app",
        "factors.add_passkey",
        "factors.ask_for_new_passkey",
        "factors.make_codes",
        "factors.confirm",
        "factors.confirm_password",
        "factors.confirm_code",
        "factors.ask_to_confirm",
        "factors.confirm_passkey",
    }
)
"""What somebody may do who needs a second step and has none: set one up, and sign out."""


@pages.before_app_request
def _lead_to_setting_up() -> Response | None:
    """A role that needs a second step opens nothing before there is one, however the person signed in."""
    settings: Settings = current_app.config["CATALOG"]
    if settings.second_factor != "required" or not token():
        return None
    if request.endpoint is None or request.endpoint in ALWAYS_OPEN | TO_SET_UP:
        return None
    if not current_user.is_authenticated or not needs_one(current_user):
        return None
    return web.saved(url_for("factors.index"))


def needs_one(person: Person) -> bool:
    """Whether this person has to set up a second step first. A provider's word that there was one counts, too."""
    return is_required(person) and person.second_step_since is None and not here().has_factor
