"""Certificates: what was printed, whether it still holds, and the pages as they were made."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.courses.models import Course, Offering
from catalog.extensions import Base, stored_by_value


class CertificateKind(StrEnum):
    """For one offering; or for a certificate course, when all its components are finished."""

    OFFERING = "offering"
    COURSE = "course"


IN_FORCE = "superseded_at IS NULL AND revoked_at IS NULL"


class Certificate(Base):
    """What somebody can show. `facts` is everything that stands on the paper, as it was on that day, and is never
    changed: a correction is another certificate, which supersedes this one.

    `number` cannot be guessed; it is the address of the public page."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'offering') = (offering_id IS NOT NULL)", name="offering"),
        sa.Index(
            "uq_certificate_of_offering",
            "person_id",
            "offering_id",
            unique=True,
            sqlite_where=sa.text(f"kind = 'offering' AND {IN_FORCE}"),
            postgresql_where=sa.text(f"kind = 'offering' AND {IN_FORCE}"),
        ),
        sa.Index(
            "uq_certificate_of_course",
            "person_id",
            "course_id",
            unique=True,
            sqlite_where=sa.text(f"kind = 'course' AND {IN_FORCE}"),
            postgresql_where=sa.text(f"kind = 'course' AND {IN_FORCE}"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    kind: Mapped[CertificateKind] = stored_by_value(CertificateKind)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"), index=True)
    offering_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    facts: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    superseded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"), unique=True)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    # Why it was superseded or revoked; shown to whoever checks it.
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    course: Mapped[Course] = relationship()
    offering: Mapped[Offering | None] = relationship()
    superseded_by: Mapped["Certificate | None"] = relationship(remote_side="Certificate.id")

    @property
    def is_in_force(self) -> bool:
        return self.superseded_at is None and self.revoked_at is None


class CertificatePage(Base):
    """The PDF of one certificate, made by the worker. The same facts give the same bytes."""

    __tablename__ = "certificate_page"

    certificate_id: Mapped[int] = mapped_column(
        sa.ForeignKey("certificate.id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    made_at: Mapped[datetime]


class CertificateBatch(Base):
    """All certificates of an offering as one PDF. `digest` says which certificates these are."""

    __tablename__ = "certificate_batch"
    __table_args__ = (sa.UniqueConstraint("offering_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime | None]
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)

    offering: Mapped[Offering] = relationship()
