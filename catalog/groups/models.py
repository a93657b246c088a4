"""What reflective practice groups have beside their seats; nothing here holds a word about what was talked of."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.courses.models import Meeting
from catalog.enrollment.models import Enrollment
from catalog.extensions import Base, stored_by_value
from catalog.records.models import HourEntry


class Absence(Base):
    """A member said beforehand that they cannot make a meeting; taken back, the row is gone. It says no reason."""

    __tablename__ = "absence"
    __table_args__ = (sa.UniqueConstraint("enrollment_id", "meeting_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrollment.id"))
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    said_at: Mapped[datetime]

    enrollment: Mapped[Enrollment] = relationship()
    meeting: Mapped[Meeting] = relationship()


class RscState(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class RscSession(Base):
    """One individual meeting with a provider of RSC, written down by one of the two and confirmed by the provider.

    Confirmed, it becomes an entry of the person's hours (`entry`). `minutes` are clock minutes."""

    __tablename__ = "rsc_session"
    __table_args__ = (
        sa.CheckConstraint("minutes > 0", name="minutes"),
        sa.CheckConstraint("person_id <> provider_id", name="two_people"),
        sa.CheckConstraint("(state = 'confirmed') = (entry_id IS NOT NULL)", name="entry_when_confirmed"),
        sa.Index("ix_rsc_session_provider", "provider_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    held_on: Mapped[date]
    minutes: Mapped[int]
    state: Mapped[RscState] = stored_by_value(RscState, default=RscState.ASKED)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hour_entry.id"), unique=True)
    once: Mapped[str | None] = mapped_column(sa.String(32), unique=True)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    provider: Mapped[Person] = relationship(foreign_keys=provider_id)
    entry: Mapped[HourEntry | None] = relationship()
