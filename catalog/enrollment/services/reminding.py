"""Writing to people about what is near. The worker asks for it; nobody is written to twice about the same."""

from datetime import datetime, timedelta

from catalog import clock
from catalog.enrollment import queries, reminders
from catalog.enrollment.queries import Coming
from catalog.notices.letters import Letter
from catalog.notices.queries import asked_before

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
LATE = timedelta(days=2)
"""How long after its time the letter of the week before is still of use, when no worker was there."""


def remind() -> None:
    """Write a week before a session begins and a day before each of its meetings. To be called every hour.

    Whoever joined later than that has just been told when and where, and is not written to again."""
    now = clock.now()
    due = [(what, one) for one in queries.coming(now, DAY, WEEK, LATE) if (what := _due(one, now))]
    keys = {_key(what, one): (what, one) for what, one in due}
    for key in keys.keys() - asked_before(keys):
        what, one = keys[key]
        which = f"Meeting {one.place} of {one.of}" if one.of > 1 else ""
        reminders.meets(one.enrollment, one.meeting, what, which, key)


def remind_of_offer(enrollment_id: int, until: str) -> None:
    """Somebody has not answered and half of their time is over. Does nothing when it is not so any more: only what is
    offered has an end."""
    enrollment = queries.enrollment_with_offering(enrollment_id)
    if (
        enrollment
        and enrollment.offer_ends_at == datetime.fromisoformat(until)
        and not enrollment.offering.is_cancelled
    ):
        reminders.offer_is_running_out(enrollment)


def _due(one: Coming, now: datetime) -> Letter | None:
    starts, joined = one.meeting.starts_at, one.enrollment.joined_at
    if starts - now <= DAY:
        return reminders.MEETS_TOMORROW if joined <= starts - DAY else None
    return reminders.BEGINS_SOON if joined <= starts - WEEK else None


def _key(what: Letter, one: Coming) -> str:
    """With the time in it: a meeting that was moved is a new one to remind people of."""
    return f"{what.kind} {one.enrollment.id} {one.meeting.id} {one.meeting.starts_at:%Y-%m-%dT%H:%M:%S}"
