"""Disputing a mark, the thread that follows, and the list of all that are open."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.attendance import queries as attendance
from catalog.attendance.sheet import Cell
from catalog.attendance.wording import METHODS
from catalog.disputes import queries, services
from catalog.disputes.access import cell_to_dispute, dispute_to_read, is_about, may_answer, may_decide
from catalog.disputes.forms import AnswerForm, DisputeForm, PassOnForm, SeenForm
from catalog.disputes.models import Dispute, DisputeState
from catalog.disputes.refusals import NothingToDispute
from catalog.disputes.wording import mark_in_words, whose_turn
from catalog.errors import RuleBroken
from catalog.extensions import db

pages = Blueprint("disputes", __name__)
MARK = "/enrollments/<int:enrollment_id>/meetings/<int:meeting_id>/dispute"
ONE = "/disputes/<int:dispute_id>"


@pages.get("/disputes")
@login_required
def index() -> Response:
    """What is open to those who settle it, and what one disputed oneself."""
    number = max(request.args.get("page", 1, int), 1)
    settles = current_user.coordinates_some or current_user.is_trainer
    rows, count = queries.open_to(current_user, number) if settles else ([], 1)
    return web.render(
        "disputes/index.html",
        settles=settles,
        rows=rows,
        own=queries.own(current_user),
        pages=web.pager(min(number, count), count),
        whose_turn=whose_turn,
    )


@pages.get(MARK)
@login_required
def new(enrollment_id: int, meeting_id: int) -> Response:
    return _new_page(cell_to_dispute(current_user, enrollment_id, meeting_id), DisputeForm(formdata=None))


@pages.post(MARK)
@login_required
def create(enrollment_id: int, meeting_id: int) -> Response:
    cell, form = cell_to_dispute(current_user, enrollment_id, meeting_id), DisputeForm()
    if not form.validate():
        return _new_page(cell, form, 422)
    try:
        made = services.dispute(cell, str(form.text.data), by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        cell = cell_to_dispute(current_user, enrollment_id, meeting_id)
        return _new_page(cell, form, 409, str(refusal))
    db.session.commit()
    return web.saved(_url(made.id), message="It is sent. You are told by mail when somebody answers.")


@pages.get(ONE)
@login_required
def show(dispute_id: int) -> Response:
    return _page(dispute_to_read(current_user, dispute_id))


@pages.post(ONE + "/answer")
@login_required
def answer(dispute_id: int) -> Response:
    """The trainer's answer."""
    found = dispute_to_read(current_user, dispute_id)
    if not may_answer(current_user, found):
        abort(403)
    return _settle(found, services.answer, "Your answer is sent.")


@pages.post(ONE + "/decide")
@login_required
def decide(dispute_id: int) -> Response:
    """A coordinator's decision."""
    found = dispute_to_read(current_user, dispute_id)
    if not may_decide(current_user, found):
        abort(403)
    return _settle(found, services.decide, "It is decided.")


@pages.post(ONE + "/accept")
@login_required
def accept(dispute_id: int) -> Response:
    """Whose mark it is says that it is settled."""
    found, form = _own(dispute_id), SeenForm()
    try:
        services.accept(found, form.seen.data or 0, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _page(_own(dispute_id), 409, problem=str(refusal))
    db.session.commit()
    return web.saved(_url(dispute_id), message="It is settled.")


@pages.post(ONE + "/pass-on")
@login_required
def pass_on(dispute_id: int) -> Response:
    """Whose mark it is asks a coordinator."""
    found, form = _own(dispute_id), PassOnForm()
    if not form.validate():
        return _page(found, 422, form)
    try:
        services.pass_on(found, form.seen.data or 0, str(form.text.data), by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _page(_own(dispute_id), 409, form, str(refusal))
    db.session.commit()
    return web.saved(_url(dispute_id), message="A coordinator is asked. You are told by mail.")


def _url(dispute_id: int) -> str:
    return url_for(".show", dispute_id=dispute_id)


def _own(dispute_id: int) -> Dispute:
    found = dispute_to_read(current_user, dispute_id)
    return found if is_about(current_user, found) else abort(403)


def _cell(found: Dispute) -> Cell:
    return attendance.cell(found.meeting_id, found.enrollment_id) or abort(404)


Step = Callable[..., None]


def _settle(found: Dispute, step: Step, message: str) -> Response:
    """An answer or a decision: a sentence, and what becomes of the mark."""
    dispute_id, form = found.id, AnswerForm(_cell(found))
    if not form.validate():
        return _page(found, 422, form)
    try:
        step(found, form.seen.data or 0, form.text.data, form.wanted, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        return _page(dispute_to_read(current_user, dispute_id), 409, form, str(refusal))
    db.session.commit()
    return web.saved(_url(dispute_id), message=message)


def _new_page(cell: Cell, form: DisputeForm, status: int = 200, problem: str = "") -> Response:
    if not problem:
        try:
            services.refuse_to_dispute(cell)
        except NothingToDispute as refusal:
            problem = str(refusal)
    before = queries.of_mark(cell.meeting.id, cell.enrollment.id)
    return web.render(
        "disputes/new.html",
        status=status,
        cell=cell,
        form=form,
        problem=problem,
        standing=next((one for one in before if one.is_open), None),
        before=before,
        methods=METHODS,
        mark_in_words=mark_in_words,
    )


def _page(
    found: Dispute, status: int = 200, form: PassOnForm | AnswerForm | None = None, problem: str = ""
) -> Response:
    """The thread, with the form of whoever is reading: `form` as it was sent, or an empty one."""
    cell, turn = _cell(found), _may_do(found)
    if form is None and turn:
        form = PassOnForm(formdata=None) if turn == "pass_on" else AnswerForm(cell, formdata=None)
    if form:
        form.seen.data = found.entries[-1].id
        form.seen.raw_data = None
    return web.render(
        "disputes/show.html",
        status=status,
        dispute=found,
        cell=cell,
        form=form,
        problem=problem,
        turn=turn,
        is_mine=is_about(current_user, found),
        methods=METHODS,
        mark_in_words=mark_in_words,
        whose_turn=whose_turn,
    )


def _may_do(found: Dispute) -> str:
    """What the reader may write now: the name of the view it goes to, or nothing."""
    if not found.is_open:
        return ""
    if is_about(current_user, found):
        return "pass_on" if found.state == DisputeState.ANSWERED else ""
    if found.state == DisputeState.WITH_TRAINER and may_answer(current_user, found):
        return "answer"
    return "decide" if may_decide(current_user, found) else ""
