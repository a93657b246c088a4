"""The next term of a group: its members are asked first, and their seats are given to nobody before they answered."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.courses.refusals import FieldsRefused
from catalog.courses.schedule import whole_day
from catalog.courses.services import Row, post
from catalog.courses.services.twice import key
from catalog.enrollment import queries as enrollment
from catalog.enrollment import seats
from catalog.enrollment.models import Enrollment, State
from catalog.enrollment.services.joining import add_row
from catalog.enrollment.services.queue import note
from catalog.extensions import db
from catalog.groups import letters, queries
from catalog.groups.refusals import NextTermPlanned
from catalog.notices import services as notices

CARRIED = (
    *("trainer_id", "zone", "format", "county", "place", "online_link", "minimum", "needs_approval"),
    *("question", "price_cents", "member_price_cents", "price_note", "language", "interpretation"),
    *("accessibility", "note", "joins_until"),
)
"""What a next term has from the one before it."""


def plan_next(
    group: Offering,
    columns: Mapping[str, Any],
    rows: Sequence[Row],
    answer_by: date,
    *,
    by: Person,
    once: str | None = None,
) -> Offering:
    """A next term on these dates, with a seat kept for each member until the end of that day.

    `columns` say what is otherwise than before. Whoever does not answer lets their seat go, and it is given to those
    who wait. The same form sent twice makes it once. Raises NextTermPlanned, or FieldsRefused."""
    # The row of the old term is the lock: of two who plan at once, the second is told.
    seats.lock(group)
    # Who takes a vacancy of the old term this moment is asked for the next one, too.
    seats.wait_for_takers(group)
    if planned := queries.next_term(group):
        if once and planned.once == key(once, by, group.course):
            return planned
        raise NextTermPlanned
    members = [one.person for one in enrollment.people_of(group) if one.person_id != group.trainer_id]
    carried = {name: getattr(group, name) for name in CARRIED}
    values = {**carried, "capacity": group.capacity, **columns, "follows_id": group.id}
    if values["joins_until"]:
        values["joins_until"] = min(values["joins_until"], len(rows))
    _refuse_fewer(values["capacity"], len(members))
    made = post(group.course, values, rows, by=by, once=once)
    until = _until(made, answer_by)
    for member in members:
        _keep_seat(member, made, until, by)
    return made


def _refuse_fewer(capacity: int | None, members: int) -> None:
    if capacity is not None and capacity < members:
        sentence = f"{members} members are asked first, so there must be at least {members} seats."
        raise FieldsRefused({"capacity": sentence})


def _until(made: Offering, answer_by: date) -> datetime:
    """The last minute of the day, on the clock of the group."""
    if answer_by <= clock.today(made.zone):
        raise FieldsRefused({"answer_by": "Give the members at least until tomorrow."})
    until = whole_day(datetime.combine(answer_by, time(23, 59)), made.zone)
    if made.starts_at and until >= made.starts_at:
        raise FieldsRefused({"answer_by": "They must answer before the day of the first meeting."})
    return until


def _keep_seat(member: Person, made: Offering, until: datetime, by: Person) -> None:
    kept = Enrollment(
        offering=made,
        person=member,
        joined_at=clock.now(),
        state=State.OFFERED,
        seat_id=seats.take(made),
        offer_ends_at=until,
    )
    add_row(kept)
    note("enrollment.kept", kept, by=by, offer_ends_at=until.isoformat())
    letters.next_term(kept, until)
    notices.queue("lapse_offer", {"enrollment_id": kept.id}, at=until)
    db.session.flush()
