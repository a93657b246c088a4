"""October to December the home page leads with the renewal: the last three months before a deadline."""

from datetime import datetime

from flask import current_app

from catalog.accounts.models import Person
from catalog.browse import leads
from catalog.browse.leads import Lead
from catalog.endorsement import queries, wording
from catalog.endorsement.rules.months import later
from catalog.wording import local

MONTHS_BEFORE = 3


def renewal_due(person: Person, at: datetime) -> Lead | None:
    """Nothing while the deadline is further off, or once everything is there. A missed one stays, and says so."""
    held = queries.first_to_renew(person)
    today = local(at, current_app.config["CATALOG"].site_zone).date()
    # Three months before 31 December are over on 30 September.
    if held is None or today <= later(held.valid_until, -MONTHS_BEFORE):
        return None
    found = queries.renewal_of(held, at).renewal
    if found.is_complete and not found.is_over:
        return None
    return Lead(
        f"Renewal of {held.category.name}",
        f"{wording.deadline_said(found)} {wording.renewal_in_short(found)}",
        f"/endorsed/{held.id}",
        "See what still fits",
    )


leads.register(renewal_due)
