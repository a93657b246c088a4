"""The common way to a seat: one is free, nobody waits, nothing has to be decided. Seat, enrollment, trail and letter
are written together, on PostgreSQL by a single statement.

It is a short cut, not another rule: whenever anything is out of the ordinary nothing is written, and the long way in
`joining` has its say."""

from functools import cache
from typing import Any, cast

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import letters, seats
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import Base, alone, db
from catalog.notices.models import AuditEntry, Job, JobState

OF, VERSION, PERSON, BY = (sa.bindparam(name, type_=sa.Integer) for name in ("of", "version", "who", "by"))
NOW = sa.bindparam("now", type_=Enrollment.joined_at.type)
ACCESS = sa.bindparam("access", type_=sa.Text)
IS_OPEN = (Person.merged_into_id.is_(None), Person.left_at.is_(None))
IS_SOMEBODY = sa.exists().where(Person.id == PERSON, *IS_OPEN)


def seat(person: Person, offering: Offering, *, by: Person, access_request: str = "") -> Enrollment | None:
    """The new enrollment, as a copy that the session does not know. None where nothing came of it.

    On PostgreSQL it is committed with its statement, unless the session's transaction has begun; then a seat may be
    locked where nothing came of it, so that the transaction has to be given up. The offering may be as it was read
    a moment ago: whoever changed it since is noticed. A person who is on the offering already is refused by the
    database (IntegrityError)."""
    now = clock.now()
    letter = letters.seated(person, offering)
    values: dict[str, Any] = {"of": offering.id, "version": offering.version, "who": person.id, "by": by.id}
    values |= {"now": now, "access": access_request, "letter": letter["payload"]}
    if db.engine.dialect.name == "postgresql":
        with alone() as connection:
            row = connection.execute(_together(), values).first()
        written = row._tuple() if row else None
    else:
        written = _one_by_one(db.session.connection(), values)
    if written is None:
        return None
    enrollment_id, seat_id = written
    return Enrollment(
        id=enrollment_id,
        offering_id=offering.id,
        person_id=person.id,
        state=State.SEATED,
        seat_id=seat_id,
        joined_at=now,
        answer="",
        access_request=access_request,
    )


def _one_by_one(connection: sa.Connection, values: dict[str, Any]) -> tuple[int, int] | None:
    """Where only one writes at a time, another statement costs next to nothing."""
    take, enroll, note, tell = _apart()
    seat_id = connection.execute(take, values).scalar()
    if seat_id is None:
        return None
    enrollment_id = connection.execute(enroll, {**values, "seat": seat_id}).scalar_one()
    connection.execute(note, {**values, "details": {"enrollment_id": enrollment_id}})
    connection.execute(tell, values)
    return enrollment_id, seat_id


@cache
def _apart() -> tuple[Any, ...]:
    take = seats.take_as_read(OF, VERSION, IS_SOMEBODY)
    enroll = _insert(Enrollment, _seated(PERSON, sa.bindparam("seat", type_=sa.Integer)))
    details = sa.bindparam("details", type_=AuditEntry.details.type)
    return take, enroll.returning(Enrollment.id), _insert(AuditEntry, _noted(details)), _insert(Job, _told())


@cache
def _together() -> sa.Select[Any]:
    """All of it as one statement: where the first part gives no row, none of the others does."""
    taken = seats.take_as_read(OF, VERSION).cte("taken")
    # After the seat, as everywhere: a coordinator may be joining the account with another one this moment.
    who = sa.select(Person.id).where(Person.id == PERSON, *IS_OPEN)
    who = who.where(sa.exists(sa.select(taken.c.id))).with_for_update(read=True)
    held = who.cte("held")
    entered = (
        _insert(Enrollment, _seated(held.c.id, taken.c.id), held.join(taken, sa.true()))
        .returning(Enrollment.id)
        .cte("entered")
    )
    details = sa.func.json_build_object("enrollment_id", entered.c.id)
    noted = _insert(AuditEntry, _noted(details), entered).cte("noted")
    told = _insert(Job, _told(), entered).cte("told")
    return (
        sa.select(entered.c.id, taken.c.id.label("seat_id"))
        .select_from(entered.join(taken, sa.true()))
        .add_cte(noted, told)
    )


def _insert(into: type[Base], columns: dict[str, Any], given: sa.FromClause | None = None) -> sa.Insert:
    """One row of these columns; where a part of a statement is `given`, as many as that part gives."""
    table = cast(sa.Table, into.__table__)
    if given is None:
        return sa.insert(table).values(columns)
    row = sa.select(*(sa.cast(value, table.c[name].type) for name, value in columns.items()))
    return sa.insert(table).from_select([*columns], row.select_from(given), include_defaults=False)


def _seated(person_id: Any, seat_id: Any) -> dict[str, Any]:
    who = {"offering_id": OF, "person_id": person_id, "seat_id": seat_id}
    return {
        **who,
        "state": sa.literal(State.SEATED),
        "joined_at": NOW,
        "answer": sa.literal(""),
        "access_request": ACCESS,
    }


def _noted(details: Any) -> dict[str, Any]:
    what = {"at": NOW, "action": sa.literal(f"enrollment.{State.SEATED}"), "about": sa.literal("offering")}
    return {**what, "about_id": OF, "by_id": BY, "person_id": PERSON, "details": details}


def _told() -> dict[str, Any]:
    letter = sa.bindparam("letter", type_=Job.payload.type)
    when = {"run_at": NOW, "attempts": sa.literal(0), "created_at": NOW}
    return {
        "kind": sa.literal("mail"),
        "payload": letter,
        "state": sa.literal(JobState.READY),
        **when,
        "person_id": PERSON,
    }
