"""What a listing says between its lines: deadlines, suspended admissions, hours hidden in the meeting pattern."""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from catalog.courses.importing.cells import ABOUT, NUMBER, Length, length
from catalog.courses.models import CreditRule, Kind, Listing

H = r"\s*h(?:ours?|rs?)?\b"
UNIVERSITY = re.compile(r"\b(?:University|College|Universidad|Polytechnic)\b")
ADMISSION = re.compile(
    r"\b(?:graduate|postgraduate|undergraduate|admissions?|appl(?:y|ications?|icants?)|accepted|semesters?|"
    r"quarters|academic|degree|entry requirements|fellowship|tuition)\b",
    re.IGNORECASE,
)
DEADLINE = re.compile(
    r"\bappl(?:y|ications?)\b[^;.]*?\b(?:by|until|before|due|closed?s?)\b[^;.]*?(\d{4}-\d{2}-\d{2})",
    re.IGNORECASE,
)
SUSPENDED = re.compile(
    r"\b(?:admissions?|applications?|enrollments?|programs?)\b[^.;]*\bsuspended\b", re.IGNORECASE
)
COMING_SOON = re.compile(r"\b(?:coming soon|to be announced|opens soon|not yet open)\b", re.IGNORECASE)
CLOSED = re.compile(
    r"\b(?:applications?|registration|enrollment)\b(?: (?:is|are|now|period|window))* closed\b", re.IGNORECASE
)
ARCHIVED = re.compile(r"\barchived\b", re.IGNORECASE)
EVERY_MEETING = re.compile(
    r"\b(?:both|all)\b[^,;.]*\brequired\b|\bmust attend (?:all|both|every)\b|\battendance at all\b",
    re.IGNORECASE,
)
DAY = r"(\d{4}(?:-\d{2}){0,2})"
INTERPRETATION = re.compile(r"[^,;.]*\b(?:interpretation|interpreter|captions?|captioning|ASL)\b[^,;.]*")
MONEY = re.compile(
    r"\b(?:fees?|tuition|paid|payments?|instal?lments?|deposit|refund\w*|free|rates?|charge|charged|discount\w*|"
    r"funded|scholarships?|subsidi[sz]ed|cost|costs)\b",
    re.IGNORECASE,
)


class Hours(NamedTuple):
    """What the meeting pattern says of hours."""

    training: int | None = None
    rsc: int | None = None
    cap: int | None = None
    total: Length | None = None


def hours_in_pattern(pattern: str) -> Hours:
    """Both ledgers ("24 h training plus 24 h group supervision"), a cap ("12 hours count"), or a total."""
    both = re.search(
        rf"({NUMBER}){H} (?:of )?training (?:plus|and|\+) ({NUMBER}){H} (?:of )?(?:\w+ )*?"
        r"(?:supervision|consultation|RSC)\b",
        pattern,
        re.IGNORECASE,
    )
    cap = re.search(rf"({NUMBER}){H} count\b", pattern, re.IGNORECASE)
    total = re.search(
        rf"((?:{ABOUT}\s*)?{NUMBER}(?:\s*[-–]\s*{NUMBER})?){H} (?:in total|total|altogether)\b",
        pattern,
        re.IGNORECASE,
    )
    return Hours(
        training=length(both[1]).minutes if both else None,
        rsc=length(both[2]).minutes if both else None,
        cap=length(cap[1]).minutes if cap else None,
        total=length(total[1]) if total else None,
    )


def listing(text: str, today: date) -> tuple[Listing, list[str]]:
    """Whether people can apply, as the listing says it, and the sentences that say why not."""
    if SUSPENDED.search(text):
        return Listing.SUSPENDED, ["The listing says that admissions are suspended."]
    for deadline in DEADLINE.findall(text):
        if (day := _day(deadline)) and day < today:
            return Listing.APPLICATION_CLOSED, [f"Applications were due by {deadline}."]
    if CLOSED.search(text):
        return Listing.APPLICATION_CLOSED, ["The listing says that applications are closed."]
    if COMING_SOON.search(text):
        return Listing.COMING_SOON, ["The listing says that it is coming soon."]
    return Listing.OPEN, []


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_applied_for_elsewhere(kind: Kind, cells: Mapping[str, str]) -> bool:
    """A university's certificate that one is admitted to: education, never in-service hours."""
    if kind != Kind.CERTIFICATE_COURSE or not UNIVERSITY.search(cells["provider"]):
        return False
    said = ("title", "meeting_pattern", "prerequisites", "audience", "year_or_date", "summary")
    return any(ADMISSION.search(cells[name]) for name in said)


def credit_rule(kind: Kind, pattern: str) -> CreditRule:
    if EVERY_MEETING.search(pattern):
        return CreditRule.ALL_MEETINGS
    return CreditRule.PER_MEETING if kind == Kind.REFLECTIVE_GROUP else CreditRule.FULL_FROM_PERCENT


def sponsor(provider: str) -> tuple[str, str]:
    """The provider and who sponsors it: "A; sponsored by B" is two parties."""
    who, _, by = provider.partition("; sponsored by ")
    return who, by


def about_money(summary: str) -> str:
    """The parts of the summary that speak of money, where the price is looked for."""
    first, *parts = [part.strip() for part in re.split(r"[;,.](?:\s|$)", summary)]
    found = [part for part in parts if MONEY.search(part)]
    # A sentence's beginning makes no sense without its end.
    return "; ".join(["see the description"] * bool(MONEY.search(first)) + found)


def access(summary: str) -> str:
    found = INTERPRETATION.search(summary)
    return re.split(r"\band\b", found[0])[-1].strip().capitalize() if found else ""


def dates_passed(dates: str, today: date) -> bool:
    """Whether the last of the dates, where they are nothing but dates, is before today."""
    found = re.fullmatch(rf"{DAY}(?: ?(?:to|-) ?{DAY})?(?: \(.*\))?", dates)
    if not found:
        return False
    last = found[2] or found[1]
    # A year ends with its last day, and so does a month; texts of dates sort like dates.
    return last + "-12-31"[len(last) - 4 :] < today.isoformat()
