"""Attendance from before this catalog: hours that are verified, shown first, and taken back as a whole."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.coordinating.models import TableImport
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from catalog.records import services as records
from catalog.records.models import EntrySource, EntryState, HourEntry
from catalog.records.written import written
from tests import factories as make
from tests.attendance.sheets import held, inside
from tests.coordinating.tables import LoginAs, save, seen, send, text, workbook
from tests.factories import Cast
from tests.records import sheets
from tests.records.entries import written_down

URL = "/imports/attendance"
HEAD = ("Email", "Name", "Title", "Date", "Hours", "Ledger", "Areas")


@pytest.fixture(autouse=True)
def _framework(app: Flask, cast: Cast) -> None:
    with inside(app):
        make.topic("TF.attachment")


def uploaded(browser: FlaskClient, *rows: tuple[object, ...]) -> str:
    return send(browser, URL, sheets.csv(HEAD, *rows)).headers["Location"]


def entries(app: Flask) -> list[HourEntry]:
    with inside(app):
        found = list(db.session.scalars(sa.select(HourEntry).order_by(HourEntry.id)))
        for one in found:
            _ = (one.areas, one.person)
        return found


def subjects(app: Flask) -> list[str]:
    with inside(app):
        jobs = db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id))
        return [f"{job.payload['to']}: {job.payload['subject']}" for job in jobs]


def test_everything_that_would_be_created_is_shown_first(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    page = text(
        browser.get(
            uploaded(
                browser,
                (cast.ana.email, "", "Sleep and soothing", "2024-05-14", "6", "", "TF"),
                ("nia@example.org", "Nia New", "Play", "2024-06-14", "1.5", "rsc", ""),
                ("nobody@example.org", "", "Play", "2024-06-14", "3", "", ""),
                (cast.otto.email, "", "", "2024-06-14", "0", "", ""),
                (cast.mira.email, "", "Mine", "2024-06-14", "3", "", ""),
            )
        )
    )
    assert "6 h training, Sleep and soothing, Tue 14 May 2024." in page
    assert "A new account, and 1 h 30 min RSC, Play, Fri 14 Jun 2024." in page
    assert "Write a name beside it, and an account is made." in page
    assert "It has no title." in page
    assert "These hours are yours, so another coordinator has to bring them in." in page
    assert entries(app) == []


def test_they_become_verified_hours_of_people_found_and_new(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.mira)
    place = uploaded(
        browser,
        (cast.ana.email, "", "Sleep and soothing", "2024-05-14", "6", "", "TF"),
        (cast.ana.email, "", "Play", "2024-06-14", "3", "", "TF"),
        ("nia@example.org", "Nia New", "Play", "2024-06-14", "3", "", ""),
        ("nia@example.org", "Nia New", "Sleep and soothing", "2024-05-14", "6", "", ""),
    )
    save(browser, place)
    made = entries(app)
    assert [(one.person.name, one.title, one.minutes) for one in made] == [
        ("Ana Sample", "Sleep and soothing", 360),
        ("Ana Sample", "Play", 180),
        ("Nia New", "Play", 180),
        ("Nia New", "Sleep and soothing", 360),
    ]
    assert {(one.source, one.state, one.checked_by_id) for one in made} == {
        (EntrySource.COORDINATOR, EntryState.VERIFIED, cast.mira.id)
    }
    assert [area.code for area in made[0].areas] == ["TF"]
    assert subjects(app) == [
        "nia@example.org: Your account: choose a password",
        f"{cast.ana.email}: Hours were added for you",
    ]
    assert "9 h" in text(login_as(cast.ana).get("/learning/hours"))


def test_what_is_there_already_is_left_out(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        entry = written_down(db.session.get_one(Person, cast.ana.id), title="Sleep & soothing", minutes=360)
        ended = entry.ended_on
    browser = login_as(cast.mira)
    row = (cast.ana.email, "", "Sleep and  Soothing", ended.isoformat(), "6", "", "")
    other = (cast.ana.email, "", "Another", ended.isoformat(), "6", "", "")
    place = uploaded(browser, row, other, other)
    page = text(browser.get(place))
    assert "there already." in page
    assert "the same as row 3." in page
    save(browser, place)
    assert [one.title for one in entries(app)] == ["Sleep & soothing", "Another"]


def test_what_was_held_here_is_refused_with_the_way_to_it(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = held(make.course("Sleep and soothing"))
        day = offering.starts_at.date().isoformat() if offering.starts_at else ""
    browser = login_as(cast.mira)
    place = uploaded(
        browser,
        (cast.ana.email, "", "SLEEP AND SOOTHING", day, "3", "", ""),
        (cast.ana.email, "", "Sleep and soothing", "2020-01-14", "3", "", ""),
    )
    page = browser.get(place)
    assert "was held here on" in text(page)
    assert f'href="/offerings/{offering.id}/attendance"' in page.text
    save(browser, place)
    assert [one.ended_on for one in entries(app)] == [date(2020, 1, 14)]


def test_all_of_it_is_taken_back_and_can_be_brought_in_again(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.mira)
    rows = [
        (person.email, "", f"Training {number}", "2024-05-14", "3", "", "")
        for number in range(2)
        for person in (cast.ana, cast.otto)
    ]
    place = uploaded(browser, *rows)
    other = uploaded(browser, (cast.ana.email, "", "Another", "2024-05-14", "3", "", ""))
    save(browser, place)
    save(browser, other)
    page = text(browser.get(browser.post(f"{place}/undo").headers["Location"]))
    assert "4 entries are taken back." in page
    assert "All of it was taken back: 4 entries." in page
    assert [one.state for one in entries(app)] == [EntryState.WITHDRAWN] * 4 + [EntryState.VERIFIED]
    assert browser.post(f"{place}/undo").status_code == 303
    assert subjects(app).count(f"{cast.ana.email}: Hours of yours were taken back") == 1
    again = uploaded(browser, *rows)
    save(browser, again)
    assert [one.state for one in entries(app)].count(EntryState.VERIFIED) == 5
    with inside(app):
        assert list(
            db.session.scalars(
                sa.select(AuditEntry.action).where(AuditEntry.about == "table").order_by(AuditEntry.id)
            )
        ) == [*("table.attendance", "table.attendance", "table.undone", "table.attendance")]


def test_what_was_corrected_since_stays(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    place = uploaded(
        browser,
        (cast.ana.email, "", "Play", "2024-05-14", "3", "", ""),
        (cast.ana.email, "", "Sleep", "2024-05-14", "3", "", ""),
    )
    save(browser, place)
    with inside(app):
        first = db.session.scalars(sa.select(HourEntry).order_by(HourEntry.id)).first()
        assert first
        records.correct_hours(
            first,
            replace(written(first), title="Mended"),
            None,
            by=db.session.get_one(Person, cast.mira.id),
        )
    page = text(browser.get(browser.post(f"{place}/undo").headers["Location"]))
    assert "1 had been corrected or taken back by then and stay as they are." in page
    assert [one.title for one in entries(app) if one.counts] == ["Mended"]


def test_only_hours_are_taken_back(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    data = sheets.csv(("Email", "Member until"), (cast.ana.email, "2027-12-31"))
    place = send(browser, "/imports/memberships", data).headers["Location"]
    save(browser, place)
    answer = browser.post(f"{place}/undo")
    assert answer.status_code == 409
    assert "Only hours that were brought in can be taken back as a whole." in answer.text
    assert browser.get(f"{place}/undo").status_code == 405


def test_the_same_form_sent_twice_saves_once(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    place = uploaded(browser, (cast.ana.email, "", "Play", "2024-05-14", "3", "", ""))
    sealed = seen(browser.get(place).text)
    for _ in range(2):
        assert save(browser, place, sealed).status_code == 303
    assert len(entries(app)) == 1


def test_a_workbook_of_five_thousand_rows(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        people = [make.person(f"P{n} Sample") for n in range(100)]
    first = date(2020, 1, 1)
    rows = [
        (people[n % 100].email, f"Training {n // 100}", first + timedelta(days=n // 100), 3)
        for n in range(5000)
    ]
    browser = login_as(cast.mira)
    data = workbook(("Email", "Title", "Date", "Hours"), *rows)
    place = send(browser, URL, data, "old.xlsx").headers["Location"]
    began = clock.now()
    page = browser.get(place)
    assert "Will be saved: 5000" in text(page)
    assert len(page.data) < 300_000
    save(browser, place)
    assert len(entries(app)) == 5000
    assert clock.now() - began < timedelta(seconds=60)
    assert len(subjects(app)) == 100


def test_formulas_stay_words(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    place = uploaded(
        browser, (cast.ana.email, "", '=HYPERLINK("http://evil.example")', "2024-05-14", "3", "", "")
    )
    assert 'href="http://evil' not in browser.get(place).text
    save(browser, place)
    assert entries(app)[0].title.startswith("=HYPERLINK")
    mine = login_as(cast.ana).get("/learning/transcript.csv").get_data(as_text=True)
    assert "'=HYPERLINK" in mine


def test_what_is_left_is_forgotten_after_a_day(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    uploaded(browser, (cast.ana.email, "", "Play", "2024-05-14", "3", "", ""))
    with inside(app):
        db.session.scalars(sa.select(TableImport)).one().read_at = clock.now() - timedelta(days=2)
    uploaded(browser, (cast.ana.email, "", "Play", "2024-05-14", "3", "", ""))
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(TableImport)) == 1


def test_columns_that_are_missing_are_named(cast: Cast, login_as: LoginAs) -> None:
    data = sheets.csv(("Email", "Training", "Place"), ("a@example.org", "Play", "Here"))
    answer = send(login_as(cast.mira), URL, data)
    assert answer.status_code == 422
    assert "“Email” or “Name”, “Title”, “Date” and “Hours”" in text(answer)
    assert "Found were: “Email”, “Training”, “Place”." in text(answer)


def test_only_coordinators(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    place = uploaded(login_as(cast.mira), (cast.ana.email, "", "Play", "2024-05-14", "3", "", ""))
    for address in (URL, URL + "/example.csv", place):
        assert app.test_client().get(address).status_code == 303
        assert login_as(cast.ivo).get(address).status_code == 403
    assert login_as(cast.ivo).post(f"{place}/undo").status_code == 403
