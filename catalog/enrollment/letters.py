"""What people are told about their place, in plain sentences. Each function queues one mail."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.notices import services as notices
from catalog.notices.letters import About, Holds, Letter, letter
from catalog.wording import day, moment, when

PLACE = {
    "course": "Reading the cues of babies",
    "when": "Tue 14 Jan 2027, 9:00 am to 12:00 pm, Central time",
    "place": "Sample hall, Montgomery",
    "link": "https://learning.example.org/offerings/7",
}


def about_place(
    kind: str, label: str, subject: str, sentence: str, holds: Holds | None = None, **sample: str
) -> Letter:
    """A letter about somebody's own place: what happened, then which session it is, when and where."""
    return letter(
        f"seat.{kind}",
        label,
        About.BOOKING,
        subject=f"{subject}: {{course}}",
        body=f"{{name}},\n\n{sentence}\n\n{{course}}\n{{when}}\n{{place}}",
        sample={**PLACE, **sample},
        holds=holds,
    )


def is_still_offered(about: Mapping[str, Any]) -> bool:
    found = db.session.get(Enrollment, about["enrollment_id"])
    return (
        found is not None
        and found.state == State.OFFERED
        and found.offer_ends_at == datetime.fromisoformat(about["until"])
        and found.offer_ends_at > clock.now()
    )


REASON = "The hall is closed that day."

TAKEN = about_place(
    "taken",
    "A seat was taken",
    "You have a seat",
    "You have a seat.\n\n{warning}",
    warning="These hours do not count as reflective supervision, because nobody who leads it is qualified.",
)
WAITING = about_place(
    "waiting",
    "Joined a waitlist",
    "You are on the waitlist",
    "All seats are taken. You are on the waitlist, and we write as soon as a seat is yours to take.\n\n{warning}",
    warning=TAKEN.sample["warning"],
)
REQUESTED = about_place(
    "requested",
    "A request was sent",
    "Your request is in",
    "Your request was sent. We write when it has been decided.\n\n{warning}",
    warning=TAKEN.sample["warning"],
)
OFFERED = about_place(
    "offered",
    "A seat is offered to somebody who waited",
    "A seat is kept for you",
    "A seat is free, and it is kept for you until {until}. Open My learning to take it or give it back. After that "
    "it goes to the next person.",
    holds=is_still_offered,
    until="Mon 11 Jan 2027, 9:00 am (Central time)",
)
PROMOTED = about_place(
    "promoted",
    "Somebody who waited has a seat",
    "You have a seat now",
    "A seat came free and it is yours. If you cannot come, give it back under My learning; others are waiting.",
)
ACCEPTED = about_place(
    "accepted",
    "An offered seat was taken",
    "You have a seat",
    "You took the seat that was kept for you.",
)
DECLINED = about_place(
    "declined",
    "An offered seat was given back",
    "You gave the seat back",
    "You did not take the seat that was kept for you. It goes to the next person. You can join the waitlist again.",
)
WITHDRAWN = about_place(
    "withdrawn",
    "Somebody withdrew",
    "You are no longer on the list",
    "You withdrew. Thank you for making room.",
)
LAPSED = about_place(
    "lapsed",
    "An offer ran out",
    "The seat has gone to the next person",
    "The time to take the seat that was kept for you is over. You can join the waitlist again.",
)
REFUSED = about_place(
    "refused",
    "A request was not accepted",
    "Your request was not accepted",
    "Your request was not accepted: {reason}",
    reason="This group is for home visitors.",
)
REMOVED = about_place(
    "removed",
    "Somebody was taken off a list",
    "You were taken off the list",
    "You were taken off the list: {reason}",
    reason="You asked us to.",
)
MOVED = about_place(
    "moved",
    "Somebody was moved to another session",
    "You were moved to another session",
    "You were moved here. {standing} The reason: {reason}",
    standing="You have a seat there.",
    reason=REASON,
)
INSTEAD = (
    "Instead you could come to one of these:\n\n{}\n\nOpen My learning to be moved there. Where people wait, your "
    "place is by when you joined this one."
)
CANCELLED = about_place(
    "cancelled",
    "A session was cancelled",
    "Cancelled",
    "This session will not take place: {reason}\n\n{instead}",
    reason=REASON,
    instead=INSTEAD.format("- Reading the cues of babies, Thu 21 Jan 2027, Library, Montgomery"),
)
CHANGED = about_place(
    "changed",
    "A session was changed",
    "Changed",
    "Please note what changed:\n\n{changes}",
    changes="- The place is now: Library, Montgomery County. Before: Sample hall",
)


def joined(enrollment: Enrollment, warning: str = "") -> None:
    """`warning` is what the person should know of the hours before they come."""
    letters = {State.SEATED: TAKEN, State.WAITING: WAITING, State.REQUESTED: REQUESTED}
    _send(enrollment, letters[enrollment.state], {"warning": warning})


def seated(person: Person, offering: Offering) -> dict[str, Any]:
    """The job of the same letter to somebody who has a seat and is told nothing of the hours, as columns."""
    letter = notices.mail(person, TAKEN, {**_said(offering), "warning": ""})
    return notices.row("mail", {**letter, "calendar": offering.id}, person_id=person.id)


def offered(enrollment: Enrollment) -> None:
    _send(enrollment, OFFERED, {"until": offer_ends(enrollment)}, **of_offer(enrollment))


def of_offer(enrollment: Enrollment) -> dict[str, Any]:
    """What makes a letter that of this offer: it is found by its key, and is not sent once the offer is over."""
    until = enrollment.offer_ends_at
    about = {"enrollment_id": enrollment.id, "until": until.isoformat() if until else ""}
    return {"dedupe_key": offer_key(enrollment), "about": about}


def offer_key(enrollment: Enrollment) -> str:
    """By which the letter of this offer is found."""
    return f"offer {enrollment.id} {enrollment.offer_ends_at:%Y-%m-%dT%H:%M:%S.%f}"


def offer_ends(enrollment: Enrollment) -> str:
    return moment(enrollment.offer_ends_at or clock.now(), enrollment.offering.zone)


def promoted(enrollment: Enrollment) -> None:
    _send(enrollment, PROMOTED)


def accepted(enrollment: Enrollment) -> None:
    _send(enrollment, ACCEPTED)


def declined(enrollment: Enrollment) -> None:
    _send(enrollment, DECLINED)


def withdrawn(enrollment: Enrollment) -> None:
    _send(enrollment, WITHDRAWN)


def lapsed(enrollment: Enrollment) -> None:
    _send(enrollment, LAPSED)


def refused(enrollment: Enrollment, reason: str) -> None:
    _send(enrollment, REFUSED, {"reason": reason})


def removed(enrollment: Enrollment, reason: str) -> None:
    _send(enrollment, REMOVED, {"reason": reason})


def moved(enrollment: Enrollment, reason: str, origin: int) -> None:
    """`origin` is the session they were on before."""
    standing = "You have a seat there." if enrollment.state == State.SEATED else "You are on its waitlist."
    _send(
        enrollment, MOVED, {"standing": standing, "reason": reason}, calendar=[origin, enrollment.offering_id]
    )


def cancelled(enrollment: Enrollment, reason: str, instead: Sequence[Offering] = ()) -> None:
    """`instead` are the sessions one can be moved to; what had begun by then keeps its people."""
    has_begun = enrollment.offering.has_begun(clock.now())
    said = "" if has_begun or not instead else INSTEAD.format("\n".join(map(_in_one_line, instead)))
    _send(enrollment, CANCELLED, {"reason": reason, "instead": said})


def _in_one_line(offering: Offering) -> str:
    where = offering.place or {"virtual": "online", "hybrid": "also online"}.get(offering.format, "")
    when_is = day(offering.starts_at, offering.zone) if offering.starts_at else "at your own pace"
    return "- " + ", ".join(part for part in (offering.course.title, when_is, where) if part)


def changed(enrollment: Enrollment, changes: list[str]) -> None:
    _send(enrollment, CHANGED, {"changes": "\n".join(f"- {change}" for change in changes)})


def _send(
    enrollment: Enrollment,
    what: Letter,
    values: Mapping[str, str] | None = None,
    *,
    calendar: Sequence[int] = (),
    dedupe_key: str | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    offering = enrollment.offering
    said = {**_said(offering), **(values or {})}
    notices.send(
        enrollment.person, what, said, calendar=calendar or offering.id, dedupe_key=dedupe_key, about=about
    )


def _said(offering: Offering) -> dict[str, str]:
    return {"course": offering.course.title, **_time_and_place(offering), "link": page_of(offering)}


def _time_and_place(offering: Offering) -> dict[str, str]:
    """When and where; the online link is not mailed, because mail is forwarded."""
    if offering.starts_at is None or offering.ends_at is None:
        return {"when": "At your own pace.", "place": ""}
    return {"when": when(offering.starts_at, offering.ends_at, offering.zone), "place": offering.place}


def page_of(offering: Offering) -> str:
    return f"{current_app.config['CATALOG'].site_url}/offerings/{offering.id}"
