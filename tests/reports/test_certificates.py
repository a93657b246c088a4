"""`flask catalog check` and certificates: what must never be is found."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from catalog import clock
from catalog.certificates.models import Certificate
from catalog.extensions import db
from catalog.reports.checking import certificates
from tests.certificates.papers import closed, correct, issued, written

pytestmark = pytest.mark.usefixtures("context")


def broken() -> set[str]:
    db.session.flush()
    with clock.at(clock.now() + timedelta(hours=2)):
        return {name for name, _, select in certificates.ALL if db.session.execute(select).first()}


@pytest.fixture
def certificate() -> Certificate:
    return issued(closed())


@pytest.fixture
def _unguarded(context: None) -> Iterator[None]:
    """The table without its indexes, as a careless repair would leave it."""
    db.session.connection().exec_driver_sql("DROP INDEX uq_certificate_of_offering")
    yield
    db.session.rollback()


def test_what_was_issued_corrected_and_revoked_breaks_nothing(certificate: Certificate) -> None:
    offering = certificate.offering
    assert offering
    offering.course.credit_percent = 10
    correct(offering, 120)
    issued(offering)
    correct(offering, 0)
    assert broken() == {"certificate differs"}, "the worker has not run for hours"


def test_a_certificate_that_says_other_hours_is_found(certificate: Certificate) -> None:
    assert broken() == set()
    certificate.facts = {**certificate.facts, "training_minutes": 200}
    assert broken() == {"certificate differs"}


def test_the_ledgers_are_not_added(certificate: Certificate) -> None:
    certificate.facts = {**certificate.facts, "training_minutes": 90, "rsc_minutes": 90}
    assert broken() == {"certificate differs"}


def test_what_was_just_corrected_is_given_time(certificate: Certificate) -> None:
    certificate.facts = {**certificate.facts, "training_minutes": 200}
    db.session.flush()
    assert [name for name, _, select in certificates.ALL if db.session.execute(select).first()] == []


@pytest.mark.usefixtures("_unguarded")
def test_two_in_force_are_found(certificate: Certificate) -> None:
    assert certificate.offering
    written(certificate.person, certificate.offering)
    assert broken() == {"certificate twice"}


def test_a_superseded_one_that_leads_nowhere_is_found(certificate: Certificate) -> None:
    certificate.superseded_at = clock.now()
    assert broken() == {"certificate astray"}


def test_a_circle_is_found(certificate: Certificate) -> None:
    certificate.superseded_at, certificate.superseded_by_id = clock.now(), certificate.id
    assert broken() == {"certificate astray"}
