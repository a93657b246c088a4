"""Education that waits for a coordinator: the queue, "I have seen it", and sending it back."""

from collections.abc import Callable

from flask import Response, request, url_for
from flask_login import current_user

from catalog import web
from catalog.records import queries, services
from catalog.records.access import education_to_read
from catalog.records.forms import CheckForm, ReturnForm
from catalog.records.views.blueprint import pages
from catalog.records.views.education import education_page
from catalog.records.views.settling import settled


@pages.get("/education/review")
@web.needs("is_coordinator")
def review_education() -> Response:
    number = max(request.args.get("page", 1, int), 1)
    entries, count = queries.education_to_look_at(number)
    return web.render(
        "records/review_education.html", entries=entries, pages=web.pager(min(number, count), count)
    )


@pages.post("/education/<int:education_id>/check")
@web.needs("is_coordinator")
def check_education(education_id: int) -> Response:
    form = CheckForm()
    return _settled(
        education_id,
        lambda: services.check_education(
            education_to_read(current_user, education_id), form.seen.data or "", by=current_user
        ),
        "You have seen it. The person is told.",
    )


@pages.post("/education/<int:education_id>/return")
@web.needs("is_coordinator")
def return_education(education_id: int) -> Response:
    form = ReturnForm()
    if not form.validate():
        return education_page(education_to_read(current_user, education_id), 422, form)
    return _settled(
        education_id,
        lambda: services.return_education(
            education_to_read(current_user, education_id),
            form.seen.data or "",
            form.reason.data or "",
            by=current_user,
        ),
        "It is sent back. The person is told.",
        form,
    )


def _settled(
    education_id: int, step: Callable[[], None], message: str, form: ReturnForm | None = None
) -> Response:
    def page(status: int, form: ReturnForm) -> Response:
        return education_page(education_to_read(current_user, education_id), status, form)

    return settled(step, page, url_for(".review_education"), message, form)
