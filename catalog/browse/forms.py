"""What a visitor asked for, read from the address and written back to it.

The whole state of the catalog page is its address, so nothing here can fail: what cannot be read is left out and
`problems` says so in a sentence. `Filters.params` is the one canonical way to write a state."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from catalog.courses.models import AgeBand, Format, Kind
from catalog.courses.search import asked_words
from catalog.places import counties

ONLINE = "online"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_TEXT = 200
STRIP = 8
MINYEAR, MAXYEAR = 1000, 3000
LAST_PAGE = 40
"""Nobody reads a thousand rows; whoever comes that far is told to narrow the search. It keeps every page fast."""


AGE_FITS = {
    "birth-3": (AgeBand.BIRTH_3, AgeBand.BIRTH_6),
    "3-6": (AgeBand.THREE_6, AgeBand.BIRTH_6),
    "birth-6": (AgeBand.BIRTH_6,),
    "unknown": (AgeBand.UNKNOWN,),
}
"""Who looks for birth to three is served by a course on birth to six as well."""
BABIES = (AgeBand.BIRTH_3, AgeBand.BIRTH_6, AgeBand.UNKNOWN)
CHILDREN = (AgeBand.THREE_6, AgeBand.BIRTH_6, AgeBand.UNKNOWN)


def age_bands_of(category_band: str) -> tuple[AgeBand, ...]:
    """The age bands of courses that can serve a category of this band; courses on all ages, or on unknown ones,
    serve each."""
    if category_band.startswith("birth-3"):
        return BABIES
    return CHILDREN if category_band.startswith("3") else tuple(AgeBand)


class Show(StrEnum):
    OFFERINGS = "offerings"
    COURSES = "courses"


class Sort(StrEnum):
    DATE = "date"
    TITLE = "title"
    RELEVANCE = "relevance"
    HOURS = "hours"


class Name(NamedTuple):
    """A thing that can be filtered by, and what it is called."""

    code: str
    name: str
    of: str = ""
    """What it belongs to: a topic's area, a category's age band."""
    short: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """The codes that mean something at present."""

    areas: tuple[Name, ...] = ()
    topics: tuple[Name, ...] = ()
    categories: tuple[Name, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def strip(self) -> tuple[Name, ...]:
        """The areas of the strip; those asked of Mentors alone come after them."""
        return self.areas[:STRIP]

    def age_bands(self, category: str) -> tuple[AgeBand, ...]:
        """The age bands of courses that can serve a category."""
        return age_bands_of(next((found.of for found in self.categories if found.code == category), ""))

    def codes(self) -> Mapping[str, Iterable[str]]:
        return {
            "kind": list(Kind),
            "area": [area.code for area in self.areas],
            "topic": [topic.code for topic in self.topics],
            "category": [category.code for category in self.categories],
            "age": AGE_FITS,
            "format": list(Format),
            "county": [ONLINE, *counties()],
            "language": self.languages,
            "weekday": WEEKDAYS,
            "evening": ["1"],
            "seats": ["1"],
        }


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

    @property
    def names(self) -> list[str]:
        """The filters that are set, in the order of the page."""
        ranges = {"words": self.q, "dates": any(self.days), "hours": self.minutes != (None, None)}
        ranges["price"] = self.price is not None
        return [name for name in LABELS if ranges.get(name) or self.chosen.get(name)]

    @property
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

    @property
    def query(self) -> str:
        """The address's part from the question mark on; empty for the plain page."""
        return "?" + urlencode(self.params()) if self.params() else ""

    @property
    def key(self) -> str:
        """What the filters alone are, whatever the order and the page."""
        return replace(self, sort=usual_sort(self.show), page=1).query


def usual_sort(show: Show) -> Sort:
    return Sort.DATE if show == Show.OFFERINGS else Sort.TITLE


def read(args: MultiDict[str, str], vocabulary: Vocabulary) -> Filters:
    """The state that an address asks for."""
    problems: list[str] = []
    show = Show.COURSES if args.get("show") == Show.COURSES else Show.OFFERINGS
    q = " ".join(args.get("q", "").split())[:LONGEST_TEXT]
    if q and not asked_words(q):
        problems.append(f"There is no word to search for in “{q}”.")
        q = ""
    filters = Filters(
        q=q,
        chosen=_chosen(args, vocabulary, problems),
        days=_range(args, ("from", "to"), _day, problems),
        minutes=_range(args, ("min_hours", "max_hours"), _minutes, problems),
        price=_one(args, "price", _cents, problems),
        problems=tuple(problems),
    )
    filters = filters if show == Show.OFFERINGS else filters.shown_as(show)
    return replace(filters, sort=_sort(args.get("sort", ""), show, q), page=_page(args.get("page", "")))


def _chosen(
    args: MultiDict[str, str], vocabulary: Vocabulary, problems: list[str]
) -> dict[str, tuple[str, ...]]:
    chosen = {}
    for name, codes in vocabulary.codes().items():
        given = [value for value in dict.fromkeys(args.getlist(name)) if value]
        known = [code for code in codes if code in given]
        problems += [_left_out(name, value) for value in given if value not in known][:3]
        if known:
            chosen[name] = tuple(str(code) for code in (known[:1] if name in ONE_ONLY else known))
    return chosen


def _left_out(name: str, value: str) -> str:
    return f"{LABELS[name]}: “{value[:40]}” is not known here and was left out."


def _range(
    args: MultiDict[str, str], keys: tuple[str, str], convert: Any, problems: list[str]
) -> tuple[Any, Any]:
    low, high = (_one(args, key, convert, problems) for key in keys)
    if low is not None and high is not None and low > high:
        problems.append("The first is after the last, so they were taken the other way round.")
        return high, low
    return low, high


def _one(args: MultiDict[str, str], key: str, convert: Any, problems: list[str]) -> Any:
    text = args.get(key, "").strip()
    try:
        return convert(text) if text else None
    except ValueError as error:
        problems.append(f"“{text[:40]}” is {error} and was left out.")
        return None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("not a date such as 2027-01-31") from None
    # A browser sends the year 20 while somebody is typing 2027: that is nothing to complain about.
    return day if MINYEAR < day.year < MAXYEAR else None


def _minutes(text: str) -> int:
    if not re.fullmatch(r"\d{1,4}(\.\d{1,2})?", text, re.ASCII):
        raise ValueError("not a number of hours such as 1.5")
    return round(float(text) * 60)


def _cents(text: str) -> int:
    if text == "free":
        return 0
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise ValueError("not a price in whole dollars")
    return int(text) * 100


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def _dollars(cents: int | None) -> str:
    return str((cents or 0) // 100)


def _sort(text: str, show: Show, q: str) -> Sort:
    return Sort(text) if text in Filters(show=show, q=q).sorts else usual_sort(show)


def _page(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if re.fullmatch(r"\d{1,6}", text, re.ASCII) else 1
