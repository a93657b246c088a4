"""What people let others see of them. Whatever nobody chose stays closed."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import Base, db, insert


class Openness(Base):
    """One person's choices. No row is the same as a row that says no to everything."""

    __tablename__ = "openness"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    # Whoever has a seat on the same session sees their name.
    name_on_sessions: Mapped[bool] = mapped_column(default=False)
    # Members of the same reflective practice group, who see each other's names, see their address too.
    address_in_groups: Mapped[bool] = mapped_column(default=False)
    # Of trainers: whoever has a seat on a session of theirs sees their address.
    address_as_trainer: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]


Choice = InstrumentedAttribute[bool]


def of(person: Person) -> Openness:
    """Their choices, also where they never made any."""
    return db.session.get(Openness, person.id) or Openness(
        person_id=person.id, name_on_sessions=False, address_in_groups=False, address_as_trainer=False
    )


def choose(
    person: Person, *, name_on_sessions: bool, address_in_groups: bool, address_as_trainer: bool
) -> None:
    """From now on others see this much. Said twice at once it is still one row."""
    chosen = {
        "name_on_sessions": name_on_sessions,
        "address_in_groups": address_in_groups,
        "address_as_trainer": address_as_trainer,
        "changed_at": clock.now(),
    }
    row = insert(Openness).values(person_id=person.id, **chosen)
    db.session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=chosen))
    db.session.expire_all()


def shown(choice: Choice, people: Collection[Person]) -> list[Person]:
    """Those of these people who let others see it, in the same order."""
    if not people:
        return []
    chose = set(
        db.session.scalars(
            sa.select(Openness.person_id).where(
                Openness.person_id.in_([person.id for person in people]), choice
            )
        )
    )
    return [person for person in people if person.id in chose]
