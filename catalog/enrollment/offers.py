"""The written rule for offers: how long a freed seat is held for the next person in the queue."""

from datetime import datetime, timedelta

LONGEST = timedelta(hours=48)
LAST_DAY = timedelta(hours=24)

RULE = (
    "The queue is strict: whoever joined first is asked first. When a seat comes free, the next person is offered "
    "it for 48 hours, or for a quarter of the time that is left when the session is less than eight days away. "
    "On the last day there is no time to ask: the next person gets the seat at once and may give it back. An "
    "offer that is declined or runs out goes to the next person. A coordinator may seat somebody out of turn "
    "only with a written reason."
)
"""Shown on every page where people join a queue. `time_to_decide` is the same rule for the computer."""


def time_to_decide(now: datetime, starts_at: datetime | None) -> timedelta | None:
    """How long an offer made now is held; None when the seat is given at once."""
    if starts_at is None:
        return LONGEST
    left = starts_at - now
    if left <= LAST_DAY:
        return None
    return min(LONGEST, left / 4)
