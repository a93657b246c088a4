"""For coordinators: in which words letters are written."""

from flask import Response, abort, url_for
from flask_login import current_user

from catalog import web
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.notices import queries, services, typeset
from catalog.notices.forms import GROUPS, LetterForm
from catalog.notices.letters import Letter, all_letters, fill, fill_body, find
from catalog.notices.models import LetterTemplate
from catalog.notices.views.blueprint import pages

ONE = "/letters/<letter_kind>"


@pages.get("/letters")
@web.needs("is_coordinator")
def letters() -> Response:
    return web.render(
        "notices/letters.html", letters=all_letters(), chosen=queries.words_chosen(), groups=GROUPS
    )


@pages.get(ONE)
@web.needs("is_coordinator")
def edit_letter(letter_kind: str) -> Response:
    letter = _letter(letter_kind)
    return _page(letter, _opened(letter, queries.chosen_words(letter.kind)))


@pages.post(ONE + "/preview")
@web.needs("is_coordinator")
def preview_letter(letter_kind: str) -> Response:
    """How the words look with the examples; nothing is saved."""
    letter = _letter(letter_kind)
    form = LetterForm(letter)
    if not form.validate():
        return _page(letter, form, 422)
    return _page(letter, form, previewed=True)


@pages.post(ONE)
@web.needs("is_coordinator")
def update_letter(letter_kind: str) -> Response:
    letter = _letter(letter_kind)
    form = LetterForm(letter)
    if not form.validate():
        return _page(letter, form, 422)
    try:
        services.reword(letter, str(form.subject.data), str(form.body.data), form.seen, by=current_user)
    except RuleBroken as refusal:
        return _refused(letter, form, refusal)
    db.session.commit()
    return web.saved(url_for(".letters"), message=f"“{letter.label}” is written in your words from now on.")


@pages.post(ONE + "/restore")
@web.needs("is_coordinator")
def restore_letter(letter_kind: str) -> Response:
    letter = _letter(letter_kind)
    form = LetterForm(letter)
    try:
        services.restore(letter, form.seen, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        form = _opened(letter, queries.chosen_words(letter.kind))
        form.form_errors.append(str(refusal))
        return _page(letter, form, 409)
    db.session.commit()
    return web.saved(url_for(".letters"), message=f"“{letter.label}” has the words again that it came with.")


def _refused(letter: Letter, form: LetterForm, refusal: RuleBroken) -> Response:
    """What was typed stays, beside what stands now; saved once more it replaces that."""
    db.session.rollback()
    form.form_errors.append(str(refusal))
    now = queries.chosen_words(letter.kind)
    form.version.data = str(now.version if now else 0)
    form.version.raw_data = None
    return _page(letter, form, 409, stands=now or letter)


def _letter(kind: str) -> Letter:
    return find(kind) or abort(404)


def _opened(letter: Letter, chosen: LetterTemplate | None) -> LetterForm:
    words = chosen or letter
    version = chosen.version if chosen else 0
    return LetterForm(
        letter, formdata=None, data={"subject": words.subject, "body": words.body, "version": version}
    )


def _page(
    letter: Letter,
    form: LetterForm,
    status: int = 200,
    *,
    previewed: bool = False,
    stands: LetterTemplate | Letter | None = None,
) -> Response:
    text = fill_body(form.body.data or "", letter.sample) if previewed else ""
    return web.render(
        "notices/edit_letter.html",
        status=status,
        letter=letter,
        form=form,
        chosen=queries.chosen_words(letter.kind),
        subject=fill(form.subject.data or "", letter.sample) if previewed else "",
        text=text,
        blocks=typeset.blocks(text) if previewed else "",
        stands=stands,
        groups=GROUPS,
    )
