"""What waits for a coordinator leads their home page, with what is due first."""

from datetime import datetime

from flask import current_app

from catalog.accounts.models import Person
from catalog.browse import leads
from catalog.browse.leads import Lead
from catalog.coordinating import desk as saying
from catalog.coordinating.queries.desk import most_heaps
from catalog.coordinating.queries.work import Moment
from catalog.wording import local


def desk(person: Person, at: datetime) -> Lead | None:
    """Nothing for those who do not coordinate, and nothing while nothing waits."""
    if not person.coordinates_some:
        return None
    zone = current_app.config["CATALOG"].site_zone
    found = most_heaps(Moment(at, local(at, zone).date(), zone), person)
    if not found:
        return None
    first = saying.line(found[0], at, zone)
    others = len(found) - 1
    more = f" Beside that, {others} other {'kind' if others == 1 else 'kinds'} of work." if others else ""
    due = f", due {first.due}" if first.due else ""
    return Lead("What needs you today", f"{first.sentence}{due}.{more}", "/desk", "Go to my desk")


leads.register(desk)
