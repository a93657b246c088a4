"""Hour rules: added, edited, and followed by another figure from a day on."""

from datetime import date
from typing import Any

from flask import Response, request
from flask_login import current_user

from catalog import web
from catalog.competencies import queries, services
from catalog.competencies.forms import FigureForm, RuleForm
from catalog.competencies.models import HourRule
from catalog.competencies.views.blueprint import pages
from catalog.competencies.views.saving import (
    Saving,
    differs_from_saved,
    fact_of,
    index_url,
    save,
    seen,
    shown,
    today,
)

ALL = "/framework/rules"
ONE = ALL + "/<int:rule_id>"
MATTERS = (
    "category_id",
    "purpose",
    "ledger",
    "kind",
    "tag_id",
    "minutes",
    "window_months",
    "condition",
    "applies_when",
    "effective_from",
    "effective_until",
    "is_enabled",
)
"""What of a rule somebody's standing can depend on."""


@pages.get(ALL + "/new")
@web.needs("is_coordinator")
def new_rule() -> Response:
    return _page(_form(formdata=None, category_id=request.args.get("category", type=web.row_number)), None)


@pages.post(ALL)
@web.needs("is_coordinator")
def create_rule() -> Response:
    form = _form()

    def page(status: int = 200, refusal: str | None = None) -> Response:
        return _page(form, None, status)

    return save(
        Saving(
            form,
            "A new rule",
            page,
            apply=lambda: services.add_rule(form.columns(), by=current_user),
            back=_url(form.category_id.data),
            categories={form.category_id.data},
            on=lambda: _first_day(None, form),
        )
    )


@pages.get(ONE + "/edit")
@web.needs("is_coordinator")
def edit_rule(rule_id: int) -> Response:
    rule = fact_of(HourRule, rule_id)
    return _page(_form(rule, formdata=None), rule)


@pages.post(ONE)
@web.needs("is_coordinator")
def update_rule(rule_id: int) -> Response:
    rule = fact_of(HourRule, rule_id)
    form, opened = _form(rule), _form(rule, formdata=None)

    def page(status: int = 200, refusal: str | None = None) -> Response:
        saved = differs_from_saved(form, _form(rule, formdata=None)) if refusal else []
        return _page(form, rule, status, refusal=refusal, saved=saved)

    return save(
        Saving(
            form,
            f"A rule of {rule.category.name}",
            page,
            apply=lambda: services.edit_rule(rule, form.columns(), by=current_user, seen=seen()),
            back=_url(rule.category_id),
            opened=opened,
            categories={rule.category_id, form.category_id.data},
            on=lambda: _first_day(rule, form),
        )
    )


@pages.get(ONE + "/from")
@web.needs("is_coordinator")
def next_rule(rule_id: int) -> Response:
    rule = fact_of(HourRule, rule_id)
    return _next_page(FigureForm(formdata=None, obj=rule), rule)


@pages.post(ONE + "/from")
@web.needs("is_coordinator")
def begin_rule(rule_id: int) -> Response:
    rule = fact_of(HourRule, rule_id)
    form = FigureForm(obj=rule)

    def page(status: int = 200, refusal: str | None = None) -> Response:
        saved = differs_from_saved(form, FigureForm(formdata=None, obj=rule)) if refusal else []
        return _next_page(form, rule, status, refusal=refusal, saved=saved)

    def begin() -> object:
        return services.begin(
            rule, form.begins_on.data or today(), form.columns(), by=current_user, seen=seen()
        )

    return save(
        Saving(
            form,
            f"A rule of {rule.category.name}",
            page,
            apply=begin,
            back=_url(rule.category_id),
            opened=FigureForm(formdata=None, obj=rule),
            categories={rule.category_id},
            on=lambda: max(form.begins_on.data or today(), today()),
        )
    )


def _form(rule: HourRule | None = None, **more: Any) -> RuleForm:
    return RuleForm(queries.every_category(), queries.tags(), rule, **more)


def _page(form: RuleForm, rule: HourRule | None, status: int = 200, **more: Any) -> Response:
    page = "competencies/edit_rule.html" if rule else "competencies/new_rule.html"
    return shown(page, form, rule, status, back=f"#category-{form.category_id.data}", **more)


def _next_page(form: FigureForm, rule: HourRule, status: int = 200, **more: Any) -> Response:
    return shown(
        "competencies/next_rule.html", form, rule, status, back=f"#category-{rule.category_id}", **more
    )


def _url(category_id: int | None) -> str:
    return index_url(f"#category-{category_id}")


def _first_day(rule: HourRule | None, form: RuleForm) -> date:
    columns = form.columns()
    before = {name: getattr(rule, name) for name in MATTERS} if rule else None
    return services.first_day_changed(before, {name: columns[name] for name in MATTERS}, today())
