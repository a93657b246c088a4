"""Why a session cannot be planned at all, whatever else is chosen."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from catalog.endorsement.plan.problem import Choice, Held, Problem
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


def without_unreachable(problem: Problem) -> tuple[list[Choice], list[Choice]]:
    """Sessions whose required courses can be finished before they begin, and those for which none can.

    A course that asks for itself round a corner is never reached."""
    reached: list[Choice] = []
    waiting: Sequence[Choice] = problem.choices
    while True:
        ready = [one for one in waiting if _is_ready(problem, one, reached)]
        if not ready:
            return reached, list(waiting)
        reached += ready
        got = {one.id for one in ready}
        waiting = [one for one in waiting if one.id not in got]


def _is_ready(problem: Problem, choice: Choice, reached: Iterable[Choice]) -> bool:
    required = problem.still_required(choice)
    return not required or required <= {
        other.course_id
        for other in reached
        if other.course_id != choice.course_id and other.is_before(choice)
    }
