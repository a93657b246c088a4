"""Where the course says so, the certificate comes with the evaluation and not before."""

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.attendance import services as attendance
from catalog.certificates.models import Certificate
from catalog.cli.work import handlers
from catalog.courses.models import Asking
from catalog.extensions import db
from catalog.notices.models import Job
from tests.evaluation.answers import asked, attended, given
from tests.factories import make_cast

pytestmark = pytest.mark.usefixtures("context")


def let_the_worker_issue(app: Flask) -> list[str]:
    """Whose certificates there are once the worker has done every such job so far."""
    for payload in db.session.scalars(sa.select(Job.payload).where(Job.kind == "issue_certificates")).all():
        handlers(app.config["CATALOG"])["issue_certificates"](0, payload)
    found = db.session.scalars(sa.select(Certificate).order_by(Certificate.id)).all()
    return sorted(one.person.name for one in found)


def test_a_certificate_waits_for_the_evaluation(app: Flask) -> None:
    ivo = make_cast().ivo
    offering, (one, _) = attended(2, ivo, asked(Asking.BEFORE_CERTIFICATE))
    attendance.close(offering, by=ivo)
    assert let_the_worker_issue(app) == []
    given(offering, [one])
    assert let_the_worker_issue(app) == [one.person.name]


def test_where_the_answer_is_free_nobody_waits(app: Flask) -> None:
    ivo = make_cast().ivo
    offering, enrolled = attended(2, ivo)
    attendance.close(offering, by=ivo)
    assert let_the_worker_issue(app) == [one.person.name for one in enrolled]
