"""Education: what a person writes down of their own, with the file that shows it."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from catalog.records import queries
from catalog.records.models import CheckState, Education, Evidence
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.records import papers
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
NEW = "/learning/education/new"
TYPED = {
    "programme": "Graduate certificate (sample)",
    "institution": "A sample university",
    "credit_hours": "15 semester hours",
    "finished_on": "1999-05-08",
}


def send(browser: FlaskClient, url: str = NEW, file: bytes | None = None, **fields: Any) -> TestResponse:
    data = {**TYPED, **fields}
    if file is not None:
        data["evidence"] = FileStorage(io.BytesIO(file), fields.get("name", "diploma.pdf"))
    boundary, body = encode_multipart(data)
    return browser.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def entries(app: Flask) -> list[Education]:
    with inside(app):
        return list(db.session.scalars(sa.select(Education).order_by(Education.id)))


def files(app: Flask) -> int:
    with inside(app):
        return db.session.scalar(sa.select(sa.func.count()).select_from(Evidence)) or 0


def trail(app: Flask) -> list[str]:
    with inside(app):
        return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def text(answer: TestResponse) -> str:
    return " ".join(answer.text.split())


def test_a_programme_is_written_down_with_its_file(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    answer = send(browser, file=papers.PDF)
    [made] = entries(app)
    assert answer.headers["Location"] == f"/learning/education/{made.id}"
    assert (made.programme, made.credit_hours, str(made.finished_on)) == (
        TYPED["programme"],
        TYPED["credit_hours"],
        "1999-05-08",
    )
    assert made.state == CheckState.PENDING
    page = text(browser.get(answer.headers["Location"]))
    assert "diploma.pdf" in page
    assert "never counted as training hours" in page
    assert "A sample university" in text(browser.get("/learning/education"))


def test_an_unfinished_programme_without_a_file_is_taken_too(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    assert send(login_as(cast.ana), finished_on="").status_code == 303
    assert (entries(app)[0].finished_on, entries(app)[0].evidence_id) == (None, None)


def test_it_can_name_a_programme_of_the_catalog(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course("IECMH certificate (sample)", apply_url="https://university.example.org")
        make.course("An ordinary training")
    browser = login_as(cast.ana)
    page = browser.get(NEW).text
    assert "IECMH certificate (sample)" in page
    assert "An ordinary training" not in page
    send(browser, course_id=str(course.id))
    assert entries(app)[0].course_id == course.id


def test_the_same_form_sent_twice_is_one(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    places = [send(browser, file=papers.PDF, once="abc").headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert (len(entries(app)), files(app)) == (1, 1)


def test_the_same_form_with_something_else_in_it_is_refused(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.ana)
    send(browser, once="abc")
    answer = send(browser, once="abc", programme="Another one")
    assert answer.status_code == 409
    assert "Another one" in answer.text
    assert len(entries(app)) == 1


def test_two_people_with_the_same_word_have_one_each(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    for person in (cast.ana, cast.otto):
        assert send(login_as(person), once="abc").status_code == 303
    assert len(entries(app)) == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"programme": " "}, "Enter what you study or studied."),
        ({"institution": ""}, "Enter where."),
        ({"finished_on": "soon"}, "Write a date, such as 2027-01-14."),
        ({"finished_on": "2999-01-01"}, "This day is still to come."),
        ({"finished_on": "1899-01-01"}, "Choose a day after 1930."),
        ({"course_id": "999999"}, "Choose one from the list."),
        ({"credit_hours": "x" * 101}, "Use at most 100 characters."),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field(
    app: Flask, cast: Cast, login_as: LoginAs, fields: dict[str, str], sentence: str
) -> None:
    answer = send(login_as(cast.ana), file=papers.PDF, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Please choose the file again" in answer.text
    assert 'value="15 semester hours"' in answer.text or "credit_hours" in fields
    assert (entries(app), files(app)) == ([], 0)


def test_a_file_that_is_no_document_is_refused_and_all_typed_stays(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    answer = send(login_as(cast.ana), file=b"<html><script>alert(1)</script>")
    assert answer.status_code == 422
    assert "This is no PDF, JPEG, PNG or HEIC." in answer.text
    assert 'value="A sample university"' in answer.text
    assert entries(app) == []


def test_a_file_that_is_too_large_is_said_beside_its_field(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    answer = send(login_as(cast.ana), file=b"%PDF-" + b"x" * (11 * 1024 * 1024))
    assert answer.status_code == 422
    assert "larger than 10 MB" in answer.text


def test_education_asks_for_a_sign_in(cast: Cast, client: FlaskClient) -> None:
    for url in ("/learning/education", NEW, "/learning/education/1", "/learning/education/1/evidence"):
        assert client.get(url).headers["Location"].startswith("/sign-in")


@pytest.fixture
def anas(app: Flask, cast: Cast, login_as: LoginAs) -> str:
    """The address of what Ana wrote down, with its file."""
    return send(login_as(cast.ana), file=papers.PDF).headers["Location"]


@pytest.mark.parametrize("who", ["otto", "ivo"])
@pytest.mark.parametrize("part", ["", "/edit", "/evidence"])
def test_nobody_else_can_tell_that_it_is_there(
    cast: Cast, login_as: LoginAs, anas: str, who: str, part: str
) -> None:
    assert login_as(getattr(cast, who)).get(anas + part).status_code == 404


@pytest.mark.parametrize("who", ["otto", "mira"])
@pytest.mark.parametrize("part", ["/edit", "/withdraw"])
def test_nobody_else_changes_it(
    app: Flask, cast: Cast, login_as: LoginAs, anas: str, who: str, part: str
) -> None:
    answer = send(login_as(getattr(cast, who)), anas + part, programme="Changed")
    assert answer.status_code == (404 if who == "otto" else 403)
    assert entries(app)[0].programme == TYPED["programme"]


@pytest.mark.parametrize("who", ["ana", "mira", "ada"])
def test_the_file_is_handed_out_and_never_opened_in_our_name(
    cast: Cast, login_as: LoginAs, anas: str, who: str
) -> None:
    answer = login_as(getattr(cast, who)).get(anas + "/evidence")
    assert answer.data == papers.PDF
    headers = answer.headers
    assert headers["Content-Disposition"] == "attachment; filename=diploma.pdf"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "'self'" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"] == "application/pdf"


def test_without_a_file_there_is_none_to_hand_out(cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ana)
    place = send(browser).headers["Location"]
    assert browser.get(place + "/evidence").status_code == 404
    assert browser.get("/learning/education/999999").status_code == 404


def test_a_change_replaces_the_file_and_keeps_one(
    app: Flask, cast: Cast, login_as: LoginAs, anas: str
) -> None:
    browser = login_as(cast.ana)
    assert "diploma.pdf" in browser.get(anas + "/edit").text
    assert send(browser, anas + "/edit", file=papers.jpeg(), name="new.png").status_code == 303
    assert files(app) == 1
    answer = browser.get(anas + "/evidence")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert b"taken at home" not in answer.data


def test_a_change_without_a_file_keeps_the_one_that_is_there(
    app: Flask, cast: Cast, login_as: LoginAs, anas: str
) -> None:
    send(login_as(cast.ana), anas + "/edit", institution="Another sample university")
    assert entries(app)[0].institution == "Another sample university"
    assert files(app) == 1


def test_the_file_alone_can_be_removed(app: Flask, cast: Cast, login_as: LoginAs, anas: str) -> None:
    send(login_as(cast.ana), anas + "/edit", drops_file="y")
    assert (entries(app)[0].evidence_id, files(app)) == (None, 0)


def test_a_bad_change_shows_the_form_again(app: Flask, cast: Cast, login_as: LoginAs, anas: str) -> None:
    answer = send(login_as(cast.ana), anas + "/edit", programme="", institution="Typed anew")
    assert answer.status_code == 422
    assert 'value="Typed anew"' in answer.text
    assert entries(app)[0].institution == TYPED["institution"]


def test_what_is_taken_back_is_gone_with_its_file(
    app: Flask, cast: Cast, login_as: LoginAs, anas: str
) -> None:
    browser = login_as(cast.ana)
    assert browser.post(anas + "/withdraw").headers["Location"] == "/learning/education"
    assert (entries(app), files(app)) == ([], 0)
    assert trail(app) == ["education.added", "education.withdrawn"]
    assert "Nothing is written down" in browser.get("/learning/education").text


def test_nothing_that_was_written_stands_in_the_trail_or_in_mail(
    app: Flask, cast: Cast, login_as: LoginAs, anas: str
) -> None:
    browser = login_as(cast.ana)
    send(browser, anas + "/edit", programme="A secret programme")
    browser.post(anas + "/withdraw")
    with inside(app):
        details = db.session.scalars(sa.select(AuditEntry.details)).all()
        letters = db.session.scalars(sa.select(Job.payload)).all()
    assert len(letters) >= 5, "to each coordinator, twice, and to Ana"
    written = f"{details}{letters}"
    assert not [word for word in ("sample", "secret", "diploma", "semester") if word in written]


def test_education_is_never_added_to_hours(app: Flask, cast: Cast, login_as: LoginAs, anas: str) -> None:
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        found = queries.hours(ana)
        assert [total.minutes for total in found.ledgers] == [0, 0]
        assert (found.entries, found.covered) == ([], [])
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Credit)) == 0
    assert "semester hours" not in login_as(cast.ana).get("/learning").text


def test_nothing_changes_by_a_link(cast: Cast, login_as: LoginAs, anas: str) -> None:
    assert login_as(cast.ana).get(anas + "/withdraw").status_code == 405


def test_the_list_asks_as_often_for_ten_as_for_one(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser, counts = login_as(cast.ana), []
    for more in (1, 9):
        with inside(app):
            for number in range(more):
                added = clock.now() - timedelta(days=number)
                db.session.add(
                    Education(person_id=cast.ana.id, programme="P", institution="I", added_at=added)
                )
        with counted() as statements:
            browser.get("/learning/education")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 4
