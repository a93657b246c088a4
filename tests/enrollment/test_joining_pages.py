"""Taking a seat on the web: works, login required, stranger 404, wrong person 403, bad input 422, GET rejected."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import services
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db, writing
from tests import factories as make
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def session_of(app: Flask, cast: Cast) -> Callable[..., int]:
    """`session_of(seats=1, taken=1)` makes an offering with so many seats, so many of them taken by others."""

    def session_of(taken: int = 0, **fields: Any) -> int:
        with app.app_context():
            writing.set(True)
            offering = make.offering(**fields)
            for _ in range(taken):
                person = make.person()
                services.enroll(person, offering, by=person)
            db.session.commit()
            return offering.id

    return session_of


def states(app: Flask, person: Person) -> list[State]:
    with app.app_context():
        query = sa.select(Enrollment.state).where(Enrollment.person_id == person.id).order_by(Enrollment.id)
        return list(db.session.scalars(query))


def enrollment_id(app: Flask, person: Person) -> int:
    with app.app_context():
        return db.session.scalars(sa.select(Enrollment.id).where(Enrollment.person_id == person.id)).one()


def test_a_seat_is_two_taps_away(
    app: Flask, cast: Cast, login_as: LoginAs, session_of: Callable[..., int]
) -> None:
    offering, browser = session_of(), login_as(cast.ana)
    assert "Take a seat" in browser.get(f"/offerings/{offering}").text
    answer = browser.post(f"/offerings/{offering}/enrollments")
    assert (answer.status_code, answer.location) == (303, f"/offerings/{offering}")
    assert "You have a seat" in browser.get(f"/offerings/{offering}").text


def test_htmx_gets_the_box_alone(
    cast: Cast, login_as: LoginAs, session_of: Callable[..., int], htmx: dict[str, str]
) -> None:
    answer = login_as(cast.ana).post(f"/offerings/{session_of()}/enrollments", headers=htmx)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="join"')
    assert "<html" not in answer.text
    assert 'id="flashes" hx-swap-oob="true"' in answer.text


def test_a_full_session_offers_the_waitlist_and_says_the_place(
    cast: Cast, login_as: LoginAs, session_of: Callable[..., int]
) -> None:
    offering, browser = session_of(seats=1, taken=2), login_as(cast.ana)
    assert "Join the waitlist" in browser.get(f"/offerings/{offering}").text
    browser.post(f"/offerings/{offering}/enrollments")
    page = " ".join(browser.get(f"/offerings/{offering}").text.split())
    assert "Your place: <strong>2</strong> of 2" in page
    assert "the only seat is taken or offered, and 1 person is ahead of you" in page


def test_a_double_tap_ends_in_one_seat(
    app: Flask, cast: Cast, login_as: LoginAs, session_of: Callable[..., int]
) -> None:
    offering, browser = session_of(), login_as(cast.ana)
    for _ in range(2):
        assert browser.post(f"/offerings/{offering}/enrollments").status_code == 303
    assert states(app, cast.ana) == [State.SEATED]


def test_joining_asks_to_sign_in_and_comes_back(client: FlaskClient, session_of: Callable[..., int]) -> None:
    offering = session_of()
    page = client.get(f"/offerings/{offering}").text
    assert f'href="/sign-in?next=/offerings/{offering}%23join"' in page
    assert client.post(f"/offerings/{offering}/enrollments").location.startswith("/sign-in?next=")


def test_a_session_that_is_not_there_is_404(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.ana).post("/offerings/999/enrollments").status_code == 404


def test_joining_is_not_a_get(cast: Cast, login_as: LoginAs, session_of: Callable[..., int]) -> None:
    assert login_as(cast.ana).get(f"/offerings/{session_of()}/enrollments").status_code == 405


def test_an_unanswered_question_is_said_beside_its_field_and_the_rest_is_kept(
    app: Flask, cast: Cast, login_as: LoginAs, session_of: Callable[..., int]
) -> None:
    offering, browser = session_of(question="Why this group?"), login_as(cast.ana)
    answer = browser.post(f"/offerings/{offering}/enrollments", data={"access_request": "An interpreter"})
    assert answer.status_code == 422
    assert "Please answer the question" in answer.text
    assert "Why this group?" in answer.text
    assert "An interpreter" in answer.text
    assert states(app, cast.ana) == []


def test_a_request_can_be_sent_and_taken_back(
    app: Flask, cast: Cast, login_as: LoginAs, session_of: Callable[..., int]
) -> None:
    offering, browser = session_of(needs_approval=True), login_as(cast.ana)
    assert browser.get(f"/offerings/{offering}/enrollments/new").status_code == 200
    browser.post(f"/offerings/{offering}/enrollments", data={"full_form": "1"})
    assert states(app, cast.ana) == [State.REQUESTED]
    browser.post(f"/enrollments/{enrollment_id(app, cast.ana)}/withdraw")
    assert states(app, cast.ana) == [State.WITHDRAWN]


def test_a_closed_session_answers_409_with_the_reason(
    cast: Cast, login_as: LoginAs, session_of: Callable[..., int]
) -> None:
    offering = session_of(closes_at=clock.now() - timedelta(hours=1))
    answer = login_as(cast.ana).post(f"/offerings/{offering}/enrollments")
    assert answer.status_code == 409
    assert "Enrollment has closed" in answer.text


def test_htmx_reads_a_refusal_without_losing_the_page(
    cast: Cast, login_as: LoginAs, session_of: Callable[..., int], htmx: dict[str, str]
) -> None:
    offering = session_of(closes_at=clock.now() - timedelta(hours=1))
    answer = login_as(cast.ana).post(f"/offerings/{offering}/enrollments", headers=htmx)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#flashes")
    assert "Enrollment has closed" in answer.text


@pytest.mark.parametrize("verb", ["withdraw", "accept", "decline"])
def test_somebody_elses_place_is_not_there(
    app: Flask, cast: Cast, login_as: LoginAs, session_of: Callable[..., int], verb: str
) -> None:
    login_as(cast.ana).post(f"/offerings/{session_of()}/enrollments")
    answer = login_as(cast.otto).post(f"/enrollments/{enrollment_id(app, cast.ana)}/{verb}")
    assert answer.status_code == 404
    assert states(app, cast.ana) == [State.SEATED]


def test_an_offer_is_shown_with_its_end_and_taken(
    app: Flask, cast: Cast, login_as: LoginAs, session_of: Callable[..., int]
) -> None:
    offering, browser = session_of(seats=1, taken=1), login_as(cast.ana)
    browser.post(f"/offerings/{offering}/enrollments")
    with app.app_context():
        writing.set(True)
        seated = db.session.scalars(sa.select(Enrollment).where(Enrollment.state == State.SEATED)).one()
        services.withdraw(seated, by=seated.person)
        db.session.commit()
    page = browser.get(f"/offerings/{offering}").text
    assert "A seat is kept for you" in page
    assert "Central time" in page
    browser.post(f"/enrollments/{enrollment_id(app, cast.ana)}/accept")
    assert states(app, cast.ana) == [State.SEATED]


def test_an_offer_nobody_made_is_409_with_a_way_on(
    app: Flask, cast: Cast, login_as: LoginAs, session_of: Callable[..., int]
) -> None:
    offering, browser = session_of(seats=1, taken=1), login_as(cast.ana)
    browser.post(f"/offerings/{offering}/enrollments")
    from_page = {"Referer": f"http://localhost/offerings/{offering}"}
    answer = browser.post(f"/enrollments/{enrollment_id(app, cast.ana)}/accept", headers=from_page)
    assert answer.status_code == 409
    assert f'href="/offerings/{offering}"' in answer.text


@pytest.mark.parametrize("verb", ["accept", "withdraw"])
def test_a_second_tap_is_answered_as_the_first(
    app: Flask, cast: Cast, login_as: LoginAs, session_of: Callable[..., int], verb: str
) -> None:
    browser = login_as(cast.ana)
    browser.post(f"/offerings/{session_of()}/enrollments")
    url = f"/enrollments/{enrollment_id(app, cast.ana)}/{verb}"
    assert [browser.post(url).status_code for _ in range(2)] == [303, 303]


def test_what_is_not_public_cannot_be_joined_or_looked_at(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with app.app_context():
        writing.set(True)
        offering = make.offering(make.course("A secret draft", state="draft")).id
        db.session.commit()
    browser = login_as(cast.ana)
    assert browser.get(f"/offerings/{offering}/enrollments/new").status_code == 404
    answer = browser.post(f"/offerings/{offering}/enrollments", data={"answer": "x" * 3000})
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_htmx_is_led_to_the_page_with_the_question(
    cast: Cast, login_as: LoginAs, session_of: Callable[..., int], htmx: dict[str, str]
) -> None:
    offering = session_of(question="Why?")
    answer = login_as(cast.ana).post(f"/offerings/{offering}/enrollments", headers=htmx)
    assert answer.headers["HX-Redirect"] == f"/offerings/{offering}/enrollments/new"


@pytest.mark.parametrize("listing", ["suspended", "coming_soon", "application_closed"])
def test_a_course_that_is_closed_offers_no_seat(
    app: Flask, cast: Cast, login_as: LoginAs, listing: str
) -> None:
    with app.app_context():
        writing.set(True)
        offering = make.offering(make.course(listing=listing)).id
        db.session.commit()
    assert "Take a seat" not in login_as(cast.ana).get(f"/offerings/{offering}").text


def test_an_overlap_is_warned_about(
    cast: Cast, login_as: LoginAs, session_of: Callable[..., int], app: Flask
) -> None:
    browser = login_as(cast.ana)
    with app.app_context():
        writing.set(True)
        first = make.offering(make.course("Attachment in the first years"))
        starts = first.starts_at
        db.session.commit()
        first_id = first.id
    browser.post(f"/offerings/{first_id}/enrollments")
    assert starts is not None
    second = session_of(starts=starts + timedelta(hours=1))
    assert "overlap with Attachment in the first years" in browser.get(f"/offerings/{second}").text
    third = session_of(starts=starts + timedelta(hours=3))
    assert "overlap" not in browser.get(f"/offerings/{third}").text


def test_withdrawing_gives_the_seat_to_the_next(
    app: Flask, cast: Cast, login_as: LoginAs, session_of: Callable[..., int]
) -> None:
    offering = session_of(seats=1)
    ana, otto = login_as(cast.ana), login_as(cast.otto)
    ana.post(f"/offerings/{offering}/enrollments")
    otto.post(f"/offerings/{offering}/enrollments")
    ana.post(f"/enrollments/{enrollment_id(app, cast.ana)}/withdraw")
    with app.app_context():
        db.session.get_one(Offering, offering)
    assert states(app, cast.otto) == [State.OFFERED]
