"""Categories: their names, whether one can be endorsed in them, and what is asked beside hours."""

from flask import Response
from flask_login import current_user

from catalog import web
from catalog.competencies import services
from catalog.competencies.forms import CategoryForm
from catalog.competencies.models import Category
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

ONE = "/framework/categories/<int:category_id>"
PAGE = "competencies/edit_category.html"


@pages.get(ONE + "/edit")
@web.needs("is_coordinator")
def edit_category(category_id: int) -> Response:
    category = fact_of(Category, category_id)
    return shown(PAGE, CategoryForm(category, formdata=None), category, back=_anchor(category))


@pages.post(ONE)
@web.needs("is_coordinator")
def update_category(category_id: int) -> Response:
    category = fact_of(Category, category_id)
    form = CategoryForm(category)

    def page(status: int = 200, refusal: str | None = None) -> Response:
        saved = differs_from_saved(form, CategoryForm(category, formdata=None)) if refusal else []
        return shown(PAGE, form, category, status, refusal, saved=saved, back=_anchor(category))

    return save(
        Saving(
            form,
            category.name,
            page,
            apply=lambda: services.edit_category(category, form.columns(), by=current_user, seen=seen()),
            back=index_url(_anchor(category)),
            opened=CategoryForm(category, formdata=None),
            categories={category.id},
        )
    )


def _anchor(category: Category) -> str:
    return f"#category-{category.id}"
