"""The three things that happen to a certificate: it is issued, superseded by another, or revoked. Never changed."""

from catalog import clock
from catalog.accounts.models import Person
from catalog.certificates import facts as saying
from catalog.certificates import letters, numbers
from catalog.certificates.facts import Facts
from catalog.certificates.models import Certificate
from catalog.certificates.refusals import NotInForce, ReasonNeeded
from catalog.certificates.services.pages import ask_for_pages
from catalog.extensions import db
from catalog.notices import audit


def settle(standing: Certificate | None, wanted: Certificate, *, may_begin: bool) -> Certificate | None:
    """Bring what stands in line with what is wanted, and give the certificate that is new; None when none is.

    `standing` is the latest one of this person for this offering or course. A certificate that a coordinator
    revoked is not issued again as long as it would say the same of the person; one that fell because no hours were
    left comes back when there are hours again."""
    if standing is not None:
        says_the_same = saying.earned(standing.facts) == saying.earned(wanted.facts)
        if says_the_same and (standing.is_in_force or standing.revoked_by_id is not None):
            return None
        if standing.is_in_force:
            return supersede(standing, wanted, saying.why_corrected(standing.facts, wanted.facts))
    return issue(wanted) if may_begin else None


def issue(certificate: Certificate) -> Certificate:
    _begin(certificate)
    _note("certificate.issued", certificate)
    letters.ready(certificate)
    return certificate


def supersede(old: Certificate, new: Certificate, reason: str) -> Certificate:
    """The new one is in force; the old one stays, says that it was superseded, and leads to it."""
    old.superseded_at, old.reason = clock.now(), reason
    db.session.flush()
    _begin(new)
    old.superseded_by_id = new.id
    db.session.flush()
    _note("certificate.superseded", new, reason=reason)
    letters.corrected(new, reason)
    return new


def revoke(certificate: Certificate, *, by: Person | None, reason: str) -> None:
    """Take it out of force. The reason is public. `by` None is the catalog itself, when no hours are left."""
    reason = " ".join(reason.split())
    if not reason:
        raise ReasonNeeded
    # Whoever waited for the row sees what happened to it meanwhile.
    db.session.refresh(certificate, ["superseded_at", "revoked_at"], with_for_update=True)
    if not certificate.is_in_force:
        raise NotInForce
    certificate.revoked_at, certificate.reason = clock.now(), reason
    certificate.revoked_by_id = by.id if by else None
    db.session.flush()
    _note("certificate.revoked", certificate, by=by, reason=reason)
    letters.revoked(certificate)


def blank(person: Person, facts: Facts, **columns: object) -> Certificate:
    """A certificate that says these facts and is in nobody's table yet."""
    return Certificate(person_id=person.id, facts=facts, **columns)


def _begin(certificate: Certificate) -> None:
    certificate.number, certificate.issued_at = numbers.new(), clock.now()
    db.session.add(certificate)
    db.session.flush()
    ask_for_pages([certificate.id])


def _note(
    action: str, certificate: Certificate, *, by: Person | None = None, reason: str | None = None
) -> None:
    is_of_offering = certificate.offering_id is not None
    audit.note(
        action,
        "offering" if is_of_offering else "course",
        certificate.offering_id or certificate.course_id,
        by=by,
        person_id=certificate.person_id,
        reason=reason,
        certificate=certificate.number,
    )
