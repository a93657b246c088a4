"""One cell at a time: text into minutes, cents, choices. What is odd becomes a note; what is wrong is refused."""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.\d{1,4})?"
HOUR = r"(?:\s*(?:h|hrs?|hours?|clock hours?)\.?)?"
ABOUT = r"(?:about|approx\.?|approximately|around|circa|ca\.?|~|up to|at least|over|more than)"
NOT_KNOWN = re.compile(
    r"(?:unknown|varies|variable|various|tbd|tba|n/?a|none|not (?:stated|listed|given)|to be announced|\?|-|–)\.?"
)
PRICE_WORDS = re.compile(
    r"free|no (?:charge|cost|fee)|var(?:y|ies)|sliding|contact|call|ask|tuition|donation|scholarship|sponsor|paid|"
    r"included|member|unknown|tb[ad]|n/?a|not (?:stated|listed|given)|quote|request"
)
MOST_HOURS = 20_000
MOST_DOLLARS = 1_000_000


class CellRefused(Exception):
    """The cell holds something that must be a mistake. The text completes "row 7, hours: "."""


class Length(NamedTuple):
    minutes: int | None = None
    most: int | None = None
    about: bool = False
    note: str = ""


class Figure(NamedTuple):
    """A number, or a note of what stood in its place."""

    value: int | None = None
    note: str = ""


def length(cell: str) -> Length:
    """ "24", "1.5 h", "about 6", "6-8", "90 min"; other words with a figure in them become a note."""
    text = cell.casefold()
    if not text:
        return Length()
    _refuse_negative(cell)
    as_listed = f"Hours as listed: {cell}."
    if found := re.fullmatch(rf"({ABOUT})?\s*({NUMBER}){HOUR}\s*(\+)?", text):
        return _hours(found[2], bool(found[1] or found[3]), as_listed)
    if found := re.fullmatch(rf"({ABOUT})?\s*({NUMBER})\s*(?:min|mins|minutes)\.?", text):
        return _whole(_decimal(found[2]), bool(found[1]), as_listed)
    if found := re.fullmatch(rf"({ABOUT})?\s*({NUMBER}){HOUR}\s*(?:-|–|—|to)\s*({NUMBER}){HOUR}", text):
        return _range(found[2], found[3], bool(found[1]), cell)
    if found := re.fullmatch(rf"({NUMBER}){HOUR}\s*\(.*\)", text):
        return _hours(found[1], False, as_listed)._replace(note=as_listed)
    if NOT_KNOWN.fullmatch(text) or re.search(r"\d", text):
        return Length(note=as_listed)
    raise CellRefused(f"“{cell}” is not a number of hours.")


def _hours(figure: str, about: bool, as_listed: str) -> Length:
    exact = _decimal(figure) * 60
    if exact > MOST_HOURS * 60:
        raise CellRefused(f"“{figure}” is more hours than any course has.")
    return _whole(exact, about, as_listed)


def _whole(exact: Decimal, about: bool, as_listed: str) -> Length:
    """Whole minutes, with the cell itself as a note where they do not say all of it."""
    minutes = int(exact)
    if minutes != exact:
        # Never rounded silently, and never up.
        return Length(minutes, about=True, note=as_listed)
    is_a_bound = about and not re.match(
        r"Hours as listed: (about|approx|around|circa|ca\b|~)", as_listed, re.IGNORECASE
    )
    return Length(minutes, about=about, note=as_listed if is_a_bound else "")


def _range(low: str, high: str, about: bool, cell: str) -> Length:
    as_listed = f"Hours as listed: {cell}."
    least, most = _hours(low, about, as_listed), _hours(high, about, as_listed)
    if least.minutes is None or most.minutes is None or most.minutes < least.minutes:
        raise CellRefused(f"“{cell}” ends before it begins.")
    return Length(least.minutes, most.minutes, least.about or most.about, least.note or most.note)


def count(cell: str, called: str) -> Figure:
    """A whole number of meetings; "8-10" and the like become a note."""
    if not cell:
        return Figure()
    _refuse_negative(cell)
    if re.fullmatch(r"[0-9]{1,4}(\.0+)?", cell):
        return Figure(int(float(cell)))
    if NOT_KNOWN.fullmatch(cell.casefold()) or re.search(r"\d", cell):
        return Figure(note=f"{called} as listed: {cell}.")
    raise CellRefused(f"“{cell}” is not a whole number.")


def price(cell: str) -> Figure:
    """Dollars into cents; 0 and "free" are free. Other words with a figure or a known meaning become a note."""
    text = re.sub(r"^(?:us)?\$\s*|\s*(?:usd|dollars)$", "", cell.casefold()).strip()
    if not cell:
        return Figure()
    _refuse_negative(cell)
    if re.fullmatch(NUMBER, text) and (dollars := _decimal(text)) == round(dollars, 2):
        if dollars > MOST_DOLLARS:
            raise CellRefused(f"“{cell}” is more than any course costs.")
        return Figure(int(dollars * 100))
    if re.fullmatch(r"free(?: of charge)?|no (?:charge|cost|fee)", text):
        return Figure(0)
    if re.search(r"\d", text) or PRICE_WORDS.search(text):
        return Figure(note=f"As listed: {cell}.")
    raise CellRefused(f"“{cell}” is not a price in dollars.")


def _decimal(figure: str) -> Decimal:
    return Decimal(figure.replace(",", ""))


def _refuse_negative(cell: str) -> None:
    if re.match(r"[$\s]*[-−–]\s*[$\s]*\d", cell):
        raise CellRefused(f"“{cell}” is less than nothing.")


Choice = TypeVar("Choice", bound=StrEnum)


def choice(cell: str, choices: type[Choice]) -> Choice:
    """ "In-Person" is in_person, as it was surely meant."""
    known = [one.value for one in choices]
    for written in (cell.casefold(), re.sub(r"[ -]", "_", cell.casefold())):
        if written in known:
            return choices(written)
    said = f"“{cell}” is not known" if cell else "it is empty"
    raise CellRefused(f"{said}; use one of: {', '.join(known)}.")


def codes(cell: str, known: Mapping[str, int]) -> list[int]:
    """The ids of areas given as "TF;DSS", each once, in the order given."""
    found: list[int] = []
    for code in filter(None, (part.strip() for part in re.split(r"[;,]", cell))):
        if code.upper() not in known:
            raise CellRefused(f"“{code}” is no area of the framework; use: {', '.join(known)}.")
        if known[code.upper()] not in found:
            found.append(known[code.upper()])
    return found


def web_address(cell: str) -> str:
    if cell and not re.fullmatch(r"https?://[^\s/]+\S*", cell, re.IGNORECASE):
        raise CellRefused(f"“{cell}” is not a web address; it must begin with http:// or https://.")
    return cell
