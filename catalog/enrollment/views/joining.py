"""What one person does for themself."""

from flask import Response, abort, request, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.courses.models import Offering
from catalog.enrollment import queries, refusals, services
from catalog.enrollment.access import enrollment_of, offering_to_join
from catalog.enrollment.forms import JoinForm
from catalog.enrollment.models import State
from catalog.enrollment.offers import RULE
from catalog.enrollment.views.blueprint import pages
from catalog.extensions import db

SAID = {
    State.SEATED: "You have a seat.",
    State.WAITING: "You are on the waitlist.",
    State.REQUESTED: "Your request was sent.",
}
TYPED = {"answer", "access_request"}
"""What can be typed before joining, where the session asks no question."""


@pages.app_template_global()
def waitlist_rule() -> str:
    """The written rule, shown wherever people join a queue."""
    return RULE


@pages.get("/offerings/<int:offering_id>/enrollments/new")
@login_required
def new(offering_id: int) -> Response:
    offering = offering_to_join(current_user, offering_id)
    services.refuse_if_closed(offering)
    return _form_page(JoinForm().ask(offering.questions), offering)


@pages.post("/offerings/<int:offering_id>/enrollments")
@login_required
def create(offering_id: int) -> Response:
    person = current_user._get_current_object()
    offering = offering_to_join(person, offering_id)
    services.refuse_if_closed(offering)
    # Whoever only pressed the button has typed nothing that could be wrong.
    form = JoinForm().ask(offering.questions) if offering.question or request.form.keys() & TYPED else None
    if form and not form.validate():
        return _form_page(form, offering, 422)
    try:
        enrollment = services.enroll(
            person,
            offering,
            by=person,
            answer=form.said() if form else "",
            access_request=(form.access_request.data or "") if form else "",
            warned="warned" in request.form,
            is_first=True,
        )
    except refusals.AnswerNeeded as refusal:
        form = form or JoinForm().ask(offering.questions)
        form.answer.errors = [str(refusal)]
        return _form_page(form, offering, 422)
    except refusals.AlreadyEnrolled:
        # A double tap, or a second try after a lost connection: what was wanted is so.
        return _joined(offering_id, "You are on this session already.")
    said = SAID[enrollment.state]
    db.session.commit()
    return _joined(offering_id, said)


@pages.post("/enrollments/<int:enrollment_id>/withdraw")
@login_required
def withdraw(enrollment_id: int) -> Response:
    enrollment = enrollment_of(current_user, enrollment_id)
    offering_id = enrollment.offering_id
    if not enrollment.is_live:
        return _joined(offering_id, "You are no longer on this session.")
    services.withdraw(enrollment, by=current_user)
    db.session.commit()
    return _joined(offering_id, "Done. You are no longer on this session.")


@pages.post("/enrollments/<int:enrollment_id>/accept")
@login_required
def accept(enrollment_id: int) -> Response:
    enrollment = enrollment_of(current_user, enrollment_id)
    offering_id = enrollment.offering_id
    if enrollment.state == State.SEATED:
        return _joined(offering_id, "The seat is yours.")
    services.accept(enrollment, by=current_user)
    db.session.commit()
    return _joined(offering_id, "The seat is yours.")


@pages.post("/enrollments/<int:enrollment_id>/decline")
@login_required
def decline(enrollment_id: int) -> Response:
    enrollment = enrollment_of(current_user, enrollment_id)
    offering_id = enrollment.offering_id
    if enrollment.state == State.DECLINED:
        return _joined(offering_id, "You declined, and the next person was asked.")
    services.decline(enrollment, by=current_user)
    db.session.commit()
    return _joined(offering_id, "Thank you. The next person is asked now.")


def _form_page(form: JoinForm, offering: Offering, status: int = 200) -> Response:
    if web.is_fragment() and "full_form" not in request.form:
        # The join box has no field to say it beside; the page with the fields has.
        return web.saved(url_for("enrollment.new", offering_id=offering.id))
    return web.render(
        "enrollment/new.html",
        status=status,
        form=form,
        offering=offering,
        standing=queries.standing(offering, current_user),
    )


def _joined(offering_id: int, message: str) -> Response:
    """The join box as it stands now, or the page the person came from."""
    url = web.back_to(url_for("browse.offering", offering_id=offering_id))
    if not web.is_fragment() or "full_form" in request.form or "next" in request.form:
        return web.saved(url, message=message)
    offering = queries.offering_with_meetings(offering_id) or abort(404)
    return web.saved(
        url,
        "enrollment/_join.html",
        message=message,
        offering=offering,
        standing=queries.standing(offering, current_user),
        now=clock.now(),
    )
