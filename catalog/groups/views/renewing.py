"""Planning the next term of a group: for its facilitator and the coordinators."""

from flask import Response, request, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.accounts.queries import trainers
from catalog.courses.forms.offering import default_ledger
from catalog.courses.forms.saying import say, says
from catalog.courses.models import Offering
from catalog.courses.refusals import FieldsRefused, SentBefore
from catalog.courses.schedule import Sitting
from catalog.enrollment import queries as enrollment
from catalog.extensions import db
from catalog.groups import queries, services
from catalog.groups.access import group_to_lead
from catalog.groups.forms import NextTermForm, next_term_form
from catalog.groups.refusals import NextTermPlanned
from catalog.groups.terms import Going, going_on
from catalog.groups.views.blueprint import pages

NEXT = "/groups/<int:group_id>/next"


@pages.get(NEXT)
@login_required
def new_term(group_id: int) -> Response:
    group = group_to_lead(current_user, group_id)
    if queries.next_term(group):
        raise NextTermPlanned
    return _page(_form(group, formdata=None), group)


@pages.post(NEXT)
@login_required
def plan_next(group_id: int) -> Response:
    group = group_to_lead(current_user, group_id)
    form = _form(group)
    moved = form.rearrange(request.form, default_ledger(group.course), adds=False)
    _offer(form)
    if moved is not None:
        return _page(form, group, 200 if moved else 422)
    if not form.validate():
        return _page(form, group, 422)
    try:
        made = services.plan_next(
            group, form.columns(), form.rows(), form["answer_by"].data, by=current_user, once=form.once.data
        )
    except FieldsRefused as refusal:
        db.session.rollback()
        if isinstance(refusal, SentBefore):
            form.once.renew()
        say(form, refusal.sentences)
        return _page(form, group_to_lead(current_user, group_id), 422)
    made_id = made.id
    db.session.commit()
    return web.saved(
        url_for(".show", group_id=made_id), message="The next term is planned. Its members are asked."
    )


def _form(group: Offering, **more: object) -> NextTermForm:
    return _offer(next_term_form(group, _going(group), clock.today(group.zone), **more))


def _going(group: Offering) -> Going:
    old = [Sitting(meeting.starts_wall, meeting.ends_wall) for meeting in group.sittings]
    return going_on(old, clock.today(group.zone))


def _offer(form: NextTermForm) -> NextTermForm:
    return form.offer([(person.id, person.name) for person in trainers()])


def _page(form: NextTermForm, group: Offering, status: int = 200) -> Response:
    return web.render(
        "groups/new_term.html",
        "groups/_term_form.html",
        status=status,
        form=form,
        group=group,
        course=group.course,
        offering=None,
        says=says,
        said=_going(group).said,
        members=len(enrollment.people_of(group)),
    )
