"""One meeting changed, alone or with those after it, or all: everyone is told once."""

from flask import Response, abort, request, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.accounts.queries import trainers
from catalog.courses.access import offering_to_edit
from catalog.courses.models import Meeting
from catalog.courses.refusals import FieldsRefused, MeetingHasMarks, OfferingCancelled, Settled, Stale
from catalog.extensions import db
from catalog.teaching import services
from catalog.teaching.forms.series import SeriesForm
from catalog.teaching.views.blueprint import pages

ONE = "/offerings/<int:offering_id>/meetings/<int:nth>/edit"


@pages.get(ONE)
@login_required
def edit_meeting(offering_id: int, nth: int) -> Response:
    meeting = _meeting(offering_id, nth)
    return _page(_form(meeting, formdata=None), meeting)


@pages.post(ONE)
@login_required
def update_meeting(offering_id: int, nth: int) -> Response:
    meeting = _meeting(offering_id, nth)
    form = _form(meeting)
    if not form.validate():
        return _page(form, meeting, 422)
    version = request.form.get("version", 0, type=web.row_number)
    try:
        told = services.edit_series(
            meeting.offering, meeting, form.wanted(), form.scope.data, version, by=current_user
        )
    except (FieldsRefused, MeetingHasMarks, Settled, Stale) as refusal:
        db.session.rollback()
        sentences = refusal.sentences.values() if isinstance(refusal, FieldsRefused) else [str(refusal)]
        form.form_errors.extend(dict.fromkeys(sentences))
        is_late = isinstance(refusal, Settled | Stale)
        return _page(form, _meeting(offering_id, nth), 409 if is_late else 422)
    db.session.commit()
    message = "Saved. Everyone on the session is told once what changed." if told else "Saved."
    return web.saved(url_for("browse.offering", offering_id=offering_id), message=message)


def _meeting(offering_id: int, nth: int) -> Meeting:
    offering = offering_to_edit(current_user, offering_id)
    if offering.is_cancelled:
        raise OfferingCancelled
    return next((one for one in offering.sittings if one.number == nth), None) or abort(404)


def _form(meeting: Meeting, **more: object) -> SeriesForm:
    """Among today's trainers, and whoever is named on the meeting already."""
    named = {
        person.id: person.name for person in [*trainers(), *meeting.co_trainers, meeting.substitute] if person
    }
    return SeriesForm(meeting, named.items(), **more)


def _page(form: SeriesForm, meeting: Meeting, status: int = 200) -> Response:
    is_late = any("Somebody saved" in sentence for sentence in form.form_errors)
    if is_late:
        form.version.data = str(meeting.offering.version)
        form.version.raw_data = None
    return web.render(
        "teaching/edit_meeting.html",
        status=status,
        form=form,
        meeting=meeting,
        offering=meeting.offering,
        is_late=is_late,
    )
