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
    """The first that is due. Nothing while each deadline is further off, or once everything is there. A missed one
    stays, and says so."""
    today = local(at, current_app.config["CATALOG"].site_zone).date()
    for held in queries.endorsed_of(person):
        # Three months before 31 December are over on 30 September.
        if today <= later(held.valid_until, -MONTHS_BEFORE):
            return None
        found = queries.renewal_of(held, at).renewal
        if not found.is_complete or found.is_over:
            return Lead(
                f"Renewal of {held.category.name}",
                f"{wording.deadline_said(found)} {wording.renewal_in_short(found)}",
                f"/endorsed/{held.id}",
                "See what still fits",
            )
    return None


leads.register(renewal_due)
