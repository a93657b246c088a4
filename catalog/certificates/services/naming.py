"""When somebody's name is corrected, their certificates are issued anew under the right one."""

from typing import Any

import sqlalchemy as sa
from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import on_change
from catalog.attendance.models import Credit
from catalog.certificates import facts as saying
from catalog.certificates.models import Certificate
from catalog.certificates.queries import IN_FORCE
from catalog.certificates.services.standing import blank, supersede
from catalog.courses.models import Offering
from catalog.enrollment import seats
from catalog.extensions import db
from catalog.notices import services as notices


@on_change
def _name_changed(_action: str, person: Person, details: dict[str, Any]) -> None:
    before, after = details.get("before") or {}, details.get("after") or {}
    if before.get("name") != after.get("name"):
        notices.queue("reissue_certificates", {"person_id": person.id})


def reissue_for_person(person_id: int) -> list[Certificate]:
    """Supersede whatever is in force under another name. Hours and everything else stay as they were issued."""
    # Sessions first, as issuing does: somebody may be correcting the hours of one of them at this moment, or issuing
    # for one under the name as it was. So every session that gave them hours is held, and certificates are read then.
    given = sa.select(Credit.offering_id).where(Credit.person_id == person_id)
    for offering in db.session.scalars(
        sa.select(Offering).where(Offering.id.in_(given)).order_by(Offering.id)
    ).all():
        seats.lock(offering)
    standing = db.session.scalars(
        sa.select(Certificate)
        .where(Certificate.person_id == person_id, *IN_FORCE)
        .order_by(Certificate.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    today = clock.today(current_app.config["CATALOG"].site_zone).isoformat()
    new = []
    for old in standing:
        facts = {**old.facts, "person": old.person.name, "issued_on": today}
        if facts["person"] != old.facts["person"]:
            wanted = blank(
                old.person, facts, kind=old.kind, offering_id=old.offering_id, course_id=old.course_id
            )
            new.append(supersede(old, wanted, saying.why_corrected(old.facts, facts)))
    return new
