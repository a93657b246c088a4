"""A plan for when the solver has no time to find a good one. It keeps every rule and claims to be no best."""

from collections.abc import Sequence
from functools import partial

from catalog.endorsement.plan.problem import (
    Choice,
    Needs,
    Problem,
    Rule,
    broken,
    open_minutes,
    open_topics,
    worth,
)


def greedy(problem: Problem) -> list[Choice]:
    """Add whatever closes most, the cheapest first, as long as something fits."""
    chosen: list[Choice] = []
    left = list(problem.choices)
    while left:
        needs = Needs(open_topics(problem.needs, chosen), open_minutes(problem.needs, chosen))
        useful = [choice for choice in left if choice.fills(needs)]
        useful.sort(key=partial(_least_first, needs))
        left = _add_first(problem, chosen, useful)
    return chosen


def _add_first(problem: Problem, chosen: list[Choice], useful: Sequence[Choice]) -> list[Choice]:
    """Add the first that keeps every rule; those that may still be added after it, none where nothing fits. What
    breaks a rule beside what is chosen breaks it beside more as well, unless a course before it is all it lacks."""
    later: list[Choice] = []
    for at, choice in enumerate(useful):
        rules = broken(problem, [*chosen, choice])
        if not rules:
            chosen.append(choice)
            return [one for one in (*later, *useful[at + 1 :]) if one.course_id != choice.course_id]
        if rules == {Rule.ORDER}:
            later.append(choice)
    return []


def _least_first(needs: Needs, choice: Choice) -> tuple[int, ...]:
    minutes = sum(min(choice.gives(line), short) for line, short in needs.minutes.items())
    return -len(choice.topics & needs.topics), -minutes, choice.cost or 0, choice.km, choice.id


def without_idle(problem: Problem, chosen: Sequence[Choice]) -> list[Choice]:
    """Leave out, the dearest first, whatever closes nothing that the others do not."""
    kept = list(chosen)
    for choice in sorted(chosen, key=lambda one: (-(one.cost or 0), -one.km, one.id)):
        others = [one for one in kept if one is not choice]
        if not broken(problem, others) and worth(problem, others) <= worth(problem, kept):
            kept = others
    return kept
