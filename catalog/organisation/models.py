"""Who somebody is at their organisation's provider."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.extensions import Base


class Identity(Base):
    """An account at a provider, known by who issued it and its number there, never by its address: addresses are
    given to somebody else when people leave."""

    __tablename__ = "identity"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(sa.String(400))
    subject: Mapped[str] = mapped_column(sa.String(255))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    # As the provider named it last; shown, and compared with nothing.
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    linked_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class UsedState(Base):
    """A way to the provider from which somebody has come back: nobody comes back from it twice."""

    __tablename__ = "used_state"

    state_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(index=True)
