"""Homework and the like on the pages and in the calendar: beside the meetings, never among them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.courses.models import Format, MeetingKind, Offering
from catalog.courses.services import sum_up
from catalog.enrollment import queries
from catalog.enrollment import services as enrollment
from tests import factories as make
from tests.browse.pages import inside
from tests.browse.test_calendar import events
from tests.factories import Cast

START = datetime(2031, 1, 14, 15, tzinfo=UTC)


def homework(of: Offering, starts: datetime = START, days: int = 30) -> None:
    work = make.meeting(
        of, len(of.meetings) + 1, starts, kind=MeetingKind.HOMEWORK, minutes=360, title="Read chapter 3"
    )
    work.ends_wall, work.ends_at = datetime.fromisoformat("2031-04-30T23:59"), starts + timedelta(days=days)
    sum_up(of)


@pytest.fixture
def offering(app: Flask) -> Offering:
    with inside(app):
        made = make.offering(make.course("Attachment"), starts=START, meetings=2)
        homework(made)
        return made


def test_the_session_page_names_it_after_the_meetings(offering: Offering, client: FlaskClient) -> None:
    page = client.get(f"/offerings/{offering.id}").text
    assert "2 meetings, Tue 14 Jan 2031 to Tue 21 Jan 2031" in page
    assert "Plus 6 h of homework, due Wed 30 Apr 2031 · Read chapter 3" in page


def test_the_course_page_adds_it_to_the_line(offering: Offering, client: FlaskClient) -> None:
    page = client.get(f"/courses/{offering.course_id}").text
    assert "2 meetings, until Tue 21 Jan 2031, plus 6 h of own work" in page


def test_the_list_counts_the_meetings_alone(offering: Offering, client: FlaskClient) -> None:
    assert "6 h in 2 meetings, until Tue 21 Jan 2031" in client.get("/").text


def test_what_is_self_paced_says_what_it_is_worth(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        made = make.offering(meetings=0, seats=None, format=Format.SELF_PACED)
        homework(made)
    page = client.get(f"/offerings/{made.id}").text
    assert "At your own pace" in page
    assert "6 h of homework, due Wed 30 Apr 2031: Read chapter 3" in page


def test_the_calendar_has_the_day_on_which_it_is_due(offering: Offering, client: FlaskClient) -> None:
    found = events(client, offering)
    assert [event["SUMMARY"] for event in found] == [
        "Attachment (1 of 2)",
        "Attachment (2 of 2)",
        "Due: Homework for Attachment",
    ]
    assert (found[2].start, found[2]["TRANSP"]) == (date(2031, 4, 30), "TRANSPARENT")


def test_it_takes_no_hour_of_another_session(app: Flask, cast: Cast) -> None:
    with inside(app):
        mine, other = make.offering(starts=START), make.offering(starts=START + timedelta(days=3))
        homework(mine)
        enrollment.enroll(cast.ana, mine, by=cast.ana)
        assert queries.overlapping(cast.ana, other) == []
        homework(other, START + timedelta(days=4))
        assert queries.overlapping(cast.ana, other) == []
