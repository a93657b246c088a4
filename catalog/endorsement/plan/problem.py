"""What a plan is made from, what is allowed, and what makes one plan better than another.

A plan is better, in this order, when it

1. covers more of the missing topics;
2. leaves fewer minutes short. Each line of the rules (a ledger's minimum, or what is typically accepted; the minimum
   of a tag) is short of so many minutes, and a session closes at most that many of each. The lines are compared as
   one sum, a minute being a minute whichever line asks for it; nothing is ever shown as that sum;
3. costs less;
4. asks for fewer kilometres, there and back for every meeting one goes to;
5. asks for fewer days, counted session by session: whoever goes to two on one day gives a day to each. (To count
   days that coincide once would be another problem, which takes the solver ten times as long.)
6. has fewer sessions, so that none is in it without need."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from catalog.competencies.models import Ledger

Span = tuple[datetime, datetime]


class Line(NamedTuple):
    """A line of the rules that asks for hours: a ledger, or the hours in it that carry a tag."""

    ledger: Ledger
    tag: str | None = None


@dataclass(frozen=True)
class Needs:
    """What is missing: topics by id, and minutes by line."""

    topics: frozenset[int] = frozenset()
    minutes: Mapping[Line, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.topics or any(self.minutes.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One session that is still to come, as far as planning looks at it. Money is cents, instants are UTC."""

    id: int
    course_id: int
    title: str = ""
    topics: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()
    training: int = 0
    """Minutes; 0 where they would not count."""
    rsc: int = 0
    cost: int | None = 0
    """None where the price is not stated."""
    km: int = 0
    """There and back, for every meeting that one has to go to."""
    spans: tuple[Span, ...] = ()
    days: tuple[date, ...] = ()
    """The day of each of its sittings, in their order, on its own calendar."""
    starts: datetime | None = None
    """None at one's own pace: before and after whatever one likes."""
    ends: datetime | None = None
    required: frozenset[int] = frozenset()
    """Courses that must be finished before."""
    provider: str = ""
    """Who gives the RSC hours, if it gives any."""
    county: str | None = None
    is_online: bool = False
    """Whether one can take part from home."""
    is_there: bool = True
    """Whether one can go there."""
    closed: str = ""
    """The sentence that says why nobody can join it now."""
    is_full: bool = False
    asks: bool = False
    """Whether approval or an answer is asked for."""
    is_unqualified: bool = False
    """Whether it gives RSC hours that would not count, because of who provides them or when."""

    def gives(self, line: Line) -> int:
        if line.tag is not None and line.tag not in self.tags:
            return 0
        return self.training if line.ledger == Ledger.TRAINING else self.rsc

    def fills(self, needs: Needs) -> bool:
        return bool(self.topics & needs.topics) or any(
            short and self.gives(line) for line, short in needs.minutes.items()
        )

    def is_before(self, other: "Choice") -> bool:
        return self.ends is None or other.starts is None or self.ends <= other.starts

    def overlaps(self, other: Iterable[Span]) -> bool:
        return any(begins < ended and began < ends for begins, ends in self.spans for began, ended in other)


@dataclass(frozen=True)
class Held:
    """A session the person is on already. `ends` is when it is over, None at one's own pace."""

    course_id: int
    title: str = ""
    spans: tuple[Span, ...] = ()
    days: frozenset[date] = frozenset()
    ends: datetime | None = None
    has_seat: bool = True


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Needs, the sessions that may be chosen, and the limits.

    `providers` are those whose RSC counts already; together with them at most `most_providers` may give it."""

    needs: Needs
    choices: tuple[Choice, ...] = ()
    finished: frozenset[int] = frozenset()
    """Courses the person has finished."""
    held: tuple[Held, ...] = ()
    budget: int | None = None
    days_a_month: int | None = None
    most_providers: int | None = None
    providers: frozenset[str] = frozenset()

    @property
    def held_days(self) -> frozenset[date]:
        return frozenset[date]().union(*(one.days for one in self.held))

    def still_required(self, choice: Choice) -> frozenset[int]:
        """Courses that only another session of the plan could finish before this one begins."""
        done = {
            one.course_id
            for one in self.held
            if one.has_seat and (one.ends is None or choice.starts is None or one.ends <= choice.starts)
        }
        return choice.required - self.finished - done


class Worth(NamedTuple):
    """What a plan is compared by, in this order; each is better the smaller it is."""

    topics_open: int
    minutes_open: int
    cost: int
    km: int
    days: int
    sessions: int


class Rule(StrEnum):
    """What a plan must keep."""

    BUDGET = "budget"
    OVERLAP = "overlap"
    COURSE = "one session of a course"
    ORDER = "prerequisites in order"
    MONTH = "days a month"
    PROVIDERS = "providers"


def open_topics(needs: Needs, chosen: Iterable[Choice]) -> frozenset[int]:
    return needs.topics.difference(*(choice.topics for choice in chosen))


def open_minutes(needs: Needs, chosen: Collection[Choice]) -> dict[Line, int]:
    """By line, those that stay short only."""
    left = {
        line: short - sum(choice.gives(line) for choice in chosen) for line, short in needs.minutes.items()
    }
    return {line: minutes for line, minutes in left.items() if minutes > 0}


def new_days(problem: Problem, chosen: Iterable[Choice]) -> frozenset[date]:
    """Days on which something is met, and was not before."""
    return frozenset(day for choice in chosen for day in choice.days) - problem.held_days


def worth(problem: Problem, chosen: Collection[Choice]) -> Worth:
    return Worth(
        len(open_topics(problem.needs, chosen)),
        sum(open_minutes(problem.needs, chosen).values()),
        sum(choice.cost or 0 for choice in chosen),
        sum(choice.km for choice in chosen),
        sum(len(set(choice.days)) for choice in chosen),
        len(chosen),
    )


def broken(problem: Problem, chosen: Collection[Choice]) -> set[Rule]:
    """The rules that this set does not keep; none where it is a plan."""
    found = set()
    if problem.budget is not None and sum(choice.cost or 0 for choice in chosen) > problem.budget:
        found.add(Rule.BUDGET)
    courses = [choice.course_id for choice in chosen]
    if len(set(courses)) < len(courses):
        found.add(Rule.COURSE)
    if any(one.overlaps(other.spans) for one, other in combinations(chosen, 2)) or any(
        choice.overlaps(held.spans) for choice in chosen for held in problem.held
    ):
        found.add(Rule.OVERLAP)
    if in_reach(problem, chosen)[1]:
        found.add(Rule.ORDER)
    if problem.days_a_month is not None:
        room = room_in_months(problem)
        for month, days in by_month(new_days(problem, chosen)).items():
            if len(days) > room.get(month, problem.days_a_month):
                found.add(Rule.MONTH)
    if problem.most_providers is not None:
        more = {choice.provider for choice in chosen if choice.rsc} - problem.providers
        if len(more) > room_for_providers(problem):
            found.add(Rule.PROVIDERS)
    return found


def in_reach(problem: Problem, choices: Iterable[Choice]) -> tuple[list[Choice], list[Choice]]:
    """Those of which every required course is finished, or can be by another of them before they begin; and the
    rest. A course that asks for itself round a corner is never reached."""
    reached: list[Choice] = []
    waiting = list(choices)
    while True:
        ready = [one for one in waiting if _is_ready(problem, one, reached)]
        if not ready:
            return reached, waiting
        reached += ready
        got = {one.id for one in ready}
        waiting = [one for one in waiting if one.id not in got]


def _is_ready(problem: Problem, choice: Choice, reached: Iterable[Choice]) -> bool:
    required = problem.still_required(choice)
    return not required or required <= {other.course_id for other in reached if other.is_before(choice)}


def by_month(days: Iterable[date]) -> dict[tuple[int, int], list[date]]:
    found: dict[tuple[int, int], list[date]] = {}
    for day in days:
        found.setdefault((day.year, day.month), []).append(day)
    return found


def room_in_months(problem: Problem) -> dict[tuple[int, int], int]:
    """How many more days each month has room for in which the person has days already."""
    most = problem.days_a_month or 0
    return {month: max(most - len(days), 0) for month, days in by_month(problem.held_days).items()}


def room_for_providers(problem: Problem) -> int:
    return max((problem.most_providers or 0) - len(problem.providers), 0)
