"""A file of everything about somebody, and somebody who leaves."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.extensions import Base


class PersonalExport(Base):
    """Everything about one person as one ZIP, made by the worker; only they may fetch it, until it expires."""

    __tablename__ = "personal_export"
    __table_args__ = (sa.CheckConstraint("(made_at IS NULL) = (content IS NULL)", name="made"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    size: Mapped[int] = mapped_column(default=0)
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)

    def is_there(self, at: datetime) -> bool:
        return self.expires_at is not None and at < self.expires_at


class Departure(Base):
    """Somebody asked for their account to be deleted at `due_at`. Until then it can be called off, by the link that
    was mailed to them or by signing in."""

    __tablename__ = "departure"
    __table_args__ = (
        sa.CheckConstraint("undone_at IS NULL OR done_at IS NULL", name="one_end"),
        sa.Index(
            "uq_departure_open",
            "person_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL AND done_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL AND done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    undone_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    @property
    def is_open(self) -> bool:
        return self.undone_at is None and self.done_at is None
