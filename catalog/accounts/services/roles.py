"""Who may do what."""

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.errors import RuleBroken
from catalog.extensions import db


class LastAdministrator(RuleBroken):
    sentence = "Somebody has to administer the catalog. Make another person administrator first."


def set_roles(person: Person, *, is_trainer: bool, coordinates: bool, is_administrator: bool) -> None:
    """Give and take roles; raises LastAdministrator rather than leave the catalog without one.

    The administrators are locked first: two of them who step down at once take turns."""
    administrators = db.session.scalars(
        sa.select(Person.id)
        .where(Person.is_administrator, Person.merged_into_id.is_(None))
        .order_by(Person.id)
        .with_for_update(key_share=True)
    ).all()
    if not is_administrator and list(administrators) == [person.id]:
        raise LastAdministrator
    person.is_trainer, person.coordinates, person.is_administrator = (
        is_trainer,
        coordinates,
        is_administrator,
    )
    db.session.flush()
