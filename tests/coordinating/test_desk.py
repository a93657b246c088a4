"""The desk: each line's count is that of the page it leads to, in the order in which it is due."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person, Qualification
from catalog.coordinating import desk as saying
from catalog.coordinating.queries.desk import DOUBLES
from catalog.coordinating.queries.lists import LISTED
from catalog.coordinating.queries.work import WORK
from catalog.courses.models import CourseState, Review, ReviewAct, Seat
from catalog.disputes.models import Dispute, DisputeAct, DisputeEntry, DisputeState
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.notices.models import Bounce, Job, JobState
from catalog.records.models import Education
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.records.entries import written_down
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
HERE = "America/Chicago"
LINE = re.compile(r'<th scope="row">([\d,]+) ([^<]*)</th>.*?href="([^"#]*)', re.DOTALL)
HEADS = re.compile(r'<th scope="row">|<section class="section" aria-labelledby="pair-')


def rosters(number: int) -> None:
    sheets.seat(sheets.held(), f"Seated{number} Sample", by=make.person())


def offers(number: int) -> None:
    offering = make.offering(seats=1)
    enrolled = enrollment.enroll(make.person(), offering, by=make.person())
    enrolled.state, enrolled.offer_ends_at = State.OFFERED, clock.now() + timedelta(hours=number + 1)


def minimum(number: int) -> None:
    make.offering(minimum=3, decide_on=clock.today(HERE) - timedelta(days=number))


def queues(_number: int) -> None:
    offering = make.offering(seats=1)
    first, second = (enrollment.enroll(make.person(), offering, by=make.person()) for _ in "12")
    seat_id, first.state, first.seat_id = first.seat_id, State.WITHDRAWN, None
    db.session.flush()
    db.session.get_one(Seat, seat_id).is_taken = False
    assert second.state == State.WAITING


def requests(_number: int) -> None:
    enrollment.enroll(make.person(), make.offering(needs_approval=True), by=make.person())


def disputes(_number: int) -> None:
    offering, by = sheets.held(settled_at=clock.now()), make.person()
    enrolled = Enrollment(
        offering=offering, person=make.person(), state=State.WITHDRAWN, joined_at=clock.now()
    )
    entry = DisputeEntry(at=clock.now(), by=by, act=DisputeAct.PASSED_ON, text="I was there.")
    db.session.add(
        Dispute(
            enrollment=enrolled,
            meeting=offering.meetings[0],
            state=DisputeState.WITH_COORDINATOR,
            opened_at=clock.now(),
            entries=[entry],
        )
    )


def hours(_number: int) -> None:
    written_down(make.person())


def education(_number: int) -> None:
    db.session.add(
        Education(person_id=make.person().id, programme="A", institution="B", added_at=clock.now())
    )


def reviews(_number: int) -> None:
    course = make.course(state=CourseState.IN_REVIEW)
    by = make.person()
    db.session.add(Review(course_id=course.id, at=clock.now(), by_id=by.id, act=ReviewAct.SUBMITTED))


def letters(_number: int) -> None:
    now = clock.now()
    payload = {"to": "ana@example.org", "name": "Ana Sample", "subject": "Your seat"}
    db.session.add(
        Job(kind="mail", payload=payload, state=JobState.DEAD, run_at=now, created_at=now, error="no route")
    )


def bounces(number: int) -> None:
    person = make.person()
    for report in "12":
        db.session.add(
            Bounce(
                address=person.email,
                is_permanent=True,
                reason="no such box",
                digest=f"{person.id} {report} {number}",
                came_at=clock.now(),
            )
        )


def qualifications(number: int) -> None:
    until = clock.now().date() + timedelta(days=number + 5)
    db.session.add(Qualification(person_id=make.person().id, label="Sample", held_until=until))


def memberships(_number: int) -> None:
    make.person(member_until=clock.now().date())


def mappings(_number: int) -> None:
    make.course(areas=("TF",))


def doubles(number: int) -> None:
    for sign in ("", "+work"):
        make.person(email=f"twin{number}{sign}@example.org")


SCENES: dict[str, Callable[[int], None]] = {
    "rosters": rosters,
    "offers": offers,
    "minimum": minimum,
    "queues": queues,
    "requests": requests,
    "disputes": disputes,
    "hours": hours,
    "education": education,
    "reviews": reviews,
    "letters": letters,
    "bounces": bounces,
    "qualifications": qualifications,
    "memberships": memberships,
    "mappings": mappings,
    DOUBLES: doubles,
}


def lines(page: str) -> dict[str, tuple[int, str]]:
    """By the kind of work: how many, and where the line leads."""
    kinds = {words: kind for kind, both in saying.SAID.items() for words in both}
    return {kinds[words]: (int(count), url) for count, words, url in LINE.findall(page)}


def test_every_kind_of_work_is_tried_here() -> None:
    assert set(SCENES) == {*WORK, DOUBLES} == set(saying.SAID)


@pytest.mark.parametrize("kind", SCENES)
def test_a_line_counts_what_its_page_lists(app: Flask, cast: Cast, login_as: LoginAs, kind: str) -> None:
    with clock.at(clock.now().replace(month=11, day=28)):
        with inside(app):
            for number in range(3):
                SCENES[kind](number)
                db.session.flush()
        browser = login_as(cast.mira)
        count, url = lines(browser.get("/desk").text)[kind]
        answer = browser.get(url)
    assert answer.status_code == 200
    page = answer.text
    # Of the two lists on the page of reviews, the first one has no table.
    listed = re.findall(r"<h3><a href", page) if kind == "reviews" else HEADS.findall(page)
    assert len(listed) == count == 3


def test_nothing_to_do_is_said_kindly(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.mira).get("/desk").text
    assert "Nothing waits for you." in page
    assert lines(page) == {}


@pytest.mark.parametrize("kind", LISTED)
def test_a_list_that_is_empty_says_so(cast: Cast, login_as: LoginAs, kind: str) -> None:
    assert saying.EMPTY[kind] in login_as(cast.mira).get(f"/desk/{kind}").text


def test_what_is_due_first_stands_first(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        for scene in (mappings, qualifications, offers, minimum, hours):
            scene(1)
            db.session.flush()
    page = login_as(cast.mira).get("/desk").text
    assert list(lines(page)) == ["minimum", "offers", "qualifications", "hours", "mappings"]


def test_a_sentence_of_one_is_one(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        hours(1)
    assert "1 line of hours is to be verified" in login_as(cast.mira).get("/desk").text


def test_enough_people_or_time_to_decide_is_no_work(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    today = clock.now().date()
    with inside(app):
        make.offering(minimum=3, decide_on=today + timedelta(days=12))
        enough = make.offering(minimum=1, decide_on=today)
        enrollment.enroll(make.person(), enough, by=make.person())
        make.offering(minimum=3, decide_on=today, starts=clock.now() - timedelta(days=1))
    assert lines(login_as(cast.mira).get("/desk").text).keys() <= {"rosters", "mappings"}


def test_a_queue_matters_only_where_a_seat_is_free_and_somebody_waits(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        full = make.offering(seats=1)
        for _ in "12":
            enrollment.enroll(make.person(), full, by=make.person())
        make.offering(seats=1)
    assert "queues" not in lines(login_as(cast.mira).get("/desk").text)


def test_a_request_that_a_trainer_answers_is_no_work(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = make.offering(needs_approval=True, trainer_id=cast.ivo.id)
        enrollment.enroll(make.person(), offering, by=make.person())
    assert "requests" not in lines(login_as(cast.mira).get("/desk").text)


def test_an_address_that_was_mended_is_no_work(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        bounces(1)
        db.session.flush()
        for one in db.session.query(Bounce):
            one.cleared_at = clock.now()
    assert "bounces" not in lines(login_as(cast.mira).get("/desk").text)


def test_an_expired_qualification_matters_while_its_holder_teaches(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    ended = clock.now().date() - timedelta(days=5)
    with inside(app):
        for person in (make.person("Retired Sample"), db.session.get_one(Person, cast.ivo.id)):
            db.session.add(Qualification(person_id=person.id, label="Sample", held_until=ended))
        make.offering(trainer_id=cast.ivo.id)
    browser = login_as(cast.mira)
    assert lines(browser.get("/desk").text)["qualifications"][0] == 1
    page = browser.get("/qualifications?show=due").text
    assert "Ivo Sample" in page
    assert "Retired Sample" not in page


def test_a_qualification_that_is_written_down_for_longer_is_no_work(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    today = clock.now().date()
    with inside(app):
        for days in (5, 500):
            until = today + timedelta(days=days)
            db.session.add(Qualification(person_id=cast.ivo.id, label="Sample", held_until=until))
    assert "qualifications" not in lines(login_as(cast.mira).get("/desk").text)


def test_the_desk_asks_as_often_for_much_as_for_nothing(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    with counted() as few:
        browser.get("/desk")
    with inside(app):
        for scene in SCENES.values():
            for number in range(2):
                scene(number)
                db.session.flush()
    with counted() as many:
        browser.get("/desk")
    assert len(few) == len(many) <= 5, many


def test_a_list_asks_as_often_for_many_as_for_one(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    asked: list[int] = []
    for _ in "12":
        with inside(app):
            for number in range(1 + 4 * len(asked)):
                requests(number)
        with counted() as seen:
            browser.get("/desk/requests")
        asked.append(len(seen))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("url", ["/desk", "/desk/minimum"])
def test_people_are_asked_to_sign_in(client: FlaskClient, url: str) -> None:
    assert client.get(url).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("who", ["ana", "ivo"])
@pytest.mark.parametrize("url", ["/desk", "/desk/minimum"])
def test_it_is_for_coordinators(cast: Cast, login_as: LoginAs, who: str, url: str) -> None:
    assert login_as(getattr(cast, who)).get(url).status_code == 403


def test_a_kind_that_is_not_there_is_not_found(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).get("/desk/tea").status_code == 404
