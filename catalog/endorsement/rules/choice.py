"""Which of somebody's RSC hours are taken: one window of months and so many providers, the best that there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import comb
from operator import add, itemgetter
from typing import NamedTuple

from catalog.competencies.rulebook import HourLine, Sources
from catalog.endorsement.rules.months import last_day, touched
from catalog.records.ledger import Entry

MANY = 5000
"""So many sets of providers are compared for one window, and no more."""


def who(entry: Entry) -> str:
    return entry.rsc.who if entry.rsc else "nobody"


@dataclass(frozen=True)
class Choice:
    """Entries of one window and of few enough providers."""

    entries: tuple[Entry, ...] = ()
    opens: date = date.min

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(entry.key for entry in self.entries)

    def tagged(self, tag: str) -> int:
        return sum(entry.minutes for entry in self.entries if tag in entry.tags)

    @property
    def by_provider(self) -> dict[str, int]:
        """Minutes by provider, the one who gave most first."""
        found: dict[str, int] = {}
        for entry in self.entries:
            found[who(entry)] = found.get(who(entry), 0) + entry.minutes
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def within(entries: Sequence[Entry], opens: date, main: HourLine) -> list[Entry]:
    """Those that lie wholly in the window that opens on this day; all of them where there is none."""
    if not main.months:
        return list(entries)
    closes = last_day(opens, main.months[1])
    return [entry for entry in entries if opens <= entry.began and entry.on <= closes]


def beyond_share(sources: Sources, given: Iterable[int]) -> int:
    """Above 0 where more than the main share comes from one provider, 0 where exactly so much does."""
    minutes = list(given)
    return max(minutes, default=0) * 100 - sources.main_percent * sum(minutes)


class _Given(NamedTuple):
    """What one provider gave within a window: minutes, minutes with each tag, the first day and the last."""

    name: str
    minutes: int
    tagged: tuple[int, ...]
    first: date
    last: date


_Worth = tuple[int, int, bool, bool, int, date]
"""Minutes toward the minimum, minutes toward those of the tags, whether the months are enough, whether one provider
gave most, all minutes, and the day the window opens: what comes first decides first."""


@dataclass(frozen=True)
class Picking:
    """Looks for the best choice. Whatever meets every rule is better than what does not, however much that is."""

    main: HourLine
    sources: Sources | None
    tags: dict[str, int]
    """The minimum of each tag."""

    def best(self, entries: Sequence[Entry]) -> Choice:
        """The window of which most can be hoped is looked at first, until there is nothing more to hope."""
        best: _Worth | None = None
        found = Choice()
        for hoped, inside, given in sorted(self._windows(entries), key=itemgetter(0), reverse=True):
            if best and hoped <= best:
                break
            for some in self._sets(given, hoped[0]):
                worth = self._worth(some, hoped[-1])
                if best is None or worth > best:
                    names = {one.name for one in some}
                    best = worth
                    found = Choice(tuple(e for e in inside if who(e) in names), hoped[-1])
        return found

    @property
    def most(self) -> int | None:
        """How many providers may be counted; None where nothing is said."""
        return max(self.sources.most_providers, 1) if self.sources else None

    def _windows(self, entries: Sequence[Entry]) -> Iterable[tuple[_Worth, list[Entry], list[_Given]]]:
        """Each begins on the first day of an entry and holds something that none before it holds."""
        days = sorted({entry.began for entry in entries}) if self.main.months else [date.min]
        alone = {entry.key: self._alone(entry) for entry in entries}
        seen: set[str] = set()
        for opens in days:
            inside = within(entries, opens, self.main)
            if not seen.issuperset([entry.key for entry in inside]):
                seen.update([entry.key for entry in inside])
                given = _by_provider([alone[entry.key] for entry in inside])
                yield self._hoped(given, opens), inside, given

    def _alone(self, entry: Entry) -> _Given:
        tagged = tuple([entry.minutes if tag in entry.tags else 0 for tag in self.tags])
        return _Given(who(entry), entry.minutes, tagged, entry.began, entry.on)

    def _sets(self, given: Sequence[_Given], least: int) -> Iterable[Sequence[_Given]]:
        """Every set of at most as many providers as may be who together reach so much of the minimum.

        Fewer may be better than more: of two who gave the same, neither gave most. Of very many providers those who
        gave least are not looked at."""
        if self.most is None:
            yield given
            return
        most, number = min(self.most, len(given)), len(given)
        while comb(number, most) > MANY:
            number -= 1
        for size in range(most, 0, -1):
            for some in combinations(given[:number], size):
                minutes = 0
                for one in some:
                    minutes += one.minutes
                if minutes >= least:
                    yield some

    def _worth(self, given: Sequence[_Given], opens: date) -> _Worth:
        together = _together(given)
        has_main = self.sources is None or beyond_share(self.sources, [one.minutes for one in given]) > 0
        return *self._reached(together), self._is_long(together), has_main, together.minutes, opens

    def _hoped(self, given: Sequence[_Given], opens: date) -> _Worth:
        """At least what any set of these providers is worth: as if the same ones had given most of everything."""
        tagged = zip(*[one.tagged for one in given], strict=True)
        together = _Given(
            "",
            sum([one.minutes for one in given[: self.most]]),
            tuple([sum(sorted(column, reverse=True)[: self.most]) for column in tagged]),
            min([one.first for one in given]),
            max([one.last for one in given]),
        )
        return *self._reached(together), self._is_long(together), True, together.minutes, opens

    def _reached(self, together: _Given) -> tuple[int, int]:
        """How much of the minimum, and how much of those of the tags."""
        return min(together.minutes, self.main.minutes), sum(map(min, together.tagged, self.tags.values()))

    def _is_long(self, together: _Given) -> bool:
        """Whether they lie in the least number of months."""
        return not self.main.months or touched(together.first, together.last) >= self.main.months[0]


def _by_provider(ones: Iterable[_Given]) -> list[_Given]:
    """Who gave most comes first."""
    found: dict[str, list[_Given]] = {}
    for one in ones:
        found.setdefault(one.name, []).append(one)
    return sorted(map(_together, found.values()), key=lambda one: (-one.minutes, -sum(one.tagged), one.name))


def _together(given: Sequence[_Given]) -> _Given:
    """What several gave, as if the first had given it."""
    first, *others = given
    minutes, tagged, began, on = first.minutes, first.tagged, first.first, first.last
    for one in others:
        minutes += one.minutes
        tagged = tuple(map(add, tagged, one.tagged))
        began, on = min(began, one.first), max(on, one.last)
    return _Given(first.name, minutes, tagged, began, on)
