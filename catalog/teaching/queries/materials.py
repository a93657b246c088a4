"""Reads: what is given to those with a seat, and who may have it."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, undefer

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Meeting, Offering
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.teaching.models import Material, Shown


def materials_of(offering: Offering) -> Sequence[Material]:
    """What is given, in the order in which it was added."""
    return db.session.scalars(
        sa.select(Material)
        .where(Material.offering_id == offering.id, Material.removed_at.is_(None))
        .order_by(Material.id)
    ).all()


def removed_of(offering: Offering) -> Sequence[Material]:
    """What was taken back and can be put back, the latest first."""
    return db.session.scalars(
        sa.select(Material)
        .where(Material.offering_id == offering.id, Material.removed_at.is_not(None))
        .order_by(Material.removed_at.desc(), Material.id)
    ).all()


def shown_to(person: Person, offering_ids: Collection[int]) -> dict[int, list[Material]]:
    """By offering, what a person with a seat there sees now. One statement for however many sessions."""
    found: dict[int, list[Material]] = {}
    if not offering_ids:
        return found
    is_over = sa.or_(Offering.ends_at.is_(None), Offering.ends_at <= clock.now())
    rows = db.session.scalars(
        sa.select(Material)
        .join(Material.offering)
        .join(Enrollment, Enrollment.offering_id == Offering.id)
        .where(
            Offering.id.in_(offering_ids),
            Enrollment.person_id == person.id,
            Enrollment.state == State.SEATED,
            Material.removed_at.is_(None),
            sa.or_(Material.shown == Shown.BEFORE, is_over),
        )
        .order_by(Material.id)
    )
    for one in rows:
        found.setdefault(one.offering_id, []).append(one)
    return found


def is_seated(person: Person, offering_id: int) -> bool:
    seated = sa.exists().where(
        Enrollment.offering_id == offering_id,
        Enrollment.person_id == person.id,
        Enrollment.state == State.SEATED,
    )
    return bool(db.session.scalar(sa.select(seated)))


def material(material_id: int) -> Material | None:
    """The material with its session, and everything that decides who may have it."""
    return db.session.scalar(
        sa.select(Material)
        .options(
            joinedload(Material.offering, innerjoin=True).options(
                joinedload(Offering.course, innerjoin=True),
                selectinload(Offering.meetings).selectinload(Meeting.co_trainers),
            )
        )
        .where(Material.id == material_id)
    )


def with_content(material_id: int) -> Material:
    return db.session.scalars(
        sa.select(Material).where(Material.id == material_id).options(undefer(Material.content))
    ).one()
