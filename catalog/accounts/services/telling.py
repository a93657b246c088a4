"""Who hears of what people do with their own accounts."""

from collections.abc import Callable
from typing import Any

from catalog.accounts.models import Person

Listener = Callable[[str, Person, dict[str, Any]], None]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> Listener:
    """Said once, when the application starts: what people do with their own accounts is told to this function.

    The trail stands above the accounts, because it names who acted; so it is told, in the transaction that
    makes the change, instead of being called."""
    _listeners.append(listener)
    return listener


def tell(action: str, person: Person, **details: Any) -> None:
    for listener in _listeners:
        listener(action, person, details)
