"""Money and lengths as people write them. Each raises ValueError with the sentence for the user."""

import re
from fractions import Fraction

MOST_CENTS = 100_000_000
MOST_MINUTES = 300_000


def cents(text: str) -> int:
    """ "25", "$12.50", "1,200" and "free" as cents."""
    if text.lower() == "free":
        return 0
    plain = text.removeprefix("$").replace(",", "").strip()
    if not re.fullmatch(r"\d{1,9}(\.\d\d?)?", plain, re.ASCII):
        raise ValueError("Write dollars, such as 25 or 12.50; 0 is free.")
    amount = int(Fraction(plain) * 100)
    if amount > MOST_CENTS:
        raise ValueError("Write at most $1,000,000.")
    return amount


LENGTHS = (
    re.compile(r"(?P<h>\d{1,5}([.,]\d{1,4})?)\s*(h|hrs?|hours?)?", re.ASCII),
    re.compile(r"(?P<h>\d{1,5})\s*(h|hrs?|hours?)\s*(?P<m>\d{1,2})\s*(m|mins?|minutes?)?", re.ASCII),
    re.compile(r"(?P<h>\d{1,5}):(?P<m>[0-5]\d)", re.ASCII),
    re.compile(r"(?P<m>\d{1,6})\s*(m|mins?|minutes?)", re.ASCII),
)


def minutes(text: str) -> int:
    """ "6", "1.5", "1 h 30 min", "1:30" and "90 min" as minutes; never rounded."""
    plain = text.lower().replace(" and ", " ")
    for shape in LENGTHS:
        if found := shape.fullmatch(plain):
            parts = found.groupdict()
            length = Fraction((parts.get("h") or "0").replace(",", ".")) * 60 + int(parts.get("m") or 0)
            return _whole(length, text)
    raise ValueError("Write a length, such as 6, 1.5 or 1 h 30 min.")


def _whole(length: Fraction, text: str) -> int:
    if length.denominator != 1:
        raise ValueError(f"{text} hours are not whole minutes. Write hours and minutes, such as 1 h 20 min.")
    if length > MOST_MINUTES:
        raise ValueError("Write at most 5,000 hours.")
    return int(length)
