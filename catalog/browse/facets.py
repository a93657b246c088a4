"""How many sessions or courses each choice of the catalog page would leave.

Counting by SQL reads every upcoming session for every choice, so it is not done. Instead each process keeps a
picture: for every value of every filter one Python integer in which bit n says that row n has the value. A count is
then `(these & those).bit_count()`. Only counts come from the picture; the rows of the page come from the database.

The picture may be a few seconds old. `keeping.py` says when it is made anew. Measured on two cores, SQLite and
PostgreSQL alike:

    upcoming sessions    to draw    to count every choice    to keep
          2,000           20 ms            0.1 ms             0.1 MB
        100,000          1.3 s             1.1 ms             8 MB
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from catalog.browse.filters import Filters, Show
from catalog.browse.vocabulary import Vocabulary

MOST_REMEMBERED = 2000

Made = TypeVar("Made")


class Shelf:
    """Rows side by side, the rows of a course next to each other, with the bits of every value they have."""

    def __init__(self, course_ids: Iterable[int]) -> None:
        self.runs: dict[int, list[int]] = {}
        self.size = 0
        for course_id in course_ids:
            run = self.runs.setdefault(course_id, [self.size, self.size])
            self.size += 1
            run[1] = self.size
        self.bits: dict[str, dict[Any, int]] = defaultdict(dict)
        self.all = (1 << self.size) - 1

    def add_rows(self, name: str, values: Mapping[Any, Iterable[int]]) -> None:
        """The rows, by number, that have each value of the filter."""
        for value, rows in values.items():
            flags = bytearray(b"0" * self.size)
            for row in rows:
                flags[row] = 49  # the digit 1
            self.bits[name][value] = _number(flags)

    def add_courses(self, name: str, values: Mapping[Any, Iterable[int]]) -> None:
        """The courses, by id, whose rows have each value of the filter."""
        for value, ids in values.items():
            self.bits[name][value] = self.of_courses(ids)

    def of_courses(self, ids: Iterable[int]) -> int:
        """The bits of all rows of these courses; a course that is not here has none."""
        flags = bytearray(b"0" * self.size)
        for course_id in ids:
            if run := self.runs.get(course_id):
                flags[run[0] : run[1]] = b"1" * (run[1] - run[0])
        return _number(flags)


def _number(flags: bytearray) -> int:
    """An integer whose bit n is set where flag n is the digit 1."""
    flags.reverse()
    return int(flags, 2) if flags else 0


@dataclass(frozen=True)
class Picture:
    """Everything counts are made from, as it was at one moment."""

    vocabulary: Vocabulary
    shelves: Mapping[Show, Shelf]
    remembered: dict[Hashable, Any] = field(default_factory=dict)

    def recall(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made for this key from this picture before, or else made now.

        Only for what follows from the key and the picture alone; it is forgotten with the picture."""
        known: Made | None = self.remembered.get(key)
        if known is not None:
            return known
        if len(self.remembered) >= MOST_REMEMBERED:
            self.remembered.clear()
        made = self.remembered[key] = make()
        return made


@dataclass(frozen=True)
class Counts:
    total: int
    each: Mapping[str, Mapping[Any, int]]
    """For each filter and value: the rows with this value that fit every other filter."""
    without: Mapping[str, int]
    """For each filter that is set: the rows there would be if it were not."""
    out_of: int

    @property
    def few(self) -> bool:
        """Less than one row in a hundred fits."""
        return self.total * 100 < self.out_of


def count(picture: Picture, filters: Filters, hits: Sequence[int]) -> Counts:
    """Counts for a state of the page; `hits` are the ids of the courses that have its words."""
    shelf = picture.shelves[filters.show]
    masks = {name: _mask(shelf, filters, name, hits) for name in filters.names}
    without = {name: _all_but(shelf, masks, name) for name in masks}
    total = _all_but(shelf, masks, None)
    each = {
        name: {value: (bits & without.get(name, total)).bit_count() for value, bits in values.items()}
        for name, values in shelf.bits.items()
        if name not in ("dates", "hours")
    }
    return Counts(
        total.bit_count(), each, {name: bits.bit_count() for name, bits in without.items()}, shelf.size
    )


def _all_but(shelf: Shelf, masks: Mapping[str, int], left_out: str | None) -> int:
    rows = shelf.all
    for name, mask in masks.items():
        if name != left_out:
            rows &= mask
    return rows


def _mask(shelf: Shelf, filters: Filters, name: str, hits: Sequence[int]) -> int:
    """The rows that fit one filter."""
    values = shelf.bits.get(name, {})
    match name:
        case "words":
            return shelf.of_courses(hits)
        case "dates":
            return _between(values, *filters.days)
        case "hours":
            return _between(values, *filters.minutes)
        case "price":
            return _between(values, None, filters.price)
    return reduce(or_, (values.get(value, 0) for value in filters.get(name)), 0)


def _between(values: Mapping[Any, int], low: Any, high: Any) -> int:
    fitting = (
        bits
        for value, bits in values.items()
        if (low is None or low <= value) and (high is None or value <= high)
    )
    return reduce(or_, fitting, 0)
