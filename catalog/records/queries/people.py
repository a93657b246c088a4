"""Reads: what a person holds."""

from collections.abc import Sequence

import sqlalchemy as sa

from catalog.accounts.models import Person, Qualification
from catalog.extensions import db


def qualifications(person: Person) -> Sequence[Qualification]:
    return db.session.scalars(
        sa.select(Qualification).where(Qualification.person_id == person.id).order_by(Qualification.id)
    ).all()
