"""What goes with a letter beside its words: features above this floor add calendar parts to mail they know about."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from catalog.accounts.models import Person


class Attached(NamedTuple):
    """One calendar object for the letter: `method` is REQUEST, CANCEL or PUBLISH, `content` the iCalendar text."""

    method: str
    content: bytes
    leaves: Callable[[], None] = lambda: None
    """Called before the letter goes out; what it writes is committed before."""
    sent: Callable[[], None] = lambda: None
    """Called once the letter is out, in the transaction that ends its job."""


_makers: list[Callable[[Person, Mapping[str, Any]], Sequence[Attached]]] = []


def register(fn: Callable[[Person, Mapping[str, Any]], Sequence[Attached]]) -> None:
    """`fn` is asked when a letter is sent, with whom it is for and the payload of its job."""
    if fn not in _makers:
        _makers.append(fn)


def attached(person: Person, payload: Mapping[str, Any]) -> list[Attached]:
    """All that goes with this letter, in the order in which the makers were registered."""
    return [part for fn in _makers for part in fn(person, payload)]
