"""The framework as everybody reads it, and as coordinators keep it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_login import current_user

from catalog import clock, web
from catalog.competencies import queries, services, wording
from catalog.competencies.forms import AreaForm, FactForm, RuleForm, TopicForm
from catalog.competencies.models import Area, HourRule, Topic
from catalog.competencies.refusals import RulesOverlap, Stale
from catalog.extensions import db

pages = Blueprint("competencies", __name__)
pages.add_app_template_filter(wording.ledger_name)
pages.add_app_template_filter(wording.ledger_word)

Fact = Area | Topic | HourRule


@pages.get("/framework")
def index() -> Response:
    return web.render(
        "competencies/index.html",
        edition=queries.edition_in_force(),
        credentials=queries.credentials(),
        areas=queries.topics_by_area(),
        categories=queries.categories(),
        rules=queries.rules(),
        asked=queries.topics_asked_counts(),
        today=clock.today(current_app.config["CATALOG"].site_zone),
    )


@pages.get("/framework/rules/<int:rule_id>/edit")
@web.needs("is_coordinator")
def edit_rule(rule_id: int) -> Response:
    rule = _fact(HourRule, rule_id)
    return _page("competencies/edit_rule.html", RuleForm(obj=rule), rule)


@pages.post("/framework/rules/<int:rule_id>")
@web.needs("is_coordinator")
def update_rule(rule_id: int) -> Response:
    rule = _fact(HourRule, rule_id)
    return _save("competencies/edit_rule.html", RuleForm(), rule, services.edit_rule)


@pages.get("/framework/areas/<int:area_id>/edit")
@web.needs("is_coordinator")
def edit_area(area_id: int) -> Response:
    area = _fact(Area, area_id)
    return _page("competencies/edit_area.html", AreaForm(obj=area), area)


@pages.post("/framework/areas/<int:area_id>")
@web.needs("is_coordinator")
def update_area(area_id: int) -> Response:
    area = _fact(Area, area_id)
    return _save("competencies/edit_area.html", AreaForm(), area, services.edit_area)


@pages.get("/framework/topics/<int:topic_id>/edit")
@web.needs("is_coordinator")
def edit_topic(topic_id: int) -> Response:
    topic = _fact(Topic, topic_id)
    return _page("competencies/edit_topic.html", TopicForm(obj=topic), topic)


@pages.post("/framework/topics/<int:topic_id>")
@web.needs("is_coordinator")
def update_topic(topic_id: int) -> Response:
    topic = _fact(Topic, topic_id)
    return _save("competencies/edit_topic.html", TopicForm(), topic, services.edit_topic)


def _fact(model: type[Any], fact_id: int) -> Any:
    fact = db.get_or_404(model, fact_id)
    if fact.retired_in:
        abort(404)
    return fact


def _save(page: str, form: FactForm, fact: Any, edit: Callable[..., bool]) -> Response:
    """Save what was typed, or show it again with the reason."""
    if not form.validate():
        return _page(page, form, fact, 422)
    fact_id, model = fact.id, type(fact)
    try:
        edit(fact, form.columns(), by=current_user, seen=request.form.get("seen", ""))
    except Stale as refusal:
        db.session.rollback()
        fact = _fact(model, fact_id)
        return _page(page, form, fact, 409, refusal=str(refusal), saved=_saved(form, fact))
    except RulesOverlap as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return _page(page, form, _fact(model, fact_id), 422)
    db.session.commit()
    return web.saved(url_for(".index") + _anchor(fact), message="Saved.")


def _page(page: str, form: FactForm, fact: Fact, status: int = 200, **more: Any) -> Response:
    # A form that is shown again keeps what it was opened with, except after it was shown what is saved now.
    seen = request.form.get("seen") if status == 422 else services.stand(fact)
    more = {"refusal": None, "saved": [], **more}
    return web.render(page, status=status, form=form, fact=fact, seen=seen, back=_anchor(fact), **more)


def _saved(form: FactForm, fact: Fact) -> list[tuple[str, Any]]:
    """What is saved now where it differs from what was typed: the field's label and its value."""
    fresh = type(form)(formdata=None, obj=fact)
    return [
        (field.label.text, fresh[name]._value() if hasattr(fresh[name], "_value") else fresh[name].data)
        for name, field in form._fields.items()
        if name != "csrf_token" and fresh[name].data != field.data
    ]


def _anchor(fact: Fact) -> str:
    """Where on the page the fact stands."""
    if isinstance(fact, HourRule):
        return f"#category-{fact.category_id}"
    return f"#area-{fact.area_id if isinstance(fact, Topic) else fact.id}"
