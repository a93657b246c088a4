"""Areas and topics: their names change nothing of what anybody has, so they are saved at once."""

from collections.abc import Callable
from typing import Any

from flask import Response
from flask_login import current_user

from catalog import web
from catalog.competencies import services
from catalog.competencies.forms import AreaForm, FactForm, TopicForm
from catalog.competencies.models import Area, Topic
from catalog.competencies.refusals import Stale
from catalog.competencies.views.blueprint import pages
from catalog.competencies.views.saving import differs_from_saved, fact_of, index_url, seen, shown
from catalog.extensions import db


@pages.get("/framework/areas/<int:area_id>/edit")
@web.needs("is_coordinator")
def edit_area(area_id: int) -> Response:
    area = fact_of(Area, area_id)
    return _page("competencies/edit_area.html", AreaForm(obj=area), area)


@pages.post("/framework/areas/<int:area_id>")
@web.needs("is_coordinator")
def update_area(area_id: int) -> Response:
    area = fact_of(Area, area_id)
    return _save("competencies/edit_area.html", AreaForm(), area, services.edit_area)


@pages.get("/framework/topics/<int:topic_id>/edit")
@web.needs("is_coordinator")
def edit_topic(topic_id: int) -> Response:
    topic = fact_of(Topic, topic_id)
    return _page("competencies/edit_topic.html", TopicForm(obj=topic), topic)


@pages.post("/framework/topics/<int:topic_id>")
@web.needs("is_coordinator")
def update_topic(topic_id: int) -> Response:
    topic = fact_of(Topic, topic_id)
    return _save("competencies/edit_topic.html", TopicForm(), topic, services.edit_topic)


def _save(page: str, form: FactForm, fact: Any, edit: Callable[..., bool]) -> Response:
    """Save what was typed, or show it again with the reason."""
    if not form.validate():
        return _page(page, form, fact, 422)
    fact_id, model = fact.id, type(fact)
    try:
        edit(fact, form.columns(), by=current_user, seen=seen())
    except Stale as refusal:
        db.session.rollback()
        fact = fact_of(model, fact_id)
        fresh = type(form)(formdata=None, obj=fact)
        return _page(page, form, fact, 409, refusal=str(refusal), saved=differs_from_saved(form, fresh))
    db.session.commit()
    return web.saved(index_url(_anchor(fact)), message="Saved.")


def _page(page: str, form: FactForm, fact: Any, status: int = 200, **more: Any) -> Response:
    return shown(page, form, fact, status, back=_anchor(fact), **more)


def _anchor(fact: Area | Topic) -> str:
    return f"#area-{fact.area_id if isinstance(fact, Topic) else fact.id}"
