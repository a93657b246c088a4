"""The filters as the page shows them: choices with their counts, chips for what is chosen, a way out of nothing."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from catalog.browse.facets import Counts
from catalog.browse.filters import LABELS, Filters
from catalog.browse.vocabulary import ONLINE, WEEKDAYS, Vocabulary
from catalog.courses.wording import AGE_BANDS, FORMATS, KINDS
from catalog.places import counties, county_name
from catalog.wording import hours, money

DAY_NAMES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
PRICES = (0, 2500, 5000, 10000, 25000)
"""At most so many cents."""


LONG = ("area", "topic", "county", "language")


class Choice(NamedTuple):
    value: str
    label: str
    many: int
    chosen: bool


class Chip(NamedTuple):
    text: str
    query: str


class Loosen(NamedTuple):
    """The one filter whose removal gives the most, and how many that is."""

    label: str
    query: str
    many: int


def choices(filters: Filters, vocabulary: Vocabulary, counts: Counts) -> dict[str, list[Choice]]:
    """The choices of every filter that has some. In long lists those that would leave nothing are not offered."""
    names = _names(vocabulary)
    found = {
        name: _of(filters, counts, name, labels, hide_empty=name in LONG) for name, labels in names.items()
    }
    found["topic"] = _topics(filters, vocabulary, found["topic"])
    found["price"] = _prices(filters, counts)
    return found


def chips(filters: Filters, vocabulary: Vocabulary) -> list[Chip]:
    """One for everything that is chosen; its address is the same page without it."""
    names = _names(vocabulary)
    found = []
    for name in filters.names:
        if text := _range_text(filters, name):
            found.append(Chip(text, filters.without(name).query))
        else:
            found += [
                Chip(_said(names, name, value), filters.without(name, value).query)
                for value in filters.get(name)
            ]
    return found


def loosen(filters: Filters, counts: Counts) -> Loosen | None:
    if not counts.without:
        return None
    name, many = max(counts.without.items(), key=lambda item: item[1])
    return Loosen(LABELS[name], filters.without(name).query, many) if many else None


def _names(vocabulary: Vocabulary) -> Mapping[str, Mapping[str, str]]:
    """What every value is called, in the order of the page."""
    return {
        "kind": {str(kind): name for kind, name in KINDS.items()},
        "area": {area.code: area.name for area in vocabulary.areas},
        "topic": {topic.code: topic.name for topic in vocabulary.topics},
        "category": {category.code: category.name for category in vocabulary.categories},
        "age": {str(band): name for band, name in AGE_BANDS.items()},
        "format": {str(form): name for form, name in FORMATS.items()},
        "county": {ONLINE: "Online", **{county.fips: county.name for county in counties().values()}},
        "language": {language: language for language in vocabulary.languages},
        "weekday": dict(zip(WEEKDAYS, DAY_NAMES, strict=True)),
        "evening": {"1": "In the evening"},
        "seats": {"1": "With seats left"},
    }


def _said(names: Mapping[str, Mapping[str, str]], name: str, value: str) -> str:
    """A value where its heading is not beside it."""
    return county_name(value) if name == "county" and value != ONLINE else names[name][value]


def _of(
    filters: Filters, counts: Counts, name: str, labels: Mapping[str, str], *, hide_empty: bool
) -> list[Choice]:
    each, chosen = counts.each.get(name, {}), filters.get(name)
    made = (Choice(value, label, each.get(value, 0), value in chosen) for value, label in labels.items())
    return [choice for choice in made if choice.many or choice.chosen or not hide_empty]


def _topics(filters: Filters, vocabulary: Vocabulary, found: list[Choice]) -> list[Choice]:
    """The topics of the chosen areas, because sixty in one list help nobody; and whichever is chosen."""
    of = {topic.code: topic.of for topic in vocabulary.topics}
    areas = filters.get("area")
    return [choice for choice in found if choice.chosen or of[choice.value] in areas]


def _prices(filters: Filters, counts: Counts) -> list[Choice]:
    each = counts.each.get("price", {})
    caps: Iterable[int] = PRICES if filters.price is None else sorted({*PRICES, filters.price})
    return [
        Choice(
            str(cap // 100),
            _price_text(cap),
            sum(many for price, many in each.items() if price <= cap),
            filters.price == cap,
        )
        for cap in caps
    ]


def _price_text(cap: int) -> str:
    return f"At most {money(cap)}" if cap else "Free"


def _range_text(filters: Filters, name: str) -> str:
    match name:
        case "words":
            return f"“{filters.q}”"
        case "price":
            return _price_text(filters.price or 0)
        case "dates":
            first, last = (f"{day.day} {day:%b %Y}" if day else "" for day in filters.days)
            return _span(first, last, "From", "Until")
        case "hours":
            least, most = (hours(minutes) if minutes is not None else "" for minutes in filters.minutes)
            return _span(least, most, "At least", "At most")
    return ""


def _span(low: str, high: str, from_word: str, to_word: str) -> str:
    if low and high:
        return f"{low} to {high}"
    return f"{from_word} {low}" if low else f"{to_word} {high}"
