"""Saved searches: saved from the catalog page, listed, changed, deleted and put back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request, session, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.browse.filters import Filters
from catalog.browse.vocabulary import ONLINE
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.following import queries, reading, services
from catalog.following.access import own_search
from catalog.following.forms import SearchForm
from catalog.following.models import SavedSearch
from catalog.following.views.blueprint import pages
from catalog.following.wording import HOW_OFTEN
from catalog.places import counties

LIST = "/searches"
ONE = LIST + "/<int:search_id>"
GONE = "search_gone"
"""What was deleted last, so that it can be put back; only this browser knows it, for a while."""
FOR_A_WHILE = timedelta(hours=1)


@pages.get(LIST)
@login_required
def index() -> Response:
    words = reading.vocabulary()
    found = [(one, reading.read(one.query, words)) for one in queries.searches(current_user)]
    return web.render(
        "following/index.html",
        searches=[(one, reading.label(filters, words), filters.problems) for one, filters in found],
        how_often=HOW_OFTEN,
        most=services.MOST_SEARCHES,
        gone=_gone().get("label", ""),
    )


@pages.get(LIST + "/new")
@login_required
def new() -> Response:
    filters = reading.read(request.query_string.decode(errors="replace"), reading.vocabulary())
    return _new_page(_form_of(filters), filters)


@pages.post(LIST)
@login_required
def create() -> Response:
    form, filters = _sent()
    if not form.validate():
        return _new_page(form, filters, 422)
    try:
        made = services.save(current_user, filters.key, str(form.label.data), form.how_often.data)
    except RuleBroken as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return _new_page(form, filters, 422)
    db.session.commit()
    return web.saved(url_for(".index"), message=f"Saved. You are told of new sessions: {made.label}.")


@pages.get(ONE)
@login_required
def edit(search_id: int) -> Response:
    found = own_search(current_user, search_id)
    filters = reading.read(found.query, reading.vocabulary())
    return _edit_page(found, _form_of(filters, label=found.label, how_often=found.how_often), filters)


@pages.post(ONE)
@login_required
def update(search_id: int) -> Response:
    found = own_search(current_user, search_id)
    form, filters = _sent()
    if not form.validate():
        return _edit_page(found, form, filters, 422)
    try:
        services.change(found, filters.key, str(form.label.data), form.how_often.data)
    except RuleBroken as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return _edit_page(own_search(current_user, search_id), form, filters, 422)
    db.session.commit()
    return web.saved(url_for(".index"), message="Your search is changed.")


@pages.post(ONE + "/delete")
@login_required
def delete(search_id: int) -> Response:
    gone = services.delete(own_search(current_user, search_id))
    session[GONE] = {**gone, "person_id": current_user.id, "at": clock.now().isoformat()}
    db.session.commit()
    return web.saved(url_for(".index"))


@pages.post(LIST + "/undo")
@login_required
def undo() -> Response:
    if not (gone := _gone()):
        return web.saved(url_for(".index"), message="There is nothing to put back.")
    services.put_back(current_user, gone)
    db.session.commit()
    session.pop(GONE)
    return web.saved(url_for(".index"), message="Your search is there again.")


def _gone() -> dict[str, Any]:
    """Nothing of somebody else who used this browser before."""
    gone: dict[str, Any] = session.get(GONE, {})
    is_fresh = bool(gone) and datetime.fromisoformat(gone["at"]) > clock.now() - FOR_A_WHILE
    return gone if is_fresh and gone["person_id"] == current_user.id else {}


def _form_of(filters: Filters, **fields: Any) -> SearchForm:
    places = list(filters.get("county"))
    return SearchForm(formdata=None, query=filters.without("county").key, county=places, **fields)


def _sent() -> tuple[SearchForm, Filters]:
    """The form, and the search it asks for: its filters with the counties that are ticked."""
    form = SearchForm()
    words = reading.vocabulary()
    filters = reading.read(str(form.query.data or ""), words)
    known = [place for place in (ONLINE, *counties()) if place in (form.county.data or [])]
    chosen = {**filters.without("county").chosen, **({"county": tuple(known)} if known else {})}
    return form, replace(filters, chosen=chosen)


def _new_page(form: SearchForm, filters: Filters, status: int = 200) -> Response:
    return web.render(
        "following/new.html",
        status=status,
        form=form,
        filters=filters,
        words=reading.label(filters, reading.vocabulary()),
    )


def _edit_page(found: SavedSearch, form: SearchForm, filters: Filters, status: int = 200) -> Response:
    return web.render(
        "following/edit.html",
        status=status,
        search=found,
        form=form,
        filters=filters,
        words=reading.label(filters, reading.vocabulary()),
    )
