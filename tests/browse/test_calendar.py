"""The calendar file, read back by a calendar library."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from catalog.courses.models import Format, Offering, OfferingState
from catalog.extensions import db
from tests import factories as make
from tests.browse.pages import inside

# Two days before clocks change in the United States, so that the meetings stand on both sides of the change.
START = datetime(2031, 3, 7, 15, tzinfo=UTC)


def events(client: FlaskClient, offering: Offering) -> list[Any]:
    response = client.get(f"/offerings/{offering.id}/calendar.ics")
    assert response.status_code == 200
    assert response.mimetype == "text/calendar"
    assert all(len(line) <= 75 for line in response.data.split(b"\r\n"))
    return list(Calendar.from_ical(response.data).walk("VEVENT"))


def test_every_meeting_is_an_event_at_its_instant(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        offering = make.offering(make.course("Attachment, “early”; ñ"), starts=START, meetings=2)
    first, second = events(client, offering)
    assert first["SUMMARY"] == "Attachment, “early”; ñ (1 of 2)"
    assert (first.start, second.end) == (START, START + timedelta(weeks=1, hours=3))
    assert b"DTSTART:20310307T150000Z" in first.to_ical()
    assert first["LOCATION"] == "Sample hall, Montgomery County"
    assert first["URL"].endswith(f"/offerings/{offering.id}")


def test_identifiers_stay_and_the_sequence_follows_the_version(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        offering = make.offering(starts=START)
        meeting_id = offering.meetings[0].id
    (before,) = events(client, offering)
    with inside(app):
        db.session.get_one(Offering, offering.id).version = 7
    (after,) = events(client, offering)
    assert before["UID"] == after["UID"] == f"meeting-{meeting_id}@127.0.0.1"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (1, 7)


def test_a_cancelled_session_cancels_its_events(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        reason = "The hall was flooded."
        offering = make.offering(starts=START, state=OfferingState.CANCELLED, cancel_reason=reason)
    (event,) = events(client, offering)
    assert event["STATUS"] == "CANCELLED"
    assert "The hall was flooded." in event["DESCRIPTION"]


def test_an_online_session_has_no_place_but_online(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        offering = make.offering(starts=START, format=Format.VIRTUAL, county=None, place="")
    (event,) = events(client, offering)
    assert event["LOCATION"] == "Online"
    assert event["STATUS"] == "CONFIRMED"
