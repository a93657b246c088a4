"""What people want to hear of: searches they saved, and courses that have no date yet."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.courses.models import Course, Offering
from catalog.extensions import Base, stored_by_value


class HowOften(StrEnum):
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class SavedSearch(Base):
    """A state of the catalog page whose new sessions a person is told of. `query` is its canonical address."""

    __tablename__ = "saved_search"
    __table_args__ = (sa.UniqueConstraint("person_id", "query"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    label: Mapped[str] = mapped_column(sa.String(160))
    query: Mapped[str] = mapped_column(sa.String(1000))
    how_often: Mapped[HowOften] = stored_by_value(HowOften, default=HowOften.DAILY)
    saved_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class SavedSearchHit(Base):
    """A session that a saved search has found: found once, and told once. `told_at` None waits for the next mail."""

    __tablename__ = "saved_search_hit"

    search_id: Mapped[int] = mapped_column(
        sa.ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True
    )
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id"), primary_key=True, index=True)
    found_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    search: Mapped[SavedSearch] = relationship()
    offering: Mapped[Offering] = relationship()


class Interest(Base):
    """Somebody who would come to a course when it has a date. `told_at` is when they were last told of one."""

    __tablename__ = "interest"
    __table_args__ = (sa.UniqueConstraint("course_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()
    person: Mapped[Person] = relationship()
