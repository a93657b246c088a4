"""How far everybody is, reckoned by the worker now and then, so that a report of ten thousands need not reckon.

A run (StandingRun) writes rows of its own and is shown once it is finished; until then, and when it is broken off,
the run before it stays. The rows are copies as of one moment. They name people and goals without a constraint, so
that a copy never stands in the way of whoever changes the thing itself."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from catalog.extensions import Base, stored_by_value


class Step(StrEnum):
    """How much of what a category asks for is there; `steps.step_of` says exactly when. No step is an approval."""

    BEGUN = "begun"
    UNDER_HALF = "under half"
    HALF = "half and more"
    RSC_OPEN = "rsc open"
    ALL_SEEN = "all seen"
    NO_RULES = "no rules"


class StandingRun(Base):
    """One time everybody was reckoned: as of `at`, which is the day `today` where the catalog is at home.

    Goals come first, then what people hold; `reached` is the last of them that was reckoned."""

    __tablename__ = "standing_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    today: Mapped[date]
    goals_done: Mapped[bool] = mapped_column(default=False)
    reached: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]


class GoalStanding(Base):
    """One goal. `missing` lists the topics that nothing covers, each between commas: ",3,17,". `county` is empty
    where the person named none."""

    __tablename__ = "goal_standing"
    __table_args__ = (sa.Index("ix_goal_standing_step", "run_id", "category_id", "step", "county"),)

    run_id: Mapped[int] = mapped_column(
        sa.ForeignKey("standing_run.id", ondelete="CASCADE"), primary_key=True
    )
    goal_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    category_id: Mapped[int]
    county: Mapped[str] = mapped_column(sa.String(5))
    step: Mapped[Step] = stored_by_value(Step)
    percent: Mapped[int]
    missing: Mapped[str] = mapped_column(sa.Text)


class TopicGap(Base):
    """How many people of a county miss a topic for something they work toward, each counted once."""

    __tablename__ = "topic_gap"

    run_id: Mapped[int] = mapped_column(
        sa.ForeignKey("standing_run.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    people: Mapped[int]


class RenewalStanding(Base):
    """One category somebody holds, in the period that ends on `valid_until`. Minutes are what is not verified yet."""

    __tablename__ = "renewal_standing"
    __table_args__ = (sa.Index("ix_renewal_standing_until", "run_id", "valid_until"),)

    run_id: Mapped[int] = mapped_column(
        sa.ForeignKey("standing_run.id", ondelete="CASCADE"), primary_key=True
    )
    endorsed_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    category_id: Mapped[int]
    county: Mapped[str] = mapped_column(sa.String(5))
    valid_until: Mapped[date]
    lacks_training: Mapped[bool]
    lacks_rsc: Mapped[bool]
    lacks_membership: Mapped[bool]
    # What the lines that are open say, in words: "3 h of 15 h training".
    lacking: Mapped[str] = mapped_column(sa.Text)
