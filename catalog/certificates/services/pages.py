"""The pages for paper: asked for in the transaction that causes them, made by the worker, and then kept.

Drawing a page takes tens of milliseconds, and all of a session's as one file some seconds. It never happens inside a
transaction: what is drawn is read first, and only the finished page is written. A worker that is killed leaves
nothing by half; its job is leased again, and a page that is there already is not made twice."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app

from catalog import clock, paper
from catalog.accounts.models import Person
from catalog.certificates import drawing, queries
from catalog.certificates.models import Certificate, CertificateBatch, CertificatePage
from catalog.certificates.queries import progress
from catalog.certificates.refusals import NothingToShow
from catalog.courses.models import Offering
from catalog.extensions import db, insert, start_writing, writing
from catalog.notices import services as notices
from catalog.notices.models import Job, JobState

TEMPLATE = "certificates/certificate.typ"


def ask_for_pages(certificate_ids: Sequence[int]) -> None:
    """Let the worker make these pages. A job that has ended, well or badly, is begun again."""
    keys = {progress.PAGE_JOB.format(one): one for one in certificate_ids}
    for key, certificate_id in keys.items():
        notices.queue("render_certificate", {"certificate_id": certificate_id}, dedupe_key=key)
    db.session.execute(
        sa.update(Job)
        .where(Job.dedupe_key.in_(keys), Job.state != JobState.READY)
        .values(state=JobState.READY, run_at=clock.now(), attempts=0, leased_until=None, error=None)
    )


def render(certificate_id: int) -> None:
    """Make one page, unless it is there."""

    def read() -> dict[str, Any] | None:
        certificate = db.session.get(Certificate, certificate_id)
        if certificate is None or progress.has_page(certificate):
            return None
        return drawing.data([certificate], current_app.config["CATALOG"])

    if content := _drawn(read):
        page = {"certificate_id": certificate_id, "content": content, "made_at": clock.now()}
        db.session.execute(insert(CertificatePage).values(page).on_conflict_do_nothing())


def ask_for_batch(offering: Offering, *, by: Person) -> CertificateBatch:
    """All certificates in force as one file, to be made by the worker. The same ones are made once; files of
    what was in force before are thrown away."""
    certificates = queries.in_force_of(offering.id)
    if not certificates:
        raise NothingToShow
    digest = progress.digest_of(certificates)
    db.session.execute(
        sa.delete(CertificateBatch).where(
            CertificateBatch.offering_id == offering.id, CertificateBatch.digest != digest
        )
    )
    row = {
        "offering_id": offering.id,
        "digest": digest,
        "asked_at": clock.now(),
        "asked_by_id": by.id,
    }
    db.session.execute(insert(CertificateBatch).values(row).on_conflict_do_nothing())
    batch = progress.batch_of(offering.id, digest)
    if batch is None:
        raise NothingToShow
    if batch.made_at is None:
        notices.queue("certificate_batch", {"batch_id": batch.id})
    return batch


def render_batch(batch_id: int) -> None:
    """Make the file of a batch. Where certificates changed since it was asked for, it is no longer wanted."""

    def read() -> dict[str, Any] | None:
        batch = db.session.get(CertificateBatch, batch_id)
        if batch is None or batch.made_at:
            return None
        certificates = queries.in_force_of(batch.offering_id)
        if progress.digest_of(certificates) != batch.digest:
            return None
        return drawing.data(certificates, current_app.config["CATALOG"])

    if content := _drawn(read):
        db.session.execute(
            sa.update(CertificateBatch)
            .where(CertificateBatch.id == batch_id)
            .values(content=content, made_at=clock.now())
        )


def _drawn(read: Callable[[], dict[str, Any] | None]) -> bytes | None:
    """What was read, drawn with no transaction open; the write lock is taken after that."""
    writing.set(False)
    data = read()
    db.session.rollback()
    content = paper.pdf(TEMPLATE, data) if data else None
    start_writing()
    return content
