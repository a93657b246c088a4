"""Whose goal it is. To everybody else it is not there; coordinators may read it, and change nothing."""

from flask import abort

from catalog.accounts.models import Person
from catalog.endorsement import queries
from catalog.endorsement.models import Endorsed, Goal


def own_goal(person: Person, goal_id: int) -> Goal:
    found = queries.goal(goal_id)
    return found if found and found.person_id == person.id else abort(404)


def goal_to_read(person: Person, goal_id: int) -> Goal:
    found = queries.goal(goal_id)
    return found if found and (found.person_id == person.id or person.is_coordinator) else abort(404)


def own_endorsed(person: Person, endorsed_id: int) -> Endorsed:
    found = queries.endorsed(endorsed_id)
    return found if found and found.person_id == person.id else abort(404)
