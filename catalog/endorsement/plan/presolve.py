"""Leaves out what no best plan needs. Exact: the best plan of what is left is a best plan of all."""

from collections.abc import Iterable, Sequence

from catalog.endorsement.plan.problem import Choice, Line, Needs, Problem, in_reach


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
        found += _best_of(of_course, problem.needs)
    return found


def _by_course(choices: Iterable[Choice]) -> dict[int, list[Choice]]:
    found: dict[int, list[Choice]] = {}
    for choice in choices:
        found.setdefault(choice.course_id, []).append(choice)
    return found


def _best_of(of_course: Sequence[Choice], needs: Needs) -> list[Choice]:
    """Of one course at most one session is chosen; one that another can stand in for everywhere is left out."""
    lines = list(needs.minutes)
    kept: list[Choice] = []
    for choice in sorted(of_course, key=lambda one: (one.cost or 0, one.km, len(one.days), one.id)):
        if not any(_stands_in(other, choice, lines) for other in kept):
            kept.append(choice)
    return kept


def _stands_in(one: Choice, other: Choice, lines: Sequence[Line]) -> bool:
    """Whether `one` does all that `other` does, at no time at which the other does not meet, for no more."""
    return (
        (one.cost or 0) <= (other.cost or 0)
        and one.km <= other.km
        and set(one.spans) <= set(other.spans)
        and set(one.days) <= set(other.days)
        and one.topics >= other.topics
        and all(one.gives(line) >= other.gives(line) for line in lines)
        and one.required <= other.required
        and (one.ends is None or (other.ends is not None and one.ends <= other.ends))
        and (one.starts is None or (other.starts is not None and one.starts >= other.starts))
        and (not one.rsc or one.provider == other.provider)
    )
