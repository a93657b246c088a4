"""A coordinator looks at hours from elsewhere: the queue, verifying, and sending back."""

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from catalog.records import services
from catalog.records.models import EntryState, HourEntry
from catalog.records.refusals import AlreadySettled
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.records.entries import said, written_down

LoginAs = Callable[[Person], FlaskClient]


def wrote(app: Flask, person: Person, title: str = "Sleep and soothing", days_ago: int = 1) -> int:
    with inside(app), clock.at(clock.now() - timedelta(days=days_ago)):
        return written_down(db.session.get_one(Person, person.id), title=title).id


def now(app: Flask, number: int) -> HourEntry:
    with inside(app):
        return db.session.get_one(HourEntry, number)


def seen(browser: FlaskClient, number: int) -> str:
    page = browser.get(f"/learning/hours/{number}").text
    found = re.search(r'id="check-seen"[^>]*value="(\w+)"', page)
    return found[1] if found else ""


def letters_to(app: Flask, name: str) -> list[str]:
    with inside(app):
        found = [job.payload for job in db.session.scalars(sa.select(Job).order_by(Job.id))]
        return [one["subject"] for one in found if one["name"] == name]


def test_the_oldest_is_looked_at_first(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    wrote(app, cast.ana, "The younger one", 1)
    wrote(app, cast.otto, "The older one", 3)
    page = login_as(cast.mira).get("/hours/review").text
    assert page.index("The older one") < page.index("The younger one")


def test_verified_leaves_the_queue_and_the_person_is_told(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    answer = browser.post(f"/hours/{number}/verify", data={"seen": seen(browser, number)})
    assert answer.headers["Location"] == "/hours/review"
    found = now(app, number)
    assert (found.state, found.checked_by_id) == (EntryState.VERIFIED, cast.mira.id)
    assert "Nothing waits" in browser.get("/hours/review").text
    assert "by Mira Sample on" in login_as(cast.ana).get(f"/learning/hours/{number}").text
    assert letters_to(app, "Ana Sample") == ["Your hours are verified"]


def test_sent_back_says_why_to_the_person_and_not_in_the_mail(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    data = {"seen": seen(browser, number), "reason": "The second page is missing."}
    assert browser.post(f"/hours/{number}/return", data=data).status_code == 303
    assert now(app, number).state == EntryState.RETURNED
    hers = login_as(cast.ana)
    assert "The second page is missing." in hers.get(f"/learning/hours/{number}").text
    assert "The second page is missing." in hers.get("/learning/hours").text
    with inside(app):
        told = str(list(db.session.scalars(sa.select(Job.payload))))
        noted = str(db.session.execute(sa.select(AuditEntry.details, AuditEntry.reason)).all())
    assert "second page" not in told + noted


def test_sending_back_needs_a_reason(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    answer = browser.post(f"/hours/{number}/return", data={"seen": seen(browser, number), "reason": " "})
    assert answer.status_code == 422
    assert "Write what is missing" in answer.text
    assert now(app, number).state == EntryState.PENDING


def test_nobody_verifies_what_was_corrected_meanwhile(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    before = seen(browser, number)
    with inside(app):
        entry = db.session.get_one(HourEntry, number)
        services.correct_hours(entry, said(minutes=600), None, by=entry.person)
    answer = browser.post(f"/hours/{number}/verify", data={"seen": before})
    assert answer.status_code == 409
    assert "This entry was corrected or taken back meanwhile" in answer.text
    assert now(app, number).state == EntryState.PENDING


def test_nobody_verifies_by_the_page_of_another_entry(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    first, second = wrote(app, cast.ana), wrote(app, cast.ana)
    browser = login_as(cast.mira)
    answer = browser.post(f"/hours/{second}/verify", data={"seen": seen(browser, first)})
    assert answer.status_code == 409
    assert "This was changed while you read it." in answer.text
    assert now(app, second).state == EntryState.PENDING


def test_what_is_settled_is_not_settled_again(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    before = seen(browser, number)
    assert browser.post(f"/hours/{number}/verify", data={"seen": before}).status_code == 303
    assert browser.post(f"/hours/{number}/verify", data={"seen": before}).status_code == 409
    assert browser.post(f"/hours/{number}/return", data={"seen": before, "reason": "x"}).status_code == 409


def test_what_was_taken_back_is_not_verified(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    before = seen(browser, number)
    login_as(cast.ana).post(f"/learning/hours/{number}/withdraw")
    assert browser.post(f"/hours/{number}/verify", data={"seen": before}).status_code == 409
    assert now(app, number).state == EntryState.WITHDRAWN


def test_of_two_coordinators_at_once_one_settles_it(app: Flask, cast: Cast) -> None:
    number = wrote(app, cast.ana)
    refused: list[AlreadySettled] = []

    def settle(person: Person) -> None:
        found = db.session.get_one(HourEntry, number)
        services.verify_hours(found, services.seen_of(found), by=db.session.get_one(Person, person.id))

    def other() -> None:
        try:
            with inside(app):
                settle(cast.ada)
        except AlreadySettled as refusal:
            refused.append(refusal)

    with inside(app):
        settle(cast.mira)
        thread = Thread(target=other)
        thread.start()
        thread.join(0.5)
        db.session.commit()
    thread.join(20)
    assert len(refused) == 1
    assert now(app, number).checked_by_id == cast.mira.id


def test_nobody_verifies_their_own(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, browser = wrote(app, cast.mira), login_as(cast.mira)
    assert "Verify these hours" not in browser.get(f"/learning/hours/{number}").text
    with inside(app):
        word = services.seen_of(db.session.get_one(HourEntry, number))
    for step, data in (("verify", {"seen": word}), ("return", {"seen": word, "reason": "x"})):
        answer = browser.post(f"/hours/{number}/{step}", data=data)
        assert answer.status_code == 409
        assert "another coordinator has to look at them" in answer.text
    assert now(app, number).state == EntryState.PENDING


@pytest.mark.parametrize("who", ["ana", "ivo", "otto"])
def test_only_coordinators_look_at_hours(app: Flask, cast: Cast, login_as: LoginAs, who: str) -> None:
    number, browser = wrote(app, cast.otto), login_as(getattr(cast, who))
    assert browser.get("/hours/review").status_code == 403
    assert browser.post(f"/hours/{number}/verify", data={"seen": "x"}).status_code == 403
    assert browser.post(f"/hours/{number}/return", data={"reason": "x"}).status_code == 403


def test_the_queue_asks_for_a_sign_in_and_changes_nothing_by_a_link(
    app: Flask, cast: Cast, client: FlaskClient, login_as: LoginAs
) -> None:
    assert client.get("/hours/review").headers["Location"].startswith("/sign-in")
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    assert browser.get(f"/hours/{number}/verify").status_code == 405
    assert browser.post("/hours/999999/verify", data={"seen": "x"}).status_code == 404


def test_the_queue_is_paged(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        person = db.session.get_one(Person, cast.ana.id)
        for number in range(51):
            written_down(person, None, title=f"Training {number:02d}")
    browser = login_as(cast.mira)
    assert "Training 49" in browser.get("/hours/review").text
    assert "Training 50" not in browser.get("/hours/review").text
    assert "Training 50" in browser.get("/hours/review?page=2").text
