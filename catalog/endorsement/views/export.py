"""The application export of one goal: what is in it, and the files."""

import re

from flask import Response, current_app, make_response, stream_with_context
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.endorsement import queries
from catalog.endorsement.access import goal_to_read
from catalog.endorsement.application import Application
from catalog.endorsement.figures import TONES, amount_said
from catalog.endorsement.models import Goal
from catalog.endorsement.papers import archive, drawing, tables
from catalog.endorsement.views.blueprint import pages
from catalog.records.evidence import named

ONE = "/goal/<int:goal_id>/export"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"


@pages.get(ONE)
@login_required
def export(goal_id: int) -> Response:
    goal = goal_to_read(current_user, goal_id)
    found = _application(goal)
    numbers = [line.certificate for line in found.certificates]
    return web.render(
        "endorsement/export.html",
        goal=goal,
        found=found,
        is_mine=goal.person_id == current_user.id,
        without_pdf=len(queries.without_pdf(goal.person, numbers)),
        most_drawn=archive.MOST_DRAWN,
        tones=TONES,
        amount_said=amount_said,
    )


@pages.get(ONE + ".xlsx")
@login_required
def export_xlsx(goal_id: int) -> Response:
    goal = goal_to_read(current_user, goal_id)
    return file_of(tables.xlsx(_application(goal)), goal, "xlsx", XLSX)


@pages.get(ONE + ".csv")
@login_required
def export_csv(goal_id: int) -> Response:
    goal = goal_to_read(current_user, goal_id)
    return file_of(tables.trainings_csv(_application(goal)), goal, "csv", CSV)


@pages.get("/goal/<int:goal_id>/export-rsc.csv")
@login_required
def export_rsc_csv(goal_id: int) -> Response:
    goal = goal_to_read(current_user, goal_id)
    return file_of(tables.rsc_csv(_application(goal)), goal, "csv", CSV, "RSC")


@pages.get(ONE + ".pdf")
@login_required
def export_pdf(goal_id: int) -> Response:
    goal = goal_to_read(current_user, goal_id)
    return file_of(drawing.pdf(_application(goal), current_app.config["CATALOG"]), goal, "pdf", PDF)


@pages.get(ONE + ".zip")
@login_required
def export_zip(goal_id: int) -> Response:
    goal = goal_to_read(current_user, goal_id)
    pieces = archive.stream(_application(goal), goal.person, current_app.config["CATALOG"])
    answer = make_response(stream_with_context(pieces))
    return _as_file(answer, goal, "zip", "application/zip")


def _application(goal: Goal) -> Application:
    return queries.application(goal, clock.now())


def file_of(content: bytes, goal: Goal, ending: str, media_type: str, part: str = "") -> Response:
    """To be saved, under a name that says whose and for what."""
    return _as_file(make_response(content), goal, ending, media_type, part)


def _as_file(answer: Response, goal: Goal, ending: str, media_type: str, part: str = "") -> Response:
    words = " ".join(word for word in ("Application", goal.person.name, goal.category.code, part) if word)
    name = named(re.sub(r"[/\\]", "-", words) + ".pdf", PDF).removesuffix(".pdf")
    return web.as_file(answer, f"{name}.{ending}", media_type)
