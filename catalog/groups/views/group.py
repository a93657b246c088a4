"""The page of a group: its members, its meetings, and who cannot make which."""

from flask import Response, abort, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.enrollment import queries as enrollment
from catalog.enrollment.access import may_lead, stands_in
from catalog.extensions import db
from catalog.groups import queries, services
from catalog.groups.access import As, Seen, group_to_see, meeting_of
from catalog.groups.views.blueprint import pages

PAGE = "/groups/<int:group_id>"


@pages.get(PAGE)
@login_required
def show(group_id: int) -> Response:
    return _page(group_to_see(current_user, group_id))


@pages.post(PAGE + "/meetings/<int:meeting_id>/cannot-come")
@login_required
def cannot_come(group_id: int, meeting_id: int) -> Response:
    seen = _as_member(group_id)
    services.cannot_come(seen.mine, meeting_of(seen.group, meeting_id))
    db.session.commit()
    return web.saved(_url(group_id, meeting_id), message="Noted. The others of the group can see it.")


@pages.post(PAGE + "/meetings/<int:meeting_id>/can-come")
@login_required
def can_come(group_id: int, meeting_id: int) -> Response:
    seen = _as_member(group_id)
    services.can_come(seen.mine, meeting_of(seen.group, meeting_id))
    db.session.commit()
    return web.saved(_url(group_id, meeting_id), message="Taken back. You are expected at that meeting.")


def _as_member(group_id: int) -> Seen:
    """Nobody says it for somebody else."""
    seen = group_to_see(current_user, group_id)
    if seen.role != As.MEMBER:
        abort(403)
    return seen


def _url(group_id: int, meeting_id: int) -> str:
    return url_for(".show", group_id=group_id, _anchor=f"meeting-{meeting_id}")


def _page(seen: Seen, status: int = 200) -> Response:
    is_inside = seen.role != As.COORDINATOR
    group = seen.group
    return web.render(
        "groups/show.html",
        status=status,
        seen=seen,
        group=group,
        # A coordinator is told no names here, so they are not even read.
        members=enrollment.people_of(group) if is_inside else [],
        absences=queries.absences(group) if is_inside else {},
        left=enrollment.seats_left(group),
        leads=may_lead(current_user, group),
        keeps={meeting.id for meeting in group.sittings if stands_in(current_user, meeting)},
        following=queries.next_term(group),
        now=clock.now(),
    )
