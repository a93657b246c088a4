"""Reads: certificates by number, person, offering and course."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from catalog.accounts.models import Person
from catalog.certificates import numbers
from catalog.certificates.models import Certificate, CertificateKind
from catalog.courses.models import Course, Meeting, Offering
from catalog.extensions import db

IN_FORCE = (Certificate.superseded_at.is_(None), Certificate.revoked_at.is_(None))


def numbered(typed: str) -> Certificate | None:
    """The certificate with this number, however it was typed. What cannot be a number is looked for all the same,
    so that it takes as long as one that does not exist."""
    return db.session.scalar(
        sa.select(Certificate)
        .options(
            joinedload(Certificate.superseded_by),
            joinedload(Certificate.offering)
            .selectinload(Offering.meetings)
            .selectinload(Meeting.co_trainers),
        )
        .where(Certificate.number == (numbers.normal(typed) or ""))
    )


def newest(certificate: Certificate) -> Certificate:
    """The one at the end of those that superseded it; itself, where none did."""
    seen = {certificate.id}
    while (later := certificate.superseded_by) and later.id not in seen:
        certificate = later
        seen.add(later.id)
    return certificate


def of_person(person: Person) -> Sequence[Certificate]:
    """Those in force, the newest first; for the person's own pages."""
    return db.session.scalars(
        sa.select(Certificate)
        .where(Certificate.person_id == person.id, *IN_FORCE)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    ).all()


def certificates_of(offering: Offering) -> Sequence[Certificate]:
    """All that were ever issued for it, the oldest first, read anew and locked."""
    return db.session.scalars(
        sa.select(Certificate)
        .where(Certificate.offering_id == offering.id)
        .order_by(Certificate.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def course_certificates(person: Person, course: Course) -> Sequence[Certificate]:
    return db.session.scalars(
        sa.select(Certificate)
        .where(
            Certificate.person_id == person.id,
            Certificate.course_id == course.id,
            Certificate.kind == CertificateKind.COURSE,
        )
        .order_by(Certificate.id)
        .execution_options(populate_existing=True)
    ).all()


def in_force_of(offering_id: int) -> Sequence[Certificate]:
    """By name, as they lie in a batch."""
    return db.session.scalars(
        sa.select(Certificate)
        .join(Certificate.person)
        .where(Certificate.offering_id == offering_id, *IN_FORCE)
        .order_by(Person.name, Certificate.id)
    ).all()
