"""What a certificate says, as one plain dictionary that JSON can hold: written once, when it is issued.

Nothing personal but the name stands in it. `EDITION` is raised when the shape changes; `lines` reads every edition
that was ever issued. What later happens to the course, the trainer or the framework changes no facts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from catalog.accounts.models import Person, Qualification
from catalog.attendance.models import Credit
from catalog.certificates import mapping
from catalog.certificates.mapping import Standing
from catalog.competencies.models import Area, Edition, Ledger
from catalog.config import Settings
from catalog.courses.models import Course, Meeting, MeetingKind, Offering
from catalog.courses.wording import FORMATS, KINDS
from catalog.wording import clock_time, day, local, zone_name

EDITION = 1
MOST_DATES = 6
"""So many meetings are listed one by one; more of them as the first, the last and how many."""
Facts = dict[str, Any]
Held = Mapping[int, Sequence[Qualification]]


def place(settings: Settings, today: date, edition: Edition | None, areas: Sequence[Area]) -> Facts:
    """What every certificate of this catalog says on that day."""
    return {
        "edition": EDITION,
        "site": settings.site_name,
        "association": settings.association,
        "issued_on": today.isoformat(),
        "framework": f"Edition {edition.code}: {edition.title}" if edition else "",
        "strip": [{"code": area.code, "short": area.short, "name": area.name} for area in areas],
    }


def of_course(course: Course) -> Facts:
    has_number = bool(course.ce_provider_number.strip())
    return {
        "course": course.title,
        "kind": KINDS[course.kind],
        "provider": course.provider,
        "sponsor": course.sponsor,
        "ce_credits": course.ce_credits if has_number else "",
        "ce_number": course.ce_provider_number if has_number else "",
    }


def of_offering(offering: Offering, held: Held, finished_on: date) -> Facts:
    """What is the same for everybody who was on this offering; `held` is what its trainers hold. Where people work
    at their own pace there is no day but the one on which each finished."""
    sat = [meeting for meeting in meetings_of(offering) if not meeting.is_own_work]
    days = [local(meeting.starts_at, offering.zone).date() for meeting in sat] or [finished_on]
    others = [one for meeting in sat for one in (meeting.substitute, *meeting.co_trainers) if one]
    helpers = {one.id: one for one in others if one.id != offering.trainer_id}
    return {
        **of_course(offering.course),
        "dates": dates(sat, offering.zone) or [f"Finished on {day(finished_on)}"],
        "format": FORMATS[offering.format],
        "language": offering.language,
        "trainer": _trainer(offering.trainer, held, days) if offering.trainer else None,
        "named_trainers": "" if offering.trainer else offering.course.trainer_names,
        "co_trainers": [_trainer(one, held, days) for one in helpers.values()],
    }


def meetings_of(offering: Offering) -> list[Meeting]:
    """Those that took place: of a session that was cancelled, what came before that."""
    until = offering.cancelled_at
    return [meeting for meeting in offering.meetings if until is None or meeting.starts_at < until]


def dates(meetings: Sequence[Meeting], zone: str) -> list[str]:
    if not meetings:
        return []
    if len(meetings) <= MOST_DATES:
        said = [
            f"{day(one.starts_at, zone)}, {clock_time(one.starts_at, zone)} to {clock_time(one.ends_at, zone)}"
            for one in meetings
        ]
        return [*said[:-1], f"{said[-1]}, {zone_name(zone)}"]
    first, last = day(meetings[0].starts_at, zone), day(meetings[-1].starts_at, zone)
    return [f"{first} to {last}, {len(meetings)} meetings, {zone_name(zone)}"]


def _trainer(person: Person, held: Held, days: Sequence[date]) -> Facts:
    """With what the person held on one of these days."""
    labels = [one.label for one in held.get(person.id, ()) if any(one.holds(on) for on in days)]
    return {"name": person.name, "held": list(dict.fromkeys(labels))}


def of_person(
    name: str, given: Sequence[Credit], own_work: Mapping[MeetingKind, tuple[int, int]], standing: Standing
) -> Facts:
    """What this person earned. `own_work` is minutes done and minutes it was worth, by kind."""
    ordered = sorted(given, key=lambda one: list(Ledger).index(one.ledger))
    return {
        "person": name,
        "credits": [_credit(one) for one in ordered],
        # By themselves too, so that the database can compare them with the credit in force.
        "training_minutes": sum(one.minutes for one in ordered if one.ledger == Ledger.TRAINING),
        "rsc_minutes": sum(one.minutes for one in ordered if one.ledger == Ledger.RSC),
        "own_work": {kind.value: list(minutes) for kind, minutes in own_work.items()},
        "tags": sorted({tag.label for one in ordered for tag in one.tags}),
        "areas": mapping.areas(ordered, standing),
    }


def _credit(credit: Credit) -> Facts:
    return {
        "ledger": credit.ledger.value,
        "minutes": credit.minutes,
        "attended": credit.attended_minutes,
        "held": credit.held_minutes,
        "rule": credit.rule,
        "not_counted_because": credit.not_counted_because,
        "earned_on": credit.earned_on.isoformat(),
        "known_by": credit.known_by.value,
        "taken_by": credit.taken_by,
        "areas": sorted([row.area.code, row.minutes or 0] for row in credit.areas),
        "topics": sorted(row.topic.code for row in credit.topics),
        "tags": sorted(tag.code for tag in credit.tags),
    }


def earned(facts: Facts) -> tuple[Any, ...]:
    """What a correction can change: who it was, and what they earned. Everything else stays as it was issued."""
    return facts["person"], facts.get("credits"), facts.get("own_work"), facts.get("components")


def why_corrected(old: Facts, new: Facts) -> str:
    """The reason that stands on the certificate which is superseded."""
    if old["person"] != new["person"]:
        return "The name was corrected."
    minutes = [(facts["training_minutes"], facts["rsc_minutes"]) for facts in (old, new)]
    return "The hours were corrected." if minutes[0] != minutes[1] else "Details of the hours were corrected."
