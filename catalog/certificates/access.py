"""Loading a certificate and deciding who may have more of it than its public page."""

from flask import abort

from catalog.accounts.models import Person
from catalog.certificates import queries
from catalog.certificates.models import Certificate
from catalog.enrollment.access import may_run


def may_have_paper(person: Person, certificate: Certificate) -> bool:
    """Whose it is, who runs the session, and coordinators."""
    if person.is_coordinator or certificate.person_id == person.id:
        return True
    return certificate.offering is not None and may_run(person, certificate.offering)


def certificate_for_paper(person: Person, number: str) -> Certificate:
    certificate = queries.numbered(number) or abort(404)
    if not may_have_paper(person, certificate):
        abort(403)
    return certificate


def certificate_to_revoke(number: str) -> Certificate:
    return queries.numbered(number) or abort(404)
