"""The locks that a merge and its undo take: first the sessions, as everybody does, and then both people."""

from collections.abc import Iterable

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment
from catalog.extensions import db


def hold_sessions(person_ids: Iterable[int]) -> None:
    """Whoever gives hours, moves the queue or takes a seat on a session of theirs holds its row, and waits, or is
    waited for. Theirs is also what they lead: whoever comes to lead it is written into its row."""
    ids = list(person_ids)
    on = sa.select(Enrollment.offering_id).where(Enrollment.person_id.in_(ids))
    db.session.execute(
        sa.select(Offering.id)
        .where(sa.or_(Offering.id.in_(on), Offering.trainer_id.in_(ids)))
        .order_by(Offering.id)
        .with_for_update(key_share=True)
    ).all()


def hold_people(*person_ids: int) -> dict[int, Person]:
    """Both rows, in the order of their numbers, as they stand now.

    It is not the strongest lock: every foreign key to a person asks for the weakest, and those who wait for it may
    hold what a merge waits for. Who joins a session asks for more (enrollment.seats)."""
    found = db.session.scalars(
        sa.select(Person)
        .where(Person.id.in_(person_ids))
        .order_by(Person.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {person.id: person for person in found}
