"""A session, or a whole term, once more on new dates: the filled form of a new one. Nothing is saved here."""

from datetime import date

from flask import Response, flash, request, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.courses.access import course_to_post, offering_to_edit
from catalog.courses.forms.offering import copying_form
from catalog.courses.models import Offering
from catalog.courses.views.offerings import offer, posting_page
from catalog.teaching.forms.copying import CopyForm
from catalog.teaching.views.blueprint import pages
from catalog.wording import day


@pages.get("/offerings/<int:offering_id>/copy")
@login_required
def copy(offering_id: int) -> Response:
    offering = offering_to_edit(current_user, offering_id)
    course = course_to_post(current_user, offering.course_id)
    form = CopyForm(clock.today(offering.zone), formdata=request.args if "first" in request.args else None)
    first = _first_day(offering)
    if "first" not in request.args and first is not None:
        return _page(form, offering)
    if first is not None and not form.validate():
        return _page(form, offering, 422)
    days = (form.first.data - first).days if first and form.first.data else 0
    if first and days % 7:
        flash(_other_weekday(first, form.first.data or first), "message")
    return posting_page(offer(copying_form(offering, days), offering), course)


def _first_day(offering: Offering) -> date | None:
    """By the wall clock; None for what has neither meetings nor work of one's own."""
    days = [meeting.starts_wall.date() for meeting in offering.sittings or offering.own_work]
    return min(days, default=None)


def _other_weekday(was: date, now: date) -> str:
    return (
        f"The first meeting was on a {was:%A}, and {day(now)} is a {now:%A}, so every meeting is on another weekday "
        "than before. Look the dates over."
    )


def _page(form: CopyForm, offering: Offering, status: int = 200) -> Response:
    return web.render(
        "teaching/copy.html",
        status=status,
        form=form,
        offering=offering,
        first=_first_day(offering),
        target=url_for(".copy", offering_id=offering.id),
    )
