"""Which of somebody's RSC hours are taken: one window of months and so many providers, the best that there are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import comb
from operator import itemgetter
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
            opens = hoped[-1]
            for names in self._providers(given):
                some = [given[name] for name in names]
                if best and self._reached(some) < best[:2]:
                    continue
                worth = self._worth(some, opens)
                if best is None or worth > best:
                    best, found = worth, Choice(tuple(e for e in inside if who(e) in names), opens)
        return found

    def _windows(self, entries: Sequence[Entry]) -> Iterable[tuple[_Worth, list[Entry], dict[str, _Given]]]:
        """Each begins on the first day of an entry and holds something that none before it holds."""
        days = sorted({entry.began for entry in entries}) if self.main.months else [date.min]
        seen: set[str] = set()
        for opens in days:
            inside = within(entries, opens, self.main)
            if not seen.issuperset([entry.key for entry in inside]):
                seen.update([entry.key for entry in inside])
                given = self._given(inside)
                yield self._hoped(given.values(), opens), inside, given

    def _given(self, inside: Sequence[Entry]) -> dict[str, _Given]:
        by_provider: dict[str, list[Entry]] = {}
        for entry in inside:
            by_provider.setdefault(who(entry), []).append(entry)
        return {
            name: _Given(
                sum([entry.minutes for entry in some]),
                tuple([sum([entry.minutes for entry in some if tag in entry.tags]) for tag in self.tags]),
                min([entry.began for entry in some]),
                max([entry.on for entry in some]),
            )
            for name, some in by_provider.items()
        }

    def _providers(self, given: dict[str, _Given]) -> Iterable[tuple[str, ...]]:
        """Every set of as many as may be; of very many providers those who gave least are not looked at."""
        most = self.sources.most_providers if self.sources else len(given)
        if len(given) <= most:
            return [tuple(given)]
        names = sorted(given, key=lambda name: (-given[name].minutes - sum(given[name].tagged), name))
        while comb(len(names), most) > MANY:
            names.pop()
        return combinations(names, most)

    def _worth(self, given: Sequence[_Given], opens: date) -> _Worth:
        minutes = [one.minutes for one in given]
        has_main = self.sources is None or beyond_share(self.sources, minutes) > 0
        return *self._reached(given), self._is_long(given), has_main, sum(minutes), opens

    def _hoped(self, given: Collection[_Given], opens: date) -> _Worth:
        """At least what any set of these providers is worth: as if the same ones had given most of everything."""
        most = self.sources.most_providers if self.sources else len(given)

        def largest(minutes: Iterable[int]) -> int:
            return sum(sorted(minutes, reverse=True)[:most])

        first, last = min(one.first for one in given), max(one.last for one in given)
        tagged = (largest(column) for column in zip(*(one.tagged for one in given), strict=True))
        together = [_Given(largest(one.minutes for one in given), tuple(tagged), first, last)]
        return *self._reached(together), self._is_long(together), True, together[0].minutes, opens

    def _reached(self, given: Sequence[_Given]) -> tuple[int, int]:
        """How much of the minimum, and how much of those of the tags."""
        minutes = sum([one.minutes for one in given])
        of_tags = 0
        for index, least in enumerate(self.tags.values()):
            of_tags += min(sum([one.tagged[index] for one in given]), least)
        return min(minutes, self.main.minutes), of_tags

    def _is_long(self, given: Sequence[_Given]) -> bool:
        """Whether they lie in the least number of months."""
        if not self.main.months:
            return True
        first, last = min(one.first for one in given), max(one.last for one in given)
        return touched(first, last) >= self.main.months[0]
