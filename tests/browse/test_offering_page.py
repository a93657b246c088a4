"""The page of one offering, which the screens call a session."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person, Qualification
from catalog.competencies.models import Ledger
from catalog.courses.models import CourseState, Format, Offering, OfferingState
from catalog.enrollment import services
from catalog.extensions import db
from tests import factories as make
from tests.browse.pages import inside
from tests.browse.test_course_page import words
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
START = datetime(2031, 1, 14, 15, tzinfo=UTC)
LINK = "https://meet.example.org/secret-room"


def online(app: Flask, cast: Cast) -> Offering:
    with inside(app):
        fields: dict[str, Any] = {
            "trainer_id": cast.ivo.id,
            "format": Format.VIRTUAL,
            "online_link": LINK,
            "county": None,
        }
        return make.offering(make.course("Attachment"), seats=1, starts=START, **fields)


def test_a_stranger_reads_when_where_and_how(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        offering = make.offering(
            make.course("Attachment", areas=("TF",)),
            starts=START,
            meetings=2,
            language="Spanish",
            interpretation="ASL",
            accessibility="Step-free",
            price_cents=2500,
            member_price_cents=1000,
            price_note="Pay at the door",
            minimum=4,
            opens_at=START - timedelta(days=30),
            closes_at=START - timedelta(days=1),
            note="Bring lunch.",
            is_sample=True,
        )
        offering.meetings[1].break_minutes = 30
    text = words(client.get(f"/offerings/{offering.id}").text)
    for said in (
        *(
            "Tue 14 Jan 2031, 9:00 am to 12:00 pm, Central time",
            "Tue 21 Jan 2031, 9:00 am",
            "30 min of breaks",
        ),
        *(
            "Sample hall, Montgomery County",
            "Spanish",
            "ASL",
            "Step-free",
            "$25 · members $10",
            "Pay at the door",
        ),
        *(
            "4 people; with fewer the session may be cancelled",
            "from Sun 15 Dec 2030, 9:00 am until Mon 13 Jan 2031",
        ),
        *("Bring lunch.", "Sample date", "Full credit from 90 % of the minutes, else none.", "5 seats left"),
    ):
        assert said in text, said


def test_a_reader_in_another_zone_sees_both_times(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        db.session.get_one(Person, cast.ana.id).zone = "America/New_York"
        offering = make.offering(starts=START)
    text = words(login_as(cast.ana).get(f"/offerings/{offering.id}").text)
    assert "For you: Tue 14 Jan 2031, 10:00 am to 1:00 pm, Eastern time" in text


def test_the_two_ledgers_are_not_added(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        offering = make.offering(starts=START, meetings=2)
        offering.meetings[1].ledger = Ledger.RSC
    text = words(client.get(f"/offerings/{offering.id}").text)
    assert "3 h of training and 3 h of reflective supervision" in text


def test_the_link_is_for_those_who_sit_and_those_who_run_it(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    offering = online(app, cast)
    with inside(app):
        made = db.session.get_one(Offering, offering.id)
        for person in (cast.ana, cast.otto):
            services.enroll(db.session.get_one(Person, person.id), made, by=person)
        helper = make.person("Co Sample", is_trainer=True)
        made.meetings[0].co_trainers.append(helper)
    for address in (f"/offerings/{offering.id}", f"/offerings/{offering.id}/calendar.ics"):
        for person in (cast.ana, cast.ivo, cast.mira, cast.ada, helper):
            assert LINK in login_as(person).get(address).text.replace("\r\n ", ""), (person.name, address)


def test_the_link_is_for_nobody_else(app: Flask, cast: Cast, login_as: LoginAs, client: FlaskClient) -> None:
    offering = online(app, cast)
    with inside(app):
        made = db.session.get_one(Offering, offering.id)
        for person in (cast.ana, cast.otto):
            services.enroll(db.session.get_one(Person, person.id), made, by=person)
        other_trainer = make.person("Other Sample", is_trainer=True)
    for address in (f"/offerings/{offering.id}", f"/offerings/{offering.id}/calendar.ics"):
        # Otto waits: he is on the session and has no seat.
        for reader in (client, login_as(cast.otto), login_as(other_trainer)):
            assert "secret-room" not in reader.get(address).text.replace("\r\n ", "")
    assert "link shown once you have a seat" in client.get(f"/offerings/{offering.id}").text


def test_whoever_left_no_longer_sees_the_link(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    offering = online(app, cast)
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        enrollment = services.enroll(ana, db.session.get_one(Offering, offering.id), by=ana)
        services.withdraw(enrollment, by=ana)
    assert "secret-room" not in login_as(cast.ana).get(f"/offerings/{offering.id}").text


def test_trainers_stand_with_what_they_held_on_the_day(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with inside(app):
        offering = make.offering(starts=START, trainer_id=cast.ivo.id)
        for label, until in (
            ("Endorsed Reflective Supervisor", date(2031, 12, 31)),
            ("Long ago", date(2030, 1, 1)),
        ):
            db.session.add(Qualification(person_id=cast.ivo.id, label=label, held_until=until))
    text = words(client.get(f"/offerings/{offering.id}").text)
    assert "Ivo Sample" in text
    assert "Endorsed Reflective Supervisor" in text
    assert "Long ago" not in text


def test_a_cancelled_session_says_so_and_why(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        fields: dict[str, Any] = {"state": OfferingState.CANCELLED, "cancel_reason": "The hall was flooded."}
        offering = make.offering(**fields)
    text = words(client.get(f"/offerings/{offering.id}").text)
    assert "Cancelled" in text
    assert "The hall was flooded." in text


def test_a_session_at_ones_own_pace_has_no_calendar(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        offering = make.offering(meetings=0, seats=None, format=Format.SELF_PACED, county=None)
    text = client.get(f"/offerings/{offering.id}").text
    assert "At your own pace" in text
    assert "calendar.ics" not in text
    assert client.get(f"/offerings/{offering.id}/calendar.ics").status_code == 404


@pytest.mark.parametrize(("state", "status"), [(CourseState.DRAFT, 404), (CourseState.ARCHIVED, 200)])
def test_a_session_is_as_public_as_its_course(
    state: CourseState, status: int, app: Flask, cast: Cast, client: FlaskClient, login_as: LoginAs
) -> None:
    with inside(app):
        offering = make.offering(make.course(state=state), trainer_id=cast.ivo.id)
    assert client.get(f"/offerings/{offering.id}").status_code == status
    assert login_as(cast.ivo).get(f"/offerings/{offering.id}").status_code == 200
    assert login_as(cast.mira).get(f"/offerings/{offering.id}").status_code == 200


def test_texts_are_escaped(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        fields: dict[str, Any] = {
            "place": "<i>hall</i>",
            "note": "<script>x</script>",
            "online_link": "javascript:x",
        }
        offering = make.offering(make.course("<u>"), **fields)
    text = client.get(f"/offerings/{offering.id}").text
    assert not re.search(r"<i>hall|<script>x|<u>|href=.javascript", text)


def test_only_those_who_run_it_are_led_to_its_roster(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = make.offering(trainer_id=cast.ivo.id, starts=clock.now() + timedelta(days=4))
    address = f"/offerings/{offering.id}"
    assert "/roster" in login_as(cast.ivo).get(address).text
    assert "/roster" not in login_as(cast.ana).get(address).text
