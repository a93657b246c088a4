"""Hours from elsewhere that wait for a coordinator: the queue, verifying, and sending back."""

from collections.abc import Callable

from flask import Response, request, url_for
from flask_login import current_user

from catalog import web
from catalog.records import queries, services
from catalog.records.access import entry_to_read
from catalog.records.forms import CheckForm, ReturnForm
from catalog.records.views.blueprint import pages
from catalog.records.views.hours import entry_page
from catalog.records.views.settling import settled
from catalog.records.written import days_said


@pages.get("/hours/review")
@web.needs("is_coordinator")
def review_hours() -> Response:
    number = max(request.args.get("page", 1, int), 1)
    entries, count = queries.hours_to_look_at(number)
    return web.render(
        "records/review_hours.html",
        entries=entries,
        pages=web.pager(min(number, count), count),
        days_said=days_said,
    )


@pages.post("/hours/<int:entry_id>/verify")
@web.needs("is_coordinator")
def verify_hours(entry_id: int) -> Response:
    form = CheckForm()
    return _settled(
        entry_id,
        lambda: services.verify_hours(
            entry_to_read(current_user, entry_id), form.seen.data or "", by=current_user
        ),
        "The hours are verified. The person is told.",
    )


@pages.post("/hours/<int:entry_id>/return")
@web.needs("is_coordinator")
def return_hours(entry_id: int) -> Response:
    form = ReturnForm()
    if not form.validate():
        return entry_page(entry_to_read(current_user, entry_id), 422, form)
    return _settled(
        entry_id,
        lambda: services.return_hours(
            entry_to_read(current_user, entry_id),
            form.seen.data or "",
            form.reason.data or "",
            by=current_user,
        ),
        "It is sent back. The person is told.",
        form,
    )


def _settled(
    entry_id: int, step: Callable[[], None], message: str, form: ReturnForm | None = None
) -> Response:
    def page(status: int, form: ReturnForm) -> Response:
        return entry_page(entry_to_read(current_user, entry_id), status, form)

    return settled(step, page, url_for(".review_hours"), message, form)
