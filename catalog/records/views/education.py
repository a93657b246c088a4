"""Education at universities: what a person writes down of their own, with the file that shows it."""

from typing import Any

from flask import Response, abort, current_app, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing
from catalog.records import queries, services
from catalog.records.access import education_to_read, own_education
from catalog.records.evidence import Clean
from catalog.records.forms import CheckForm, EducationForm, ReturnForm
from catalog.records.models import Education
from catalog.records.refusals import FileRefused
from catalog.records.views.blueprint import pages
from catalog.records.views.files import MOST_SENT, file_taken, handed_out
from catalog.records.wording import STATES, TONES, finished_said, who_said

LIST = "/learning/education"
ONE = LIST + "/<int:education_id>"


@pages.get(LIST)
@login_required
def education() -> Response:
    return web.render("records/education.html", entries=queries.education_of(current_user), **_said())


@pages.get(LIST + "/new")
@login_required
def new_education() -> Response:
    return _form_page(_form(formdata=None))


@pages.post(LIST + "/new")
@web.takes_files(MOST_SENT)
@login_required
def create_education() -> Response:
    file, form = _read_form(None)
    if form.errors:
        return _form_page(form, status=422)
    try:
        made = services.add_education(form.columns(), file, by=current_user, once=form.once.data)
    except RuleBroken as refusal:
        db.session.rollback()
        return _form_page(_refused(form, refusal), status=409)
    db.session.commit()
    return web.saved(_url(made.id), message="It is written down. A coordinator looks at it.")


@pages.get(ONE)
@login_required
def show_education(education_id: int) -> Response:
    return education_page(education_to_read(current_user, education_id))


@pages.get(ONE + "/edit")
@login_required
def edit_education(education_id: int) -> Response:
    found = own_education(current_user, education_id)
    return _form_page(_form(found, formdata=None, obj=found), found)


@pages.post(ONE + "/edit")
@web.takes_files(MOST_SENT)
@login_required
def update_education(education_id: int) -> Response:
    found = own_education(current_user, education_id)
    file, form = _read_form(found)
    found = own_education(current_user, education_id)
    if form.errors:
        return _form_page(form, found, 422)
    try:
        services.change_education(
            found, form.columns(), file, by=current_user, drops_file=bool(form.drops_file.data)
        )
    except FileRefused as refusal:
        db.session.rollback()
        return _form_page(_refused(form, refusal), own_education(current_user, education_id), 409)
    db.session.commit()
    return web.saved(_url(education_id), message="Your changes are saved. A coordinator looks at them.")


@pages.post(ONE + "/withdraw")
@login_required
def withdraw_education(education_id: int) -> Response:
    services.withdraw_education(own_education(current_user, education_id), by=current_user)
    db.session.commit()
    return web.saved(url_for(".education"), message="It is deleted, with its file if it had one.")


@pages.get(ONE + "/evidence")
@login_required
def evidence_file(education_id: int) -> Response:
    found = education_to_read(current_user, education_id)
    return handed_out(queries.evidence_with_content(found.evidence_id or 0) or abort(404))


def education_page(found: Education, status: int = 200, form: ReturnForm | None = None) -> Response:
    """For the person, and for the coordinators with what they may do."""
    form = form or ReturnForm(formdata=None)
    form.seen.data = services.stand(found)
    form.seen.raw_data = None
    return web.render(
        "records/show_education.html",
        status=status,
        entry=found,
        is_mine=found.person_id == current_user.id,
        check=CheckForm(formdata=None, seen=services.stand(found)),
        form=form,
        **_said(),
    )


def _read_form(of: Education | None) -> tuple[Clean | None, EducationForm]:
    """The form, and its file made safe, which is slow: the lock waits until that is done."""
    db.session.rollback()
    form = _form(of)
    form.validate()
    file = file_taken(form)
    start_writing()
    return file, form


def _form(of: Education | None = None, **more: object) -> EducationForm:
    today = clock.today(current_app.config["CATALOG"].site_zone)
    return EducationForm(queries.programmes(of), today, **more)


def _form_page(form: EducationForm, of: Education | None = None, status: int = 200) -> Response:
    page = "records/edit_education.html" if of else "records/new_education.html"
    return web.render(page, status=status, form=form, entry=of)


def _refused(form: EducationForm, refusal: RuleBroken) -> EducationForm:
    form.form_errors.append(str(refusal))
    form.once.renew()
    return form


def _url(education_id: int) -> str:
    return url_for(".show_education", education_id=education_id)


def _said() -> dict[str, Any]:
    return {"tones": TONES, "states": STATES, "who_said": who_said, "finished_said": finished_said}
