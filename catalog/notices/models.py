"""What must still be done or sent (Job), and what was done (AuditEntry)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.extensions import Base, stored_by_value


class JobState(StrEnum):
    READY = "ready"
    DONE = "done"
    DEAD = "dead"


class Job(Base):
    """One piece of work for the worker, written in the transaction that causes it.

    A worker leases a ready job until `leased_until`; when the worker dies the lease runs out and another takes
    it. A second row with the same `dedupe_key` is refused, so that the same thing is never asked for twice."""

    __tablename__ = "job"
    __table_args__ = (
        sa.Index(
            "ix_job_ready",
            "run_at",
            sqlite_where=sa.text("state = 'ready'"),
            postgresql_where=sa.text("state = 'ready'"),
        ),
        sa.Index(
            "ix_job_dead",
            "kind",
            sqlite_where=sa.text("state = 'dead'"),
            postgresql_where=sa.text("state = 'dead'"),
        ),
        sa.Index(
            "ix_job_dead_id",
            "id",
            sqlite_where=sa.text("state = 'dead'"),
            postgresql_where=sa.text("state = 'dead'"),
        ),
        sa.Index(
            "ix_job_mailed",
            "done_at",
            sqlite_where=sa.text("state = 'done' AND kind = 'mail'"),
            postgresql_where=sa.text("state = 'done' AND kind = 'mail'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    payload: Mapped[dict[str, Any]]
    dedupe_key: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    state: Mapped[JobState] = stored_by_value(JobState, default=JobState.READY)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(sa.String(80))
    error: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    # For mail: whom it is for, and what became of it ("sent to …", "not wanted", "no address takes mail").
    person_id: Mapped[int | None] = mapped_column(index=True)
    outcome: Mapped[str | None] = mapped_column(sa.String(300))


class AuditEntry(Base):
    """Who did what to what, when. Rows are only ever added: the database refuses to change or delete one, but while
    notices.audit.opened() says so.

    `about` and `about_id` name the thing ("offering", 7); `person_id` is whom it concerns, `by_id` who acted
    (None is the catalog itself, for instance an offer that ran out)."""

    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index("ix_audit_entry_about", "about", "about_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(sa.String(60))
    about: Mapped[str] = mapped_column(sa.String(40))
    about_id: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str | None] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]]

    by: Mapped[Person | None] = relationship(foreign_keys=by_id)
    person: Mapped[Person | None] = relationship(foreign_keys=person_id)


class TrailOpened(Base):
    """While it has a row, the trail may be changed: within one transaction, and never when it is committed."""

    __tablename__ = "trail_opened"

    id: Mapped[int] = mapped_column(primary_key=True)


class LetterTemplate(Base):
    """The words a coordinator chose for one kind of letter, instead of those it comes with."""

    __tablename__ = "letter_template"

    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(sa.Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    changed_by: Mapped[Person | None] = relationship()


class Muted(Base):
    """A kind of letter that a person does not want."""

    __tablename__ = "muted"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    since: Mapped[datetime]


class Bounce(Base):
    """A mail server said that it does not take mail for an address. Permanent ones mark it until they are cleared."""

    __tablename__ = "bounce"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(254), index=True)
    is_permanent: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    job_id: Mapped[int | None]
    # What the report is recognised by when it comes twice.
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    came_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    cleared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
