"""What to schedule next: the suggestions in words."""

from functools import cache
from typing import NamedTuple

from flask import current_app

from catalog.places import counties as all_counties
from catalog.places import county_name, distance_km
from catalog.reports.demand import reading
from catalog.reports.demand.found import Found
from catalog.reports.demand.gaps import Around, Suggestion, suggestions
from catalog.reports.frame import Asked

NEAR_KM = 80


class Next(NamedTuple):
    """A suggestion with the words of it; `people` miss at least one of its topics in or near the county."""

    key: str
    course_id: int
    title: str
    county: str
    others: int
    people: int
    weight: int
    topics: tuple[str, ...]
    is_reviewed: bool


def suggested(asked: Asked, found: Found) -> list[Next]:
    state: str = current_app.config["CATALOG"].state
    titles = reading.schedulable(state)
    return [_said(one, found, titles[one.course_id]) for one in _chosen(asked, found, titles, state)]


def chosen(asked: Asked, found: Found, key: str) -> Suggestion | None:
    """The suggestion with this key, as long as it is one."""
    state: str = current_app.config["CATALOG"].state
    every = _chosen(asked, found, reading.schedulable(state), state)
    return next((one for one in every if _key(one) == key), None)


def _chosen(asked: Asked, found: Found, titles: dict[int, str], state: str) -> list[Suggestion]:
    courses = {course: list(found.mapped[course]) for course in titles if course in found.mapped}
    return suggestions(found.by_topic, courses, around(asked, state))


def _key(one: Suggestion) -> str:
    return f"{one.course_id}-{one.county}"


def around(asked: Asked, state: str) -> Around:
    found = _around(state)
    if not asked.counties:
        return found
    wanted = frozenset(asked.counties)
    return {county: near & wanted for county, near in found.items() if county in wanted}


@cache
def _around(state: str) -> Around:
    """Each county of the state with those whose middle is near."""
    every = [one.fips for one in all_counties().values() if one.state == state]
    return {one: frozenset(other for other in every if distance_km(one, other) <= NEAR_KM) for one in every}


def _said(one: Suggestion, found: Found, title: str) -> Next:
    names = {topic.id: topic.name for topic in found.topics}
    return Next(
        _key(one),
        one.course_id,
        title,
        county_name(one.county),
        len(one.counties) - 1,
        reading.count_who(found.run, one.topic_ids, one.counties),
        one.weight,
        tuple(names[topic] for topic in one.topic_ids),
        all(found.mapped[one.course_id][topic] for topic in one.topic_ids),
    )
