"""The export as a PDF: it says what the tables say, can be read aloud, and holds out against much text."""

import io
import time
from collections.abc import Callable
from datetime import date, timedelta

import pikepdf
import pypdfium2
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.endorsement import applications
from tests.endorsement.applications import hours, rsc
from tests.endorsement.goals import goal
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(one.get_textpage().get_text_range() for one in document).split())


def test_it_says_both_ledgers_apart_and_what_does_not_count(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    scene = applications.scene(app, cast)
    text = words_of(login_as(cast.ana).get(scene.url(".pdf")).data)
    trainings, rest = text.split("Reflective supervision/consultation (RSC) hours: 3 h verified")
    assert "Training hours: 4 h 40 min verified, 1 h 30 min not looked at yet" in trainings
    assert trainings.index("Watching") < trainings.index("Attachment") < trainings.index("Systems", 900)
    for said in ("1.66 h", "100 min", "Self-reported, not looked at yet", f"Certificate {scene.number}"):
        assert said in trainings, said
    counts, does_not = rest.split("RSC hours that do not count for this category")
    assert "Rosa" in counts
    assert "Mentor - Clinical" in counts
    assert "Peer groups without a provider do not count." in does_not
    assert "A coordinator sent it back: No proof of it" in does_not
    assert "check with First 5 Alabama" in trainings
    assert "First 5 Alabama decides what counts" in does_not


def test_it_is_tagged_to_be_read_aloud(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.ana).get(applications.scene(app, cast).url(".pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en"
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.docinfo["/Title"]).startswith("Application of Ana Sample, Category IFS")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_three_hundred_long_lines_are_drawn_with_a_head_on_every_page(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        ana.name = "Ñuria Müller-Çelik أمينة"
        topics = [make.topic("TF.attachment"), make.topic("SE.systems")]
        for number in range(300):
            title = (
                f"Entry {number} " + "Frühförderung und Bindung " * (number % 20) + "W" * (number % 7 * 25)
            )
            day = date(2026, 1, 1) - timedelta(days=number)
            hours(ana, title, day, 61, trainer="Jürgen Weiß", provider="Niños y niñas", topics=topics)
        for number in range(30):
            rsc(ana, f"Rosa {number}", date(2025, 1, 1) + timedelta(days=number), 60)
        goal_id = goal(ana, make.category("IFS", asks=tuple(topics))).id
    browser, began = login_as(cast.ana), time.process_time()
    answer = browser.get(f"/goal/{goal_id}/export.pdf")
    assert time.process_time() - began < 6, "a second on a machine that is not busy"
    document = pypdfium2.PdfDocument(answer.data)
    assert len(document) > 20
    for number in range(1, 12):
        text = document[number].get_textpage().get_text_range()
        assert "Areas and topics" in text
        assert f"page {number + 1} of {len(document)}" in text
    assert "Ñuria Müller-Çelik" in words_of(answer.data)
