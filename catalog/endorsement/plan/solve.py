"""The exact best plan, by a solver of mixed-integer programmes (HiGHS).

Each tier of `problem.Worth` is made as small as it can be, and then held while the next one is. What the solver finds
is rounded and looked at once more by the rules in `problem`, so that no tolerance of its arithmetic decides."""

import time
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from math import gcd

from catalog.endorsement.plan.found import greedy, without_idle
from catalog.endorsement.plan.highs import NoTime, Programme
from catalog.endorsement.plan.presolve import without_second_best, worth_looking_at
from catalog.endorsement.plan.problem import (
    Choice,
    Problem,
    Worth,
    broken,
    by_month,
    new_days,
    room_for_providers,
    room_in_months,
    worth,
)

SHARE = 0.7
"""Of the time that is left, a tier takes at most so much."""
SECONDS = 3.5
"""For all tiers together; with reading and painting the answer stays below five seconds."""


@dataclass(frozen=True)
class Solution:
    """The sessions, the earliest first; whether nothing better can be, or time ran out before that was known."""

    chosen: tuple[Choice, ...]
    worth: Worth
    is_best: bool


def solve(problem: Problem, seconds: float = SECONDS) -> Solution:
    until = time.monotonic() + seconds
    choices = worth_looking_at(problem) if problem.needs else []
    best, is_best = _best(replace(problem, choices=tuple(choices)), until)
    ordered = sorted(best, key=lambda one: (one.starts is None, one.starts or 0, one.id))
    return Solution(tuple(ordered), worth(problem, ordered), is_best)


def _best(problem: Problem, until: float) -> tuple[list[Choice], bool]:
    """Without its limit first: where the best plan keeps within it, it is the best of those that must as well, and it
    is found sooner."""
    if problem.budget is not None:
        chain = _Chain(replace(problem, budget=None), until)
        found, is_best = chain.run(most_cost=problem.budget)
        if is_best and not broken(problem, found):
            return found, True
    return _Chain(problem, until).run()


class _Chain:
    """The tiers one after another; each begins at what the one before found."""

    def __init__(self, problem: Problem, until: float) -> None:
        self.problem, self.until = problem, until
        self.best: list[Choice] = []
        self._lay_out()

    def run(self, most_cost: int | None = None) -> tuple[list[Choice], bool]:
        """A tier that has no time to be proven keeps what it found, and the next ones go on from there.

        With `most_cost` there is no use in going on as soon as the least cost is more, or not known."""
        if not self.problem.choices:
            return self.best, True
        is_best = self._improve(*self._closes())
        if not is_best:
            self.best = min(self.best, greedy(self.problem), key=partial(worth, self.problem))
        if is_best and self._is_free_and_near():
            return self.best, True
        self._lay_out()
        self._hold_closed()
        is_best &= self._improve(*self._cost())
        if most_cost is not None and not (is_best and worth(self.problem, self.best).cost <= most_cost):
            return self.best, False
        self._hold_cost()
        is_best &= self._improve(*self._km())
        self._narrow()
        is_best &= self._improve(*self._days())
        return self.best if is_best else without_idle(self.problem, self.best), is_best

    def _improve(self, objective: dict[int, int], step: int) -> bool:
        """Make the objective as small as it can be; whether what is best now is known to be that small."""
        if not objective:
            return True
        try:
            values, is_proven = self.programme.minimise(
                objective, SHARE * (self.until - time.monotonic()), step
            )
        except NoTime:
            return False
        found = [choice for choice, value in zip(self.problem.choices, values, strict=False) if value > 0.5]
        if broken(self.problem, found):
            return False
        if worth(self.problem, found) <= worth(self.problem, self.best):
            self.best = found
        return is_proven

    # What was reached is held.

    def _hold_closed(self) -> None:
        reached, needs = worth(self.problem, self.best), self.problem.needs
        covered = len(needs.topics) - reached.topics_open
        closed = sum(needs.minutes.values()) - reached.minutes_open
        self.programme.row(dict.fromkeys(self.topics, -1), most=-covered)
        self.programme.row(dict.fromkeys(self.lines, -1), most=-closed)

    def _hold_cost(self) -> None:
        self.programme.row(self._cost()[0], most=worth(self.problem, self.best).cost)

    def _narrow(self) -> None:
        """Begin anew with what can still be in a best plan."""
        reached = worth(self.problem, self.best)
        self._keep(reached.cost, reached.km)
        self._hold_cost()
        self.programme.row(self._km()[0], most=reached.km)

    def _is_free_and_near(self) -> bool:
        """Whether as much is closed by sessions that cost nothing and to which nobody travels. Then the best of those
        is the best of all, and nothing needs to be known of the others."""
        whole = self.problem
        self._keep(0, 0)
        is_best = self._improve(*self._days())
        self.problem = whole
        reached = worth(whole, self.best)
        return is_best and not reached.cost and not reached.km

    def _keep(self, cost: int, km: int) -> None:
        """Sessions of at most this cost and travel, and of those that can stand in for one another the best."""
        left = [one for one in self.problem.choices if (one.cost or 0) <= cost and one.km <= km]
        self.problem = replace(self.problem, choices=tuple(without_second_best(self.problem, left)))
        self._lay_out()
        self._hold_closed()

    # Objectives, each with what divides whatever it can be. Two tiers that stay small together are one objective,
    # because each run of the solver begins anew.

    def _closes(self) -> tuple[dict[int, int], int]:
        """One topic more weighs more than all minutes together."""
        step = self.minute or 1
        weight = sum(self.problem.needs.minutes.values()) // step * step + step
        return {**dict.fromkeys(self.topics, -weight), **dict.fromkeys(self.lines, -1)}, step

    def _cost(self) -> tuple[dict[int, int], int]:
        return self._sum([choice.cost or 0 for choice in self.problem.choices])

    def _km(self) -> tuple[dict[int, int], int]:
        return self._sum([choice.km for choice in self.problem.choices])

    def _sum(self, weights: list[int]) -> tuple[dict[int, int], int]:
        return {at: weight for at, weight in enumerate(weights) if weight}, gcd(*weights)

    def _days(self) -> tuple[dict[int, int], int]:
        """One day less weighs more than any number of sessions, of which there is one for each course."""
        weight = len({choice.course_id for choice in self.problem.choices}) + 1
        return {at: weight * len(set(choice.days)) + 1 for at, choice in self._each()}, 1

    # The programme.

    def _lay_out(self) -> None:
        add = self.programme = Programme()
        self.topics: list[int] = []
        self.lines: list[int] = []
        self.minute = 0
        self.days: dict[date, int] = {}
        for _ in self.problem.choices:
            add.column(1, is_whole=True)
        self._lay_needs()
        self._lay_courses()
        self._lay_overlaps()
        if self.problem.budget is not None:
            add.row({at: choice.cost or 0 for at, choice in self._each()}, most=self.problem.budget)
        if self.problem.days_a_month is not None:
            self._lay_days()
            room = room_in_months(self.problem)
            for month, days in by_month(self.days).items():
                most = room.get(month, self.problem.days_a_month)
                add.row({self.days[day]: 1 for day in days}, most=most)
        if self.problem.most_providers is not None:
            self._lay_providers()

    def _each(self) -> list[tuple[int, Choice]]:
        return list(enumerate(self.problem.choices))

    def _lay_needs(self) -> None:
        """A column for each need says how much of it is closed."""
        add, needs = self.programme, self.problem.needs
        for topic in sorted(needs.topics):
            covers = {at: -1 for at, choice in self._each() if topic in choice.topics}
            if covers:
                self.topics.append(add.column(1))
                add.row({self.topics[-1]: 1, **covers}, most=0)
        for line, short in needs.minutes.items():
            # What goes beyond the need closes no more than the need.
            gives = {at: -min(choice.gives(line), short) for at, choice in self._each() if choice.gives(line)}
            if gives and short > 0:
                self.lines.append(add.column(short))
                add.row({self.lines[-1]: 1, **gives}, most=0)
                # Whatever is closed, of whichever line, is a multiple of this.
                self.minute = gcd(self.minute, short, *gives.values())

    def _lay_courses(self) -> None:
        """One session of a course at most; and what a session asks for first, before it."""
        by_course: dict[int, list[int]] = {}
        for at, choice in self._each():
            by_course.setdefault(choice.course_id, []).append(at)
        for places in by_course.values():
            if len(places) > 1:
                self.programme.row(dict.fromkeys(places, 1), most=1)
        for at, choice in self._each():
            for course_id in sorted(self.problem.still_required(choice)):
                before = [
                    other
                    for other in by_course.get(course_id, ())
                    if self.problem.choices[other].is_before(choice)
                ]
                self.programme.row({at: 1, **dict.fromkeys(before, -1)}, most=0)

    def _lay_overlaps(self) -> None:
        """Of all that meet at one moment one at most."""
        for crowd in self._crowds():
            if len({self.problem.choices[at].course_id for at in crowd}) > 1:
                self.programme.row(dict.fromkeys(sorted(crowd), 1), most=1)

    def _lay_days(self) -> None:
        """A column for each new day says whether one goes out on it. Of a crowd at most one is chosen, so that all of
        it together asks for the day once; said for each alone, it would take the solver far longer."""
        days = sorted(new_days(self.problem, self.problem.choices))
        self.days = {day: self.programme.column(1, is_whole=True) for day in days}
        for crowd in self._crowds():
            by_day: dict[date, list[int]] = {}
            for at, day in crowd.items():
                by_day.setdefault(day, []).append(at)
            for day, places in by_day.items():
                if day in self.days:
                    self.programme.row({**dict.fromkeys(sorted(places), 1), self.days[day]: -1}, most=0)

    def _crowds(self) -> list[dict[int, date]]:
        """Which sessions meet at one moment, and on which day for each. It is enough to look at the moments at which
        something begins, and of those only at the ones of which no other holds all."""
        sittings = sorted(
            (begins, ends, at, day)
            for at, choice in self._each()
            for (begins, ends), day in zip(choice.spans, choice.days, strict=True)
        )
        going_on: list[tuple[datetime, int, date]] = []
        crowds: list[dict[int, date]] = []
        for begins, ends, at, day in sittings:
            going_on = [one for one in going_on if one[0] > begins]
            going_on.append((ends, at, day))
            crowd = {other: on for _, other, on in going_on}
            if crowds and crowds[-1].items() <= crowd.items():
                crowds[-1] = crowd
            elif not (crowds and crowd.items() <= crowds[-1].items()):
                crowds.append(crowd)
        return crowds

    def _lay_providers(self) -> None:
        providers: dict[str, int] = {}
        for at, choice in self._each():
            if choice.rsc and choice.provider not in self.problem.providers:
                if choice.provider not in providers:
                    providers[choice.provider] = self.programme.column(1)
                self.programme.row({at: 1, providers[choice.provider]: -1}, most=0)
        if providers:
            self.programme.row(dict.fromkeys(providers.values(), 1), most=room_for_providers(self.problem))
