"""Posting a dated run of a course, and changing it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses import changes, queries, search
from catalog.courses.models import GROUP_SEATS, Course, Kind, Meeting, Offering, Seat
from catalog.courses.refusals import (
    AppliedForElsewhere,
    FieldsRefused,
    GroupSize,
    NotPublished,
    OfferingCancelled,
    Settled,
)
from catalog.courses.services import filling, meetings, timing, twice
from catalog.courses.services.substituting import stand_ins, tell_stand_ins
from catalog.courses.services.timing import Row
from catalog.courses.services.versions import claim, hold
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices.services import queue
from catalog.wording import hours


def refuse_posting(course: Course) -> None:
    """Raise the reason why no session of this course can be posted, if there is one."""
    if not course.is_public:
        raise NotPublished
    if course.is_applied_for_elsewhere:
        raise AppliedForElsewhere


def refuse_group_of(seats: int | None, course: Course) -> None:
    """Raise GroupSize where a group would be too small or too large to be one. Other sessions have any number."""
    fewest, most = GROUP_SEATS
    if course.kind == Kind.REFLECTIVE_GROUP and (seats is None or not fewest <= seats <= most):
        raise GroupSize


def post(
    course: Course, columns: Mapping[str, Any], rows: Sequence[Row], *, by: Person, once: str | None = None
) -> Offering:
    """A new offering with its meetings and seats, or the one the same form made before.

    Each form has a word `once` of its own. Raises SentBefore, or FieldsRefused naming the rows of the form."""
    hold(course.id)
    db.session.refresh(course)
    refuse_posting(course)
    _refuse_size(course, columns)
    planned = timing.timed(rows, columns["zone"], _earliest(by))

    def is_same(before: Offering) -> bool:
        times = [(meeting.starts_at, meeting.ends_at, meeting.minutes) for meeting in before.meetings]
        typed = [(one.starts_at, one.ends_at, one.minutes) for one in planned]
        return times == typed and all(getattr(before, name) == columns[name] for name in columns)

    now = clock.now()
    offering = Offering(
        **{"trainer_id": by.id, **columns},
        course_id=course.id,
        created_at=now,
        updated_at=now,
        once=twice.key(once, by, course),
    )
    if before := twice.add(offering, is_same):
        return before
    _add_seats(offering)
    meetings.write(offering, planned)
    tell_stand_ins(offering, {})
    audit.note(
        "offering.posted", "offering", offering.id, by=by, course_id=course.id, meetings=_dates(offering)
    )
    search.index(course)
    tell_staff(offering)
    return offering


def edit_offering(
    offering: Offering, columns: Mapping[str, Any], rows: Sequence[Row], version: int, *, by: Person
) -> list[str]:
    """Change everything but the number of seats, which moves the queue and belongs to the roster.

    Gives the changes in sentences; whoever is enrolled is written them by the worker, in one letter."""
    claim(offering, version)
    hold(offering.course_id)
    if offering.is_cancelled:
        raise OfferingCancelled
    if offering.settled_at:
        raise Settled
    filling.refuse_while_waiting(offering, columns.get("when_full"))
    planned = timing.timed(rows, columns["zone"], _earliest(by), offering.meetings)
    before, dates, warned = changes.snapshot(offering), _dates(offering), queries.rsc_warning(offering)
    stood = stand_ins(offering)
    changed = {
        name: [_plain(name, getattr(offering, name)), _plain(name, value)]
        for name, value in columns.items()
        if getattr(offering, name) != value
    }
    for name, value in columns.items():
        setattr(offering, name, value)
    db.session.flush()
    db.session.expire(offering, ["trainer"])
    meetings.write(offering, planned)
    tell_stand_ins(offering, stood)
    if dates != _dates(offering):
        changed["meetings"] = [dates, _dates(offering)]
    audit.note("offering.edited", "offering", offering.id, by=by, changed=changed)
    search.index(offering.course)
    told = changes.said(before, changes.snapshot(offering))
    if (warning := queries.rsc_warning(offering)) and warning != warned:
        told.append(warning)
    if told and not offering.is_over(clock.now()):
        queue("offering_changed", {"offering_id": offering.id, "changes": told})
    tell_staff(offering)
    return told


def tell_staff(offering: Offering) -> None:
    """Let the worker bring the calendars of those who lead this session up to date, wherever that changed.

    Whoever changes who leads a meeting, or its time, calls this in the same transaction."""
    queue("calendar_staff", {"offering_id": offering.id})


def _refuse_size(course: Course, columns: Mapping[str, Any]) -> None:
    """The same, said beside the field of the form."""
    try:
        refuse_group_of(columns.get("capacity"), course)
    except GroupSize as refusal:
        raise FieldsRefused({"capacity": str(refusal)}) from refusal


def _earliest(by: Person) -> datetime | None:
    """Coordinators may write down what has already taken place."""
    return None if by.is_coordinator else clock.now()


def _add_seats(offering: Offering) -> None:
    if offering.capacity:
        seats = [
            {"offering_id": offering.id, "number": number, "is_taken": False}
            for number in range(1, offering.capacity + 1)
        ]
        db.session.execute(sa.insert(Seat), seats)


def _dates(offering: Offering) -> list[str]:
    return [_date(meeting) for meeting in offering.meetings]


def _date(meeting: Meeting) -> str:
    if meeting.is_own_work:
        days = f"{meeting.starts_wall:%Y-%m-%d} to {meeting.ends_wall:%Y-%m-%d}"
        return f"{meeting.kind.value}, {hours(meeting.minutes)}, {days}"
    return f"{meeting.starts_wall:%Y-%m-%d %H:%M}-{meeting.ends_wall:%H:%M}"


def _plain(name: str, value: Any) -> Any:
    """A value as the audit trail keeps it. Online links open rooms, so the trail says only that there was one."""
    if name == "online_link":
        return "a link" if value else ""
    return value.isoformat() if isinstance(value, date) else value
