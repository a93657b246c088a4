"""When somebody says that a mark is wrong: the question, its answers and how it ended."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.courses.models import Meeting
from catalog.enrollment.models import Enrollment
from catalog.extensions import Base, stored_by_value


class DisputeState(StrEnum):
    """with_trainer: to be answered. answered: the person may let it rest or pass it on. with_coordinator: to be
    decided. settled: at rest."""

    WITH_TRAINER = "with_trainer"
    ANSWERED = "answered"
    WITH_COORDINATOR = "with_coordinator"
    SETTLED = "settled"


class Dispute(Base):
    """A person's question about their mark at one meeting. One at a time for each mark."""

    __tablename__ = "dispute"
    __table_args__ = (
        sa.Index(
            "uq_dispute_open",
            "enrollment_id",
            "meeting_id",
            unique=True,
            sqlite_where=sa.text("state <> 'settled'"),
            postgresql_where=sa.text("state <> 'settled'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrollment.id"), index=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    state: Mapped[DisputeState] = stored_by_value(DisputeState, index=True)
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    enrollment: Mapped[Enrollment] = relationship()
    meeting: Mapped[Meeting] = relationship()
    entries: Mapped[list["DisputeEntry"]] = relationship(
        back_populates="dispute", order_by="DisputeEntry.id", cascade="all, delete-orphan"
    )

    @property
    def is_open(self) -> bool:
        return self.state != DisputeState.SETTLED


class DisputeAct(StrEnum):
    OPENED = "opened"
    ANSWERED = "answered"
    PASSED_ON = "passed_on"
    ACCEPTED = "accepted"
    DECIDED = "decided"


class DisputeEntry(Base):
    """One thing said in a dispute, with the minutes before and after where the mark was changed by it."""

    __tablename__ = "dispute_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(sa.ForeignKey("dispute.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    act: Mapped[DisputeAct] = stored_by_value(DisputeAct)
    text: Mapped[str] = mapped_column(sa.Text, default="")
    minutes_before: Mapped[int | None]
    minutes_after: Mapped[int | None]

    dispute: Mapped[Dispute] = relationship(back_populates="entries")
    by: Mapped[Person] = relationship()
