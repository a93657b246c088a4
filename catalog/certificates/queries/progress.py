"""Reads: how far the certificates of a session are, and their pages."""

import hashlib
from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.certificates.models import Certificate, CertificateBatch, CertificatePage
from catalog.certificates.queries import IN_FORCE
from catalog.certificates.queries.sources import is_settled
from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.notices.models import Job, JobState


def page_of(certificate: Certificate) -> bytes | None:
    return db.session.scalar(
        sa.select(CertificatePage.content).where(CertificatePage.certificate_id == certificate.id)
    )


def has_page(certificate: Certificate) -> bool:
    return bool(
        db.session.scalar(sa.select(sa.exists().where(CertificatePage.certificate_id == certificate.id)))
    )


def without_page(offering: Offering) -> Sequence[int]:
    """Ids of the certificates in force that no page was made of yet."""
    has = sa.exists().where(CertificatePage.certificate_id == Certificate.id)
    return db.session.scalars(
        sa.select(Certificate.id)
        .where(Certificate.offering_id == offering.id, *IN_FORCE, ~has)
        .order_by(Certificate.id)
    ).all()


def pages_of(offering: Offering) -> int:
    """How many of the certificates in force have a page."""
    made = sa.select(sa.func.count(CertificatePage.certificate_id)).join(
        Certificate, Certificate.id == CertificatePage.certificate_id
    )
    return db.session.scalars(made.where(Certificate.offering_id == offering.id, *IN_FORCE)).one()


class Row(NamedTuple):
    """One person of a session: their certificate in force, or why there is none yet."""

    person: Person
    certificate: Certificate | None
    has_page: bool
    why_not: str


class Progress(NamedTuple):
    rows: list[Row]
    pending: int
    """How many pages the worker still has to make; those that it gave up are not among them."""

    @property
    def certificates(self) -> list[Certificate]:
        return [row.certificate for row in self.rows if row.certificate]

    @property
    def made(self) -> int:
        return sum(row.has_page for row in self.rows)

    @property
    def total(self) -> int:
        return len(self.certificates)

    @property
    def is_done(self) -> bool:
        return self.made == self.total


PAGE_JOB = "render certificate {}"
"""What the job of a certificate's page is called, so that it is asked for once."""


def _pending(certificate_ids: Collection[int]) -> int:
    keys = [PAGE_JOB.format(one) for one in certificate_ids]
    ready = sa.select(sa.func.count(Job.id)).where(Job.dedupe_key.in_(keys), Job.state == JobState.READY)
    return db.session.scalars(ready).one()


def progress(offering: Offering, people: Sequence[Enrollment], missing: Collection[int]) -> Progress:
    """How far each of these people's certificates is; `missing` are enrollments whose evaluation comes first."""
    certificates = {
        row.Certificate.person_id: row
        for row in db.session.execute(
            sa.select(Certificate, CertificatePage.certificate_id.label("page"))
            .outerjoin(CertificatePage, CertificatePage.certificate_id == Certificate.id)
            .where(Certificate.offering_id == offering.id, *IN_FORCE)
        )
    }
    minutes = credited(offering)
    settled = is_settled(offering)
    rows = []
    for one in people:
        found = certificates.get(one.person_id)
        why_not = "" if found else _why_not(one, minutes.get(one.person_id, 0), settled, missing)
        rows.append(
            Row(one.person, found.Certificate if found else None, bool(found and found.page), why_not)
        )
    return Progress(
        rows, _pending([row.certificate.id for row in rows if row.certificate and not row.has_page])
    )


def _why_not(of: Enrollment, minutes: int, settled: bool, missing: Collection[int]) -> str:
    if not settled:
        return "The roster is open."
    if not minutes:
        return "No hours were earned."
    if of.id in missing:
        return "The evaluation is not given yet."
    return "Not issued, or revoked."


def credited(offering: Offering) -> dict[int, int]:
    """Minutes in force by person; both ledgers, only to tell some from none."""
    found = sa.select(Credit.person_id, sa.func.sum(Credit.minutes)).where(
        Credit.offering_id == offering.id, Credit.superseded_at.is_(None)
    )
    return dict(db.session.execute(found.group_by(Credit.person_id)).tuples().all())


def people_of(offering: Offering) -> list[Enrollment]:
    """Each person once, by name: those with a seat, and those with credit who gave theirs up."""
    has_credit = sa.exists().where(
        Credit.person_id == Enrollment.person_id,
        Credit.offering_id == Enrollment.offering_id,
        Credit.superseded_at.is_(None),
    )
    found = db.session.scalars(
        sa.select(Enrollment)
        .join(Enrollment.person)
        .options(contains_eager(Enrollment.person))
        .where(Enrollment.offering_id == offering.id, sa.or_(Enrollment.state == State.SEATED, has_credit))
        .order_by(Person.name, Person.id, Enrollment.id)
    )
    return list({one.person_id: one for one in found}.values())


def digest_of(certificates: Sequence[Certificate]) -> str:
    """Which certificates these are."""
    return hashlib.sha256(" ".join(one.number for one in certificates).encode()).hexdigest()


def batch_of(offering_id: int, digest: str) -> CertificateBatch | None:
    return db.session.scalar(
        sa.select(CertificateBatch).where(
            CertificateBatch.offering_id == offering_id, CertificateBatch.digest == digest
        )
    )
