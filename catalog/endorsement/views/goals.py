"""The goal: choosing it, what is there and what is missing, the checklist beside it."""

from flask import Response, abort, current_app, request, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.competencies import queries as competencies
from catalog.competencies.models import Category
from catalog.endorsement import checklist, queries, services, wording
from catalog.endorsement.access import goal_to_read, own_goal
from catalog.endorsement.forms import GoalForm
from catalog.endorsement.views.blueprint import pages
from catalog.extensions import db
from catalog.records.access import person_to_read

LIST = "/goal"
ONE = LIST + "/<int:goal_id>"


@pages.get(LIST)
@login_required
def index() -> Response:
    return _index(GoalForm(_to_choose(), formdata=None))


@pages.post(LIST)
@login_required
def create_goal() -> Response:
    form = GoalForm(_to_choose())
    if not form.validate():
        return _index(form, 422)
    goal = services.add_goal(
        current_user, db.session.get_one(Category, form.category_id.data), by=current_user
    )
    db.session.commit()
    return web.saved(url_for(".goal", goal_id=goal.id), message="This is one of your goals now.")


@pages.get("/people/<int:person_id>/goals")
@web.needs("is_coordinator")
def person_goals(person_id: int) -> Response:
    """For coordinators, who are asked what is missing and what counts."""
    person = person_to_read(person_id)
    now = clock.now()
    return web.render(
        "endorsement/person_goals.html",
        person=person,
        goals=queries.standings_of(person, now),
        renewals=queries.renewals_of(person, now),
        said=wording,
    )


@pages.get(ONE)
@login_required
def goal(goal_id: int) -> Response:
    found = goal_to_read(current_user, goal_id)
    now = clock.now()
    standing = queries.standing(found, now)
    gaps = queries.gaps_of(standing.readiness)
    return web.render(
        "endorsement/goal.html",
        goal=found,
        standing=standing,
        ready=standing.readiness,
        next_seats=queries.next_seats(gaps, now, person_id=found.person_id),
        items=checklist.items(found.category),
        opened=False,
        is_mine=found.person_id == current_user.id,
        said=wording,
    )


@pages.get(ONE + "/areas/<int:area_id>")
@login_required
def area(goal_id: int, area_id: int) -> Response:
    """The words behind one row of the picture: each topic, what covers it, and the seats that would."""
    found = goal_to_read(current_user, goal_id)
    now = clock.now()
    standing = queries.standing(found, now)
    cover = next((one for one in standing.readiness.areas if one.area.id == area_id), None) or abort(404)
    gaps = queries.gaps_of(standing.readiness)
    return web.render(
        "endorsement/area.html",
        goal=found,
        standing=standing,
        cover=cover,
        next_seats=queries.next_seats(gaps, now, person_id=found.person_id, each=3),
        is_mine=found.person_id == current_user.id,
        said=wording,
    )


@pages.get(ONE + "/hours")
@login_required
def goal_hours(goal_id: int) -> Response:
    """Every line of the ledgers with what it counts for, and why where it does not."""
    found = goal_to_read(current_user, goal_id)
    standing = queries.standing(found, clock.now())
    return web.render(
        "endorsement/hours.html", goal=found, standing=standing, ready=standing.readiness, said=wording
    )


@pages.post(ONE + "/checklist")
@login_required
def update_checklist(goal_id: int) -> Response:
    found = own_goal(current_user, goal_id)
    today = clock.today(current_app.config["CATALOG"].site_zone)
    services.tick(found, request.form.getlist("done"), today)
    db.session.commit()
    return web.saved(
        url_for(".goal", goal_id=goal_id) + "#checklist",
        "endorsement/_checklist.html",
        message="Your checklist is saved.",
        goal=found,
        items=checklist.items(found.category),
        opened=True,
        is_mine=True,
    )


@pages.post(ONE + "/drop")
@login_required
def drop_goal(goal_id: int) -> Response:
    services.drop_goal(own_goal(current_user, goal_id), by=current_user)
    db.session.commit()
    return web.saved(url_for(".index"), message="It is left aside. You can take it up again below.")


def _to_choose() -> list[Category]:
    """What the person neither works toward nor holds."""
    taken = {one.category_id for one in queries.goals_of(current_user)}
    taken |= {one.category_id for one in queries.endorsed_of(current_user)}
    return [category for category in competencies.categories() if category.id not in taken]


def _index(form: GoalForm, status: int = 200) -> Response:
    now = clock.now()
    return web.render(
        "endorsement/index.html",
        status=status,
        goals=queries.standings_of(current_user, now),
        renewals=queries.renewals_of(current_user, now),
        dropped=queries.dropped_goals(current_user),
        form=form,
        said=wording,
    )
