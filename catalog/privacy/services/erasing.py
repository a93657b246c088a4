"""Writes: an account becomes nobody's. What is theirs alone goes; what others rely on stays, without their name."""

import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from catalog import clock
from catalog.accounts import services as accounts
from catalog.accounts.models import Person, RoleGrant
from catalog.coordinating.belongings import naming_people
from catalog.coordinating.models import Merge, TableImport
from catalog.disputes.models import Dispute, DisputeEntry, DisputeState
from catalog.enrollment.models import Enrollment
from catalog.extensions import Base, db
from catalog.groups.models import RscSession, RscState
from catalog.limits import Tally
from catalog.notices import audit
from catalog.notices.models import AuditEntry, Bounce, Job
from catalog.privacy import queries, things
from catalog.privacy.words import NOBODY, Words, words_of
from catalog.records.models import HourImport
from catalog.video.models import Report

AT_ONCE = 500
Place = tuple[type[Base], InstrumentedAttribute[Any]]
PLACES: tuple[Place, ...] = (
    (Job, Job.payload),
    (AuditEntry, AuditEntry.details),
    (AuditEntry, AuditEntry.reason),
    (TableImport, TableImport.rows),
    (HourImport, HourImport.rows),
    (Report, Report.participants),
    (DisputeEntry, DisputeEntry.text),
    (RoleGrant, RoleGrant.reason),
)
"""Where rows about others may name somebody, because the catalog or a coordinator wrote it there."""


class Traces(NamedTuple):
    """The words that name a person, and the rows in `PLACES` that hold them, as (place, row)."""

    words: Words
    found: Sequence[tuple[int, int]]


def look_for(person_ids: Sequence[int]) -> Traces:
    """A read, and a long one where much was written: it looks through whole tables."""
    people = db.session.scalars(sa.select(Person).where(Person.id.in_(person_ids))).all()
    names = {person.name for person in people} | _names_before(person_ids)
    addresses = {one for person in people for one in (person.email, person.second_email) if one}
    words = words_of(_nobody_elses(names, person_ids), addresses)
    found = [
        (number, row)
        for number, (table, column) in enumerate(PLACES)
        for row in db.session.scalars(sa.select(_id(table)).where(_says(column, words)))
    ]
    return Traces(words, found)


def _nobody_elses(names: set[str], person_ids: Sequence[int]) -> set[str]:
    """A name that somebody else here has too names nobody for sure, and theirs must stay."""
    shared = db.session.scalars(
        sa.select(Person.name).where(Person.name.in_(names), Person.id.not_in(person_ids))
    )
    return names - set(shared)


def _names_before(person_ids: Sequence[int]) -> set[str]:
    """What they were called before, as the trail of their account says."""
    entries = db.session.scalars(
        sa.select(AuditEntry.details).where(
            AuditEntry.person_id.in_(person_ids), AuditEntry.action == "person.account_edited"
        )
    )
    said = [details.get(when) or {} for details in entries for when in ("before", "after")]
    return {name for one in said if isinstance(name := one.get("name"), str)}


def _id(table: type[Base]) -> sa.Column[Any]:
    return next(iter(table.__table__.primary_key.columns))  # type: ignore[attr-defined]


def _says(column: InstrumentedAttribute[Any], words: Words) -> sa.ColumnElement[bool]:
    """Whether the text, or the JSON as text, holds one of the words; in JSON a letter beyond ASCII is spelled out."""
    text = sa.func.lower(sa.cast(column, sa.Text))
    spelled = {part for word in words.all for part in (word.lower(), _as_json(word).lower())}
    return sa.or_(*(text.contains(part, autoescape=True) for part in sorted(spelled)))


def _as_json(word: str) -> str:
    return word.encode("ascii", "backslashreplace").decode() if not word.isascii() else word


def erase(person: Person, traces: Traces) -> None:
    """Raises LastAdministrator. The row of the person stays, with nothing in it."""
    accounts.set_roles(person, is_trainer=False, coordinates=False, is_administrator=False)
    ids = queries.accounts_of(person.id)
    # That they left is written in the trail, in the transaction that takes their name out of it.
    with audit.opened():
        _take_out(traces)
        _empty_what_stays(ids)
    _delete(ids)
    for one in db.session.scalars(sa.select(Person).where(Person.id.in_(ids)).order_by(Person.id)):
        _make_nobody(one)
    db.session.flush()
    db.session.expire_all()


def _take_out(traces: Traces) -> None:
    for number, row in traces.found:
        table, column = PLACES[number]
        said = db.session.scalar(sa.select(column).where(_id(table) == row))
        db.session.execute(
            sa.update(table)
            .where(_id(table) == row)
            .values({column.key: traces.words.without(said)})
            .execution_options(synchronize_session=False)
        )
    addresses = traces.words.addresses
    db.session.execute(sa.delete(Bounce).where(Bounce.address.in_(addresses)))
    for address in addresses:
        db.session.execute(sa.delete(Tally).where(Tally.key.contains(address, autoescape=True)))


def _empty_what_stays(ids: Sequence[int]) -> None:
    """What they wrote in rows that others rely on, and what would wait for an answer of theirs for ever."""
    theirs = sa.select(Enrollment.id).where(Enrollment.person_id.in_(ids))
    now = clock.now()
    for change in (
        sa.update(Enrollment).where(Enrollment.id.in_(theirs)).values(answer="", access_request=""),
        sa.update(DisputeEntry).where(DisputeEntry.by_id.in_(ids)).values(text=""),
        sa.update(Dispute)
        .where(Dispute.enrollment_id.in_(theirs), Dispute.state != DisputeState.SETTLED)
        .values(state=DisputeState.SETTLED, settled_at=now),
        sa.update(RscSession)
        .where(RscSession.provider_id.in_(ids), RscSession.state == RscState.ASKED)
        .values(state=RscState.DECLINED, answered_at=now),
        sa.update(RoleGrant)
        .where(
            sa.or_(
                RoleGrant.person_id.in_(ids),
                sa.and_(RoleGrant.granted_by_id.in_(ids), RoleGrant.is_delegated),
            ),
            RoleGrant.ended_at.is_(None),
        )
        .values(ended_at=now),
        # What their account said of them; that it was changed, when and by whom, stays.
        sa.update(AuditEntry)
        .where(AuditEntry.about == "person", AuditEntry.about_id.in_(ids), AuditEntry.action.like("person.%"))
        .values(details={}),
        sa.update(Merge).where(sa.or_(Merge.kept_id.in_(ids), Merge.gone_id.in_(ids))).values(moved={}),
    ):
        db.session.execute(change.execution_options(synchronize_session=False))
    for key in things.NAMED_ALONE:
        table, _, name = key.partition(".")
        of = Base.metadata.tables[table]
        db.session.execute(sa.update(of).where(of.c[name].in_(ids)).values({name: None}))


def _delete(ids: Sequence[int]) -> None:
    """Rows that are theirs alone, those first on which nothing hangs any more."""
    order = {table.name: number for number, table in enumerate(Base.metadata.sorted_tables)}
    going = [one for one in naming_people() if things.goes(one)]
    for one in sorted(going, key=lambda one: -order[one.table.name]):
        _delete_rows(one.table, one.column.in_(ids))
    for name in things.BESIDE:
        table = Base.metadata.tables[name]
        db.session.execute(sa.delete(table).where(table.c.person_id.in_(ids)))


def _delete_rows(table: sa.Table, which: sa.ColumnElement[bool]) -> None:
    """These rows and whatever would keep the database from deleting them."""
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is not table or key.ondelete or other is table or key.constraint is None:
                continue
            if len(key.constraint.columns) == 1:
                hangs = key.parent.in_(sa.select(key.column).where(which))
                if key.parent.nullable:
                    db.session.execute(sa.update(other).where(hangs).values({key.parent.name: None}))
                else:
                    _delete_rows(other, hangs)
    db.session.execute(sa.delete(table).where(which))


def _make_nobody(person: Person) -> None:
    """The address is one that mail cannot go to, so that the real one is free for a new account."""
    person.name = NOBODY
    person.email = f"left-{person.id}-{secrets.token_hex(8)}@left.invalid"
    person.second_email = person.password_hash = person.licence = None
    person.county = person.zone = person.member_until = None
    person.is_trainer = person.coordinates = person.is_administrator = False
    person.email_verified_at, person.has_grants = None, False
    person.left_at = clock.now()
