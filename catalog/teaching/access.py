"""Who is given materials, and who gives them. To everybody else they are not there."""

from flask import abort

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import queries as enrollment
from catalog.enrollment.access import may_run
from catalog.teaching.models import Material
from catalog.teaching.queries import materials


def offering_of_materials(person: Person, offering_id: int) -> tuple[Offering, bool]:
    """The session, for those with a seat and those who run it; and whether they run it."""
    offering = enrollment.offering_with_meetings(offering_id) or abort(404)
    runs = may_run(person, offering)
    if not runs and not materials.is_seated(person, offering_id):
        abort(404)
    return offering, runs


def offering_to_give(person: Person, offering_id: int) -> Offering:
    offering, runs = offering_of_materials(person, offering_id)
    return offering if runs else abort(403)


def material_to_take(person: Person, material_id: int) -> Material:
    """What was taken back, or is not shown yet, is there only for those who run the session."""
    found = materials.material(material_id) or abort(404)
    if may_run(person, found.offering):
        return found
    shown = materials.shown_to(person, [found.offering_id]).get(found.offering_id, [])
    return found if found in shown else abort(404)


def material_to_change(person: Person, material_id: int) -> Material:
    found = material_to_take(person, material_id)
    return found if may_run(person, found.offering) else abort(403)
