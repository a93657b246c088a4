"""Loading a thing and deciding who may see it, in one step: 404 when it is not there, or not there for this person;
403 when they may see it, and not do this with it."""

from flask import abort

from catalog.accounts.models import Person
from catalog.courses.models import Meeting, Offering
from catalog.enrollment import queries
from catalog.enrollment.models import Enrollment


def may_run(person: Person, offering: Offering) -> bool:
    """Whether the person leads this offering or helps at one of its meetings: roster and attendance are theirs."""
    helps = (person.id == trainer.id for meeting in offering.meetings for trainer in meeting.co_trainers)
    return may_lead(person, offering) or (person.is_trainer and any(helps))


def stands_in(person: Person, meeting: Meeting) -> bool:
    """Whether the person leads this one meeting instead of the trainer: its attendance is theirs, and no more."""
    return person.is_trainer and meeting.substitute is not None and meeting.substitute.id == person.id


def may_mark(person: Person, meeting: Meeting) -> bool:
    """Whether the person takes the attendance of this meeting."""
    return may_run(person, meeting.offering) or stands_in(person, meeting)


def may_lead(person: Person, offering: Offering) -> bool:
    """Whether the person teaches this offering, or coordinates all of them: they may change and cancel it."""
    return person.is_coordinator or (person.is_trainer and offering.trainer_id == person.id)


def offering_to_join(person: Person, offering_id: int) -> Offering:
    """What anybody may join; a course that is not public is not even there, but for those who run it."""
    offering = queries.offering_to_join(offering_id) or abort(404)
    if not offering.course.is_public and not may_lead(person, offering):
        abort(404)
    return offering


def offering_to_run(person: Person, offering_id: int) -> Offering:
    offering = queries.offering_with_meetings(offering_id) or abort(404)
    if not may_run(person, offering):
        abort(refusal(offering))
    return offering


def refusal(offering: Offering) -> int:
    """What those are told who do not run it: a session of a course that is not public is not even there."""
    return 403 if offering.course.is_public else 404


def enrollment_of(person: Person, enrollment_id: int) -> Enrollment:
    """One's own enrollment. That somebody else has one is known to those who run its offering, and to nobody else."""
    enrollment = queries.enrollment_with_offering(enrollment_id) or abort(404)
    if enrollment.person_id != person.id:
        abort(403 if may_run(person, enrollment.offering) else 404)
    return enrollment


def enrollment_to_run(person: Person, enrollment_id: int) -> Enrollment:
    """Somebody's enrollment, for those who run its offering."""
    enrollment = queries.enrollment_with_offering(enrollment_id) or abort(404)
    if not may_run(person, enrollment.offering):
        abort(403 if enrollment.person_id == person.id else 404)
    return enrollment
