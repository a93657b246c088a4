"""Waiting for a date of a course: one click, taken back with another; and, for coordinators, who waits for what."""

from flask import Response, request, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.extensions import db
from catalog.following import queries, services
from catalog.following.access import course_to_plan, course_to_wait_for
from catalog.following.views.blueprint import pages

COURSE = "/courses/<int:course_id>/interest"


@pages.get(COURSE + "/new")
@login_required
def new_interest(course_id: int) -> Response:
    """Where somebody who was not signed in comes out: the one button of it."""
    course = course_to_wait_for(current_user, course_id)
    mine = queries.interest(current_user.id, course_id)
    return web.render(
        "following/new_interest.html",
        course=course,
        waits=mine is not None and mine.ended_at is None and mine.told_at is None,
        has_dates=bool(queries.sessions_to_join(course_id)),
    )


@pages.post(COURSE)
@login_required
def show_interest(course_id: int) -> Response:
    services.show_interest(course_to_wait_for(current_user, course_id), by=current_user)
    db.session.commit()
    return web.saved(f"{_page(course_id)}#sessions")


@pages.post(COURSE + "/end")
@login_required
def end_interest(course_id: int) -> Response:
    services.end_interest(course_to_wait_for(current_user, course_id), by=current_user)
    db.session.commit()
    return web.saved(_page(course_id), message="Nobody writes to you about a date of this course.")


@pages.get(COURSE)
@web.needs("is_coordinator")
def interest(course_id: int) -> Response:
    return web.render(
        "following/interest.html",
        course=course_to_plan(course_id),
        by_county=queries.interested(course_id),
        has_dates=bool(queries.sessions_to_join(course_id)),
    )


@pages.get("/interest")
@web.needs("is_coordinator")
def wanted() -> Response:
    found = queries.wanted(request.args.get("page", 1, type=web.row_number))
    return web.render(
        "following/wanted.html", wanted=found.rows, pager_of=web.pager(found.number, found.pages)
    )


def _page(course_id: int) -> str:
    return url_for("browse.course", course_id=course_id)
