"""One cell at a time: days, lengths and words as people write them into tables. Each raises ValueError with the
sentence for the person."""

import re
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from catalog.competencies.models import Ledger
from catalog.courses.forms.fields import on_one_line
from catalog.courses.forms.reading import minutes as length

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?", re.ASCII)
US = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?)?",
    re.ASCII | re.IGNORECASE,
)
DAY_MONTH = re.compile(
    r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})", re.ASCII | re.IGNORECASE
)
MONTH_DAY = re.compile(
    r"(?:[a-z]{3,9},? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.ASCII | re.IGNORECASE
)
BETWEEN = re.compile(r"\s+(?:to|until|through|bis|–|—|-)\s+|\s*[–—]\s*", re.IGNORECASE)
EXCEL_BEGAN = date(1899, 12, 30)
EXCEL_DAYS = range(10_959, 73_050)
"""The numbers that workbooks keep for the days from 1930 to 2099."""
NO_DAY = "“{}” is no date that can be read. Write it as 2025-01-14, 1/14/2025 or 14 Jan 2025."
LEDGERS = {
    Ledger.TRAINING: {
        "",
        "training",
        "trainings",
        "in service",
        "inservice",
        "in service training",
        "workshop",
        "t",
    },
    Ledger.RSC: {
        *(
            "rsc",
            "rs",
            "reflective supervision",
            "reflective consultation",
            "reflective supervision consultation",
        ),
        *("reflective supervision/consultation", "supervision", "consultation", "rs/c"),
    },
}
GROUP = {"group": True, "g": True, "individual": False, "one on one": False, "1 1": False, "i": False}


def text(cell: Any, most: int = 400) -> str:
    """What a cell says, on one line. Whole numbers come without ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    said = on_one_line(str(cell))
    if len(said) > most:
        raise ValueError(f"“{said[:40]}…” is longer than {most} characters.")
    return said


def plain(said: str) -> str:
    """ "Theoretical-Foundations." and "theoretical foundations" are the same name."""
    return " ".join(re.sub(r"[^\w\s]|_", " ", said.casefold().replace("&", " and ")).split())


def days(cell: Any) -> tuple[date, date]:
    """The first and the last day: of one cell that may hold both, "1/14/2025 - 1/16/2025"."""
    if isinstance(cell, datetime | date | int | float):
        return (found := day(cell)), found
    said = text(cell)
    parts = BETWEEN.split(said)
    if len(parts) == 2 and all(parts):
        return day(parts[0]), day(parts[1])
    return (found := day(said)), found


def day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = text(cell)
    if re.fullmatch(r"\d{5}(\.\d+)?", said, re.ASCII) and int(float(said)) in EXCEL_DAYS:
        return EXCEL_BEGAN + timedelta(days=int(float(said)))
    for shape, places in ((ISO, (1, 2, 3)), (US, (3, 1, 2)), (DAY_MONTH, (3, 2, 1)), (MONTH_DAY, (3, 1, 2))):
        if found := shape.fullmatch(said):
            year, month, number = (found[place] for place in places)
            return _day(said, year, month, number)
    raise ValueError(NO_DAY.format(said))


def _day(said: str, year: str, month: str, number: str) -> date:
    whole = int(year) + (2000 if len(year) == 2 else 0)
    at = (
        int(month)
        if month.isdigit()
        else 1 + next((i for i, m in enumerate(MONTHS) if month.lower()[:3] == m), -1)
    )
    try:
        return date(whole, at, int(number))
    except ValueError:
        if month.isdigit() and int(month) > 12 >= int(number):
            raise ValueError(f"“{said}” has no month {month}. Days are read as month/day/year.") from None
        raise ValueError(NO_DAY.format(said)) from None


def minutes(cell: Any, *, unit: str = "hours") -> tuple[int, bool]:
    """Clock minutes, and whether that is all of it: parts of a minute are left out.

    A bare number is hours, or minutes where the column is one of minutes."""
    if isinstance(cell, timedelta):
        return _some(int(cell.total_seconds()) // 60)
    if isinstance(cell, datetime):
        raise ValueError("This is a date and no length. Write hours, such as 1.5.")  # noqa: TRY004 - see above
    if isinstance(cell, time):
        return _some(cell.hour * 60 + cell.minute)
    said = re.sub(
        r"\s*(?:clock|contact|training|credit)\s*(?=h)", " ", text(cell), flags=re.IGNORECASE
    ).strip()
    said = re.sub(r"(?<=\d)\s*(?:clock|contact)$", "", said, flags=re.IGNORECASE)
    if unit == "minutes" and re.fullmatch(r"\d{1,6}(\.\d{1,20})?", said, re.ASCII):
        return _some(int(Fraction(said)), Fraction(said).denominator == 1)
    if re.fullmatch(r"\d{1,6}\.\d{1,20}", said, re.ASCII):
        return _part(Fraction(said) * 60)
    return _some(length(said))


def _part(exact: Fraction) -> tuple[int, bool]:
    """A workbook keeps 1 h 20 min as 1.3333333333: what is that near to a whole minute is one. 1.33 is 1 h 19 min."""
    near = round(exact)
    if abs(exact - near) < Fraction(1, 1000):
        return _some(near)
    return _some(int(exact), False)


def _some(found: int, is_all: bool = True) -> tuple[int, bool]:
    if found <= 0:
        raise ValueError("The hours have to be more than 0.")
    return found, is_all


def ledger(cell: Any) -> Ledger:
    said = plain(text(cell))
    for one, words in LEDGERS.items():
        if said in {plain(word) for word in words}:
            return one
    if "reflective" in said or said.startswith("rsc"):
        return Ledger.RSC
    raise ValueError(f"“{text(cell)}” is neither training nor RSC.")


def is_group(cell: Any) -> bool | None:
    said = plain(text(cell))
    if not said:
        return None
    for word, answer in GROUP.items():
        if said == word or (len(word) > 2 and said.startswith(word)):
            return answer
    raise ValueError(f"“{text(cell)}” is neither individual nor group.")


def parts(cell: Any) -> list[str]:
    """A list as people write it: behind semicolons, bars or line ends. Whether commas part it, the names decide."""
    said = str(cell or "").replace("\r", "\n")
    return [one for part in re.split(r"[;|\n]", said) if (one := text(part))]
