"""What people bring along: hours earned elsewhere, and education at a university, with what shows them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.attendance.models import KnownBy
from catalog.competencies.models import Area, HourTag, Ledger, Topic
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


class EntrySource(StrEnum):
    """How hours that were not earned here came into the ledger."""

    SELF_REPORTED = "self_reported"
    COORDINATOR = "coordinator"
    IMPORTED = "imported"


class EntryState(StrEnum):
    """pending: waits for a coordinator. verified, returned: a coordinator has looked. withdrawn: taken back."""

    PENDING = "pending"
    VERIFIED = "verified"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How somebody who provided RSC stood on that day, as far as it is known."""

    ENDORSED = "endorsed"
    VETTED = "vetted"
    NOT_ENDORSED = "not_endorsed"
    PEERS = "peers"
    UNKNOWN = "unknown"


class HourImport(Base):
    """A table of somebody's past trainings as it was read, until it is saved or left. `rows` is {"rows": [...]}."""

    __tablename__ = "hour_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    rows: Mapped[dict[str, Any]]
    read_at: Mapped[datetime]
    read_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    read_by: Mapped[Person] = relationship(foreign_keys=read_by_id)


class HourEntry(Base):
    """Hours that were earned elsewhere, in one of the two ledgers. `minutes` are clock minutes.

    What an entry says is never changed: a correction is another entry that names it in `supersedes_id`, and the old
    one gets its `superseded_at`. Only what a coordinator said of it is written on it, once. `trainer` is who taught,
    for RSC who provided it; `provider_categories` holds the codes of the categories and add-ons that person held on
    that day, separated by blanks; the tag of RSC about the RSC one gives is one of its tags."""

    __tablename__ = "hour_entry"
    __table_args__ = (
        sa.CheckConstraint("minutes > 0", name="minutes"),
        sa.CheckConstraint("ended_on >= began_on", name="days"),
        sa.CheckConstraint("(state = 'pending') OR (checked_at IS NOT NULL)", name="checked"),
        sa.CheckConstraint("supersedes_id IS NULL OR supersedes_id <> id", name="not_itself"),
        sa.Index("ix_hour_entry_of", "person_id", "superseded_at", "ended_on"),
        sa.Index(
            "ix_hour_entry_waiting",
            "added_at",
            sqlite_where=sa.text("state = 'pending' AND superseded_at IS NULL"),
            postgresql_where=sa.text("state = 'pending' AND superseded_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    ledger: Mapped[Ledger] = stored_by_value(Ledger)
    title: Mapped[str] = mapped_column(sa.Text)
    began_on: Mapped[date]
    ended_on: Mapped[date]
    minutes: Mapped[int]
    trainer: Mapped[str] = mapped_column(sa.Text, default="")
    provider: Mapped[str] = mapped_column(sa.Text, default="")
    # Who provided it, where that person has an account here and confirmed it.
    provider_id: Mapped[int | None]
    is_group: Mapped[bool | None]
    provider_standing: Mapped[Standing] = stored_by_value(Standing, default=Standing.UNKNOWN)
    provider_categories: Mapped[str] = mapped_column(sa.String(200), default="")
    source: Mapped[EntrySource] = stored_by_value(EntrySource)
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hour_import.id"))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[EntryState] = stored_by_value(EntryState, default=EntryState.PENDING)
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    superseded_at: Mapped[datetime | None]
    supersedes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hour_entry.id"), unique=True)
    # What the form that made this carried; the same form sent twice makes it once.
    once: Mapped[str | None] = mapped_column(sa.String(32), unique=True)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    added_by: Mapped[Person] = relationship(foreign_keys=added_by_id)
    checked_by: Mapped[Person | None] = relationship(foreign_keys=checked_by_id)
    evidence: Mapped[Evidence | None] = relationship()
    supersedes: Mapped["HourEntry | None"] = relationship(remote_side="HourEntry.id")
    areas: Mapped[list[Area]] = relationship(secondary="hour_entry_area", order_by=Area.position)
    topics: Mapped[list[Topic]] = relationship(secondary="hour_entry_topic", order_by=Topic.position)
    tags: Mapped[list[HourTag]] = relationship(secondary="hour_entry_tag", order_by=HourTag.id)

    @property
    def known_by(self) -> KnownBy:
        if self.state != EntryState.VERIFIED:
            return KnownBy.SELF_REPORTED
        is_provider = self.provider_id is not None and self.provider_id == self.checked_by_id
        return KnownBy.PROVIDER if is_provider else KnownBy.COORDINATOR

    @property
    def counts(self) -> bool:
        """Whether it is in force and nobody sent it back; whether it was verified is another question."""
        return self.superseded_at is None and self.state in (EntryState.PENDING, EntryState.VERIFIED)


def _touched(kind: str) -> sa.Table:
    """Which areas, topics or tags an entry names; they are written with it and never changed."""
    return sa.Table(
        f"hour_entry_{kind}",
        Base.metadata,
        sa.Column("entry_id", sa.ForeignKey("hour_entry.id", ondelete="CASCADE"), primary_key=True),
        sa.Column(
            f"{kind}_id", sa.ForeignKey("hour_tag.id" if kind == "tag" else f"{kind}.id"), primary_key=True
        ),
    )


hour_entry_area, hour_entry_topic, hour_entry_tag = (_touched(kind) for kind in ("area", "topic", "tag"))
