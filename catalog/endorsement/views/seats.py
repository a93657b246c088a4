"""Seats that fill what is missing: all of it, one topic, or one kind of hours."""

from flask import Response, abort, current_app, request
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.endorsement import queries, wording
from catalog.endorsement.access import goal_to_read
from catalog.endorsement.forms import WishesForm
from catalog.endorsement.views.blueprint import pages


@pages.get("/goal/<int:goal_id>/seats")
@login_required
def seats(goal_id: int) -> Response:
    """`topic` (its code), `tag` (its code) or `ledger` narrows what is to be filled; the rest are wishes."""
    goal = goal_to_read(current_user, goal_id)
    now = clock.now()
    ready = queries.standing(goal, now).readiness
    asked = {name: request.args.get(name, "") for name in ("topic", "tag", "ledger")}
    gaps = queries.narrowed(ready, **asked) or abort(404)
    form = WishesForm(queries.offered_counties(now), queries.languages(now), formdata=request.args)
    form.validate()
    number = min(max(request.args.get("page", 1, web.row_number), 1), 50)
    # Nothing else of the address: whoever makes one could say with it where the links of the pager lead.
    kept = {name: request.args.getlist(name) for name in (*asked, *form.data) if name in request.args}
    found = queries.seats(
        gaps,
        form.wishes(),
        now,
        person_id=goal.person_id,
        zone=current_app.config["CATALOG"].site_zone,
        page=number,
    )
    return web.render(
        "endorsement/seats.html",
        "endorsement/_seats.html",
        goal=goal,
        ready=ready,
        gaps=gaps,
        asked={name: value for name, value in asked.items() if value},
        what=wording.asked_said(ready, asked),
        form=form,
        found=found,
        pages=web.pager(number, number + 1 if found.has_more else number, **kept),
        said=wording,
    )
