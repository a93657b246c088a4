"""Who leads a single meeting instead of the trainer: named, and told."""

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses import changes, letters, queries
from catalog.courses.models import Meeting, Offering
from catalog.courses.refusals import OfferingCancelled, Settled, WrongSubstitute
from catalog.courses.services.versions import claim
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices.services import queue

Leads = dict[int, Person]
"""Who stands in, by the number of the meeting's row."""


def stand_ins(offering: Offering) -> Leads:
    return {meeting.id: meeting.substitute for meeting in offering.sittings if meeting.substitute}


def name_substitute(meeting: Meeting, person: Person | None, *, by: Person) -> None:
    """Somebody else leads this meeting, or with None its trainer again. They are told, and so is everyone on it.

    Also afterwards, while the roster is open: it decides whether RSC hours count. Raises WrongSubstitute."""
    offering = meeting.offering
    claim(offering, offering.version)
    if offering.is_cancelled:
        raise OfferingCancelled
    if offering.settled_at:
        raise Settled
    if person and (not person.is_trainer or person.id == offering.trainer_id):
        raise WrongSubstitute
    db.session.expire(meeting, ["substitute"])
    if person == meeting.substitute:
        return
    before, stood = changes.snapshot(offering), stand_ins(offering)
    warned = queries.rsc_warning(offering)
    meeting.substitute = person
    db.session.flush()
    told = changes.said(before, changes.snapshot(offering))
    if (warning := queries.rsc_warning(offering)) and warning != warned:
        told.append(warning)
    about = person or stood.get(meeting.id)
    audit.note(
        "offering.substitute" if person else "offering.substitute_gone",
        "offering",
        offering.id,
        by=by,
        person_id=about.id if about else None,
        meeting=meeting.number,
    )
    if meeting.starts_at > clock.now():
        queue("offering_changed", {"offering_id": offering.id, "changes": told})
    tell_stand_ins(offering, stood)


def tell_stand_ins(offering: Offering, before: Leads) -> None:
    """Those who lead other meetings now than `before`, of the meetings to come."""
    for meeting in offering.sittings:
        was, now = before.get(meeting.id), meeting.substitute
        if was == now or meeting.starts_at <= clock.now():
            continue
        if was:
            letters.stands_in_no_more(was, meeting)
        if now:
            letters.stands_in(now, meeting)
