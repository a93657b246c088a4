"""A framework file in the browser: what it would change is shown, and then it is loaded.

Between the two the file stands in the page, packed and sealed: nothing is kept here that nobody saved."""

import base64
import binascii
import zlib
from typing import NamedTuple

from flask import Response, request, url_for
from flask_login import current_user

from catalog import web
from catalog.competencies import effects, services
from catalog.competencies.forms import LoadForm
from catalog.competencies.services.entries import LARGEST_FILE
from catalog.competencies.services.report import LoadReport
from catalog.competencies.views.blueprint import pages
from catalog.competencies.views.saving import Preview, index_url, preview_page, sealed, today
from catalog.errors import DataRefused
from catalog.extensions import db

PAGE = "competencies/load.html"
# More than a file may have, so that a larger one gets its sentence beside the field; packed it takes less.
MOST_SENT = 2 * LARGEST_FILE


class Sent(NamedTuple):
    name: str
    content: bytes


@pages.get("/framework/load")
@web.needs("is_administrator")
def choose_file() -> Response:
    return web.render(PAGE, form=LoadForm(formdata=None), problems=[])


@pages.post("/framework/load")
@web.takes_files(MOST_SENT)
@web.needs("is_administrator")
def load_file() -> Response:
    """First with the file, then with what the preview showed of it."""
    if request.form.get("step") == "back":
        return web.render(PAGE, form=LoadForm(formdata=None), problems=[])
    form = LoadForm()
    sent = _shown_before()
    is_shown = sent is not None
    if sent is None:
        if not form.validate():
            return web.render(PAGE, status=422, form=form, problems=[])
        sent = Sent(form.file.data.filename or "", form.file.data.stream.read(LARGEST_FILE + 1))
    try:
        return _save(sent) if is_shown else _preview(sent)
    except DataRefused as refused:
        db.session.rollback()
        form.form_errors.append(f"Nothing was loaded. “{sent.name}” has {_problems(len(refused.problems))}.")
        return web.render(PAGE, status=422, form=form, problems=refused.problems)


def _preview(sent: Sent) -> Response:
    told: list[str] = []

    def load() -> None:
        told.extend([*_load(sent).lines(), *effects.follow_load()])

    found = effects.of(None, today(), load)
    db.session.rollback()
    packed = base64.urlsafe_b64encode(zlib.compress(sent.content)).decode()
    return preview_page(
        Preview(
            f"Load {sent.name}",
            request.path,
            [("name", sent.name), ("packed", packed)],
            sealed(sent.name, packed),
            found,
            url_for(".choose_file"),
            told=told,
        )
    )


def _save(sent: Sent) -> Response:
    report = _load(sent)
    if report.changed:
        effects.follow_load()
        services.find_by_new_names()
        effects.recount(f"The framework file {sent.name}", None, current_user)
    db.session.commit()
    return web.saved(index_url(""), message=report.lines()[0])


def _load(sent: Sent) -> LoadReport:
    return services.load_framework(sent.name, by=current_user, content=sent.content)


def _shown_before() -> Sent | None:
    """What the preview carried, if it is what we wrote there."""
    name, packed = request.form.get("name", ""), request.form.get("packed", "")
    if not packed or request.form.get("previewed", "") != sealed(name, packed):
        return None
    try:
        content = zlib.decompressobj().decompress(base64.urlsafe_b64decode(packed), LARGEST_FILE + 1)
    except (binascii.Error, zlib.error):
        return None
    return Sent(name, content)


def _problems(count: int) -> str:
    return "1 problem" if count == 1 else f"{count} problems"
