"""Reads: who coordinates a part or for a while, and who did."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from catalog.accounts.models import Person, RoleGrant
from catalog.courses.models import Course
from catalog.extensions import db
from catalog.places import county_name


def grants(reader: Person) -> Sequence[RoleGrant]:
    """All there ever were, the newest first; to whoever coordinates a part, those they have and those they gave."""
    found = (
        sa.select(RoleGrant)
        .options(
            joinedload(RoleGrant.person, innerjoin=True),
            joinedload(RoleGrant.granted_by, innerjoin=True),
            joinedload(RoleGrant.ended_by),
        )
        .order_by(RoleGrant.id.desc())
        .limit(500)
    )
    if not reader.is_coordinator:
        found = found.where(is_their_concern(reader))
    return db.session.scalars(found).all()


def is_their_concern(reader: Person) -> sa.ColumnElement[bool]:
    return sa.or_(RoleGrant.person_id == reader.id, RoleGrant.granted_by_id == reader.id)


def grant(grant_id: int) -> RoleGrant | None:
    return db.session.get(RoleGrant, grant_id)


def providers() -> Sequence[str]:
    """As the courses say them."""
    return db.session.scalars(
        sa.select(Course.provider).where(Course.provider != "").distinct().order_by(Course.provider)
    ).all()


def said(made: RoleGrant) -> str:
    """ "everything", or "Mobile and Baldwin; courses of a provider"."""
    counties = " and ".join(county_name(fips) or fips for fips in made.counties)
    of = f"courses of {' and '.join(made.providers)}" if made.providers else ""
    return "; ".join(part for part in (counties, of) if part) or "everything"
