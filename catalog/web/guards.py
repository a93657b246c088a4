"""What a view says of itself, as a line above it: for whom it is, whether it may lag, whether it takes files."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import abort, current_app, request
from flask_login import current_user, login_required
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree
from werkzeug.exceptions import NotFound

from catalog import limits, replica
from catalog.extensions import db, elsewhere

MINUTE = timedelta(minutes=1)


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


def bytes_taken() -> int:
    """How many bytes of files the view of this request takes; 0 where it takes none."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), "takes_bytes", 0)


def spend(what: str, most: int) -> None:
    """Count one use, in a minute, of what whoever asks may do so often; people by who they are, others by where they
    are. Raises limits.TooOften."""
    who = f"person {current_user.id}" if current_user.is_authenticated else f"address {network()}"
    limits.spend(f"{what} {who}", most, MINUTE)


def network() -> str:
    """Where whoever asks is, as their tries are counted: limits.network says of whom that is one."""
    return limits.network(request.remote_addr)
