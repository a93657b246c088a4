"""What the page of a course says of it, as pairs of label and text; what is not known is left out."""

from typing import NamedTuple

from catalog.browse.rows import LISTINGS, Badge, price
from catalog.competencies.models import Ledger
from catalog.competencies.wording import LEDGERS
from catalog.courses.models import Course, CourseState, Kind, Meeting, Offering
from catalog.courses.wording import (
    AGE_BANDS,
    FORMATS,
    KINDS,
    asking_sentence,
    credit_sentence,
    stated_length,
    work_said,
)
from catalog.places import county_name
from catalog.wording import clock_time, day, hours, when, zone_name


class Said(NamedTuple):
    kind: str
    badges: list[Badge]
    facts: list[tuple[str, str]]
    ledgers: list[tuple[str, str]]
    is_group: bool
    apply_at: str
    source: str


STATES = {
    CourseState.DRAFT: Badge("Draft, not public", "sun"),
    CourseState.IN_REVIEW: Badge("In review, not public", "sun"),
    CourseState.CHANGES_ASKED: Badge("Changes asked, not public", "sun"),
    CourseState.ARCHIVED: Badge("Archived: no new sessions", "soft"),
}


def web_address(text: str) -> str:
    """The text where it is the address of a page; what else a listing may hold is never made a link."""
    return text if text.startswith(("https://", "http://")) else ""


def of(course: Course, covers_areas: bool) -> Said:
    return Said(
        kind=KINDS[course.kind],
        badges=badges(course),
        facts=facts(course),
        ledgers=ledgers(course, covers_areas),
        is_group=course.kind == Kind.REFLECTIVE_GROUP,
        apply_at=web_address(course.apply_url),
        source=web_address(course.source_url),
    )


def badges(course: Course) -> list[Badge]:
    """Its state, where that is anything but open to all."""
    found = [STATES[course.state]] if course.state in STATES else []
    return found + ([LISTINGS[course.listing]] if course.listing in LISTINGS else [])


def facts(course: Course) -> list[tuple[str, str]]:
    trainer = course.trainer_names or (course.owner.name if course.owner and course.owner.is_trainer else "")
    pairs = [
        ("Length", stated_length(course.minutes, course.minutes_most, course.minutes_about)),
        ("Meetings", str(course.meetings_listed or "")),
        ("How they are spread", course.meeting_pattern),
        ("Format", FORMATS[course.format] if course.format else ""),
        ("Place", course.location),
        ("For whom", course.audience),
        ("Children", AGE_BANDS[course.age_band]),
        ("Trainer", trainer),
        ("Sponsor", course.sponsor),
        ("Price", price(course.price_cents, course.member_price_cents)),
        ("About the price", course.price_note),
        ("Usual group size", course.capacity_listed),
        ("Dates as listed", course.dates_listed),
        ("Language", course.language),
        ("Accessibility", course.accessibility),
        ("Evaluation", "" if course.is_applied_for_elsewhere else asking_sentence(course)),
    ]
    return [(label, text) for label, text in pairs if text]


def training_minutes(course: Course) -> int | None:
    """The minutes that can become training hours; a reflective group's are not training."""
    if course.kind == Kind.REFLECTIVE_GROUP:
        return None
    cap = course.credit_cap_minutes
    return course.minutes if cap is None or course.minutes is None else min(cap, course.minutes)


def ledgers(course: Course, covers_areas: bool) -> list[tuple[str, str]]:
    """What it gives in each ledger. The two are never added, and nothing here says that it is accepted."""
    found: list[tuple[str, str]] = []
    if course.is_applied_for_elsewhere:
        return found
    if (training := training_minutes(course)) is not None:
        less = f" of {hours(course.minutes)} met" if training != course.minutes else ""
        why = "" if covers_areas else ", as soon as it is mapped to at least one competency area"
        found.append((LEDGERS[Ledger.TRAINING], f"{hours(training)}{less}{why}."))
    if course.rsc_minutes is not None or (course.kind == Kind.REFLECTIVE_GROUP):
        rsc = course.minutes if course.rsc_minutes is None else course.rsc_minutes
        rule = "They count only when the facilitator is qualified to provide RSC on the day."
        found.append((LEDGERS[Ledger.RSC], f"{hours(rsc)}. {rule}"))
    return [*found, ("How credit is given", credit_sentence(course))]


# One session of a course.


class OfferingSaid(NamedTuple):
    kind: str
    when: str
    facts: list[tuple[str, str]]
    rule: str
    link: str


def of_offering(offering: Offering) -> OfferingSaid:
    course = offering.course
    rule = "" if course.is_applied_for_elsewhere else credit_sentence(course, offering.feeds_both_ledgers)
    link = web_address(offering.online_link)
    return OfferingSaid(KINDS[course.kind], _when(offering), _offering_facts(offering), rule, link)


def _when(offering: Offering) -> str:
    if not offering.starts_at or not offering.ends_at:
        return "At your own pace"
    if len(offering.sittings) == 1:
        return when(offering.starts_at, offering.ends_at, offering.zone)
    first, last = day(offering.starts_at, offering.zone), day(offering.ends_at, offering.zone)
    return f"{len(offering.sittings)} meetings, {first} to {last}, {zone_name(offering.zone)}"


def _offering_facts(offering: Offering) -> list[tuple[str, str]]:
    pairs = [
        ("Format", FORMATS[offering.format]),
        ("Place", ", ".join(part for part in (offering.place, county_name(offering.county)) if part)),
        ("Time that counts", _time(offering)),
        ("Own work", "" if offering.sittings else "; ".join(_work(meeting) for meeting in offering.own_work)),
        ("Language", offering.language),
        ("Interpretation", offering.interpretation),
        ("Accessibility", offering.accessibility or offering.course.accessibility),
        ("Price", price(offering.price_cents, offering.member_price_cents)),
        ("About the price", offering.price_note),
        ("Seats", f"{offering.capacity} in all" if offering.capacity else "No limit"),
        ("At least", _minimum(offering.minimum)),
        ("Enrollment", _window(offering)),
        ("Needed first", offering.course.prerequisites),
        ("Evaluation", "" if offering.course.is_applied_for_elsewhere else asking_sentence(offering.course)),
        ("Note", offering.note),
    ]
    return [(label, text) for label, text in pairs if text]


def _time(offering: Offering) -> str:
    """Each ledger by itself: they are never added together."""
    names = {Ledger.TRAINING: "training", Ledger.RSC: "reflective supervision"}
    sums = {
        name: sum(meeting.minutes for meeting in offering.meetings if meeting.ledger == ledger)
        for ledger, name in names.items()
    }
    return " and ".join(f"{hours(minutes)} of {name}" for name, minutes in sums.items() if minutes)


def _work(meeting: Meeting) -> str:
    """ "6 h of homework, due Fri 30 Apr 2027: read chapter 3"."""
    return work_said(meeting) + (
        f": {meeting.title}" if meeting.title and not meeting.offering.is_group else ""
    )


def _minimum(minimum: int | None) -> str:
    if not minimum:
        return ""
    return f"{minimum} people; with fewer the session may be cancelled, and everyone is told."


def _window(offering: Offering) -> str:
    """ "from Mon 4 Jan 2027, 8:00 am until Fri 8 Jan 2027, 5:00 pm, Central time"."""
    ends = (("from", offering.opens_at), ("until", offering.closes_at))
    said = [f"{word} {day(at, offering.zone)}, {clock_time(at, offering.zone)}" for word, at in ends if at]
    return f"{' '.join(said)}, {zone_name(offering.zone)}" if said else ""
