"""The questions, the results for those who run a session, and the list of all results for coordinators."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user, login_required

from catalog import sheets, web
from catalog.courses.models import Offering
from catalog.errors import RuleBroken
from catalog.evaluation import access, figures, services
from catalog.evaluation.figures import Results
from catalog.evaluation.forms import EvaluationForm, form_for
from catalog.evaluation.queries import Standing
from catalog.evaluation.wording import HIGH, LOW, POINTS, SAID
from catalog.extensions import db

pages = Blueprint("evaluation", __name__)


@pages.get("/offerings/<int:offering_id>/evaluation")
@login_required
def new(offering_id: int) -> Response:
    offering, standing = access.offering_to_evaluate(current_user, offering_id)
    return _form_page(offering, standing, form_for(offering.course))


@pages.post("/offerings/<int:offering_id>/evaluation")
@login_required
def create(offering_id: int) -> Response:
    offering, standing = access.offering_to_evaluate(current_user, offering_id)
    if standing.enrollment_id is None:
        abort(403)
    form = form_for(offering.course)
    try:
        services.refuse_to_take(standing)
        if not form.validate():
            return _form_page(offering, standing, form, 422)
        services.give(offering, form.answers, by=current_user)
    except RuleBroken as refusal:
        db.session.rollback()
        again = access.offering_to_evaluate(current_user, offering_id)
        return _form_page(*again, form, 409, str(refusal))
    db.session.commit()
    return web.saved(url_for(".new", offering_id=offering_id))


def _form_page(
    offering: Offering, standing: Standing, form: EvaluationForm, status: int = 200, problem: str = ""
) -> Response:
    return web.render(
        "evaluation/new.html",
        status=status,
        offering=offering,
        standing=standing,
        form=form,
        problem=problem,
        ends=(LOW, HIGH),
    )


@pages.get("/offerings/<int:offering_id>/evaluation/results")
@login_required
def results(offering_id: int) -> Response:
    offering, as_trainer = access.offering_to_read_about(current_user, offering_id)
    return web.render(
        "evaluation/results.html",
        offering=offering,
        results=figures.results(offering, for_trainer=as_trainer),
        as_trainer=as_trainer,
        together=services.TOGETHER,
        points=SAID,
    )


@pages.get("/offerings/<int:offering_id>/evaluation/results.csv")
@login_required
def download(offering_id: int) -> Response:
    offering = access.offering_to_download(current_user, offering_id)
    found = figures.results(offering, for_trainer=False)
    headers = {"Content-Disposition": f'attachment; filename="evaluation-{offering.id}.csv"'}
    return Response(sheets.csv_bytes(_rows(offering, found)), mimetype="text/csv", headers=headers)


def _rows(offering: Offering, found: Results) -> Iterator[Sequence[str | int]]:
    """Question by question and never answer by answer: a text beside its points would say more than the page."""
    yield ["Session", offering.course.title, "", "", "", "", "Answered", "Were there"]
    yield [
        "",
        str(offering.starts_at.date()) if offering.starts_at else "",
        "",
        "",
        "",
        "",
        found.given,
        found.asked,
    ]
    yield ["Question", *[str(point) for point in POINTS], "Answers", "Mean"]
    for rating in (*found.scales, *found.objectives):
        yield [rating.words, *rating.counts.values(), rating.answers, rating.mean]
    yield ["Question", "Text"]
    for question, texts in found.texts:
        yield from ([question, text] for text in texts)


@pages.get("/evaluations")
@web.needs("is_coordinator")
def index() -> Response:
    number = max(request.args.get("page", 1, type=web.row_number), 1)
    rows, count = figures.overview(current_user, number)
    return web.render("evaluation/index.html", rows=rows, pages=web.pager(min(number, count), count))
