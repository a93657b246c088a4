"""Writes: one account becomes two again. What came since stays with the one that was kept."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.certificates.models import Certificate
from catalog.coordinating import belongings, letters
from catalog.coordinating.models import Merge
from catalog.coordinating.queries import merging as queries
from catalog.coordinating.refusals import AccountLeft, HoursSince, InTheWay, MergedSince, UndoneAlready
from catalog.coordinating.services.holding import hold_people, hold_sessions
from catalog.coordinating.services.merging import reckon_anew
from catalog.enrollment.models import Enrollment
from catalog.extensions import Base, db
from catalog.notices import audit
from catalog.records.models import Evidence, HourEntry


def undo(made: Merge, *, by: Person) -> None:
    """Put exactly the rows back that changed hands, and what hangs on them, as far as they are still there.

    Raises UndoneAlready, MergedSince, HoursSince or InTheWay."""
    hold_sessions((made.kept_id,))
    people = hold_people(made.kept_id, made.gone_id)
    db.session.refresh(made, with_for_update={"of": Merge})
    kept, gone = people[made.kept_id], people[made.gone_id]
    if made.undone_at is not None:
        raise UndoneAlready
    if kept.merged_into_id is not None:
        raise MergedSince(kept.name)
    if kept.left_at is not None:
        raise AccountLeft
    _refuse_hours_for_both(made)
    try:
        _put_back(made)
    except IntegrityError as error:
        db.session.rollback()
        raise InTheWay from error
    made.undone_at, made.undone_by_id = clock.now(), by.id
    db.session.flush()
    audit.note("person.merge_undone", "person", gone.id, by=by, person_id=kept.id, merge=made.id)
    letters.apart(kept, gone)
    reckon_anew(kept, gone, named_otherwise=kept.name != gone.name)


def _refuse_hours_for_both(made: Merge) -> None:
    """Where both have been on a roster, hours that were given since were reckoned from the marks of both."""
    moved = _ids(made, "enrollment.person_id")
    on = sa.select(Enrollment.offering_id).where(Enrollment.id.in_(moved))
    own = sa.select(Enrollment.offering_id).where(
        Enrollment.person_id == made.kept_id, Enrollment.id.not_in(moved)
    )
    since = sa.select(Credit.offering_id).where(
        Credit.person_id == made.kept_id,
        Credit.given_at > made.merged_at,
        Credit.offering_id.in_(on),
        Credit.offering_id.in_(own),
    )
    if sessions := queries.titles(since):
        raise HoursSince(sessions)


def _put_back(made: Merge) -> None:
    for key, rows in made.moved["rows"].items():
        one = belongings.named(key)
        db.session.execute(
            sa.update(one.table)
            .where(one.column == made.kept_id, one.is_one_of(rows))
            .values({one.column: made.gone_id})
        )
    _follow(made)
    for change in made.moved["changes"]:
        _change_back(change)
    # The session has both people as they were before the statements above.
    kept, gone = db.session.get_one(Person, made.kept_id), db.session.get_one(Person, made.gone_id)
    for name, value in made.moved["fills"].items():
        if getattr(kept, name) == _column_value(Person.__table__.c[name], value):
            setattr(kept, name, None)
    gone.merged_into_id = None
    db.session.flush()
    db.session.expire_all()


def _follow(made: Merge) -> None:
    """What came since and hangs on a row that went back goes with it: hours and papers of its sessions, and whatever
    corrected its entries and certificates."""
    enrolled = _ids(made, "enrollment.person_id")
    _give(made, Credit, Credit.enrollment_id.in_(enrolled))
    alone_on = sa.select(Enrollment.offering_id).where(
        Enrollment.person_id == made.gone_id, Enrollment.id.in_(enrolled)
    )
    own = sa.select(Enrollment.offering_id).where(Enrollment.person_id == made.kept_id)
    _give(
        made,
        Certificate,
        Certificate.issued_at > made.merged_at,
        Certificate.offering_id.in_(alone_on),
        Certificate.offering_id.not_in(own),
    )
    corrected: Sequence[int] = _ids(made, "hour_entry.person_id")
    while corrected:
        corrected = _give(made, HourEntry, HourEntry.supersedes_id.in_(corrected))
        shown_by = sa.select(HourEntry.evidence_id).where(HourEntry.id.in_(corrected))
        _give(made, Evidence, Evidence.id.in_(shown_by))
    papers: Sequence[int] = _ids(made, "certificate.person_id")
    while papers:
        later = sa.select(Certificate.superseded_by_id).where(Certificate.id.in_(papers))
        papers = _give(made, Certificate, Certificate.id.in_(later))


def _give(made: Merge, table: type[Any], *wanted: sa.ColumnElement[bool]) -> list[int]:
    """These rows of `kept` are `gone`'s from now on; their numbers."""
    given = (
        sa.update(table)
        .where(table.person_id == made.kept_id, *wanted)
        .values(person_id=made.gone_id)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    return list(db.session.scalars(given))


def _ids(made: Merge, key: str) -> list[int]:
    return [row[0] for row in made.moved["rows"].get(key, [])]


def _change_back(change: dict[str, Any]) -> None:
    """Unless somebody has set it otherwise since."""
    table = Base.metadata.tables[change["table"]]
    column = table.c[change["column"]]
    before, after = (_column_value(column, change[name]) for name in ("before", "after"))
    db.session.execute(
        sa.update(table)
        .where(table.c.id == change["id"], column.is_not_distinct_from(after))
        .values({column: before})
    )


def _column_value(column: sa.Column[Any], value: Any) -> Any:
    """What was kept as JSON, as the column holds it."""
    of = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    kind = of.python_type
    if value is None or not isinstance(value, str) or kind is str:
        return value
    return datetime.fromisoformat(value) if kind is datetime else date.fromisoformat(value)
