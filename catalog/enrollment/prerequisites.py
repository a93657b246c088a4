"""Which courses a person has finished, for those that ask for another one first.

Attendance, which knows it, stands above enrollment; so it says here, once, when the application starts, whom to
ask."""

from collections.abc import Callable, Collection

Finished = Callable[[int, Collection[int]], set[int]]
_found: list[Finished] = []


def register(found: Finished) -> None:
    """`found` gives those of the courses with these ids that the person with that id has finished."""
    _found.append(found)


def finished(person_id: int, course_ids: Collection[int]) -> set[int]:
    """Those of these courses that the person has finished; none while nobody was registered."""
    return {course_id for found in _found for course_id in found(person_id, course_ids)}
