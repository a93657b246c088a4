"""What stands first on the home page of somebody who is signed in, when something of theirs is due.

What it is about stands on floors above; so they say here, once, when the application starts, whom to ask."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from catalog.accounts.models import Person


class Lead(NamedTuple):
    """A title, a sentence, and the page that it leads to."""

    title: str
    text: str
    url: str
    action: str


Ask = Callable[[Person, datetime], Lead | None]
_asked: list[Ask] = []


def register(ask: Ask) -> None:
    _asked.append(ask)


def lead(person: Person, at: datetime) -> Lead | None:
    """The first that has something to say."""
    return next((found for ask in _asked if (found := ask(person, at))), None)
