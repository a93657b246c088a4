"""Why a session cannot be planned at all, whatever else is chosen."""

from collections.abc import Iterable
from enum import StrEnum

from catalog.endorsement.plan.problem import Choice, Held
from catalog.endorsement.plan.wishes import Wishes


class Bar(StrEnum):
    """In the order in which they are said where a session has more than one."""

    HELD = "held"
    CLOSED = "closed"
    FULL = "full"
    ASKS = "asks"
    LATE = "late"
    ELSEWHERE = "elsewhere"
    WEEKDAY = "weekday"
    OVERLAPS = "overlaps"
    PRICE = "price"
    BUDGET = "budget"
    FIRST = "first"
    PROVIDER = "provider"


def bars(choice: Choice, wishes: Wishes, held: Iterable[Held]) -> tuple[Bar, ...]:
    """What keeps this session out by itself; none where it may be chosen."""
    found = {
        Bar.HELD: any(one.course_id == choice.course_id for one in held),
        Bar.CLOSED: bool(choice.closed),
        Bar.FULL: choice.is_full,
        Bar.ASKS: choice.asks,
        Bar.LATE: bool(choice.days) and choice.days[-1] > wishes.by,
        Bar.ELSEWHERE: not _is_within_reach(choice, wishes),
        Bar.WEEKDAY: any(day.weekday() not in wishes.weekdays for day in choice.days),
        Bar.OVERLAPS: any(choice.overlaps(one.spans) for one in held),
        Bar.PRICE: wishes.most_cents is not None and choice.cost is None,
        Bar.BUDGET: wishes.most_cents is not None and (choice.cost or 0) > wishes.most_cents,
    }
    return tuple(bar for bar, is_so in found.items() if is_so)


def _is_within_reach(choice: Choice, wishes: Wishes) -> bool:
    if choice.is_online and wishes.online:
        return True
    return choice.is_there and (wishes.counties is None or choice.county in wishes.counties)
