"""What trainers give and write to those on their sessions."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.courses.models import Meeting, Offering
from catalog.extensions import Base, stored_by_value


class Shown(StrEnum):
    """From when those with a seat see a material."""

    BEFORE = "before"
    AFTER = "after"


class Material(Base):
    """A file or a link for those with a seat. A file has `content`, a link has `url`; never both.

    One that was taken back keeps its row until the trainer's undo has become pointless."""

    __tablename__ = "material"
    __table_args__ = (
        sa.CheckConstraint("(url = '') = (content IS NOT NULL)", name="file_or_link"),
        sa.CheckConstraint("size >= 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    title: Mapped[str] = mapped_column(sa.Text)
    url: Mapped[str] = mapped_column(sa.Text, default="")
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    media_type: Mapped[str] = mapped_column(sa.String(60), default="")
    size: Mapped[int] = mapped_column(default=0)
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    shown: Mapped[Shown] = stored_by_value(Shown, default=Shown.BEFORE)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]
    # What the form that made this carried; the same form sent twice makes it once.
    once: Mapped[str | None] = mapped_column(sa.String(32), unique=True)

    offering: Mapped[Offering] = relationship()
    added_by: Mapped[Person] = relationship()


class Audience(StrEnum):
    EVERYONE = "everyone"
    SEATED = "seated"
    WAITING = "waiting"
    ABSENT = "absent"


class RosterMessage(Base):
    """What a trainer wrote to people on a session, as it was sent. `meeting` says which one ABSENT speaks of."""

    __tablename__ = "roster_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    audience: Mapped[Audience] = stored_by_value(Audience)
    meeting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting.id", ondelete="SET NULL"))
    subject: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    sent_at: Mapped[datetime]
    once: Mapped[str | None] = mapped_column(sa.String(32), unique=True)

    offering: Mapped[Offering] = relationship()
    by: Mapped[Person] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    people: Mapped[list[Person]] = relationship(secondary="roster_message_person")


roster_message_person = sa.Table(
    "roster_message_person",
    Base.metadata,
    sa.Column("message_id", sa.ForeignKey("roster_message.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
)
