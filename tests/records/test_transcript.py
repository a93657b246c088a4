"""A person's transcript: a hand-computed one, as a page, a PDF and a table; and who may read it."""

import csv
import io
import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pikepdf
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.attendance.models import Credit, CreditArea, CreditTopic, KnownBy
from catalog.attendance.sheet import Cell
from catalog.certificates import services as certificates
from catalog.competencies.models import Ledger
from catalog.courses.models import CreditRule, Kind, Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.records import queries
from catalog.records.models import CheckState, Education
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
MINE = "/learning/transcript"
NOON = datetime(2026, 11, 2, 18, tzinfo=UTC)


def person(of: Person) -> Person:
    return db.session.get_one(Person, of.id)


def attended(who: Person, offering: Offering, *minutes: int, by: Person) -> None:
    seat = enrollment.add(who, offering, by=by)
    cells = [Cell(meeting, seat, done) for meeting, done in zip(offering.meetings, minutes, strict=True)]
    attendance.mark(offering, cells, by=by)
    attendance.close(offering, by=by)


@pytest.fixture
def reckoned(app: Flask, cast: Cast) -> str:
    """Ana's, by hand. Training: 105 of 180 minutes (a quarter-hour rule) on 2 Nov 2026, and two whole meetings of
    180 = 360 from 1 to 8 Sep 2026; together 465. RSC: 120 with Ivo, who is qualified. What does not count: 180 of a
    training that no area is mapped to. Education: one that Mira has seen. Gives the certificate's number."""
    with inside(app):
        ana, ivo = person(cast.ana), person(cast.ivo)
        tag = make.tag("rsc_provision")
        quarter = make.course(
            "Watching together (sample)",
            topics=("TF.attachment",),
            provider="A sample provider",
            credit_rule=CreditRule.QUARTER_HOUR,
            tags=[tag],
        )
        first = make.offering(quarter, starts=NOON, trainer_id=ivo.id)
        attended(ana, first, 119, by=ivo)
        series = make.course("=SUM(1+1) (sample)", areas=("DS",), trainer_names="A named trainer")
        attended(
            ana,
            make.offering(series, starts=datetime(2026, 9, 1, 18, tzinfo=UTC), meetings=2, format="virtual"),
            *(180, 180),
            by=ivo,
        )
        sheets.qualified(ivo)
        group = make.offering(
            make.course("A group (sample)", kind=Kind.REFLECTIVE_GROUP),
            starts=datetime(2026, 10, 5, 18, tzinfo=UTC),
            hours=2,
            trainer_id=ivo.id,
        )
        group.meetings[0].ledger = Ledger.RSC
        attended(ana, group, 120, by=ivo)
        plain = make.offering(make.course("No area (sample)"), starts=datetime(2026, 8, 3, 18, tzinfo=UTC))
        attended(ana, plain, 180, by=ivo)
        nothing = make.offering(make.course("Missed", areas=("TF",)), starts=NOON - timedelta(days=7))
        attended(ana, nothing, 0, by=ivo)
        db.session.add(
            Education(
                person_id=ana.id,
                programme="Graduate certificate (sample)",
                institution="A sample university",
                credit_hours="15 semester hours",
                finished_on=date(1999, 5, 8),
                added_at=clock.now(),
                state=CheckState.CHECKED,
                checked_at=NOON,
                checked_by_id=cast.mira.id,
            )
        )
        return certificates.issue_for_offering(first.id)[0].number


def page(browser: FlaskClient, url: str = MINE) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text.split("<main")[1]).split())


def table(browser: FlaskClient, url: str = MINE + ".csv") -> list[dict[str, str]]:
    text = browser.get(url).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(one.get_textpage().get_text_range() for one in document).split())


def test_the_page_has_each_ledger_by_itself(cast: Cast, login_as: LoginAs, reckoned: str) -> None:
    text = page(login_as(cast.ana))
    training, rsc, rest = re.split(
        r"Reflective supervision/consultation \(RSC\) hours|Hours that do not count", text
    )
    assert "Training hours 7 h 45 min (465 minutes)" in training
    assert training.index("Watching together") < training.index("=SUM(1+1) (sample)")
    assert "1 h 45 min (105 minutes)" in training
    assert "Tue 1 Sep 2026 to Tue 8 Sep 2026" in training
    assert f"Certificate {reckoned}" in training
    assert "A sample provider · Ivo Sample · In person" in training
    assert "A named trainer · Online" in training
    assert "Tag rsc_provision" in training
    assert "Topic TF.attachment" in training
    assert "Mapping not reviewed" in training
    assert rsc.strip().startswith("2 h (120 minutes)")
    assert "585" not in text, "the two are never added together"
    assert "No area (sample)" in rest
    assert "No competency area is mapped to this training" in rest
    assert "Missed" not in text
    assert "Seen by Mira Sample on Mon 2 Nov 2026" in rest
    assert "neither a licence nor Endorsement" in rest


def test_the_table_has_a_row_for_each_entry_and_none_of_sums(
    cast: Cast, login_as: LoginAs, reckoned: str
) -> None:
    rows = table(login_as(cast.ana))
    assert [(row["Part"], row["Minutes"]) for row in rows] == [
        ("Training", "105"),
        ("Training", "360"),
        ("RSC", "120"),
        ("Does not count (Training)", "180"),
        ("Education", ""),
    ]
    first, series, *_, education = rows
    assert (first["Clock hours"], first["Certificate"]) == ("1.75", reckoned)
    assert (series["First day"], series["Last day"]) == ("2026-09-01", "2026-09-08")
    assert (first["Known by"], first["Attendance taken by"]) == ("attendance verified", "roll call")
    assert education["Credit hours as the institution says"] == "15 semester hours"
    assert education["Why it does not count, or state"].startswith("Seen by Mira Sample")


def test_a_title_that_is_a_formula_is_none_in_the_table(cast: Cast, login_as: LoginAs, reckoned: str) -> None:
    assert table(login_as(cast.ana))[1]["Course or programme"] == "'=SUM(1+1) (sample)"


def test_the_table_opens_in_a_spreadsheet(cast: Cast, login_as: LoginAs, reckoned: str) -> None:
    answer = login_as(cast.ana).get(MINE + ".csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Transcript Ana Sample.csv"'
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("ending", [".pdf", ".csv"])
def test_a_name_in_another_script_is_sent_in_plain_letters(
    app: Flask, cast: Cast, login_as: LoginAs, ending: str
) -> None:
    with inside(app):
        person(cast.ana).name = "Zoë أمينة"
    said = login_as(cast.ana).get(MINE + ending).headers["Content-Disposition"]
    assert said.isascii(), "servers refuse to send anything else"
    assert said.startswith('attachment; filename="Transcript Zoe')


def test_the_pdf_says_the_same_and_can_be_read_aloud(cast: Cast, login_as: LoginAs, reckoned: str) -> None:
    answer = login_as(cast.ana).get(MINE + ".pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = words_of(answer.data)
    for said in (
        "Training hours: 7 h 45 min (465 minutes)",
        "(RSC) hours: 2 h (120 minutes)",
        "1 h 45 min",
        "=SUM(1+1) (sample)",
        reckoned,
        "No competency area is mapped",
        "Seen by Mira Sample on Mon 2 Nov 2026",
        "neither a licence nor Endorsement",
        "page 1 of",
    ):
        assert said in text, said
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en"
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.docinfo["/Title"]).startswith("Transcript of Ana Sample")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_whatever_is_typed_is_text_on_paper(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        odd = make.course('#panic("no") $x$ *bold* <b>' + "W" * 150, areas=("TF",))
        attended(person(cast.ana), make.offering(odd, starts=NOON), 180, by=person(cast.ivo))
        person(cast.ana).name = "Ána Šample 王"
    text = words_of(login_as(cast.ana).get(MINE + ".pdf").data)
    assert '#panic("no") $x$ *bold* <b>' in text
    assert "Ána Šample" in text


def test_an_empty_transcript_says_so_everywhere(cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.otto)
    assert "None yet." in page(browser)
    assert "None yet." in words_of(browser.get(MINE + ".pdf").data)
    assert table(browser) == []


def test_hours_that_were_corrected_stand_once(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    scene = sheets.scene(app, cast)
    scene.close()
    with inside(app):
        cell = Cell(scene.offering.meetings[0], scene.enrolled(scene.ana_id), 170)
        scene.offering.course.credit_rule = CreditRule.PER_MEETING
        attendance.correct(scene.offering, [cell], by=scene.ivo, reason="left early")
    assert [row["Minutes"] for row in table(login_as(cast.ana))] == ["170"]


@pytest.mark.parametrize("ending", ["", ".pdf", ".csv"])
def test_a_transcript_asks_for_a_sign_in(cast: Cast, client: FlaskClient, ending: str) -> None:
    for url in (MINE, f"/people/{cast.ana.id}/transcript"):
        assert client.get(url + ending).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("ending", ["", ".pdf", ".csv"])
@pytest.mark.parametrize(
    ("who", "status"), [("ana", 403), ("ivo", 403), ("otto", 403), ("mira", 200), ("ada", 200)]
)
def test_only_coordinators_read_the_transcript_of_another(
    cast: Cast, login_as: LoginAs, reckoned: str, who: str, status: int, ending: str
) -> None:
    browser = login_as(getattr(cast, who))
    answer = browser.get(f"/people/{cast.ana.id}/transcript{ending}")
    assert answer.status_code == status
    assert browser.get("/people/999999/transcript" + ending).status_code == (404 if status == 200 else 403)
    assert browser.post(f"/people/{cast.ana.id}/transcript{ending}").status_code == 405


def test_a_coordinator_sees_the_same_as_the_person(cast: Cast, login_as: LoginAs, reckoned: str) -> None:
    url = f"/people/{cast.ana.id}/transcript"
    assert table(login_as(cast.mira), url + ".csv") == table(login_as(cast.ana))
    assert "7 h 45 min (465 minutes)" in page(login_as(cast.mira), url)
    assert url in login_as(cast.mira).get(f"/people/{cast.ana.id}").text


def fill(app: Flask, who: Person, entries: int) -> None:
    """So many credits with an area, two topics and a tag each."""
    with inside(app):
        topics = [make.topic(code) for code in ("TF.attachment", "TF.brain")]
        tag = make.tag(f"tag{entries}")
        for number in range(entries):
            offering = make.offering(make.course(f"Entry {number}"), starts=NOON - timedelta(days=number))
            seat = enrollment.add(person(who), offering, by=person(who))
            db.session.add(
                Credit(
                    person_id=who.id,
                    enrollment_id=seat.id,
                    offering_id=offering.id,
                    ledger=Ledger.TRAINING,
                    minutes=60,
                    attended_minutes=60,
                    held_minutes=60,
                    rule="A sample rule.",
                    earned_on=(NOON - timedelta(days=number)).date(),
                    known_by=KnownBy.ATTENDANCE,
                    given_at=NOON,
                    given_by_id=who.id,
                    areas=[CreditArea(area_id=topics[0].area_id, was_reviewed=True)],
                    topics=[CreditTopic(topic_id=one.id, was_reviewed=True) for one in topics],
                    tags=[tag],
                )
            )


@pytest.mark.parametrize("ending", ["", ".pdf", ".csv"])
def test_many_entries_are_read_in_as_few_statements_as_one(
    app: Flask, cast: Cast, login_as: LoginAs, ending: str
) -> None:
    browser, counts = login_as(cast.ana), []
    for more in (1, 24):
        fill(app, cast.ana, more)
        with counted() as statements:
            assert browser.get(MINE + ending).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


def test_three_hundred_entries_are_drawn_at_once_with_a_head_on_every_page(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    fill(app, cast.ana, 300)
    with inside(app):
        found = queries.transcript(person(cast.ana), clock.now())
    assert (len(found.parts[0].entries), found.parts[0].minutes) == (300, 18_000)
    browser, began = login_as(cast.ana), time.process_time()
    answer = browser.get(MINE + ".pdf")
    assert time.process_time() - began < 5, "a second on a machine that is not busy"
    document = pypdfium2.PdfDocument(answer.data)
    assert len(document) > 10
    for number in range(len(document) - 1):
        text = document[number].get_textpage().get_text_range()
        assert "What it covers" in text
        assert f"page {number + 1} of {len(document)}" in text
