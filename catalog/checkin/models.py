"""What opens check-in at a meeting: the secret its codes are made from, and what its trainer allows."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.courses.models import Meeting
from catalog.extensions import Base

LEAVING = timedelta(hours=1)
"""How long after the end people can still check out."""


class Door(Base):
    """The door of one meeting. Its codes follow from `secret` and the time; a new secret voids them all.

    `printed_secret` is there only where the trainer chose a code on paper, which does not change by itself."""

    __tablename__ = "door"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(sa.String(64))
    printed_secret: Mapped[str | None] = mapped_column(sa.String(64))
    allows_walk_ins: Mapped[bool] = mapped_column(default=False)
    checks_out: Mapped[bool] = mapped_column(default=False)
    is_open: Mapped[bool] = mapped_column(default=True)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))

    meeting: Mapped[Meeting] = relationship()
    opened_by: Mapped[Person] = relationship()

    def is_working(self, at: datetime) -> bool:
        """Whether its codes open anything: until the meeting ends, and for those who check out a while longer."""
        return self.is_open and at < self.meeting.ends_at + (LEAVING if self.checks_out else timedelta())
