"""What stands in people's own calendars because we sent it there, and the private addresses they read it from."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.extensions import Base


class CalendarEntry(Base):
    """One meeting as one person's calendar was last told it.

    `meeting_id` is no foreign key: an entry outlives its meeting, because a calendar can only be told that a meeting
    is off in the words by which it knows it. `facts` are those words, `fingerprint` their digest; a new one raises
    `sequence`, and so does a cancellation, so that the latest mail always wins."""

    __tablename__ = "calendar_entry"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "meeting_id"),
        sa.CheckConstraint("sequence >= 0", name="sequence"),
        sa.Index("ix_calendar_entry_offering", "offering_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id"))
    meeting_id: Mapped[int]
    sequence: Mapped[int] = mapped_column(default=0)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    facts: Mapped[dict[str, Any]]
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    offering: Mapped[Offering] = relationship()


class CalendarFeed(Base):
    """A secret address under which a person's calendar program reads their sessions. Only its hash is kept."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
