"""Certificates of the sample sessions that are over, with one that was corrected and one that was revoked."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from catalog import clock
from catalog.attendance.models import RosterClosing
from catalog.certificates import services
from catalog.certificates.models import Certificate
from catalog.demo.cast import Cast
from catalog.extensions import db

AN_HOUR = timedelta(hours=1)


def issue_certificates(cast: Cast, at: datetime) -> None:
    """Through the service, soon after each roster was closed. Pages for paper are made when somebody opens one."""
    closings = db.session.execute(
        sa.select(RosterClosing.offering_id, RosterClosing.closed_at)
        .where(RosterClosing.reopened_at.is_(None))
        .order_by(RosterClosing.closed_at, RosterClosing.offering_id)
    )
    issued: list[Certificate] = []
    for offering_id, closed_at in closings.all():
        with clock.at(min(closed_at + AN_HOUR, at)):
            issued += services.issue_for_offering(offering_id)
    others = [one for one in issued if one.person_id != cast.ana.id]
    if len(others) > 1:
        _misspelled(others[0], at)
        with clock.at(at - 3 * AN_HOUR):
            reason = "It was issued for somebody who left early and had given the seat away (sample reason)."
            services.revoke(others[1], by=cast.mira, reason=reason)


def _misspelled(certificate: Certificate, at: datetime) -> None:
    """The name on it was typed wrongly at first, and corrected since."""
    right = certificate.person.name
    certificate.facts = {**certificate.facts, "person": right.replace("a", "aa", 1)}
    db.session.flush()
    with clock.at(at - 2 * AN_HOUR):
        services.reissue_for_person(certificate.person_id)
