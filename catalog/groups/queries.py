"""Reads: a group with its meetings and who said that they cannot come; the log of individual RSC."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from catalog.accounts.models import Person, Qualification
from catalog.courses.models import Course, Kind, Meeting, Offering, meeting_substitute, meeting_trainer
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.groups.models import Absence, RscSession, RscState


def group(group_id: int) -> Offering | None:
    """One term of a reflective practice group, with what its page asks about; None for any other session."""
    return db.session.scalar(
        sa.select(Offering)
        .join(Offering.course)
        .options(
            joinedload(Offering.course, innerjoin=True),
            joinedload(Offering.trainer),
            selectinload(Offering.meetings).selectinload(Meeting.co_trainers),
            selectinload(Offering.meetings).selectinload(Meeting.substitute),
        )
        .where(Offering.id == group_id, Course.kind == Kind.REFLECTIVE_GROUP)
    )


def absences(of: Offering) -> dict[int, list[Absence]]:
    """Who of the members said that they cannot make which meeting, by the number of its row; by name."""
    found: dict[int, list[Absence]] = {}
    for absence in db.session.scalars(
        sa.select(Absence)
        .join(Absence.enrollment)
        .options(joinedload(Absence.enrollment, innerjoin=True).joinedload(Enrollment.person, innerjoin=True))
        .where(Enrollment.offering_id == of.id, Enrollment.state == State.SEATED)
    ):
        found.setdefault(absence.meeting_id, []).append(absence)
    for said in found.values():
        said.sort(key=lambda one: (one.enrollment.person.name, one.id))
    return found


def next_term(of: Offering) -> Offering | None:
    """The term after this one, unless it was called off."""
    return db.session.scalar(
        sa.select(Offering)
        .where(Offering.follows_id == of.id, Offering.state == "scheduled")
        .order_by(Offering.id)
        .limit(1)
    )


def groups_of(person_id: int) -> Sequence[Offering]:
    """The groups this person is a member of, leads, or leads a meeting of; the latest first."""
    seated = sa.exists().where(
        Enrollment.offering_id == Offering.id,
        Enrollment.person_id == person_id,
        Enrollment.state == State.SEATED,
    )
    return db.session.scalars(
        sa.select(Offering)
        .join(Offering.course)
        .options(joinedload(Offering.course, innerjoin=True))
        .where(
            Course.kind == Kind.REFLECTIVE_GROUP,
            sa.or_(
                seated,
                sa.func.coalesce(Offering.trainer_id == person_id, sa.false()),
                *(_has_a_part(person_id, others) for others in (meeting_substitute, meeting_trainer)),
            ),
        )
        .order_by(Offering.starts_at.desc(), Offering.id.desc())
    ).all()


def _has_a_part(person_id: int, others: sa.Table) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Meeting.offering_id == Offering.id,
        others.c.meeting_id == Meeting.id,
        others.c.person_id == person_id,
        sa.exists().where(Person.id == person_id, Person.is_trainer),
    )


def rsc_session(session_id: int) -> RscSession | None:
    return db.session.scalar(
        sa.select(RscSession)
        .options(
            joinedload(RscSession.person, innerjoin=True), joinedload(RscSession.provider, innerjoin=True)
        )
        .where(RscSession.id == session_id)
    )


def written_by(person: Person) -> Sequence[RscSession]:
    """What the person wrote down of their own sessions, the latest first."""
    return db.session.scalars(
        sa.select(RscSession)
        .options(joinedload(RscSession.provider, innerjoin=True))
        .where(RscSession.person_id == person.id)
        .order_by(RscSession.held_on.desc(), RscSession.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def asked_of(provider: Person) -> Sequence[RscSession]:
    """What waits for this provider, the oldest first."""
    return db.session.scalars(
        sa.select(RscSession)
        .options(joinedload(RscSession.person, innerjoin=True))
        .where(RscSession.provider_id == provider.id, RscSession.state == RscState.ASKED)
        .order_by(RscSession.asked_at, RscSession.id)
    ).all()


def answered_by(provider: Person) -> Sequence[RscSession]:
    """What this provider confirmed or did not, the latest first."""
    return db.session.scalars(
        sa.select(RscSession)
        .options(joinedload(RscSession.person, innerjoin=True))
        .where(
            RscSession.provider_id == provider.id,
            RscSession.state.in_((RscState.CONFIRMED, RscState.DECLINED)),
        )
        .order_by(RscSession.answered_at.desc(), RscSession.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def providers(but: Person) -> list[tuple[int, str]]:
    """Everybody else who holds, or held, a qualification to provide RSC, by name."""
    provides = sa.exists().where(Qualification.person_id == Person.id, Qualification.provides_rsc)
    found = db.session.execute(
        sa.select(Person.id, Person.name)
        .where(provides, Person.id != but.id, Person.merged_into_id.is_(None))
        .order_by(Person.name, Person.id)
    )
    return [(row.id, row.name) for row in found]


MOST_SHOWN = 200
