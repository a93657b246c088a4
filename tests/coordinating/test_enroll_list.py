"""Many people onto one session, from a list: what comes of each is shown first, and saved as shown."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering, OfferingState
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.attendance.sheets import inside
from tests.coordinating.tables import LoginAs, save, seen, send, text, workbook
from tests.factories import Cast
from tests.records import sheets


@pytest.fixture
def offering_id(app: Flask, cast: Cast) -> int:
    """Two seats."""
    with inside(app):
        return make.offering(make.course("Sleep and soothing"), seats=2, trainer_id=cast.ivo.id).id


def pasted(browser: FlaskClient, offering_id: int, people: str) -> str:
    answer = send(browser, f"/offerings/{offering_id}/enroll-list", None, people=people)
    assert answer.status_code == 303, text(answer)
    return answer.headers["Location"]


def on_it(app: Flask, offering_id: int) -> dict[str, State]:
    with inside(app):
        rows = db.session.execute(
            sa.select(Person.email, Enrollment.state)
            .join(Enrollment, Enrollment.person_id == Person.id)
            .where(Enrollment.offering_id == offering_id, Enrollment.state.in_(LIVE))
        )
        return dict(rows.tuples().all())


def test_the_roster_leads_there(offering_id: int, cast: Cast, login_as: LoginAs) -> None:
    address = f"/offerings/{offering_id}/enroll-list"
    assert address in login_as(cast.mira).get(f"/offerings/{offering_id}/roster").text
    assert address not in login_as(cast.ivo).get(f"/offerings/{offering_id}/roster").text


def test_what_comes_of_each_person(app: Flask, offering_id: int, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = db.session.get_one(Offering, offering_id)
        enrollment.add(db.session.get_one(Person, cast.ivo.id), offering, by=cast.mira)
    browser = login_as(cast.mira)
    people = f"""{cast.ana.email}
    Nia New <nia@example.org>, {cast.otto.email}; {cast.ivo.email}
    nobody@example.org
    {cast.ana.email}
    not-an-address"""
    place = pasted(browser, offering_id, people)
    page = text(browser.get(place))
    assert f"Ana Sample, {cast.ana.email} A seat." in page
    assert "Nia New, nia@example.org A new account, and the waitlist, place 1." in page
    assert f"Otto Sample, {cast.otto.email} The waitlist, place 2." in page
    assert "Has a seat already." in page
    assert "Nobody here has this address. Write a name beside it, and an account is made." in page
    assert "The same person as in row 1." in page
    assert "Nobody here has this name. Write an address beside it" in page
    save(browser, place)
    assert on_it(app, offering_id) == {
        cast.ivo.email: State.SEATED,
        cast.ana.email: State.SEATED,
        "nia@example.org": State.WAITING,
        cast.otto.email: State.WAITING,
    }


def test_somebody_new_is_invited_to_claim_their_account(
    app: Flask, offering_id: int, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.mira)
    data = workbook(("Email address", "Name", "County"), ("nia@example.org", "Nia New", "Pike"))
    answer = send(browser, f"/offerings/{offering_id}/enroll-list", data, "people.xlsx")
    save(browser, answer.headers["Location"])
    with inside(app):
        nia = db.session.scalars(sa.select(Person).where(Person.email == "nia@example.org")).one()
        assert (nia.name, nia.county, nia.password_hash) == ("Nia New", "01109", None)
        subjects = [job.payload["subject"] for job in db.session.scalars(sa.select(Job).order_by(Job.id))]
        assert "Your account: choose a password" in subjects
        actions = set(db.session.scalars(sa.select(AuditEntry.action)))
        assert {"person.added", "enrollment.added", "table.enrolling"} <= actions


def test_a_file_names_people_by_name_and_county(
    app: Flask, offering_id: int, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        rosa = make.person("Rosa Sample", county="01109")
        make.person("Rosa Sample", county="01097")
    browser = login_as(cast.mira)
    data = sheets.csv(("Name", "County"), ("Rosa Sample", "Pike"), ("Rosa Sample", ""))
    place = send(browser, f"/offerings/{offering_id}/enroll-list", data).headers["Location"]
    assert "Only the name fits" in text(browser.get(place))
    page = text(browser.get(save(browser, place, who_3=str(rosa.id)).headers["Location"]))
    assert "The same person as in row 2." in page
    save(browser, place)
    assert on_it(app, offering_id) == {rosa.email: State.SEATED}


def test_an_address_that_is_new_with_a_name_that_is_not_may_be_somebody_new(
    app: Flask, offering_id: int, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.mira)
    place = pasted(browser, offering_id, "Ana Sample <ana@home.example>")
    assert "Somebody new" in text(browser.get(place))
    save(browser, place, who_1="new")
    save(browser, place)
    assert on_it(app, offering_id) == {"ana@home.example": State.SEATED}


def test_a_seat_that_is_taken_meanwhile_is_said_and_nobody_is_added(
    app: Flask, offering_id: int, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.mira)
    place = pasted(browser, offering_id, f"{cast.ana.email}\n{cast.otto.email}")
    sealed = seen(browser.get(place).text)
    with inside(app):
        offering = db.session.get_one(Offering, offering_id)
        enrollment.add(db.session.get_one(Person, cast.ivo.id), offering, by=cast.mira)
    answer = save(browser, place, sealed)
    assert answer.status_code == 409
    page = text(answer)
    assert "nothing was saved. 1 row comes out otherwise now and is marked below." in page
    assert "Changed meanwhile Otto Sample" in page
    assert list(on_it(app, offering_id)) == [cast.ivo.email]
    save(browser, place)
    assert on_it(app, offering_id)[cast.otto.email] == State.WAITING


def test_nobody_is_added_where_nobody_can_be(
    app: Flask, offering_id: int, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.mira)
    place = pasted(browser, offering_id, cast.ana.email)
    with inside(app):
        db.session.get_one(Offering, offering_id).state = OfferingState.CANCELLED
    assert "This session was cancelled." in text(browser.get(place))
    assert save(browser, place).status_code == 409
    with inside(app):
        offering = db.session.get_one(Offering, offering_id)
        offering.state, offering.settled_at = OfferingState.SCHEDULED, clock.now()
    assert "The roster of this session is closed." in text(browser.get(place))
    assert on_it(app, offering_id) == {}


def test_after_it_has_begun_there_is_no_waitlist(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering_id = make.offering(seats=1, starts=clock.now() - timedelta(hours=1)).id
    browser = login_as(cast.mira)
    place = pasted(browser, offering_id, f"{cast.ana.email}, {cast.otto.email}")
    assert "There is no free seat, and nobody moves up any more." in text(browser.get(place))
    save(browser, place)
    assert on_it(app, offering_id) == {cast.ana.email: State.SEATED}


def test_without_a_limit_everybody_has_a_seat(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering_id = make.offering(seats=None).id
        people = [make.person(f"P{n} Sample").email for n in range(30)]
    browser = login_as(cast.mira)
    save(browser, pasted(browser, offering_id, "\n".join(people)))
    assert set(on_it(app, offering_id).values()) == {State.SEATED}
    assert len(on_it(app, offering_id)) == 30


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"people": ""}, "Write addresses or choose a file, one of the two."),
        ({"people": " ,; "}, "No email address was found in what you wrote."),
        ({"people": "a@example.org\n" * 5001}, "These are more than 5,000 addresses."),
        ({"people": "x" * 400_001}, "This is too long."),
    ],
)
def test_what_cannot_be_read_stays_with_a_sentence(
    offering_id: int, cast: Cast, login_as: LoginAs, fields: dict[str, str], sentence: str
) -> None:
    answer = send(login_as(cast.mira), f"/offerings/{offering_id}/enroll-list", None, **fields)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_only_coordinators(app: Flask, offering_id: int, cast: Cast, login_as: LoginAs) -> None:
    address = f"/offerings/{offering_id}/enroll-list"
    assert app.test_client().get(address).status_code == 303
    for person in (cast.ivo, cast.ana):
        assert login_as(person).get(address).status_code == 403
        assert login_as(person).post(address).status_code == 403
    assert login_as(cast.mira).get("/offerings/999999/enroll-list").status_code == 404
