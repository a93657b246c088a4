"""Tags: what hours can be about, for the minimums that ask for such hours."""

from flask import Response
from flask_login import current_user

from catalog import web
from catalog.competencies import services
from catalog.competencies.forms import TagForm
from catalog.competencies.models import HourTag
from catalog.competencies.views.blueprint import pages
from catalog.competencies.views.saving import (
    Saving,
    differs_from_saved,
    fact_of,
    index_url,
    save,
    seen,
    shown,
)

ALL = "/framework/tags"
ONE = ALL + "/<int:tag_id>"
BACK = "#tags"


@pages.get(ALL + "/new")
@web.needs("is_coordinator")
def new_tag() -> Response:
    return shown("competencies/new_tag.html", TagForm(formdata=None), None, back=BACK)


@pages.post(ALL)
@web.needs("is_coordinator")
def create_tag() -> Response:
    form = TagForm()

    def page(status: int = 200, refusal: str | None = None) -> Response:
        return shown("competencies/new_tag.html", form, None, status, back=BACK)

    return save(
        Saving(
            form,
            "A new tag",
            page,
            apply=lambda: services.add_tag(form.columns(), by=current_user),
            back=index_url(BACK),
            recounts=False,
        )
    )


@pages.get(ONE + "/edit")
@web.needs("is_coordinator")
def edit_tag(tag_id: int) -> Response:
    tag = fact_of(HourTag, tag_id)
    return shown("competencies/edit_tag.html", TagForm(formdata=None, obj=tag), tag, back=BACK)


@pages.post(ONE)
@web.needs("is_coordinator")
def update_tag(tag_id: int) -> Response:
    tag = fact_of(HourTag, tag_id)
    form = TagForm(obj=tag)

    def page(status: int = 200, refusal: str | None = None) -> Response:
        saved = differs_from_saved(form, TagForm(formdata=None, obj=tag)) if refusal else []
        return shown("competencies/edit_tag.html", form, tag, status, refusal, saved=saved, back=BACK)

    return save(
        Saving(
            form,
            tag.label,
            page,
            apply=lambda: services.edit_tag(tag, form.columns(), by=current_user, seen=seen()),
            back=index_url(BACK),
            opened=TagForm(formdata=None, obj=tag),
            recounts=False,
        )
    )
