"""Participants' reports of video meetings, as they were read and before and after they were settled."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.courses.models import Meeting
from catalog.extensions import Base, stored_by_value


class Source(StrEnum):
    ZOOM = "zoom"
    TEAMS = "teams"
    MEET = "meet"


class Report(Base):
    """One uploaded report of one meeting: what it says of each participant, and whether it was saved as marks.

    `participants` is what was read, as JSON; the file itself is not kept. The same file is one report."""

    __tablename__ = "video_report"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    source: Mapped[Source] = stored_by_value(Source)
    zone: Mapped[str] = mapped_column(sa.String(64))
    participants: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    read_at: Mapped[datetime]
    read_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[datetime | None]
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    meeting: Mapped[Meeting] = relationship()
    read_by: Mapped[Person] = relationship(foreign_keys=read_by_id)
    saved_by: Mapped[Person | None] = relationship(foreign_keys=saved_by_id)
