"""Writing to people on a session: what was sent, the form, the letter as it will be, and sending it."""

from flask import Response, request, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.courses.models import Offering
from catalog.enrollment.access import offering_to_run
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.teaching import services
from catalog.teaching.forms.message import AUDIENCES, MessageForm
from catalog.teaching.queries import messages
from catalog.teaching.refusals import NobodyToWriteTo, OthersThanSeen
from catalog.teaching.views.blueprint import pages

ALL = "/offerings/<int:offering_id>/messages"


@pages.get(ALL)
@login_required
def message_list(offering_id: int) -> Response:
    offering = offering_to_run(current_user, offering_id)
    sent = messages.messages_of(offering)
    return web.render("teaching/message_list.html", offering=offering, sent=sent, audiences=AUDIENCES)


@pages.get(ALL + "/new")
@login_required
def new_message(offering_id: int) -> Response:
    offering = offering_to_run(current_user, offering_id)
    return _form_page(_form(offering, formdata=None), offering)


@pages.post(ALL + "/preview")
@login_required
def preview_message(offering_id: int) -> Response:
    """The letter and whom it goes to; nothing is sent yet."""
    offering = offering_to_run(current_user, offering_id)
    form = _form(offering)
    if not form.validate():
        return _form_page(form, offering, 422)
    if "change" in request.form:
        return _form_page(form, offering)
    return _preview_page(form, offering)


@pages.post(ALL)
@login_required
def send_message(offering_id: int) -> Response:
    offering = offering_to_run(current_user, offering_id)
    form = _form(offering)
    if not form.validate():
        return _form_page(form, offering, 422)
    try:
        sent = services.write(
            offering,
            form.audience.data,
            form.meeting,
            form.subject.data or "",
            form.text.data or "",
            by=current_user,
            seen=form.seen.data or "",
            once=form.once.data,
        )
    except (NobodyToWriteTo, OthersThanSeen) as refusal:
        db.session.rollback()
        return _preview_page(_form(offering_to_run(current_user, offering_id)), offering, refusal)
    count = len(sent.people)
    db.session.commit()
    message = "It is on its way to 1 person." if count == 1 else f"It is on its way to {count} people."
    return web.saved(url_for(".message_list", offering_id=offering_id), message=message)


def _form(offering: Offering, **more: object) -> MessageForm:
    return MessageForm(offering, messages.meetings_begun(offering), **more)


def _form_page(form: MessageForm, offering: Offering, status: int = 200) -> Response:
    return web.render("teaching/new_message.html", status=status, form=form, offering=offering)


def _preview_page(form: MessageForm, offering: Offering, refusal: RuleBroken | None = None) -> Response:
    people = messages.audience(offering, form.audience.data, form.meeting)
    if not people:
        form.audience.errors = [NobodyToWriteTo.sentence]
        return _form_page(form, offering, 422)
    form.seen.data, form.seen.raw_data = services.stand(people), None
    subject, text = services.preview(
        offering, form.subject.data or "", form.text.data or "", by=current_user, to=people[0]
    )
    return web.render(
        "teaching/preview_message.html",
        status=409 if refusal else 200,
        form=form,
        offering=offering,
        people=people,
        letter={"subject": subject, "text": text},
        audiences=AUDIENCES,
        problem=str(refusal or ""),
    )
