"""A disputed mark, from the sentence to the new certificate: through the services and the worker."""

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.attendance import queries as sheets
from catalog.certificates.models import Certificate
from catalog.config import Settings
from catalog.courses.models import CreditRule, Offering
from catalog.disputes import services as disputes
from catalog.disputes.models import DisputeState
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import enrollments
from tests.certificates.papers import certificates, closed, said, worker_of

pytestmark = pytest.mark.usefixtures("context")


def test_a_settled_dispute_ends_in_a_new_certificate(app: Flask, settings: Settings) -> None:
    work = worker_of(app, settings)
    course = make.course(areas=("TF",), credit_rule=CreditRule.QUARTER_HOUR)
    offering_id = closed(of=course, minutes=90).id
    mira = make.person("Mira Sample", coordinates=True)
    work()
    (old,) = certificates()
    offering = db.session.get_one(Offering, offering_id)
    (mine,) = enrollments(offering)
    cell = sheets.cell(offering.meetings[0].id, mine.id)
    assert cell is not None
    thread = disputes.dispute(cell, "I stayed until the end.", by=mine.person)
    disputes.decide(thread, thread.entries[-1].id, "The list says so.", 180, by=mira)
    work()
    old, new = db.session.scalars(sa.select(Certificate).order_by(Certificate.id)).all()
    assert thread.state == DisputeState.SETTLED
    assert (old.superseded_by_id, old.reason) == (new.id, "The hours were corrected.")
    assert (said(old)["Training hours"], said(new)["Training hours"]) == (
        "1 h 30 min (90 minutes)",
        "3 h (180 minutes)",
    )
