"""Reads of who people are at their organisation's provider."""

from collections.abc import Sequence

import sqlalchemy as sa

from catalog.accounts.claims import on_other_way
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.organisation.models import Identity


def identity(issuer: str, subject: str) -> Identity | None:
    """The one that is linked to an account somebody can sign in to; None where it is to be linked first."""
    return db.session.scalar(
        sa.select(Identity)
        .join(Person, Person.id == Identity.person_id)
        .where(
            Identity.issuer == issuer,
            Identity.subject == subject,
            Person.merged_into_id.is_(None),
            Person.left_at.is_(None),
        )
    )


def identities_of(person: Person) -> Sequence[Identity]:
    return db.session.scalars(
        sa.select(Identity).where(Identity.person_id == person.id).order_by(Identity.id)
    ).all()


@on_other_way
def _comes_through_provider(person_id: int) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(Identity.person_id == person_id))))


def identity_of(person: Person, identity_id: int) -> Identity | None:
    """None for one of somebody else."""
    return db.session.scalar(
        sa.select(Identity).where(Identity.id == identity_id, Identity.person_id == person.id)
    )
