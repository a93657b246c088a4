"""The page of a group: its members, its meetings, and who cannot make which."""

from collections.abc import Mapping

from flask import Response, abort, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.accounts import openness
from catalog.accounts.models import Person
from catalog.accounts.openness import Openness
from catalog.accounts.queries import trainers
from catalog.courses.models import Offering
from catalog.courses.services import name_substitute as name
from catalog.enrollment import queries as enrollment
from catalog.enrollment.access import may_lead
from catalog.enrollment.models import Enrollment
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.groups import queries, services
from catalog.groups.access import As, Seen, group_to_lead, group_to_see, meeting_of
from catalog.groups.forms import SubstituteForm, substitute_form
from catalog.groups.views.blueprint import pages

PAGE = "/groups/<int:group_id>"


@pages.get("/groups")
@login_required
def index() -> Response:
    """The groups one has a part in."""
    return web.render("groups/index.html", groups=queries.groups_of(current_user.id), now=clock.now())


@pages.get(PAGE)
@login_required
def show(group_id: int) -> Response:
    return _page(group_to_see(current_user, group_id))


@pages.post(PAGE + "/meetings/<int:meeting_id>/cannot-come")
@login_required
def cannot_come(group_id: int, meeting_id: int) -> Response:
    group, mine = _as_member(group_id)
    services.cannot_come(mine, meeting_of(group, meeting_id))
    db.session.commit()
    return web.saved(_url(group_id, meeting_id), message="Noted. The others of the group can see it.")


@pages.post(PAGE + "/meetings/<int:meeting_id>/can-come")
@login_required
def can_come(group_id: int, meeting_id: int) -> Response:
    group, mine = _as_member(group_id)
    services.can_come(mine, meeting_of(group, meeting_id))
    db.session.commit()
    return web.saved(_url(group_id, meeting_id), message="Taken back. You are expected at that meeting.")


@pages.post(PAGE + "/meetings/<int:meeting_id>/substitute")
@login_required
def name_substitute(group_id: int, meeting_id: int) -> Response:
    group = group_to_lead(current_user, group_id)
    meeting, form = meeting_of(group, meeting_id), SubstituteForm(_substitutes(group))
    if not form.validate():
        return _page(group_to_see(current_user, group_id), 422, {meeting_id: form})
    chosen = form.substitute_id.data
    try:
        name(meeting, db.session.get(Person, chosen) if chosen else None, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        form.substitute_id.errors = [str(refusal)]
        return _page(group_to_see(current_user, group_id), 422, {meeting_id: form})
    db.session.commit()
    said = "They are told, and so is everyone in the group." if chosen else "The facilitator leads it again."
    return web.saved(_url(group_id, meeting_id), message=f"Saved. {said}")


def _substitutes(group: Offering) -> list[tuple[int, str]]:
    """Every other trainer, and whoever is named already."""
    named = [meeting.substitute for meeting in group.sittings if meeting.substitute]
    people = {person.id: person.name for person in (*trainers(), *named) if person.id != group.trainer_id}
    return sorted(people.items(), key=lambda one: (one[1], one[0]))


def _forms(group: Offering, sent: Mapping[int, SubstituteForm]) -> dict[int, SubstituteForm]:
    """One for each meeting, as it stands, or as it was sent and refused."""
    people = _substitutes(group)
    return {
        meeting.id: sent.get(meeting.id) or substitute_form(people, meeting) for meeting in group.sittings
    }


def _as_member(group_id: int) -> tuple[Offering, Enrollment]:
    """Nobody says it for somebody else."""
    seen = group_to_see(current_user, group_id)
    if seen.mine is None:
        abort(403)
    return seen.group, seen.mine


def _url(group_id: int, meeting_id: int) -> str:
    return url_for(".show", group_id=group_id, _anchor=f"meeting-{meeting_id}")


def _page(seen: Seen, status: int = 200, sent: Mapping[int, SubstituteForm] | None = None) -> Response:
    is_inside = seen.role != As.COORDINATOR
    # A coordinator is told no names here, so they are not even read.
    members = enrollment.people_of(seen.group) if is_inside else []
    reachable = openness.shown(Openness.address_in_groups, [one.person for one in members])
    group = seen.group
    leads = may_lead(current_user, group)
    return web.render(
        "groups/show.html",
        status=status,
        seen=seen,
        group=group,
        members=members,
        addresses={person.id: person.email for person in reachable},
        absences=queries.absences(group) if is_inside else {},
        left=enrollment.seats_left(group),
        leads=leads,
        forms=_forms(group, sent or {}) if leads and not group.settled_at and not group.is_cancelled else {},
        following=queries.next_term(group),
        now=clock.now(),
    )
