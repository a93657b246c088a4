"""Two accounts of one person: found, looked at side by side, joined, and taken apart again."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_login import current_user

from catalog import web
from catalog.accounts import queries as accounts
from catalog.accounts.models import Person
from catalog.coordinating import services, wording
from catalog.coordinating.forms import MergeForm, PairForm
from catalog.coordinating.models import Merge
from catalog.coordinating.queries import doubles
from catalog.coordinating.queries import merging as queries
from catalog.coordinating.refusals import SamePerson
from catalog.coordinating.views.blueprint import pages
from catalog.errors import RuleBroken
from catalog.extensions import db

BOTH = "/people/<int:kept_id>/merge/<int:gone_id>"


@pages.get("/people/duplicates")
@web.needs("is_coordinator")
def duplicates() -> Response:
    found = doubles.found(doubles.MOST_GROUPS)
    count = max(1, -(-len(found.pairs) // doubles.PER_PAGE))
    number = min(max(request.args.get("page", 1, int), 1), count)
    shown = found.pairs[(number - 1) * doubles.PER_PAGE : number * doubles.PER_PAGE]
    ids = sorted({one for pair in shown for one in (pair.low, pair.high)})
    accounts_shown, held = doubles.accounts(ids), doubles.holds(ids)
    passwords = {one.id: one.has_password for one in accounts_shown.values()}
    return web.render(
        "coordinating/duplicates.html",
        pairs=[(accounts_shown[pair.low], accounts_shown[pair.high], pair.reasons) for pair in shown],
        count=len(found.pairs),
        is_more=found.is_more,
        held=held,
        keeps=[doubles.first_kept(pair.low, pair.high, held, passwords) for pair in shown],
        pages=web.pager(number, count),
    )


@pages.post("/people/duplicates/not-the-same")
@web.needs("is_coordinator")
def not_the_same() -> Response:
    form = PairForm()
    if not form.validate():
        abort(404)
    services.not_the_same(_person(form.one.data), _person(form.other.data), by=current_user)
    db.session.commit()
    return web.saved(url_for(".duplicates"), message="It is remembered: these are two people.")


@pages.get("/people/<int:person_id>/merge")
@web.needs("is_coordinator")
def choose_other(person_id: int) -> Response:
    """Whoever has two accounts that nothing tells are one: the other one is looked for by hand."""
    words = request.args.get("words", "")[:200].strip()
    found = accounts.people(words).rows if words else []
    return web.render(
        "coordinating/choose_other.html",
        person=_person(person_id),
        words=words,
        found=[one for one in found if one.id != person_id],
    )


@pages.get(BOTH)
@web.needs("is_coordinator")
def look_at_both(kept_id: int, gone_id: int) -> Response:
    return _both_page(kept_id, gone_id)


@pages.post(BOTH)
@web.needs("is_coordinator")
def merge(kept_id: int, gone_id: int) -> Response:
    _both(kept_id, gone_id)
    try:
        made = services.merge(kept_id, gone_id, MergeForm().seen.data or "", by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _both_page(kept_id, gone_id, 409, str(refusal))
    db.session.commit()
    return web.saved(url_for(".show_merge", merge_id=made.id), message="The two accounts are one now.")


@pages.get("/people/merges")
@web.needs("is_coordinator")
def merges() -> Response:
    number = max(request.args.get("page", 1, int), 1)
    found, count = queries.merges(number)
    return web.render("coordinating/merges.html", merges=found, pages=web.pager(min(number, count), count))


@pages.get("/people/merges/<int:merge_id>")
@web.needs("is_coordinator")
def show_merge(merge_id: int) -> Response:
    return _merge_page(_merge(merge_id))


@pages.post("/people/merges/<int:merge_id>/undo")
@web.needs("is_coordinator")
def undo_merge(merge_id: int) -> Response:
    try:
        services.undo(_merge(merge_id), by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _merge_page(_merge(merge_id), 409, str(refusal))
    db.session.commit()
    return web.saved(
        url_for(".show_merge", merge_id=merge_id), message="It is undone: these are two accounts again."
    )


def _person(person_id: int | None) -> Person:
    return db.session.get(Person, person_id or 0) or abort(404)


def _both(kept_id: int, gone_id: int) -> tuple[Person, Person]:
    if kept_id == gone_id:
        raise SamePerson
    return _person(kept_id), _person(gone_id)


def _merge(merge_id: int) -> Merge:
    return queries.merge(merge_id) or abort(404)


def _both_page(kept_id: int, gone_id: int, status: int = 200, refused: str = "") -> Response:
    kept, gone = _both(kept_id, gone_id)
    preview = queries.preview(kept, gone, current_user)
    form = MergeForm(formdata=None)
    form.seen.data = preview.stand
    standing = str(preview.refusal) if preview.refusal else ""
    return web.render(
        "coordinating/merge.html",
        status=status,
        preview=preview,
        form=form,
        held=doubles.holds([kept_id, gone_id]),
        refused=refused or standing,
        may_merge=preview.refusal is None,
        moves=wording.counted(preview.counts),
        stays=wording.counted(preview.left_counts),
    )


def _merge_page(made: Merge, status: int = 200, refused: str = "") -> Response:
    def counts(of: str) -> dict[str, Any]:
        return {key: len(rows) for key, rows in (made.moved.get(of) or {}).items()}

    return web.render(
        "coordinating/show_merge.html",
        status=status,
        merge=made,
        refused=refused,
        moved=wording.counted(counts("rows")),
        left=wording.counted(counts("left")),
    )
