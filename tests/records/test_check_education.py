"""A coordinator looks at education: the queue, "I have seen it", and sending it back."""

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
from catalog.records.models import CheckState, Education
from catalog.records.refusals import AlreadySettled
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


def wrote(app: Flask, person: Person, programme: str = "A sample degree", days_ago: int = 1) -> int:
    with inside(app):
        made = Education(
            person_id=person.id,
            programme=programme,
            institution="A sample university",
            added_at=clock.now() - timedelta(days=days_ago),
        )
        db.session.add(made)
        db.session.flush()
        return made.id


def now(app: Flask, education_id: int) -> Education:
    with inside(app):
        return db.session.get_one(Education, education_id)


def seen(browser: FlaskClient, education_id: int) -> str:
    page = browser.get(f"/learning/education/{education_id}").text
    found = re.search(r'id="check-seen"[^>]*value="(\w+)"', page)
    return found[1] if found else ""


def letters(app: Flask) -> list[tuple[str, str]]:
    with inside(app):
        return [
            (job.payload["name"], job.payload["subject"])
            for job in db.session.scalars(sa.select(Job).order_by(Job.id))
        ]


def test_the_oldest_is_looked_at_first(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    wrote(app, cast.ana, "The younger one", 1)
    wrote(app, cast.otto, "The older one", 3)
    page = login_as(cast.mira).get("/education/review").text
    assert page.index("The older one") < page.index("The younger one")


def test_seen_is_seen_and_leaves_the_queue(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    answer = browser.post(f"/education/{number}/check", data={"seen": seen(browser, number)})
    assert answer.headers["Location"] == "/education/review"
    found = now(app, number)
    assert (found.state, found.checked_by_id) == (CheckState.CHECKED, cast.mira.id)
    assert "Nothing waits" in browser.get("/education/review").text
    assert "by Mira Sample on" in login_as(cast.ana).get(f"/learning/education/{number}").text
    assert letters(app) == [("Ana Sample", "Your education was looked at")]


def test_sent_back_says_why_to_the_person_and_not_in_the_mail(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    data = {"seen": seen(browser, number), "reason": "The second page is missing."}
    assert browser.post(f"/education/{number}/return", data=data).status_code == 303
    assert now(app, number).state == CheckState.RETURNED
    assert "The second page is missing." in login_as(cast.ana).get(f"/learning/education/{number}").text
    with inside(app):
        assert "second page" not in str(db.session.scalars(sa.select(Job.payload)).all())
        assert "second page" not in str(
            db.session.execute(sa.select(AuditEntry.details, AuditEntry.reason)).all()
        )


def test_sending_back_needs_a_reason(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    answer = browser.post(f"/education/{number}/return", data={"seen": seen(browser, number), "reason": " "})
    assert answer.status_code == 422
    assert "Write what is missing" in answer.text
    assert now(app, number).state == CheckState.PENDING


@pytest.mark.parametrize("state", [CheckState.CHECKED, CheckState.RETURNED])
def test_a_change_has_to_be_looked_at_again(
    app: Flask, cast: Cast, login_as: LoginAs, state: CheckState
) -> None:
    number = wrote(app, cast.ana)
    with inside(app):
        found = db.session.get_one(Education, number)
        found.state, found.checked_at, found.checked_by_id = state, clock.now(), cast.mira.id
    data = {"programme": "Another degree", "institution": "A sample university"}
    assert login_as(cast.ana).post(f"/learning/education/{number}/edit", data=data).status_code == 303
    found = now(app, number)
    assert (found.state, found.checked_at, found.checked_by_id) == (CheckState.PENDING, None, None)


def test_saving_without_a_change_leaves_it_seen(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number = wrote(app, cast.ana)
    with inside(app):
        db.session.get_one(Education, number).state = CheckState.CHECKED
    data = {"programme": "A sample degree", "institution": "A sample university"}
    login_as(cast.ana).post(f"/learning/education/{number}/edit", data=data)
    assert now(app, number).state == CheckState.CHECKED


def test_nobody_says_seen_to_what_was_changed_meanwhile(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    before = seen(browser, number)
    with inside(app):
        db.session.get_one(Education, number).programme = "Something else"
    answer = browser.post(f"/education/{number}/check", data={"seen": before})
    assert answer.status_code == 409
    assert "This was changed while you read it." in answer.text
    assert "Something else" in answer.text
    assert now(app, number).state == CheckState.PENDING


def test_what_is_settled_is_not_settled_again(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    before = seen(browser, number)
    assert browser.post(f"/education/{number}/check", data={"seen": before}).status_code == 303
    assert browser.post(f"/education/{number}/check", data={"seen": before}).status_code == 409


def test_of_two_coordinators_at_once_one_settles_it(app: Flask, cast: Cast) -> None:
    number = wrote(app, cast.ana)
    refused: list[AlreadySettled] = []

    def settle(person: Person) -> None:
        found = db.session.get_one(Education, number)
        services.check_education(found, services.stand(found), by=db.session.get_one(Person, person.id))

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


def test_nobody_checks_their_own(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, browser = wrote(app, cast.mira), login_as(cast.mira)
    assert "I have seen it" not in browser.get(f"/learning/education/{number}").text
    with inside(app):
        word = services.stand(db.session.get_one(Education, number))
    answer = browser.post(f"/education/{number}/check", data={"seen": word})
    assert answer.status_code == 409
    assert "another coordinator has to look at it" in answer.text
    assert now(app, number).state == CheckState.PENDING


@pytest.mark.parametrize("who", ["ana", "ivo", "otto"])
def test_only_coordinators_look_at_education(app: Flask, cast: Cast, login_as: LoginAs, who: str) -> None:
    number, browser = wrote(app, cast.otto), login_as(getattr(cast, who))
    assert browser.get("/education/review").status_code == 403
    assert browser.post(f"/education/{number}/check", data={"seen": "x"}).status_code == 403
    assert browser.post(f"/education/{number}/return", data={"reason": "x"}).status_code == 403


def test_the_queue_asks_for_a_sign_in_and_changes_nothing_by_a_link(
    app: Flask, cast: Cast, client: FlaskClient, login_as: LoginAs
) -> None:
    assert client.get("/education/review").headers["Location"].startswith("/sign-in")
    number, browser = wrote(app, cast.ana), login_as(cast.mira)
    assert browser.get(f"/education/{number}/check").status_code == 405
    assert browser.post("/education/999999/check", data={"seen": "x"}).status_code == 404
