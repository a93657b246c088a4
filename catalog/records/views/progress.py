"""How far one is in a certificate course, and the sessions of what is missing."""

from flask import Response, abort, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.courses.models import Course
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.records import queries, services
from catalog.records.views.blueprint import pages

ONE = "/learning/courses/<int:certificate_course_id>"
REVOKED = "This certificate was revoked, so it is not issued again. Ask a coordinator."


@pages.get(ONE)
@login_required
def progress(certificate_course_id: int) -> Response:
    now = clock.now()
    found = queries.progress(current_user, _course(certificate_course_id), now)
    return web.render("records/progress.html", progress=found, now=now)


@pages.post(ONE + "/certificate")
@login_required
def claim(certificate_course_id: int) -> Response:
    """For those who had finished every part before the course was put together."""
    issued = services.claim(current_user, _course(certificate_course_id))
    if issued is None:
        raise RuleBroken(REVOKED)
    db.session.commit()
    return web.saved(
        url_for(".progress", certificate_course_id=certificate_course_id),
        message="Your certificate is issued.",
    )


def _course(course_id: int) -> Course:
    return queries.certificate_course(course_id) or abort(404)
