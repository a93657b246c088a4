"""Reads: what stands in the way of leaving, what stays behind, and what was asked for."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from catalog.accounts.models import Person
from catalog.accounts.queries import token_hash
from catalog.accounts.services import LastAdministrator
from catalog.attendance.models import Credit
from catalog.certificates.models import Certificate
from catalog.courses.models import (
    Kind,
    Meeting,
    Offering,
    OfferingState,
    meeting_substitute,
    meeting_trainer,
)
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from catalog.privacy import things
from catalog.privacy.models import Departure, PersonalExport
from catalog.privacy.refusals import LeadsComingSessions, LeadsGroups, RostersToClose
from catalog.wording import day, hours


def accounts_of(person_id: int) -> list[int]:
    """The account and those that were joined with it: they are one person."""
    found, new = [person_id], [person_id]
    while new:
        new = list(db.session.scalars(sa.select(Person.id).where(Person.merged_into_id.in_(new))))
        new = [one for one in new if one not in found]
        found += new
    return found


# What stands in the way.


def in_the_way(person: Person, at: datetime) -> RuleBroken | None:
    """Why they cannot leave yet: others count on them."""
    if person.is_administrator and not _other_administrators(person):
        return LastAdministrator()
    coming = _led(person.id, at)
    if groups := [one for one in coming if one.course.kind == Kind.REFLECTIVE_GROUP]:
        return LeadsGroups(_titles(groups))
    if coming:
        return LeadsComingSessions(_titles(coming))
    if waiting := _not_closed(person.id, at):
        return RostersToClose(_titles(waiting))
    return None


def _other_administrators(person: Person) -> bool:
    others = sa.select(Person.id).where(
        Person.is_administrator, Person.merged_into_id.is_(None), Person.id != person.id
    )
    return db.session.scalar(others.limit(1)) is not None


def _led(person_id: int, at: datetime) -> Sequence[Offering]:
    """Sessions that are not over and that they lead, help at or stand in at."""
    named = [
        sa.select(Meeting.offering_id)
        .join(others, others.c.meeting_id == Meeting.id)
        .where(others.c.person_id == person_id, Meeting.ends_at > at)
        for others in (meeting_trainer, meeting_substitute)
    ]
    return db.session.scalars(
        sa.select(Offering)
        .options(joinedload(Offering.course, innerjoin=True))
        .where(
            Offering.state == OfferingState.SCHEDULED,
            sa.or_(
                sa.and_(
                    Offering.trainer_id == person_id,
                    sa.or_(
                        Offering.ends_at > at,
                        sa.and_(Offering.ends_at.is_(None), Offering.settled_at.is_(None)),
                    ),
                ),
                *(Offering.id.in_(one) for one in named),
            ),
        )
        .order_by(Offering.starts_at, Offering.id)
    ).all()


def _not_closed(person_id: int, at: datetime) -> Sequence[Offering]:
    seated = sa.exists().where(Enrollment.offering_id == Offering.id, Enrollment.state == State.SEATED)
    return db.session.scalars(
        sa.select(Offering)
        .options(joinedload(Offering.course, innerjoin=True))
        .where(
            Offering.trainer_id == person_id,
            Offering.state == OfferingState.SCHEDULED,
            Offering.ends_at <= at,
            Offering.settled_at.is_(None),
            seated,
        )
        .order_by(Offering.starts_at, Offering.id)
    ).all()


def _titles(offerings: Sequence[Offering]) -> list[str]:
    return [
        f"“{one.course.title}” on {day(one.starts_at, one.zone)}"
        if one.starts_at
        else f"“{one.course.title}”"
        for one in offerings
    ]


# What is given back, and what stays.


def coming_places(person_ids: Sequence[int], at: datetime) -> Sequence[Enrollment]:
    """Their places on sessions that are not over, in the order in which sessions are locked."""
    return db.session.scalars(
        sa.select(Enrollment)
        .join(Enrollment.offering)
        .where(
            Enrollment.person_id.in_(person_ids),
            Enrollment.state.in_(LIVE),
            Offering.settled_at.is_(None),
            sa.or_(Offering.ends_at.is_(None), Offering.ends_at > at),
        )
        .order_by(Enrollment.offering_id, Enrollment.id)
    ).all()


def what_stays(person: Person) -> list[str]:
    """In words and numbers, what is kept when this person leaves, and why."""
    ids = accounts_of(person.id)
    papers = _count(Certificate, Certificate.person_id.in_(ids))
    minutes = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Credit.minutes), 0)).where(
            Credit.person_id.in_(ids), Credit.superseded_at.is_(None)
        )
    )
    places = _count(Enrollment, Enrollment.person_id.in_(ids))
    led = _count(Offering, Offering.trainer_id.in_(ids))
    trail = _count(AuditEntry, sa.or_(AuditEntry.person_id.in_(ids), AuditEntry.by_id.in_(ids)))
    said = (
        (
            papers,
            "certificate",
            "certificates",
            "with your name on the paper, so that they can still be checked",
        ),
        (
            places,
            "place on a session",
            "places on sessions",
            "without your name, so that its numbers stay right",
        ),
        (led, "session you led", "sessions you led", "without your name, because others have hours from it"),
        (
            trail,
            "line of the audit trail",
            "lines of the audit trail",
            "without your name, for decisions to be explained",
        ),
    )
    lines = [f"{count:,} {one if count == 1 else many}, {why}" for count, one, many, why in said if count]
    if minutes:
        lines.insert(
            1, f"{hours(minutes)} earned here, without your name: they stand behind these certificates"
        )
    return lines


def what_goes(person: Person) -> list[str]:
    """In words and numbers, what is deleted."""
    ids = accounts_of(person.id)
    counted = {
        one.table.name: db.session.scalar(
            sa.select(sa.func.count()).select_from(one.table).where(one.column.in_(ids))
        )
        or 0
        for one in things.subjects()
        if things.goes(one)
    }
    lines = [
        f"{counted[table]:,} {one if counted[table] == 1 else many}"
        for table, (one, many) in GOING.items()
        if counted.get(table)
    ]
    rest = sum(count for table, count in counted.items() if table not in GOING)
    return [*lines, f"{rest:,} other {'thing' if rest == 1 else 'things'} kept for you"] if rest else lines


GOING = {
    "hour_entry": ("line of hours from elsewhere", "lines of hours from elsewhere"),
    "evidence": ("file you handed in", "files you handed in"),
    "education": ("entry of education", "entries of education"),
    "goal": ("goal with its plans and links", "goals with their plans and links"),
    "endorsed": ("category you hold", "categories you hold"),
    "qualification": ("qualification", "qualifications"),
    "rsc_session": ("individual RSC session", "individual RSC sessions"),
    "saved_search": ("saved search", "saved searches"),
    "job": ("letter to you", "letters to you"),
    "calendar_feed": ("calendar link", "calendar links"),
}


def _count(
    table: type[Certificate | Enrollment | Offering | AuditEntry], which: sa.ColumnElement[bool]
) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).where(which)) or 0


# What was asked for.


def departure_of(person_id: int) -> Departure | None:
    """The last time they asked to leave."""
    return db.session.scalar(
        sa.select(Departure).where(Departure.person_id == person_id).order_by(Departure.id.desc()).limit(1)
    )


def departure_by(token: str) -> Departure | None:
    """What this link would call off, while it can be."""
    found = db.session.scalar(
        sa.select(Departure)
        .options(joinedload(Departure.person, innerjoin=True))
        .where(Departure.token_hash == token_hash(token))
    )
    return found if found and found.is_open else None


def last_export(person_id: int) -> PersonalExport | None:
    return db.session.scalar(
        sa.select(PersonalExport)
        .where(PersonalExport.person_id == person_id)
        .order_by(PersonalExport.id.desc())
        .limit(1)
    )
