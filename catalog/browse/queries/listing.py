"""The rows of the catalog page: one statement of plain columns, whatever is asked and however many rows there are."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import ceil
from typing import Any

from catalog.browse.facets import Counts, Picture
from catalog.browse.filters import LAST_PAGE, Filters, Show
from catalog.browse.queries.statements import PAGE, Asked, course_rows, offering_rows
from catalog.browse.queries.text import as_text
from catalog.browse.rows import CourseRow, OfferingRow
from catalog.extensions import alone


@dataclass(frozen=True)
class Reader:
    """Who looks, when, and in which zone the site's days begin."""

    now: datetime
    zone: str
    person_id: int | None


@dataclass(frozen=True)
class Page:
    """What was found for one page, as text: two pages with the same `found` and `expected` look the same. `expected`
    is the picture's count; it may be some seconds old."""

    filters: Filters
    found: str
    expected: int

    @cached_property
    def _found(self) -> list[list[Any]]:
        """The rows of the page, and one more if there is one."""
        found: list[list[Any]] = json.loads(self.found)
        return found

    @cached_property
    def rows(self) -> list[OfferingRow] | list[CourseRow]:
        if self.filters.show == Show.OFFERINGS:
            return [OfferingRow.read(row) for row in self._found[:PAGE]]
        return [CourseRow.read(row) for row in self._found[:PAGE]]

    @property
    def has_more(self) -> bool:
        return len(self._found) > PAGE

    @property
    def number(self) -> int:
        return self.filters.page

    @property
    def start(self) -> int:
        """The number of the first row."""
        return (self.number - 1) * PAGE + 1

    @property
    def total(self) -> int:
        """Exact on the last page; before it at least as many as are surely there."""
        seen = self.start - 1 + len(self.rows)
        if self.has_more:
            return max(self.expected, seen + 1)
        return seen if self.rows or self.number == 1 else self.expected

    @property
    def pages(self) -> int:
        return min(ceil(self.total / PAGE), LAST_PAGE)

    @property
    def is_cut(self) -> bool:
        """There are rows that no page shows."""
        return self.has_more and self.number == LAST_PAGE

    def url(self, number: int) -> str:
        return "/" + self.filters.at(number).query


def page(filters: Filters, picture: Picture, counts: Counts, reader: Reader) -> Page:
    """The rows of the page, by one statement. Whether few rows fit decides how it is asked; see `conditions`."""
    few = counts.few and filters.asks_about_courses
    is_first, is_signed_in = filters.page == 1, reader.person_id is not None
    asked = Asked(filters, picture.vocabulary, few, reader.zone, is_signed_in, is_first)
    key = ("statement", filters.first_page, few, is_signed_in, is_first)
    make = offering_rows if filters.show == Show.OFFERINGS else course_rows
    statement = picture.recall(key, lambda: as_text(make(asked)))
    skipped = (filters.page - 1) * PAGE
    values = {
        "now": reader.now,
        "person_id": reader.person_id,
        "skipped": skipped,
        "upto": skipped + PAGE + 1,
    }
    with alone() as connection:
        return Page(filters, connection.execute(statement, values).scalar_one(), counts.total)
