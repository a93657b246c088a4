"""People who miss a topic against the seats that are coming: pure functions over plain values. No database, no clock.

A seat in person helps those of its county, a seat online whoever is left anywhere. So what is short is reckoned
county by county and added, and the seats online are taken off the sum. Only sessions whose mapping was reviewed are
counted as seats; those whose mapping nobody has looked at stand apart."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

ONLINE = "online"
UNPLACED = "unplaced"
"""In person, and no county is named: near to nobody in particular."""

Missed = Mapping[int, Mapping[str, int]]
"""By topic and county, how many people miss it; the county is empty where a person named none."""


class Coming(NamedTuple):
    """A session to come. `free` is None where there is no limit; `starts_at` is None at one's own pace."""

    id: int
    course_id: int
    place: str
    starts_at: datetime | None
    free: int | None


@dataclass
class Seats:
    """What is coming for one topic at one place: free seats, and sessions without a limit."""

    seats: int = 0
    unlimited: int = 0
    unreviewed: int = 0
    """Sessions whose mapping nobody has looked at; their seats are counted nowhere."""


Supply = Mapping[int, Mapping[str, Seats]]
"""By topic and place."""
Mapped = Mapping[int, Mapping[int, bool]]
"""By course, the topics it covers, and whether that was reviewed."""


def supply(sessions: Iterable[Coming], mapped: Mapped) -> dict[int, dict[str, Seats]]:
    found: dict[int, dict[str, Seats]] = {}
    for session in sessions:
        for topic_id, is_reviewed in mapped.get(session.course_id, {}).items():
            seats = found.setdefault(topic_id, {}).setdefault(session.place, Seats())
            if not is_reviewed:
                seats.unreviewed += 1
            elif session.free is None:
                seats.unlimited += 1
            else:
                seats.seats += session.free
    return found


@dataclass
class Gap:
    """One topic, in the counties that were asked for. `short` is how many people miss it for whom no seat is coming
    in their county, and `short_by` says so county by county; `left` is how many would still have none if the others
    took every seat online."""

    missing: int = 0
    seats: int = 0
    online: int = 0
    unlimited: int = 0
    unreviewed: int = 0
    left: int = 0
    short_by: Counter[str] = field(default_factory=Counter)

    @property
    def short(self) -> int:
        return self.short_by.total()


def gap(missed: Mapping[str, int], coming: Mapping[str, Seats], counties: Collection[str]) -> Gap:
    """Of one topic; no counties are all of them, with those who named none."""
    found = Gap()
    for county, people in missed.items():
        if counties and county not in counties:
            continue
        found.missing += people
        if short := _short(people, coming.get(county) if county else None):
            found.short_by[county] = short
    for place, seats in coming.items():
        if counties and place != ONLINE and place not in counties:
            continue
        if place == ONLINE:
            found.online += seats.seats
        else:
            found.seats += seats.seats
        found.unlimited += seats.unlimited
        found.unreviewed += seats.unreviewed
    online = coming.get(ONLINE, Seats())
    found.left = 0 if online.unlimited else max(found.short - online.seats, 0)
    return found


def _short(people: int, seats: Seats | None) -> int:
    if seats is None:
        return people
    return 0 if seats.unlimited else max(people - seats.seats, 0)


def gaps(
    topic_ids: Iterable[int], missed: Missed, coming: Supply, counties: Collection[str] = ()
) -> dict[int, Gap]:
    return {one: gap(missed.get(one, {}), coming.get(one, {}), counties) for one in topic_ids}


class Suggestion(NamedTuple):
    """To be scheduled next: this course, in or near this county, for those topics that are short there.

    `weight` is how many missed topics it would fill, a person who misses three of them counting three times."""

    course_id: int
    county: str
    counties: frozenset[str]
    topic_ids: tuple[int, ...]
    weight: int


Around = Mapping[str, frozenset[str]]
"""By county, itself and those that are near."""


def suggestions(
    found: Mapping[int, Gap], courses: Mapping[int, Collection[int]], around: Around, most: int = 5
) -> list[Suggestion]:
    """The course and county where most is short, then the next as if that one had been scheduled, and so on.

    A topic of which seats online would fill all that is short is left out."""
    short = {topic_id: Counter(one.short_by) for topic_id, one in found.items() if one.left}
    chosen: list[Suggestion] = []
    while len(chosen) < most and (best := _best(courses, around, short)):
        chosen.append(best)
        for topic_id in best.topic_ids:
            for county in best.counties:
                short[topic_id].pop(county, None)
    return chosen


def _best(
    courses: Mapping[int, Collection[int]], around: Around, short: Mapping[int, Counter[str]]
) -> Suggestion | None:
    """Of two that fill as much, the county that is short of more itself, then the lower number."""
    sums = {
        topic_id: {county: sum(by_county[one] for one in counties) for county, counties in around.items()}
        for topic_id, by_county in short.items()
    }
    hoped = {topic_id: max(by_center.values(), default=0) for topic_id, by_center in sums.items()}
    filled = {course: [one for one in topics if hoped.get(one)] for course, topics in courses.items()}
    best: tuple[int, int, int, str] | None = None
    # What most can be hoped of comes first, until no course could be better than the best so far.
    for course in sorted(filled, key=lambda one: (-sum(hoped[topic] for topic in filled[one]), one)):
        topics = filled[course]
        if not topics or (best and sum(hoped[topic] for topic in topics) < -best[0]):
            break
        for county in around:
            weight = sum(sums[topic][county] for topic in topics)
            if weight and (best is None or -weight <= best[0]):
                itself = sum(short[topic][county] for topic in topics)
                best = min(best or (1, 0, 0, ""), (-weight, -itself, course, county))
    if best is None:
        return None
    weight, course, county = -best[0], best[2], best[3]
    ids = tuple(sorted(topic for topic in filled[course] if sums[topic][county]))
    return Suggestion(course, county, around[county], ids, weight)
