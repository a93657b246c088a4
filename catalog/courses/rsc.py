"""Whether hours of reflective supervision or consultation (RSC) count, and what people are told before they join."""

from collections.abc import Sequence
from datetime import date

from catalog.accounts.models import Person, Qualification
from catalog.competencies.models import Ledger
from catalog.courses.models import Meeting, Offering
from catalog.wording import day

MOST_DAYS_NAMED = 3
NO_QUALIFICATION = "no qualification to provide RSC"


def leader(meeting: Meeting) -> Person | None:
    """Who provides this meeting: whoever stands in for the facilitator, else the facilitator."""
    return meeting.substitute or meeting.offering.trainer


def counts(meeting: Meeting, held: Sequence[Qualification]) -> bool:
    """Whether whoever leads the meeting is qualified on its day; for work of one's own, on its first day and on its
    last. `held` are the qualifications to provide RSC of all who lead any of them."""
    leads = meeting.substitute.id if meeting.substitute else meeting.offering.trainer_id
    theirs = [one for one in held if one.person_id == leads]
    return all(any(one.holds(on) for one in theirs) for on in days(meeting))


def days(meeting: Meeting) -> tuple[date, ...]:
    """On the offering's own calendar."""
    first, last = meeting.starts_wall.date(), meeting.ends_wall.date()
    return (first, last) if meeting.is_own_work else (first,)


def warning(offering: Offering, held: Sequence[Qualification]) -> str:
    """That hours here will not count as RSC hours, or not all of them; nothing where they will, or where none are
    given."""
    meetings = [meeting for meeting in offering.meetings if meeting.ledger == Ledger.RSC]
    left_out = [meeting for meeting in meetings if not counts(meeting, held)]
    if not left_out:
        return ""
    by_leader: dict[Person | None, list[Meeting]] = {}
    for meeting in left_out:
        by_leader.setdefault(leader(meeting), []).append(meeting)
    if None in by_leader:
        return (
            "No facilitator is named yet. Unless it is somebody qualified to provide RSC, these are group hours "
            "and do not count as RSC hours."
        )
    said = ", and ".join(
        f"{person.name if person else ''} holds {'none' if position else NO_QUALIFICATION} on {_named(theirs)}"
        for position, (person, theirs) in enumerate(by_leader.items())
    )
    if len(left_out) == len(meetings):
        return f"{said}. These are group hours and do not count as RSC hours."
    rest = len(meetings) - len(left_out)
    return (
        f"{said}. The hours of {_meetings(len(left_out))} are group hours and do not count "
        f"as RSC hours; those of the other {_meetings(rest)} do."
    )


def _named(meetings: Sequence[Meeting]) -> str:
    found = sorted({on for meeting in meetings for on in days(meeting)})
    named = [day(on) for on in found[:MOST_DAYS_NAMED]]
    if more := len(found) - len(named):
        return f"{', '.join(named)} and {more} more {'day' if more == 1 else 'days'}"
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def _meetings(count: int) -> str:
    return "1 meeting" if count == 1 else f"{count} meetings"
