"""What people bring along: education at a university, with what shows it."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.courses.models import Course
from catalog.extensions import Base, stored_by_value


class Evidence(Base):
    """A file somebody handed in. Only they and the coordinators may read it."""

    __tablename__ = "evidence"
    __table_args__ = (sa.CheckConstraint("size >= 0", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(60))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    added_at: Mapped[datetime]


class CheckState(StrEnum):
    PENDING = "pending"
    CHECKED = "checked"
    RETURNED = "returned"


class Education(Base):
    """A programme at a university, as the person says it and a coordinator checked it. Never training hours."""

    __tablename__ = "education"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id"))
    programme: Mapped[str] = mapped_column(sa.Text)
    institution: Mapped[str] = mapped_column(sa.Text)
    # As the university states it, for example "15 semester hours".
    credit_hours: Mapped[str] = mapped_column(sa.Text, default="")
    finished_on: Mapped[date | None]
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))
    state: Mapped[CheckState] = stored_by_value(CheckState, default=CheckState.PENDING, index=True)
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    added_at: Mapped[datetime]
    # What the form that made this carried; the same form sent twice makes it once.
    once: Mapped[str | None] = mapped_column(sa.String(32), unique=True)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    course: Mapped[Course | None] = relationship()
    evidence: Mapped[Evidence | None] = relationship()
    checked_by: Mapped[Person | None] = relationship(foreign_keys=checked_by_id)
