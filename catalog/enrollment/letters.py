"""What people are told about their place, in plain sentences. Each function queues one mail."""

from collections.abc import Sequence

from catalog import clock
from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment, State
from catalog.notices.services import tell
from catalog.wording import clock_time, day, when, zone_name


def joined(enrollment: Enrollment, warning: str = "") -> None:
    """`warning` is what the person should know of the hours before they come."""
    subjects = {
        State.SEATED: ("You have a seat", "You have a seat."),
        State.WAITING: (
            "You are on the waitlist",
            "All seats are taken. You are on the waitlist, and we write as soon as a seat is yours to take.",
        ),
        State.REQUESTED: ("Your request is in", "Your request was sent. We write when it has been decided."),
    }
    subject, sentence = subjects[enrollment.state]
    _tell(enrollment, subject, f"{sentence}\n\n{warning}" if warning else sentence)


def offered(enrollment: Enrollment) -> None:
    until = enrollment.offer_ends_at or clock.now()
    zone = enrollment.offering.zone
    sentence = (
        f"A seat is free, and it is kept for you until {day(until, zone)}, {clock_time(until, zone)} "
        f"({zone_name(zone)}). Open My learning to take it or give it back. After that it goes to the next person."
    )
    _tell(enrollment, "A seat is kept for you", sentence)


def promoted(enrollment: Enrollment) -> None:
    _tell(
        enrollment,
        "You have a seat now",
        "A seat came free and it is yours. If you cannot come, give it back under My learning; others are waiting.",
    )


def accepted(enrollment: Enrollment) -> None:
    _tell(enrollment, "You have a seat", "You took the seat that was kept for you.")


def withdrawn(enrollment: Enrollment) -> None:
    _tell(enrollment, "You are no longer on the list", "You withdrew. Thank you for making room.")


def lapsed(enrollment: Enrollment) -> None:
    _tell(
        enrollment,
        "The seat has gone to the next person",
        "The time to take the seat that was kept for you is over. You can join the waitlist again.",
    )


def refused(enrollment: Enrollment, reason: str) -> None:
    _tell(enrollment, "Your request was not accepted", f"Your request was not accepted: {reason}")


def removed(enrollment: Enrollment, reason: str) -> None:
    _tell(enrollment, "You were taken off the list", f"You were taken off the list: {reason}")


def moved(enrollment: Enrollment, reason: str) -> None:
    place = "You have a seat there." if enrollment.state == State.SEATED else "You are on its waitlist."
    _tell(
        enrollment, "You were moved to another session", f"You were moved here. {place} The reason: {reason}"
    )


def cancelled(enrollment: Enrollment, reason: str, instead: Sequence[Offering] = ()) -> None:
    """`instead` are the sessions one can be moved to; what had begun by then keeps its people."""
    text = f"This session will not take place: {reason}"
    if instead and not enrollment.offering.has_begun(clock.now()):
        listed = "\n".join(f"- {_in_one_line(offering)}" for offering in instead)
        text += (
            f"\n\nInstead you could come to one of these:\n\n{listed}\n\nOpen My learning to be moved there. Where "
            "people wait, your place is by when you joined this one."
        )
    _tell(enrollment, "Cancelled", text)


def _in_one_line(offering: Offering) -> str:
    where = offering.place or {"virtual": "online", "hybrid": "also online"}.get(offering.format, "")
    when_is = day(offering.starts_at, offering.zone) if offering.starts_at else "at your own pace"
    return ", ".join(part for part in (offering.course.title, when_is, where) if part)


def _tell(enrollment: Enrollment, subject: str, sentence: str) -> None:
    offering = enrollment.offering
    title = offering.course.title
    text = f"{enrollment.person.name},\n\n{sentence}\n\n{title}\n{_time_and_place(offering)}\n"
    tell(enrollment.person, f"{subject}: {title}", text)


def _time_and_place(offering: Offering) -> str:
    """Where and when; the online link is not mailed, because mail is forwarded."""
    if offering.starts_at is None or offering.ends_at is None:
        return "At your own pace."
    lines = [when(offering.starts_at, offering.ends_at, offering.zone), offering.place]
    return "\n".join(line for line in lines if line)


def changed(enrollment: Enrollment, changes: list[str]) -> None:
    _tell(
        enrollment,
        "Changed",
        "Please note what changed:\n\n" + "\n".join(f"- {change}" for change in changes),
    )
