"""Why each session is in the plan: one sentence, from the solution itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalog.competencies.models import Ledger
from catalog.endorsement.plan.problem import Choice, Line, Problem, open_minutes, open_topics
from catalog.wording import day, hours

LEDGERS = {Ledger.TRAINING: "training", Ledger.RSC: "RSC"}


@dataclass(frozen=True)
class Names:
    """How topics and tags are called, by id and by code."""

    topics: Mapping[int, str]
    tags: Mapping[str, str]

    def line(self, line: Line) -> str:
        """ "training" or "training about providing RSC"."""
        said = LEDGERS[line.ledger]
        return f"{said} (“{self.tags.get(line.tag, line.tag)}”)" if line.tag else said


def why(choice: Choice, problem: Problem, chosen: Sequence[Choice], names: Names, by: date) -> str:
    """What this session does that the plan would lack without it; else what it adds; else what it comes before."""
    others = [other for other in chosen if other is not choice]
    said = [*_covers(choice, problem, others, names, by), *_gives(choice, problem, others, names)]
    before = [
        other.title
        for other in others
        if choice.course_id in problem.still_required(other) and choice.is_before(other)
    ]
    if before:
        asks = "which asks for it" if len(before) == 1 else "which ask for it"
        said.append(f"Comes before {listed([f'“{title}”' for title in before])}, {asks}.")
    return " ".join(said)


def _covers(choice: Choice, problem: Problem, others: Sequence[Choice], names: Names, by: date) -> list[str]:
    needed = open_topics(problem.needs, others) & choice.topics
    if not needed:
        return []
    in_order = [topic for topic in names.topics if topic in needed]
    alone = [
        topic
        for topic in in_order
        if not any(topic in other.topics for other in problem.choices if other.course_id != choice.course_id)
    ]
    said = f"Covers {listed([names.topics[topic] for topic in in_order])}"
    if not alone:
        return [f"{said}{_compared(choice, problem, needed)}."]
    if len(in_order) == 1:
        return [f"{said}; no other course that fits your wishes does so by {day(by)}."]
    which = "them" if len(alone) == len(in_order) else listed([names.topics[topic] for topic in alone])
    return [f"{said}; no other course that fits your wishes covers {which} by {day(by)}."]


def _compared(choice: Choice, problem: Problem, needed: frozenset[int]) -> str:
    """How it stands beside the other sessions that cover all of this, where one comparison holds for all."""
    alike = [other for other in problem.choices if other is not choice and other.topics >= needed]
    if not alike:
        return " at once, as no other session does" if len(needed) > 1 else ""
    if all((other.cost or 0) > (choice.cost or 0) for other in alike):
        return "; every other session that does so costs more"
    if all((other.cost or 0) >= (choice.cost or 0) for other in alike) and all(
        other.km > choice.km for other in alike if (other.cost or 0) == (choice.cost or 0)
    ):
        return "; every other session that does so for this price is farther away"
    return ""


def _gives(choice: Choice, problem: Problem, others: Sequence[Choice], names: Names) -> list[str]:
    """Minutes that would be short without it; where it is there for its topics, they are a gain beside."""
    short = open_minutes(problem.needs, others)
    parts = []
    for line, minutes in short.items():
        given = min(choice.gives(line), minutes)
        if given:
            asked = problem.needs.minutes[line]
            parts.append(f"{hours(given)} of the {hours(asked)} of {names.line(line)} you miss")
    if parts:
        return [f"Gives {listed(parts)}."]
    if open_topics(problem.needs, others) & choice.topics:
        return []
    adds = [names.line(line) for line in problem.needs.minutes if choice.gives(line)]
    return [f"Adds to the hours of {listed(adds)}."] if adds else []


def listed(words: Sequence[str]) -> str:
    """ "A, B and C"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
