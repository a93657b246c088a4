"""The certificates of one session: who has one and who not yet, and all of them as one file."""

from typing import Any

from flask import Response, make_response, redirect, stream_with_context, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.certificates import archive, queries, services
from catalog.certificates.queries import progress
from catalog.certificates.refusals import NotAllMade
from catalog.certificates.views.blueprint import pages
from catalog.certificates.views.paper import file_of
from catalog.courses.models import Offering
from catalog.enrollment.access import offering_to_run
from catalog.evaluation import queries as evaluation
from catalog.extensions import db
from catalog.notices import services as notices


@pages.get("/offerings/<int:offering_id>/certificates")
@login_required
def batch(offering_id: int) -> Response:
    offering = offering_to_run(current_user, offering_id)
    return web.render("certificates/batch.html", "certificates/_progress.html", **_context(offering))


@pages.get("/offerings/<int:offering_id>/certificates.zip")
@login_required
def batch_zip(offering_id: int) -> Response:
    offering = offering_to_run(current_user, offering_id)
    certificates = queries.in_force_of(offering.id)
    if not certificates or progress.pages_of(offering) < len(certificates):
        raise NotAllMade
    response = make_response(stream_with_context(archive.stream(certificates)))
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="certificates-{offering.id}.zip"'
    return response


@pages.get("/offerings/<int:offering_id>/certificates.pdf")
@login_required
def batch_pdf(offering_id: int) -> Response:
    offering = offering_to_run(current_user, offering_id)
    made = progress.batch_of(offering.id, progress.digest_of(queries.in_force_of(offering.id)))
    if made is None or made.content is None:
        return make_response(redirect(url_for(".batch", offering_id=offering.id), 303))
    return file_of(made.content, f"certificates-{offering.id}.pdf")


@pages.post("/offerings/<int:offering_id>/certificates.pdf")
@login_required
def ask_batch(offering_id: int) -> Response:
    offering = offering_to_run(current_user, offering_id)
    services.ask_for_batch(offering, by=current_user)
    return _saved(offering, "All certificates are being put into one file.")


@pages.post("/offerings/<int:offering_id>/certificates")
@login_required
def make_again(offering_id: int) -> Response:
    """Look once more who should have a certificate, and make whatever pages are missing."""
    offering = offering_to_run(current_user, offering_id)
    notices.queue("issue_certificates", {"offering_id": offering.id})
    services.ask_for_pages(progress.without_page(offering))
    return _saved(offering, "The certificates are looked through again.")


def _saved(offering: Offering, message: str) -> Response:
    db.session.commit()
    url = url_for(".batch", offering_id=offering.id)
    return web.saved(url, "certificates/_progress.html", message, **_context(offering))


def _context(offering: Offering) -> dict[str, Any]:
    people = progress.people_of(offering)
    done = progress.progress(offering, people, evaluation.is_missing([one.id for one in people]))
    whole = progress.batch_of(offering.id, progress.digest_of(queries.in_force_of(offering.id)))
    return {"offering": offering, "done": done, "whole": whole}
