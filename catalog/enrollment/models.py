"""Who is on which offering, and in what state."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.extensions import Base, stored_by_value


class State(StrEnum):
    """requested: somebody must approve it. waiting: in the queue. offered: a seat is held until the offer runs
    out. seated: has a seat. The others are ends: an ended enrollment is kept, and joining again is a new row."""

    REQUESTED = "requested"
    WAITING = "waiting"
    OFFERED = "offered"
    SEATED = "seated"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    LAPSED = "lapsed"
    REFUSED = "refused"
    REMOVED = "removed"
    MOVED = "moved"


LIVE = (State.REQUESTED, State.WAITING, State.OFFERED, State.SEATED)
HOLDING = (State.OFFERED, State.SEATED)


def _sql(states: tuple[State, ...]) -> str:
    return "state IN (" + ", ".join(f"'{state}'" for state in states) + ")"


class Enrollment(Base):
    """One person's place on one offering.

    The database itself keeps the rules that must never break: one live enrollment per person and offering, one
    live enrollment per seat, a seat of the same offering, and a seat exactly when the state says so. Since an
    offering has only as many seats as its capacity, nobody can be seated on seat N+1.

    The queue's order is (`queued_at`, `id`)."""

    __tablename__ = "enrollment"
    __table_args__ = (
        sa.ForeignKeyConstraint(["seat_id", "offering_id"], ["seat.id", "seat.offering_id"]),
        sa.CheckConstraint(f"({_sql(HOLDING)}) = (seat_id IS NOT NULL)", name="seat_when_held"),
        sa.CheckConstraint("(state = 'offered') = (offer_ends_at IS NOT NULL)", name="offer_has_end"),
        sa.Index(
            "uq_enrollment_live",
            "offering_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text(_sql(LIVE)),
            postgresql_where=sa.text(_sql(LIVE)),
        ),
        sa.Index("uq_enrollment_seat_id", "seat_id", unique=True),
        sa.Index(
            "ix_enrollment_queue",
            "offering_id",
            "queued_at",
            "id",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        # What somebody has to answer, among millions that are settled.
        sa.Index(
            "ix_enrollment_requested",
            "offering_id",
            sqlite_where=sa.text("state = 'requested'"),
            postgresql_where=sa.text("state = 'requested'"),
        ),
        sa.Index(
            "ix_enrollment_offered",
            "offer_ends_at",
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[State] = stored_by_value(State)
    seat_id: Mapped[int | None]
    joined_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    offer_ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    # Private to the person, the trainer and the coordinators.
    access_request: Mapped[str] = mapped_column(sa.Text, default="")

    offering: Mapped[Offering] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


# Written out, because a partial index is of no use to a value that is only known later.
IS_WAITING = Enrollment.state == sa.literal_column(f"'{State.WAITING}'")
IS_REQUESTED = Enrollment.state == sa.literal_column(f"'{State.REQUESTED}'")
IS_OFFERED = Enrollment.state == sa.literal_column(f"'{State.OFFERED}'")
