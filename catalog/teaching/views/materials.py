"""Materials of a session: given by those who run it, taken by those with a seat."""

import io

from flask import Response, abort, send_file, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.courses.models import Offering
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing
from catalog.records.evidence import MOST_BYTES, Clean
from catalog.records.views.files import SANDBOX
from catalog.teaching import files, services
from catalog.teaching.access import (
    material_to_change,
    material_to_take,
    offering_of_materials,
    offering_to_give,
)
from catalog.teaching.forms.material import SHOWN, MaterialForm
from catalog.teaching.models import Material
from catalog.teaching.queries.materials import materials_of, removed_of, shown_to, with_content
from catalog.teaching.refusals import MaterialRefused
from catalog.teaching.views.blueprint import pages

ALL = "/offerings/<int:offering_id>/materials"
ONE = "/materials/<int:material_id>"


@pages.app_template_global()
def materials_for(offering_ids: list[int]) -> dict[int, list[Material]]:
    """What the reader is given, by session, for the pages of what they take part in."""
    return shown_to(current_user, offering_ids) if current_user.is_authenticated else {}


@pages.get(ALL)
@login_required
def material_list(offering_id: int) -> Response:
    offering, runs = offering_of_materials(current_user, offering_id)
    if runs:
        return _giving_page(offering, MaterialForm(formdata=None))
    given = shown_to(current_user, [offering_id]).get(offering_id, [])
    return web.render("teaching/taken_materials.html", offering=offering, given=given)


@pages.post(ALL)
@web.takes_files(2 * MOST_BYTES)
@login_required
def add_material(offering_id: int) -> Response:
    offering_to_give(current_user, offering_id)
    # To make a picture safe takes a second; no lock is held meanwhile.
    db.session.rollback()
    form = MaterialForm()
    form.validate()
    file = _file_taken(form)
    start_writing()
    offering = offering_to_give(current_user, offering_id)
    if form.errors:
        return _giving_page(offering, form, 422)
    try:
        services.give(
            offering,
            form.title.data or "",
            file or form.url.data or "",
            form.shown.data,
            by=current_user,
            once=form.once.data,
        )
    except MaterialRefused as refusal:
        return _refused(form, offering_id, refusal)
    db.session.commit()
    return web.saved(url_for(".material_list", offering_id=offering_id), message="It is added.")


@pages.get(ONE + "/file")
@login_required
def material_file(material_id: int) -> Response:
    """Saved and never shown in the page's own name; kept by no cache."""
    found = material_to_take(current_user, material_id)
    if found.url:
        abort(404)
    found = with_content(material_id)
    answer = send_file(
        io.BytesIO(found.content or b""),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.file_name,
        max_age=0,
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post(ONE + "/remove")
@login_required
def remove_material(material_id: int) -> Response:
    found = material_to_change(current_user, material_id)
    services.take_back(found, by=current_user)
    return _changed(found, "It is removed. You can put it back, under Removed.")


@pages.post(ONE + "/put-back")
@login_required
def put_back_material(material_id: int) -> Response:
    found = material_to_change(current_user, material_id)
    services.put_back(found, by=current_user)
    return _changed(found, "It is back.")


def _changed(found: Material, message: str) -> Response:
    url = url_for(".material_list", offering_id=found.offering_id)
    db.session.commit()
    return web.saved(url, message=message)


def _file_taken(form: MaterialForm) -> Clean | None:
    """The file made safe; or what is not right with it, beside its field."""
    if form.sent is None:
        return None
    try:
        file = files.cleaned(form.sent.filename or "", form.sent.stream.read(MOST_BYTES + 1))
    except MaterialRefused as refusal:
        form.file.errors = [str(refusal)]
        return None
    if form.errors:
        form.file.errors = ["Please choose the file again; browsers do not keep it."]
    return file


def _refused(form: MaterialForm, offering_id: int, refusal: RuleBroken) -> Response:
    db.session.rollback()
    form.form_errors.append(str(refusal))
    return _giving_page(offering_to_give(current_user, offering_id), form, 422)


def _giving_page(offering: Offering, form: MaterialForm, status: int = 200) -> Response:
    return web.render(
        "teaching/materials.html",
        status=status,
        offering=offering,
        form=form,
        given=materials_of(offering),
        removed=removed_of(offering),
        shown=SHOWN,
    )
