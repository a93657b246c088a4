"""One state of the catalog page: what is filtered by, in which order, which page. The address is the whole state.

`Filters.params` is the one canonical way to write it; `forms.read` reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlencode

LAST_PAGE = 40
"""Nobody reads a thousand rows; whoever comes that far is told to narrow the search. It keeps every page fast."""


class Show(StrEnum):
    OFFERINGS = "offerings"
    COURSES = "courses"


class Sort(StrEnum):
    DATE = "date"
    TITLE = "title"
    RELEVANCE = "relevance"
    HOURS = "hours"


ONE_ONLY = ("topic", "category", "language")
"""Chosen from a list of which the browser sends one."""
OF_DATES = ("county", "weekday", "evening", "seats", "dates")
"""Only sessions have these; the courses are not filtered by them."""

LABELS = {
    "words": "Words",
    "kind": "Kind",
    "area": "Competency area",
    "topic": "Topic",
    "category": "Endorsement category",
    "age": "Age of the children",
    "format": "Format",
    "county": "County or online",
    "dates": "Dates",
    "weekday": "Day of the week",
    "evening": "Evenings",
    "hours": "Hours",
    "price": "Price",
    "language": "Language",
    "seats": "Seats",
}
"""Every filter in the order of the page, with its name on the screen."""


@dataclass(frozen=True)
class Filters:
    """One state of the catalog page. `minutes` and `days` are closed ranges; None leaves an end open."""

    show: Show = Show.OFFERINGS
    q: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    days: tuple[date | None, date | None] = (None, None)
    minutes: tuple[int | None, int | None] = (None, None)
    price: int | None = None
    """At most so many cents; 0 is free."""
    sort: Sort = Sort.DATE
    page: int = 1
    problems: tuple[str, ...] = ()

    @cached_property
    def names(self) -> list[str]:
        """The filters that are set, in the order of the page."""
        ranges = {"words": self.q, "dates": any(self.days), "hours": self.minutes != (None, None)}
        ranges["price"] = self.price is not None
        return [name for name in LABELS if ranges.get(name) or self.chosen.get(name)]

    @cached_property
    def asks_about_courses(self) -> bool:
        """Whether a filter is set that looks at the course, not at its single session."""
        return any(name in ("words", "kind", "area", "topic", "category", "age") for name in self.names)

    def get(self, name: str) -> tuple[str, ...]:
        return self.chosen.get(name, ())

    def without(self, name: str, value: str | None = None) -> "Filters":
        """The same with one filter, or one value of it, taken away, and from the first page."""
        match name:
            case "words":
                sort = usual_sort(self.show) if self.sort == Sort.RELEVANCE else self.sort
                return replace(self, page=1, q="", sort=sort)
            case "dates":
                return replace(self, page=1, days=(None, None))
            case "hours":
                return replace(self, page=1, minutes=(None, None))
            case "price":
                return replace(self, page=1, price=None)
        return replace(self, page=1, chosen=self._chosen_without(name, value))

    def _chosen_without(self, name: str, value: str | None) -> dict[str, tuple[str, ...]]:
        left = tuple(other for other in self.get(name) if value is not None and other != value)
        return {
            **{key: values for key, values in self.chosen.items() if key != name},
            **({name: left} if left else {}),
        }

    def at(self, page: int) -> "Filters":
        return replace(self, page=page)

    def sorted_by(self, sort: Sort) -> "Filters":
        return replace(self, sort=sort, page=1)

    @property
    def sorts(self) -> list[Sort]:
        """The orders that make sense here, the usual one first."""
        return [usual_sort(self.show), *([Sort.RELEVANCE] if self.q else []), Sort.HOURS]

    def shown_as(self, show: Show) -> "Filters":
        """The same wish about courses instead of sessions, or the other way round."""
        chosen = {name: values for name, values in self.chosen.items() if name not in OF_DATES}
        return replace(self, show=show, chosen=chosen, days=(None, None), sort=usual_sort(show), page=1)

    @property
    def hours(self) -> tuple[str, str]:
        """The range of minutes as it is typed into the form."""
        least, most = ("" if minutes is None else _hours(minutes) for minutes in self.minutes)
        return least, most

    def params(self) -> list[tuple[str, str]]:
        """The state as the pairs of its address; what is as always is not said."""
        pairs: list[tuple[str, str]] = [("show", self.show)] if self.show != Show.OFFERINGS else []
        pairs += [("q", self.q)] if self.q else []
        pairs += [(name, value) for name in LABELS for value in self.get(name)]
        pairs += [(key, day.isoformat()) for key, day in zip(("from", "to"), self.days, strict=True) if day]
        pairs += [
            (key, _hours(n))
            for key, n in zip(("min_hours", "max_hours"), self.minutes, strict=True)
            if n is not None
        ]
        pairs += [("price", _dollars(self.price))] if self.price is not None else []
        pairs += [("sort", self.sort)] if self.sort != usual_sort(self.show) else []
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return pairs

    @cached_property
    def query(self) -> str:
        """The address's part from the question mark on; empty for the plain page."""
        pairs = self.params()
        return "?" + urlencode(pairs) if pairs else ""

    @cached_property
    def first_page(self) -> str:
        """The query of the same state's first page."""
        return self.at(1).query

    @cached_property
    def key(self) -> str:
        """What the filters alone are, whatever the order and the page."""
        return replace(self, sort=usual_sort(self.show), page=1).query


def usual_sort(show: Show) -> Sort:
    return Sort.DATE if show == Show.OFFERINGS else Sort.TITLE


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def _dollars(cents: int | None) -> str:
    return str((cents or 0) // 100)
