"""What happens once a session is full is one choice of three, and it does not change over the heads of who waits."""

from collections.abc import Callable

from catalog.courses.models import Offering, WhenFull
from catalog.courses.refusals import FieldsRefused

Waiting = Callable[[Offering], int]
_waiting: list[Waiting] = []


def knows_waiting(count: Waiting) -> None:
    """Said once, when the application starts, by the feature that keeps the queue: how many stand in it."""
    _waiting.append(count)


def refuse_while_waiting(offering: Offering, wanted: str | None) -> None:
    """Raises FieldsRefused when the waitlist is to go while people are on it. The offering must be claimed."""
    if wanted in (None, WhenFull.WAITLIST) or offering.when_full == wanted:
        return
    if people := sum(count(offering) for count in _waiting):
        who = "1 person is" if people == 1 else f"{people} people are"
        sentence = (
            f"{who} on the waitlist, so it has to stay. Give them seats or take them off the roster first."
        )
        raise FieldsRefused({"when_full": sentence})
