"""What a course covers, and what was said about it before it was published."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.competencies.models import Area, Topic
from catalog.courses.models.course import Course
from catalog.extensions import Base, stored_by_value


class Basis(StrEnum):
    """Where a mapping came from. Only a coordinator's review, recorded beside it, makes it reviewed."""

    STATED = "stated by the provider"
    SUGGESTED = "suggested, not reviewed"
    PROPOSED = "proposed by the trainer"


class CourseArea(Base):
    """That a course covers an area, with the minutes of it where the trainer splits them."""

    __tablename__ = "course_area"
    __table_args__ = (sa.CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes"),)

    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), primary_key=True, index=True)
    minutes: Mapped[int | None]
    basis: Mapped[Basis] = stored_by_value(Basis)
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship(back_populates="areas")
    area: Mapped[Area] = relationship()
    reviewed_by: Mapped[Person | None] = relationship()


class CourseTopic(Base):
    """That a course covers a topic. Its area is covered too, by a CourseArea row."""

    __tablename__ = "course_topic"

    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"), primary_key=True, index=True)
    basis: Mapped[Basis] = stored_by_value(Basis)
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship(back_populates="topics")
    topic: Mapped[Topic] = relationship()
    reviewed_by: Mapped[Person | None] = relationship()


class ReviewAct(StrEnum):
    SUBMITTED = "submitted"
    CHANGES_ASKED = "changes_asked"
    PUBLISHED = "published"
    MAPPING_REVIEWED = "mapping_reviewed"


class Review(Base):
    """One step in the conversation about a course: sent, changes asked, published."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    act: Mapped[ReviewAct] = stored_by_value(ReviewAct)
    text: Mapped[str] = mapped_column(sa.Text, default="")

    course: Mapped[Course] = relationship()
    by: Mapped[Person] = relationship()
