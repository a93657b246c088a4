"""The transcript as a page, a PDF and a CSV: one's own; and anybody's for coordinators."""

from flask import Response, current_app, make_response
from flask_login import current_user, login_required

from catalog import clock, paper, web
from catalog.accounts.models import Person
from catalog.records import papers, queries
from catalog.records.access import person_to_read
from catalog.records.evidence import named
from catalog.records.transcript import WHAT_IT_IS_NOT, clock_hours
from catalog.records.views.blueprint import pages
from catalog.records.wording import STATES, TONES, who_said
from catalog.sheets import csv_bytes

MINE = "/learning/transcript"
THEIRS = "/people/<int:person_id>/transcript"


@pages.get(MINE)
@login_required
def transcript() -> Response:
    return _page(current_user)


@pages.get(MINE + ".pdf")
@login_required
def transcript_pdf() -> Response:
    return _pdf(current_user)


@pages.get(MINE + ".csv")
@login_required
def transcript_csv() -> Response:
    return _csv(current_user)


@pages.get(THEIRS)
@web.needs("is_coordinator")
def person_transcript(person_id: int) -> Response:
    return _page(person_to_read(person_id))


@pages.get(THEIRS + ".pdf")
@web.needs("is_coordinator")
def person_transcript_pdf(person_id: int) -> Response:
    return _pdf(person_to_read(person_id))


@pages.get(THEIRS + ".csv")
@web.needs("is_coordinator")
def person_transcript_csv(person_id: int) -> Response:
    return _csv(person_to_read(person_id))


def _page(person: Person) -> Response:
    settings = current_app.config["CATALOG"]
    return web.render(
        "records/transcript.html",
        transcript=queries.transcript(person, clock.now()),
        is_mine=person.id == current_user.id,
        what_it_is_not=WHAT_IT_IS_NOT.format(association=settings.association),
        clock_hours=clock_hours,
        states=STATES,
        tones=TONES,
        who_said=who_said,
    )


def _pdf(person: Person) -> Response:
    found = queries.transcript(person, clock.now())
    made = paper.pdf("records/transcript.typ", papers.sheet(found, current_app.config["CATALOG"]))
    return _file(made, person, "application/pdf")


def _csv(person: Person) -> Response:
    found = queries.transcript(person, clock.now())
    rows = papers.table(found, current_app.config["CATALOG"])
    return _file(csv_bytes(rows), person, "text/csv; charset=utf-8")


def _file(content: bytes, person: Person, media_type: str) -> Response:
    ending = "pdf" if "pdf" in media_type else "csv"
    name = named(f"Transcript {person.name}.pdf", "application/pdf").removesuffix(".pdf")
    return web.as_file(make_response(content), f"{name}.{ending}", media_type)
