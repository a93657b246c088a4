"""The roster on the web, and who may use it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import services
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db, writing
from tests import factories as make
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def roster(app: Flask, cast: Cast) -> int:
    """Ivo's session with two seats: Ana sits, Ada sits, Otto waits and needs an interpreter."""
    with app.app_context():
        writing.set(True)
        offering = make.offering(make.course("Ivo teaches"), seats=2, trainer_id=cast.ivo.id)
        for person in (cast.ana, cast.ada, cast.otto):
            who = db.session.get_one(Person, person.id)
            services.enroll(
                who, offering, by=who, access_request="A quiet corner" if person is cast.otto else ""
            )
        db.session.commit()
        return offering.id


def row_of(app: Flask, person: Person) -> Enrollment:
    with app.app_context():
        query = sa.select(Enrollment).where(Enrollment.person_id == person.id).order_by(Enrollment.id.desc())
        found = db.session.scalars(query).first()
        assert found is not None
        db.session.expunge(found)
        return found


@pytest.mark.parametrize("who", ["ivo", "mira", "ada"])
def test_those_who_run_it_see_seats_and_queue(roster: int, cast: Cast, login_as: LoginAs, who: str) -> None:
    page = login_as(getattr(cast, who)).get(f"/offerings/{roster}/roster").text
    assert "Ana Sample" in page
    assert "2 of 2 seats taken" in page
    assert "Waiting, place 1" in page


def test_a_name_is_text_and_no_markup(roster: int, app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with app.app_context():
        writing.set(True)
        db.session.get_one(Person, cast.ana.id).name = "<b>Ana</b> & co"
        db.session.commit()
    page = login_as(cast.ivo).get(f"/offerings/{roster}/roster").text
    assert "&lt;b&gt;Ana&lt;/b&gt; &amp; co" in page
    assert "<b>Ana" not in page


@pytest.mark.parametrize("who", ["ana", "otto"])
def test_others_do_not_see_it(roster: int, cast: Cast, login_as: LoginAs, who: str) -> None:
    assert login_as(getattr(cast, who)).get(f"/offerings/{roster}/roster").status_code == 403


def test_another_trainer_does_not_see_it(roster: int, app: Flask, login_as: LoginAs) -> None:
    with app.app_context():
        writing.set(True)
        other = make.person("Other Sample", is_trainer=True)
        db.session.commit()
        db.session.refresh(other)
        db.session.expunge(other)
    assert login_as(other).get(f"/offerings/{roster}/roster").status_code == 403


def test_it_asks_to_sign_in(roster: int, client: FlaskClient) -> None:
    assert client.get(f"/offerings/{roster}/roster").status_code == 303


def test_a_session_that_is_not_there_is_404(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).get("/offerings/999/roster").status_code == 404


def test_a_private_need_is_shown_to_the_trainer_alone(
    roster: int, app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    url = f"/enrollments/{row_of(app, cast.otto).id}"
    assert "A quiet corner" in login_as(cast.ivo).get(url).text
    assert login_as(cast.ana).get(url).status_code == 404


def test_a_coordinator_adds_a_person(roster: int, app: Flask, cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.mira).post(f"/offerings/{roster}/roster/people", data={"email": cast.ivo.email})
    assert answer.status_code == 303
    assert row_of(app, cast.ivo).state == State.WAITING


@pytest.mark.parametrize(
    ("email", "said"), [("nobody@example.org", "Nobody has an account"), ("", "Enter the person")]
)
def test_an_address_nobody_has_is_refused_and_kept(
    roster: int, cast: Cast, login_as: LoginAs, email: str, said: str
) -> None:
    answer = login_as(cast.mira).post(f"/offerings/{roster}/roster/people", data={"email": email})
    assert answer.status_code == 422
    assert said in answer.text
    assert email in answer.text


def test_adding_somebody_twice_is_said(roster: int, cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.mira).post(f"/offerings/{roster}/roster/people", data={"email": cast.ana.email})
    assert answer.status_code == 422
    assert "on this session already" in answer.text


def test_a_trainer_does_not_change_the_seats(roster: int, cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.ivo).post(f"/offerings/{roster}/roster/capacity", data={"capacity": "9"})
    assert answer.status_code == 403


def test_more_seats_move_the_queue(roster: int, app: Flask, cast: Cast, login_as: LoginAs) -> None:
    login_as(cast.mira).post(f"/offerings/{roster}/roster/capacity", data={"capacity": "3"})
    assert row_of(app, cast.otto).state == State.OFFERED


@pytest.mark.parametrize(
    ("capacity", "said"),
    [
        ("1", "cannot be lower than 2"),
        ("many", "whole number"),
        ("", "Enter the number of seats"),
        ("1_0", "whole number"),
        ("0", "whole number"),
    ],
)
def test_an_impossible_number_of_seats_is_refused_and_kept(
    roster: int, app: Flask, cast: Cast, login_as: LoginAs, capacity: str, said: str
) -> None:
    answer = login_as(cast.mira).post(f"/offerings/{roster}/roster/capacity", data={"capacity": capacity})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{capacity}"' in answer.text
    with app.app_context():
        assert db.session.get_one(Offering, roster).capacity == 2


@pytest.mark.parametrize("verb", ["remove", "put-first", "seat", "move"])
def test_a_change_without_a_reason_is_refused(
    roster: int, app: Flask, cast: Cast, login_as: LoginAs, verb: str
) -> None:
    row = row_of(app, cast.otto)
    answer = login_as(cast.mira).post(f"/enrollments/{row.id}/{verb}", data={"reason": ""})
    assert answer.status_code == 422
    assert "Write down why" in answer.text
    assert row_of(app, cast.otto).state == State.WAITING


def test_seating_out_of_turn_without_a_seat_is_said(
    roster: int, app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    answer = login_as(cast.mira).post(
        f"/enrollments/{row_of(app, cast.otto).id}/seat", data={"reason": "Licence"}
    )
    assert answer.status_code == 422
    assert "There is no free seat" in answer.text
    assert "Licence" in answer.text


def test_removing_somebody_needs_a_coordinator(
    roster: int, app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    url = f"/enrollments/{row_of(app, cast.ana).id}/remove"
    assert login_as(cast.ivo).post(url, data={"reason": "x"}).status_code == 403
    assert login_as(cast.mira).post(url, data={"reason": "Asked by phone"}).status_code == 303
    assert (row_of(app, cast.ana).state, row_of(app, cast.otto).state) == (State.REMOVED, State.OFFERED)


def test_moving_somebody_shows_the_other_sessions(
    roster: int, app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with app.app_context():
        writing.set(True)
        other = make.offering(make.course("Another place")).id
        db.session.commit()
    mira, url = login_as(cast.mira), f"/enrollments/{row_of(app, cast.ana).id}"
    assert "Another place" in mira.get(url).text
    mira.post(f"{url}/move", data={"to": str(other), "reason": "Closer"})
    moved = row_of(app, cast.ana)
    assert (moved.offering_id, moved.state) == (other, State.SEATED)


def test_a_trainer_decides_about_requests(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with app.app_context():
        writing.set(True)
        offering = make.offering(needs_approval=True, trainer_id=cast.ivo.id)
        for person in (cast.ana, cast.otto):
            who = db.session.get_one(Person, person.id)
            services.enroll(who, offering, by=who)
        db.session.commit()
    ivo = login_as(cast.ivo)
    ivo.post(f"/enrollments/{row_of(app, cast.ana).id}/approve")
    ivo.post(f"/enrollments/{row_of(app, cast.otto).id}/refuse", data={"reason": "For supervisors"})
    assert (row_of(app, cast.ana).state, row_of(app, cast.otto).state) == (State.SEATED, State.REFUSED)


def test_a_settled_request_is_409(roster: int, app: Flask, cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.ivo).post(f"/enrollments/{row_of(app, cast.ana).id}/approve")
    assert answer.status_code == 409


def test_cancelling_needs_its_reason_and_is_shown(roster: int, cast: Cast, login_as: LoginAs) -> None:
    ivo = login_as(cast.ivo)
    assert ivo.post(f"/offerings/{roster}/roster/cancel", data={"reason": " "}).status_code == 422
    assert ivo.post(f"/offerings/{roster}/roster/cancel", data={"reason": "Storm"}).status_code == 303
    assert "Storm" in login_as(cast.ana).get(f"/offerings/{roster}").text


def test_a_helper_sees_the_roster_and_is_shown_nothing_that_is_refused(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with app.app_context():
        writing.set(True)
        helper = make.person("Helper Sample", is_trainer=True)
        offering = make.offering(trainer_id=cast.ivo.id)
        offering.meetings[0].co_trainers.append(helper)
        db.session.commit()
        db.session.refresh(helper)
        db.session.expunge(helper)
        number = offering.id
    browser = login_as(helper)
    for page in (f"/offerings/{number}", f"/offerings/{number}/roster"):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert f"/offerings/{number}/edit" not in answer.text
    assert browser.post(f"/offerings/{number}/roster/cancel", data={"reason": "Storm"}).status_code == 403
    assert f"/offerings/{number}/edit" in login_as(cast.ivo).get(f"/offerings/{number}").text


def test_who_no_longer_teaches_no_longer_sees_it(
    roster: int, app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with app.app_context():
        writing.set(True)
        db.session.get_one(Person, cast.ivo.id).is_trainer = False
        db.session.commit()
    assert login_as(cast.ivo).get(f"/offerings/{roster}/roster").status_code == 403
