"""Who else comes to a session, for those who have a seat on it; and where they can write to its trainers.

Names and addresses are those of people who chose to show them; the others are counted."""

from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog.accounts import openness
from catalog.accounts.models import Person
from catalog.accounts.openness import Openness
from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db


class Company(NamedTuple):
    """`others` is how many more there are who do not show their name."""

    names: list[str]
    others: int
    addresses: dict[int, str]
    """Of trainers, by their number."""


def of(
    reader: Any, offering: Offering, mine: Enrollment | None, trainers: Collection[Person]
) -> Company | None:
    """None for whoever has no seat: a session tells strangers how many come and no more."""
    if mine is None or mine.state != State.SEATED or offering.is_cancelled:
        return None
    rows = db.session.execute(
        sa.select(Person.name, Openness.name_on_sessions)
        .select_from(Enrollment)
        .join(Person, Person.id == Enrollment.person_id)
        .outerjoin(Openness, Openness.person_id == Person.id)
        .where(
            Enrollment.offering_id == offering.id,
            Enrollment.state == State.SEATED,
            Enrollment.person_id != reader.id,
        )
        .order_by(Person.name, Person.id)
    ).all()
    names = [name for name, shows in rows if shows]
    reachable = openness.shown(Openness.address_as_trainer, trainers)
    return Company(names, len(rows) - len(names), {person.id: person.email for person in reachable})
