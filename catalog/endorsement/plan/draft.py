"""A plan as it will be kept: the sessions with a sentence each, what they come to, what stays open and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalog.endorsement.plan.explain import LEDGERS, Names, why
from catalog.endorsement.plan.problem import Choice, Line, open_minutes, open_topics
from catalog.endorsement.plan.reasons import Looked, stays_open
from catalog.endorsement.plan.solve import SECONDS, solve
from catalog.wording import hours


@dataclass(frozen=True)
class Draft:
    """`steps` are sessions by id with why each is in it, in the order of their dates."""

    steps: tuple[tuple[int, str], ...]
    told: dict[str, Any]


def draft(looked: Looked, names: Names, seconds: float = SECONDS) -> Draft:
    solution = solve(looked.problem, seconds)
    done = replace(looked, chosen=solution.chosen, is_best=solution.is_best)
    problem, by = looked.problem, looked.wishes.by
    steps = [(one.id, why(one, problem, solution.chosen, names, by)) for one in solution.chosen]
    told = {
        "cost": solution.worth.cost,
        "unpriced": sum(one.cost is None for one in solution.chosen),
        "days": len({day for one in solution.chosen for day in one.days}),
        "km": solution.worth.km,
        "is_best": solution.is_best,
        "had_needs": bool(problem.needs),
        "closes": _closes(done, solution.chosen, names),
        "open": [{"what": one.what, "why": one.why} for one in stays_open(done, names)],
    }
    return Draft(tuple(steps), told)


def _closes(looked: Looked, chosen: Sequence[Choice], names: Names) -> list[str]:
    """What it closes of what is missing, ledger by ledger: they are never one sum."""
    needs = looked.problem.needs
    found = []
    if needs.topics:
        left = len(open_topics(needs, chosen))
        found.append(_share(str(len(needs.topics) - left), len(needs.topics), "topic"))
    still = open_minutes(needs, chosen)
    for line, short in needs.minutes.items():
        given = short - still.get(line, 0)
        found.append(f"{hours(given)} of the {hours(short)} of {_called(line, names)} you miss")
    return found


def _share(given: str, asked: int, word: str) -> str:
    return f"{given} of the {asked} {word}s you miss" if asked > 1 else f"{given} of the 1 {word} you miss"


def _called(line: Line, names: Names) -> str:
    return names.line(line) if line.tag else LEDGERS[line.ledger]
