"""Who is affected by a change of the rules.

People's hours stand above the rules. So whoever can reckon them registers here, and the change is tried out between
two looks at them: what is asked for stays as it is, because the trial is taken back."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from catalog.accounts.models import Person
from catalog.extensions import db

Categories = Collection[int] | None
"""The ids of the categories a change is about; None is every category."""


@dataclass(frozen=True)
class Standings:
    """How people stand: so many work toward or hold these categories, so many of them were looked at.

    `said` has, under a key that stays the same, the person's name and how they stand, in short phrases."""

    people: int = 0
    looked_at: int = 0
    said: dict[str, tuple[str, list[str]]] = field(default_factory=dict)


class Effect(NamedTuple):
    """What is different in one person's standing, before and after."""

    name: str
    before: str
    after: str


class Effects(NamedTuple):
    people: int
    looked_at: int
    on: date
    """The day for which it was reckoned."""
    lines: list[Effect]

    @property
    def is_everybody(self) -> bool:
        return self.looked_at == self.people


class Running(NamedTuple):
    """A reckoning of everybody that is under way."""

    id: int
    why: str
    done: int
    total: int


class Above(NamedTuple):
    """What is asked of the floor that knows people."""

    standings: Callable[[Categories, date], Standings]
    recount: Callable[[str, Categories, Person | None], None]
    """Ask, in this transaction, for everybody's standing to be reckoned anew, and say why."""
    running: Callable[[], list[Running]]


_above: list[Above] = []
_after_load: list[Callable[[], list[str]]] = []


def register(above: Above) -> None:
    _above[:] = [above]


def after_load(follow: Callable[[], list[str]]) -> None:
    """Register what else follows from a loaded framework; what it answers is told to whoever loads it."""
    _after_load.append(follow)


def of(categories: Categories, on: date, change: Callable[[], object]) -> Effects:
    """What the change would do. It is made and taken back; what it raises comes through."""
    before = _standings(categories, on)
    trial = db.session.begin_nested()
    try:
        change()
        db.session.flush()
        after = _standings(categories, on)
    finally:
        trial.rollback()
    lines = [
        Effect(name, _beside(before.said[key][1], then), _beside(then, before.said[key][1]))
        for key, (name, then) in after.said.items()
        # Others may write down goals meanwhile: of those there is no before.
        if key in before.said and before.said[key][1] != then
    ]
    return Effects(after.people, after.looked_at, on, lines)


def _beside(these: list[str], those: list[str]) -> str:
    return "; ".join(one for one in these if one not in those)


def recount(why: str, categories: Categories, by: Person | None) -> None:
    for above in _above:
        above.recount(why, categories, by)


def running() -> list[Running]:
    return [one for above in _above for one in above.running()]


def follow_load() -> list[str]:
    return [line for follow in _after_load for line in follow()]


def _standings(categories: Categories, on: date) -> Standings:
    is_about_nobody = categories is not None and not categories
    return _above[0].standings(categories, on) if _above and not is_about_nobody else Standings()
