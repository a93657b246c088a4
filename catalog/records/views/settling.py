"""What a coordinator decides about something a person handed in: done, and on to the next one."""

from collections.abc import Callable

from flask import Response

from catalog import web
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.records.forms import ReturnForm

Page = Callable[[int, ReturnForm], Response]


def settled(
    step: Callable[[], None], page: Page, queue: str, message: str, form: ReturnForm | None = None
) -> Response:
    """On to the address of the queue; or the page as things stand now, with why not."""
    try:
        step()
    except RuleBroken as refusal:
        db.session.rollback()
        form = form or ReturnForm(formdata=None)
        form.form_errors.append(str(refusal))
        return page(409, form)
    db.session.commit()
    return web.saved(queue, message=message)
