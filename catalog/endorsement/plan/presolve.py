"""Leaves out what no best plan needs. Exact: the best plan of what is left is a best plan of all."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from catalog.endorsement.plan.problem import Choice, Problem, in_reach


def worth_looking_at(problem: Problem) -> list[Choice]:
    """Sessions that fill something, and those of courses that such a session asks for first."""
    reached, _ = in_reach(problem, problem.choices)
    courses = {choice.course_id for choice in reached if choice.fills(problem.needs)}
    by_course = _by_course(reached)
    waiting = list(courses)
    while waiting:
        for choice in by_course.get(waiting.pop(), ()):
            more = problem.still_required(choice) - courses
            courses |= more
            waiting += more
    asked = {required for choice in reached for required in problem.still_required(choice)}
    found = []
    for course_id in sorted(courses & by_course.keys()):
        of_course = by_course[course_id]
        if course_id not in asked:
            of_course = [choice for choice in of_course if choice.fills(problem.needs)]
        found += of_course
    return without_second_best(problem, found)


def _by_course(choices: Iterable[Choice]) -> dict[int, list[Choice]]:
    found: dict[int, list[Choice]] = {}
    for choice in choices:
        found.setdefault(choice.course_id, []).append(choice)
    return found


def without_second_best(problem: Problem, choices: Sequence[Choice]) -> list[Choice]:
    """Of one course at most one session is chosen; one that another can stand in for in every plan is left out."""
    beside = _Beside(problem, choices)
    found: list[Choice] = []
    for of_course in _by_course(choices).values():
        kept: list[Choice] = []
        for choice in sorted(of_course, key=lambda one: (one.cost or 0, one.km, len(one.days), one.id)):
            if not any(beside.stands_in(other, choice) for other in kept):
                kept.append(choice)
        found += kept
    return found


class _Beside:
    """How sessions stand beside those of other courses: which ask for them first, and with which they overlap."""

    def __init__(self, problem: Problem, choices: Sequence[Choice]) -> None:
        self.problem = problem
        self.lines = list(problem.needs.minutes)
        self.asked = {course for one in choices for course in problem.still_required(one)}
        self.conflicts = conflicts(choices)

    def stands_in(self, one: Choice, other: Choice) -> bool:
        """Whether any plan with `other` is at least as good with `one` in its place."""
        return (
            (one.cost or 0) <= (other.cost or 0)
            and one.km <= other.km
            and one.topics >= other.topics
            and all(one.gives(line) >= other.gives(line) for line in self.lines)
            and (not one.rsc or one.provider == other.provider)
            and self.conflicts[one.id] <= self.conflicts[other.id]
            and self._comes_in_order(one, other)
            and self._asks_for_no_more_days(one, other)
        )

    def _comes_in_order(self, one: Choice, other: Choice) -> bool:
        """Not later for those that ask for it first, not earlier for what it asks for."""
        if one.course_id in self.asked and not (
            one.ends is None or (other.ends is not None and one.ends <= other.ends)
        ):
            return False
        if not self.problem.still_required(one):
            return True
        return self.problem.still_required(one) <= self.problem.still_required(other) and (
            one.starts is None or (other.starts is not None and one.starts >= other.starts)
        )

    def _asks_for_no_more_days(self, one: Choice, other: Choice) -> bool:
        """With a limit to the month it matters which days they are."""
        if self.problem.days_a_month is not None:
            return set(one.days) <= set(other.days)
        return len(set(one.days)) <= len(set(other.days))


def conflicts(choices: Sequence[Choice]) -> dict[int, set[int]]:
    """With which sessions of other courses each overlaps, by their ids."""
    found: dict[int, set[int]] = {choice.id: set() for choice in choices}
    going_on: list[tuple[datetime, Choice]] = []
    sittings = [(begins, ends, choice) for choice in choices for begins, ends in choice.spans]
    for begins, ends, one in sorted(sittings, key=lambda sitting: (sitting[0], sitting[2].id)):
        going_on = [(until, other) for until, other in going_on if until > begins]
        for _, other in going_on:
            if other.course_id != one.course_id:
                found[one.id].add(other.id)
                found[other.id].add(one.id)
        going_on.append((ends, one))
    return found
