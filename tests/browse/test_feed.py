"""The calendar of a search: what it holds, what it never holds, and that it is the same for everybody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.browse.queries import meetings
from catalog.courses import search
from catalog.courses.models import Course, CourseState, Format, MeetingKind, Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from tests import factories as make
from tests.browse.pages import inside
from tests.calendars import ical_js
from tests.calendars.client import events_of, sequence
from tests.factories import Cast
from tests.statements import counted

LINK = "https://meet.example.org/secret-room"


@pytest.fixture
def two(app: Flask) -> list[int]:
    """One session in person in Montgomery County, and one online."""
    with inside(app):
        here = make.offering(_found(make.course("Attachment")), meetings=2)
        online = make.offering(
            make.course("Online"), format=Format.VIRTUAL, county=None, place="", online_link=LINK
        )
        return [here.id, online.id]


def _found(course: Course) -> Course:
    search.index(course)
    return course


def read(client: FlaskClient, query: str = "") -> list[Any]:
    answer = client.get("/calendar.ics" + query)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return events_of(answer.data)


def titles(client: FlaskClient, query: str = "") -> set[str]:
    return {event.summary.value.split(" (")[0] for event in read(client, query)}


def change(app: Flask, offering_id: int, **fields: object) -> None:
    with inside(app):
        for name, value in fields.items():
            setattr(db.session.get_one(Offering, offering_id), name, value)


def test_it_holds_what_the_search_finds(client: FlaskClient, two: list[int]) -> None:
    assert titles(client) == {"Attachment", "Online"}
    assert titles(client, "?format=virtual") == {"Online"}
    assert titles(client, "?county=01101") == {"Attachment"}
    assert titles(client, "?q=attachment") == {"Attachment"}
    assert titles(client, "?show=courses&q=attachment") == {"Attachment"}


def test_every_meeting_is_an_event(client: FlaskClient, two: list[int]) -> None:
    assert [event.summary.value for event in read(client, "?q=attachment")] == [
        "Attachment (1 of 2)",
        "Attachment (2 of 2)",
    ]


def test_ical_js_reads_it_too(client: FlaskClient, two: list[int]) -> None:
    seen = ical_js.events_of(client.get("/calendar.ics").data)
    assert {event["title"] for event in seen} == {"Attachment (1 of 2)", "Attachment (2 of 2)", "Online"}


def test_no_online_link_and_no_work_of_ones_own_is_in_it(
    app: Flask, client: FlaskClient, two: list[int]
) -> None:
    with inside(app):
        offering = db.session.get_one(Offering, two[1])
        make.meeting(offering, 2, offering.meetings[0].ends_at, kind=MeetingKind.HOMEWORK)
    assert len(read(client, "?format=virtual")) == 1
    assert LINK not in client.get("/calendar.ics").text


@pytest.mark.parametrize("state", [CourseState.DRAFT, CourseState.IN_REVIEW, CourseState.ARCHIVED])
def test_what_is_not_published_is_not_in_it(
    app: Flask, client: FlaskClient, two: list[int], state: CourseState
) -> None:
    with inside(app):
        db.session.get_one(Offering, two[0]).course.state = state
    assert titles(client) == {"Online"}


def test_it_is_the_same_for_everybody(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Callable[[Person], FlaskClient], two: list[int]
) -> None:
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        enrollment.enroll(ana, db.session.get_one(Offering, two[1]), by=ana)
    stranger, signed_in = client.get("/calendar.ics"), login_as(cast.ana).get("/calendar.ics")
    assert stranger.data == signed_in.data
    assert stranger.headers["ETag"] == signed_in.headers["ETag"]
    assert "Cookie" not in stranger.headers.get("Vary", "") + signed_in.headers.get("Vary", "")
    assert stranger.headers["Cache-Control"] == signed_in.headers["Cache-Control"] == "public, max-age=600"
    assert "Set-Cookie" not in signed_in.headers


def test_a_cancelled_session_is_called_off_for_thirty_days(
    app: Flask, client: FlaskClient, cast: Cast, two: list[int]
) -> None:
    before = read(client, "?q=attachment")
    with inside(app):
        mira = db.session.get_one(Person, cast.mira.id)
        enrollment.cancel(db.session.get_one(Offering, two[0]), by=mira, reason="Flooded.")
    after = read(client, "?q=attachment")
    assert [event.status.value for event in after] == ["CANCELLED"] * 2
    assert [event.uid.value for event in after] == [event.uid.value for event in before]
    assert all(sequence(new) > sequence(old) for old, new in zip(before, after, strict=True))
    change(app, two[0], cancelled_at=clock.now() - timedelta(days=31))
    assert read(client, "?q=attachment") == []


def test_a_series_that_has_begun_is_followed_to_its_end(client: FlaskClient, two: list[int]) -> None:
    with time_machine.travel(clock.now() + timedelta(days=25)):
        assert [event.summary.value for event in read(client)] == ["Attachment (2 of 2)"]


def test_whoever_has_read_it_gets_304_until_something_changes(
    app: Flask, client: FlaskClient, two: list[int]
) -> None:
    tag = client.get("/calendar.ics").headers["ETag"]
    answer = client.get("/calendar.ics", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")
    change(app, two[0], place="Another hall")
    answer = client.get("/calendar.ics", headers={"If-None-Match": tag})
    assert answer.status_code == 200


def test_it_has_an_end_and_begins_with_the_next(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, two: list[int]
) -> None:
    monkeypatch.setattr(meetings, "MOST", 2)
    assert [event.summary.value for event in read(client)] == ["Attachment (1 of 2)", "Online"]


def test_it_takes_one_statement_of_its_own_however_much_there_is(app: Flask, client: FlaskClient) -> None:
    def statements() -> int:
        with counted() as seen:
            client.get("/calendar.ics")
        return len([one for one in seen if "FROM meeting JOIN" in one])

    with inside(app):
        for _ in range(6):
            make.offering(meetings=3)
    assert statements() == 1


@pytest.mark.parametrize(
    "query", ["?area=nonsense", "?from=not-a-day", "?page=99999&sort=x", "?q=%ff", "?county=1"]
)
def test_whatever_is_asked_is_answered(client: FlaskClient, two: list[int], query: str) -> None:
    assert client.get("/calendar.ics" + query).status_code == 200
    assert client.get("/subscribe" + query).status_code == 200


def test_the_list_leads_to_the_address_of_its_search(client: FlaskClient, two: list[int]) -> None:
    assert 'href="/subscribe?format=virtual"' in client.get("/?format=virtual").text
    page = client.get("/subscribe?format=virtual").text
    assert "/calendar.ics?format=virtual" in page
    assert "webcal://" in page
    assert "Online" in page


def test_nothing_can_be_sent_to_it(client: FlaskClient) -> None:
    assert client.post("/calendar.ics").status_code == 405
    assert client.post("/subscribe").status_code == 405
