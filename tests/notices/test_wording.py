"""A coordinator chooses the words of a letter, looks at them first, and may go back."""

import re
import time
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.enrollment.letters import TAKEN
from catalog.extensions import db
from catalog.notices import services
from catalog.notices.models import AuditEntry, LetterTemplate
from catalog.notices.services import WordsChanged
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.servers import at_once

LoginAs = Callable[[Person], FlaskClient]
URL = "/letters/seat.taken"
WORDS = {"subject": "Welcome to {course}", "body": "{name},\n\nsee you at {place}.", "version": "0"}


def chosen(app: Flask) -> list[LetterTemplate]:
    with inside(app):
        return list(db.session.scalars(sa.select(LetterTemplate)))


def test_every_letter_is_listed_with_its_subject(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.mira).get("/letters").text
    assert "A seat was taken" in page
    assert "You have a seat: {course}" in page


def test_chosen_words_are_kept_and_listed(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    assert browser.post(URL, data=WORDS).status_code == 303
    (one,) = chosen(app)
    assert (one.kind, one.subject, one.version, one.changed_by_id) == (
        "seat.taken",
        "Welcome to {course}",
        1,
        cast.mira.id,
    )
    assert "Welcome to {course}" in browser.get("/letters").text


def test_line_ends_of_browsers_are_no_change(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    as_sent = {"subject": TAKEN.subject, "body": TAKEN.body.replace("\n", "\r\n"), "version": "0"}
    assert login_as(cast.mira).post(URL, data=as_sent).status_code == 303
    assert chosen(app) == []


def test_the_preview_shows_the_letter_with_examples_and_saves_nothing(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    answer = login_as(cast.mira).post(URL + "/preview", data=WORDS)
    assert answer.status_code == 200
    assert "Welcome to Reading the cues of babies" in answer.text
    assert "<p>see you at Sample hall, Montgomery.</p>" in answer.text
    assert "see you at {place}." in answer.text, "what was typed stays"
    assert chosen(app) == []


def test_markup_in_a_letter_is_text_in_its_preview(cast: Cast, login_as: LoginAs) -> None:
    data = WORDS | {"subject": "<b>x</b>", "body": "<script>alert(1)</script>"}
    page = login_as(cast.mira).post(URL + "/preview", data=data).text
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


@pytest.mark.parametrize("path", ["", "/preview"])
@pytest.mark.parametrize("name", ["subject", "body"])
def test_a_placeholder_that_there_is_not_is_refused_beside_its_field(
    app: Flask, cast: Cast, login_as: LoginAs, path: str, name: str
) -> None:
    answer = login_as(cast.mira).post(URL + path, data=WORDS | {name: "Hello {titel}"})
    assert answer.status_code == 422
    assert "{titel} cannot be filled in here. There are: {course}, {link}, {name}" in answer.text
    assert re.search(rf'aria-describedby="[^"]*{name}-error', answer.text)
    assert "Hello {titel}" in answer.text
    assert chosen(app) == []


@pytest.mark.parametrize("name", ["subject", "body"])
def test_nothing_is_not_a_letter(app: Flask, cast: Cast, login_as: LoginAs, name: str) -> None:
    assert login_as(cast.mira).post(URL, data=WORDS | {name: " \n "}).status_code == 422
    assert chosen(app) == []


def test_what_is_too_long_is_refused(cast: Cast, login_as: LoginAs) -> None:
    for change in ({"subject": "x" * 151}, {"body": "x" * 5001}):
        assert login_as(cast.mira).post(URL, data=WORDS | change).status_code == 422


def test_a_letter_keeps_the_link_that_it_needs(cast: Cast, login_as: LoginAs) -> None:
    data = {"subject": "Ready", "body": "It is ready.", "version": "0"}
    answer = login_as(cast.mira).post("/letters/certificate.ready", data=data)
    assert answer.status_code == 422
    assert "Keep {link}: without it nobody finds the way from this letter." in answer.text


def test_two_who_write_at_once_do_not_overwrite_each_other(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    mira, ada = login_as(cast.mira), login_as(cast.ada)
    assert mira.post(URL, data=WORDS | {"body": "Of Mira"}).status_code == 303
    answer = ada.post(URL, data=WORDS | {"body": "Of Ada"})
    assert answer.status_code == 409
    assert "Somebody else changed this letter" in answer.text
    assert "Of Ada" in answer.text
    assert "Of Mira" in answer.text
    assert [one.body for one in chosen(app)] == ["Of Mira"]
    found = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert found
    assert ada.post(URL, data=WORDS | {"body": "Of Ada", "version": found[1]}).status_code == 303
    assert [one.body for one in chosen(app)] == ["Of Ada"]


@pytest.mark.usefixtures("_rows")
def test_of_many_who_save_at_the_same_moment_one_is_taken(app: Flask, cast: Cast) -> None:
    def save(number: int) -> Callable[[], None]:
        def save() -> None:
            with inside(app):
                mira = db.session.get_one(Person, cast.mira.id)
                services.reword(TAKEN, "A subject", f"Text {number}", 0, by=mira)

        return save

    answers = at_once([save(number) for number in range(6)])
    assert [type(answer) for answer in answers if answer] == [WordsChanged] * 5
    assert [one.version for one in chosen(app)] == [1]


def late(act: Callable[[], None]) -> None:
    time.sleep(0.5)
    act()


@pytest.mark.usefixtures("_rows")
def test_of_many_who_edited_the_same_words_one_is_taken(app: Flask, cast: Cast) -> None:
    """All of them saw the words that somebody chose before, so only the lock of its row tells them apart."""

    def save(number: int, seen: int) -> Callable[[], None]:
        def save() -> None:
            with inside(app):
                mira = db.session.get_one(Person, cast.mira.id)
                services.reword(TAKEN, "A subject", f"Text {number}", seen, by=mira)

        return save

    def hold() -> None:
        """Until all of them have begun: whoever looks without the lock has looked by then."""
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(sa.select(LetterTemplate.kind).with_for_update())
            time.sleep(1.5)

    save(0, 0)()
    _, *answers = at_once([hold, *(partial(late, save(number, 1)) for number in range(1, 7))])
    assert [type(answer) for answer in answers if answer] == [WordsChanged] * 5
    assert [one.version for one in chosen(app)] == [2]


def test_back_to_the_words_it_came_with(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    browser.post(URL, data=WORDS)
    assert "Use these words again" in browser.get(URL).text
    assert browser.post(URL + "/restore", data={"version": "0"}).status_code == 409
    assert browser.post(URL + "/restore", data={"version": "1"}).status_code == 303
    assert chosen(app) == []


def test_the_trail_keeps_the_words_before_and_after(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    browser.post(URL, data=WORDS)
    browser.post(URL + "/restore", data={"version": "1"})
    with inside(app):
        entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["letter.reworded", "letter.restored"]
    assert entries[0].details["before"]["subject"] == TAKEN.subject
    assert entries[1].details["before"]["subject"] == "Welcome to {course}"
    page = browser.get("/audit?action=letter.").text
    assert "changed the words of a letter" in page


def test_a_letter_that_there_is_not_is_not_found(cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    for path in ("/letters/no.such", "/letters/SEAT.TAKEN"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, data=WORDS).status_code == 404


def test_a_stranger_must_sign_in(client: FlaskClient) -> None:
    for answer in (client.get("/letters"), client.get(URL), client.post(URL, data=WORDS)):
        assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("role", ["ana", "ivo"])
def test_who_does_not_coordinate_may_not(app: Flask, cast: Cast, login_as: LoginAs, role: str) -> None:
    browser = login_as(getattr(cast, role))
    answers = [browser.get("/letters"), browser.get(URL)]
    answers += [browser.post(URL + path, data=WORDS) for path in ("", "/preview", "/restore")]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert chosen(app) == []


def test_looking_changes_nothing(cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    assert [browser.get(URL + path).status_code for path in ("/preview", "/restore")] == [405, 405]
