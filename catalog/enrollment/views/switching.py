"""A session was cancelled: what else there is, and being moved there."""

from flask import Response, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.accounts.services import NotVerified
from catalog.enrollment import queries, services
from catalog.enrollment.access import enrollment_of, offering_to_join
from catalog.enrollment.forms import SwitchForm
from catalog.enrollment.models import Enrollment, State
from catalog.enrollment.views.blueprint import pages
from catalog.errors import RuleBroken
from catalog.extensions import db

ONE = "/enrollments/<int:enrollment_id>"
SAID = {
    State.SEATED: "You have a seat there.",
    State.WAITING: "You are on its waitlist, by when you first joined.",
    State.REQUESTED: "Your request was sent there, as old as when you first joined.",
}


@pages.get(ONE + "/instead")
@login_required
def instead(enrollment_id: int) -> Response:
    return _page(enrollment_of(current_user, enrollment_id))


@pages.post(ONE + "/switch")
@login_required
def switch(enrollment_id: int) -> Response:
    enrollment = enrollment_of(current_user, enrollment_id)
    form = SwitchForm()
    if not form.validate():
        return _page(enrollment, 422, "Choose one of these sessions.")
    to = offering_to_join(current_user, form.to.data or 0)
    try:
        moved = services.switch(enrollment, to, by=current_user)
    except NotVerified:
        raise
    except RuleBroken as refusal:
        db.session.rollback()
        return _page(enrollment_of(current_user, enrollment_id), 409, str(refusal))
    said = SAID[moved.state]
    db.session.commit()
    return web.saved(url_for("browse.offering", offering_id=to.id), message=said)


def _page(enrollment: Enrollment, status: int = 200, problem: str = "") -> Response:
    why_not = ""
    try:
        services.refuse_to_switch(enrollment)
    except RuleBroken as refusal:
        why_not = str(refusal)
    found = queries.alternatives(enrollment.offering, enrollment.person_id) if not why_not else []
    return web.render(
        "enrollment/instead.html",
        status=status,
        enrollment=enrollment,
        offering=enrollment.offering,
        alternatives=found,
        why_not=why_not,
        problem=problem,
    )
