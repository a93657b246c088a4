"""What must never be among the certificates, each as a query for the rows that break it."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog import clock
from catalog.attendance.models import Credit
from catalog.certificates.models import Certificate, CertificateKind
from catalog.competencies.models import Ledger
from catalog.extensions import UtcDateTime

LONG_AFTER = timedelta(hours=1)

_in_force = (
    Certificate.kind == CertificateKind.OFFERING,
    Certificate.superseded_at.is_(None),
    Certificate.revoked_at.is_(None),
)
_later = aliased(Certificate)

TWICE = (
    sa.select(
        Certificate.person_id.label("person"),
        Certificate.offering_id.label("offering"),
        sa.func.count().label("certificates"),
    )
    .where(*_in_force)
    .group_by(Certificate.person_id, Certificate.offering_id)
    .having(sa.func.count() > 1)
)


def _minutes(ledger: Ledger) -> sa.ScalarSelect[Any]:
    """What is in force of this person's credit in this ledger; both ledgers are compared by themselves."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(Credit.minutes), 0))
        .where(
            Credit.person_id == Certificate.person_id,
            Credit.offering_id == Certificate.offering_id,
            Credit.ledger == ledger,
            Credit.superseded_at.is_(None),
        )
        .correlate(Certificate)
        .scalar_subquery()
    )


# The worker brings them in line within seconds where it runs; what has just been corrected is given an hour.
_lately = sa.exists().where(
    Credit.person_id == Certificate.person_id,
    Credit.offering_id == Certificate.offering_id,
    sa.or_(
        *(
            when
            > sa.bindparam("an_hour_ago", type_=UtcDateTime(), callable_=lambda: clock.now() - LONG_AFTER)
            for when in (Credit.given_at, Credit.superseded_at)
        )
    ),
)

OTHER_HOURS = sa.select(
    Certificate.id.label("certificate"),
    Certificate.person_id.label("person"),
    Certificate.offering_id.label("offering"),
).where(
    *_in_force,
    ~_lately,
    sa.or_(
        Certificate.facts["training_minutes"].as_integer() != _minutes(Ledger.TRAINING),
        Certificate.facts["rsc_minutes"].as_integer() != _minutes(Ledger.RSC),
    ),
)

# Each leads to one that was issued later, for the same person and thing; so nobody is led in a circle.
ASTRAY = (
    sa.select(Certificate.id.label("certificate"), Certificate.superseded_by_id.label("superseded_by"))
    .outerjoin(_later, _later.id == Certificate.superseded_by_id)
    .where(
        sa.or_(
            Certificate.superseded_at.is_not(None) != Certificate.superseded_by_id.is_not(None),
            _later.id <= Certificate.id,
            _later.person_id != Certificate.person_id,
            _later.course_id != Certificate.course_id,
            sa.func.coalesce(_later.offering_id, 0) != sa.func.coalesce(Certificate.offering_id, 0),
        ),
        # A certificate that was never superseded joins none.
        sa.or_(Certificate.superseded_at.is_not(None), Certificate.superseded_by_id.is_not(None)),
    )
)

ALL: tuple[tuple[str, str, sa.Select[Any]], ...] = (
    ("certificate twice", "a person has two certificates in force for one session", TWICE),
    ("certificate differs", "a certificate in force says other hours than the credit", OTHER_HOURS),
    ("certificate astray", "a superseded certificate leads nowhere, or in a circle", ASTRAY),
)
