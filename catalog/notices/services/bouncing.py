"""Addresses that mail servers do not take mail for: marking them, and trying them again."""

import hashlib
import logging

import sqlalchemy as sa
from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.queries import plain_address
from catalog.extensions import db, insert
from catalog.notices import audit, dsn, numbering
from catalog.notices.dsn import Report
from catalog.notices.models import Bounce, Job
from catalog.notices.outcomes import SENT
from catalog.notices.queries.addresses import owners

log = logging.getLogger(__name__)


def mark(address: str, reason: str, digest: str, *, is_permanent: bool, job_id: int | None = None) -> bool:
    """Write down what was said about an address. False when it belongs to nobody here, or was said before."""
    plain = plain_address(address)
    whose = owners([plain])
    if not whose:
        return False
    row = insert(Bounce).values(
        address=plain,
        is_permanent=is_permanent,
        reason=reason[:500],
        job_id=job_id,
        digest=hashlib.sha256(digest.encode()).hexdigest(),
        came_at=clock.now(),
    )
    made = db.session.execute(
        row.on_conflict_do_nothing(index_elements=["digest"]).returning(Bounce.id)
    ).first()
    if made and is_permanent:
        for person in whose:
            audit.note("mail.refused", "person", person.id, by=None, person_id=person.id)
        db.session.flush()
    return made is not None


def read(raw: bytes, host: str) -> int:
    """Mark what a report says about letters of ours; how many of its sentences were kept.

    Anybody can write a report. It is believed only about a letter that was sent, to that address, and under the
    signed Message-ID that only its reader knows."""
    try:
        found = dsn.reports(raw)
    except Exception as error:  # whatever a stranger's message makes the parser do
        log.warning("a report about mail could not be read: %s", type(error).__name__)
        return 0
    kept = 0
    for report in found:
        job_id = _job_of(report, host)
        if job_id is not None and _was_sent(job_id, report.address):
            kept += mark(
                report.address,
                report.reason,
                f"{job_id} {plain_address(report.address)} {report.reason}",
                is_permanent=report.is_permanent,
                job_id=job_id,
            )
            continue
        log.warning("a report about mail is not about a letter of ours")
    if not found:
        log.warning("a message in the mailbox for reports is none")
    return kept


def told(report: Report, host: str) -> bool:
    """Keep what a mail provider told with our secret; it is believed about any address of somebody here."""
    job_id = _job_of(report, host)
    said = f"{plain_address(report.address)} {report.is_permanent} {report.reason} {report.message_id}"
    return mark(report.address, report.reason, said, is_permanent=report.is_permanent, job_id=job_id)


def try_again(person: Person, address: str, *, by: Person) -> bool:
    """Mail goes to this address again, if it is theirs and was marked."""
    if address not in (person.email, person.second_email):
        return False
    cleared = db.session.execute(
        sa.update(Bounce)
        .where(Bounce.address == address, Bounce.is_permanent, Bounce.cleared_at.is_(None))
        .values(cleared_at=clock.now(), cleared_by_id=by.id)
        .returning(Bounce.id)
    ).all()
    if cleared:
        audit.note("mail.tried_again", "person", person.id, by=by, person_id=person.id)
        db.session.flush()
    return bool(cleared)


def try_alike_again(bounce: Bounce, *, by: Person) -> int:
    """Mail goes again to every address that was marked for the same reason as this one: such a reason was about us.
    How many addresses there were. The trail does not say which."""
    cleared = db.session.scalars(
        sa.update(Bounce)
        .where(Bounce.reason == bounce.reason, Bounce.is_permanent, Bounce.cleared_at.is_(None))
        .values(cleared_at=clock.now(), cleared_by_id=by.id)
        .execution_options(synchronize_session=False)
        .returning(Bounce.address)
    ).all()
    number = len(set(cleared))
    if number:
        audit.note("mail.addresses_tried_again", "mail", 0, by=by, addresses=number)
        db.session.flush()
    return number


def _job_of(report: Report, host: str) -> int | None:
    return numbering.job_of(report.message_id, host, str(current_app.secret_key))


def _was_sent(job_id: int, address: str) -> bool:
    outcome = db.session.scalar(sa.select(Job.outcome).where(Job.id == job_id, Job.kind == "mail"))
    return outcome == SENT + plain_address(address)
