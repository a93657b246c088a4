"""Who may answer about a session, and who may read what was answered."""

from flask import abort

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import queries as enrollment
from catalog.enrollment.access import may_run, offering_to_run, refusal
from catalog.evaluation import queries
from catalog.evaluation.queries import Standing, is_judged


def offering_to_evaluate(person: Person, offering_id: int) -> tuple[Offering, Standing]:
    """For those with a seat and those who were there; those who run the session see what is asked."""
    offering = enrollment.offering_with_meetings(offering_id) or abort(404)
    standing = queries.standing(offering, person)
    if standing.enrollment_id is None and not may_run(person, offering):
        abort(refusal(offering))
    return offering, standing


def offering_to_read_about(person: Person, offering_id: int) -> tuple[Offering, bool]:
    """For those who run it; and whether what they see is what a trainer sees. A coordinator who teaches the
    session is its trainer here."""
    offering = offering_to_run(person, offering_id)
    return offering, is_judged(person, offering) or not person.is_coordinator


def offering_to_download(person: Person, offering_id: int) -> Offering:
    offering, as_trainer = offering_to_read_about(person, offering_id)
    if as_trainer:
        abort(403)
    return offering
