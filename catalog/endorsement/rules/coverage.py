"""Which topics of a category are covered, and by what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from catalog.competencies.rulebook import AreaLine, Rulebook, TopicLine
from catalog.records.ledger import Entry, Sure


class TopicState(StrEnum):
    """references: shown mainly by reference ratings, never a gap of training."""

    COVERED = "covered"
    PENDING = "pending"
    PLANNED = "planned"
    MISSING = "missing"
    REFERENCES = "references"


@dataclass(frozen=True)
class TopicCover:
    """A topic, its state, and the keys of the entries behind it, by how sure they are."""

    topic: TopicLine
    state: TopicState
    keys: dict[Sure, tuple[str, ...]]


@dataclass(frozen=True)
class AreaCover:
    """An area with the topics of it that the category asks for."""

    area: AreaLine
    topics: tuple[TopicCover, ...]
    trainings: int
    """How many verified trainings touch the area, whatever topic they name."""

    def count(self, state: TopicState) -> int:
        return sum(topic.state == state for topic in self.topics)

    @property
    def missing(self) -> list[TopicCover]:
        return [topic for topic in self.topics if topic.state == TopicState.MISSING]

    @property
    def state(self) -> TopicState:
        """The area as a whole: as far as its topic that is least far."""
        if self.area.by_references:
            return TopicState.REFERENCES
        order = (TopicState.MISSING, TopicState.PLANNED, TopicState.PENDING, TopicState.COVERED)
        return next((state for state in order if self.count(state)), TopicState.COVERED)

    @property
    def is_confirmed(self) -> bool:
        return all(topic.topic.is_confirmed for topic in self.topics)


STATES = {
    Sure.VERIFIED: TopicState.COVERED,
    Sure.PENDING: TopicState.PENDING,
    Sure.PLANNED: TopicState.PLANNED,
}


def coverage(entries: Sequence[Entry], rulebook: Rulebook) -> list[AreaCover]:
    """Every area of which the category asks a topic, in the framework's order; `entries` are the trainings."""
    by_topic: dict[int, dict[Sure, list[str]]] = {}
    touched: dict[int, int] = {}
    for entry in entries:
        for topic_id in entry.topics:
            by_topic.setdefault(topic_id, {}).setdefault(entry.sure, []).append(entry.key)
        if entry.sure == Sure.VERIFIED:
            for area_id in entry.areas:
                touched[area_id] = touched.get(area_id, 0) + 1
    topics: dict[int, list[TopicCover]] = {}
    references = {area.id for area in rulebook.areas if area.by_references}
    for topic in rulebook.topics:
        found = {sure: tuple(keys) for sure, keys in by_topic.get(topic.id, {}).items()}
        state = _state(found, is_by_references=topic.area_id in references)
        topics.setdefault(topic.area_id, []).append(TopicCover(topic, state, found))
    return [
        AreaCover(area, tuple(topics[area.id]), touched.get(area.id, 0))
        for area in rulebook.areas
        if area.id in topics
    ]


def _state(found: dict[Sure, tuple[str, ...]], *, is_by_references: bool) -> TopicState:
    known = next((state for sure, state in STATES.items() if sure in found), None)
    if known:
        return known
    return TopicState.REFERENCES if is_by_references else TopicState.MISSING


def missing_topics(areas: Iterable[AreaCover]) -> list[TopicLine]:
    """What no training covers, not even one that is pending or booked."""
    return [cover.topic for area in areas for cover in area.missing]
