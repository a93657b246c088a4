"""What a visitor asked for, read from an address. Nothing here can fail: what cannot be read is left out, and
`problems` says so in a sentence."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from catalog.browse.filters import LABELS, LAST_PAGE, ONE_ONLY, Filters, Show, Sort, usual_sort
from catalog.browse.vocabulary import Vocabulary
from catalog.courses.search import asked_words

LONGEST_TEXT = 200
MINYEAR, MAXYEAR = 1000, 3000


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


def _sort(text: str, show: Show, q: str) -> Sort:
    return Sort(text) if text in Filters(show=show, q=q).sorts else usual_sort(show)


def _page(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if re.fullmatch(r"\d{1,6}", text, re.ASCII) else 1
