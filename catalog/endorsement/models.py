"""What somebody works toward (Goal), holds (Endorsed), plans (Plan) and shows to others (ShareLink)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.competencies.models import Category
from catalog.courses.models import Offering
from catalog.extensions import Base, stored_by_value


class Goal(Base):
    """A category somebody works toward.

    `ticks` is the checklist of what is no hours: {"exam": "2026-11-28"}, the day on which the person ticked it.
    `summary` is the readiness as it was last reckoned, for lists and reports; pages reckon anew."""

    __tablename__ = "goal"
    __table_args__ = (sa.UniqueConstraint("person_id", "category_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("category.id"), index=True)
    added_at: Mapped[datetime]
    ticks: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any] | None]
    summed_up_at: Mapped[datetime | None]
    # Left aside: it is kept with its plans, so that it can be taken up again.
    dropped_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    category: Mapped[Category] = relationship()


class Endorsed(Base):
    """A category somebody holds. `valid_until` is the last day of the period they are in, by which they renew."""

    __tablename__ = "endorsed"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "category_id"),
        sa.CheckConstraint("valid_until >= endorsed_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("category.id"), index=True)
    endorsed_on: Mapped[date]
    valid_until: Mapped[date] = mapped_column(index=True)
    provides_rsc: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    category: Mapped[Category] = relationship()


class StepState(StrEnum):
    """planned: not joined yet. seated, waiting, requested: what joining gave. refused: it could not be taken, `said`
    says why. lost: the seat was there and is gone."""

    PLANNED = "planned"
    SEATED = "seated"
    WAITING = "waiting"
    REQUESTED = "requested"
    REFUSED = "refused"
    LOST = "lost"


class Plan(Base):
    """A set of sessions that closes what is missing, as the person wished for it. `wishes` is what was asked, `told`
    what the plan says of itself: what it costs, what stays open and why. The newest of a goal is the one in use."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    wishes: Mapped[dict[str, Any]]
    told: Mapped[dict[str, Any]]
    joined_at: Mapped[datetime | None]

    goal: Mapped[Goal] = relationship()
    steps: Mapped[list["PlanStep"]] = relationship(
        back_populates="plan", order_by="PlanStep.position", cascade="all, delete-orphan"
    )


class PlanStep(Base):
    """One session of a plan, and why it is in it."""

    __tablename__ = "plan_step"
    __table_args__ = (sa.UniqueConstraint("plan_id", "offering_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    position: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[StepState] = stored_by_value(StepState, default=StepState.PLANNED)
    said: Mapped[str] = mapped_column(sa.Text, default="")

    plan: Mapped[Plan] = relationship(back_populates="steps")
    offering: Mapped[Offering] = relationship()


class ShareLink(Base):
    """A read-only look at one goal for somebody without an account. Only the hash of the address is kept."""

    __tablename__ = "share_link"
    __table_args__ = (sa.CheckConstraint("expires_at > made_at", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    # For whom it is, as the person says it to tell their links apart.
    label: Mapped[str] = mapped_column(sa.String(120))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    goal: Mapped[Goal] = relationship()

    def is_open(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


class Recount(Base):
    """Reckoning everybody's readiness anew after a rule changed, in the worker, with how far it is."""

    __tablename__ = "recount"

    id: Mapped[int] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(sa.Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    # The last goal that was reckoned; a worker that was killed goes on behind it.
    reached: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]

    asked_by: Mapped[Person | None] = relationship()
