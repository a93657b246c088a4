"""The state's sessions one month on a page."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.calendars import months
from catalog.calendars.queries.months import MOST_A_DAY
from catalog.courses.models import CourseState, Format, MeetingKind, OfferingState
from catalog.extensions import db
from tests import factories as make
from tests.access.world import granted
from tests.browse.pages import inside
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
NOON = datetime(2027, 1, 13, 18, tzinfo=UTC)


def titles(text: str, day: str) -> list[str]:
    """The sessions that a page names on a day such as "Wed 13 Jan"."""
    cell = re.search(rf'<td data-label="{day}">(.*?)</td>', text, re.DOTALL)
    return re.findall(r'<a href="/offerings/\d+">([^<]*)</a>', html.unescape(cell[1])) if cell else []


def page(client: FlaskClient, query: str = "?month=2027-01") -> str:
    answer = client.get("/months" + query)
    assert answer.status_code == 200
    return answer.text


def test_every_meeting_stands_on_its_day(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("Watching"), starts=NOON, meetings=2)
    text = page(client)
    assert titles(text, "Wed 13 Jan") == titles(text, "Wed 20 Jan") == ["Watching"]
    assert "12:00 pm" in text
    assert "Montgomery County" in text


def test_the_day_is_that_of_the_sessions_own_clock(app: Flask, client: FlaskClient) -> None:
    # Half past nine in the evening of 31 January in Alabama, and half past ten in the east.
    late = datetime(2027, 2, 1, 3, 30, tzinfo=UTC)
    with inside(app):
        make.offering(make.course("Here"), starts=late)
        make.offering(make.course("East"), starts=late + timedelta(hours=2), zone="America/New_York")
    text = page(client)
    assert titles(text, "Sun 31 Jan") == ["Here"]
    assert titles(text, "Mon 1 Feb") == ["East"]
    assert "12:30 am, Eastern time" in text


@pytest.mark.parametrize(
    ("month", "first", "end"),
    [
        ("2027-01", "2026-12-27", "2027-02-07"),
        ("2026-02", "2026-02-01", "2026-03-01"),
        ("2026-11", "2026-11-01", "2026-12-06"),
        ("2027-02", "2027-01-31", "2027-03-07"),
    ],
)
def test_weeks_are_whole_and_begin_on_sunday(month: str, first: str, end: str) -> None:
    asked = months.read({"month": month}, NOON.date())
    assert (asked.first.isoformat(), asked.end.isoformat()) == (first, end)
    assert {week[0].strftime("%a") for week in asked.weeks} == {"Sun"}
    assert sum(len(week) for week in asked.weeks) == (asked.end - asked.first).days


def test_county_and_format_are_in_the_address(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("Here"), starts=NOON)
        make.offering(make.course("There"), starts=NOON, county="01073")
        make.offering(make.course("Online"), starts=NOON, format=Format.VIRTUAL, county=None)
    found = {
        query: titles(page(client, f"?month=2027-01&{query}"), "Wed 13 Jan")
        for query in ("county=01101", "county=online", "format=in_person", "county=01073&format=virtual")
    }
    assert found == {
        "county=01101": ["Here"],
        "county=online": ["Online"],
        "format=in_person": ["Here", "There"],
        "county=01073&format=virtual": [],
    }


def test_the_months_before_and_after_keep_the_filters(client: FlaskClient) -> None:
    text = html.unescape(page(client, "?month=2027-01&county=01101&format=virtual"))
    assert 'href="/months?month=2026-12&county=01101&format=virtual"' in text
    assert 'href="/months?month=2027-02&county=01101&format=virtual"' in text


@pytest.mark.parametrize("state", [CourseState.DRAFT, CourseState.ARCHIVED])
def test_only_what_is_public_and_takes_place_is_shown(
    app: Flask, client: FlaskClient, state: CourseState
) -> None:
    with inside(app):
        make.offering(make.course("Hidden", state=state), starts=NOON)
        make.offering(make.course("Cancelled"), starts=NOON, state=OfferingState.CANCELLED)
        shown = make.offering(make.course("Shown"), starts=NOON)
        make.meeting(shown, 2, NOON, kind=MeetingKind.HOMEWORK)
    assert titles(page(client), "Wed 13 Jan") == ["Shown"]


def test_a_full_day_says_how_many_more_there_are(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        for _ in range(MOST_A_DAY + 3):
            make.offering(starts=NOON, seats=1)
    text = page(client)
    assert len(titles(text, "Wed 13 Jan")) == MOST_A_DAY
    assert "and 3 more" in text


def test_without_a_month_it_is_this_one(client: FlaskClient) -> None:
    # In Alabama it is still December.
    with time_machine.travel(datetime(2027, 1, 1, 4, tzinfo=UTC), tick=False):
        assert "Sessions in December 2026" in page(client, "")


@pytest.mark.parametrize(
    "query",
    ["?month=2027-13", "?month=0000-01", "?month=9999-12", "?month=x", "?county=99999", "?format=self_paced"],
)
def test_what_cannot_be_read_is_said_and_left_out(client: FlaskClient, query: str) -> None:
    assert 'class="notice sun"' in page(client, query)


def test_an_empty_month_says_so(client: FlaskClient) -> None:
    text = page(client)
    assert "No sessions in January 2027" in text
    assert "<table" not in text


def test_the_columns_have_their_day_as_header(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(starts=NOON)
    text = page(client)
    assert text.count('<th scope="col"') == 42
    assert text.count("<caption") == 6


def test_it_takes_one_statement_however_many_there_are(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        for number in range(8):
            make.offering(starts=NOON + timedelta(days=number), meetings=2)
    with counted() as seen:
        page(client)
    assert len([one for one in seen if one.startswith("SELECT")]) == 1


def test_nothing_can_be_sent_to_it(client: FlaskClient) -> None:
    assert client.post("/months").status_code == 405


class TestOfAPart:
    """Whoever coordinates a part of the state."""

    @pytest.fixture(autouse=True)
    def _sessions(self, app: Flask, cast: Cast) -> None:
        with inside(app):
            make.offering(make.course("Here"), starts=NOON, county="01101")
            make.offering(make.course("There"), starts=NOON, county="01097")
            make.offering(make.course("Theirs", provider="A university"), starts=NOON, county="01097")

    @pytest.fixture
    def otto(self, app: Flask, cast: Cast, login_as: LoginAs) -> FlaskClient:
        with inside(app):
            granted(
                db.session.get_one(Person, cast.otto.id), "01101", db.session.get_one(Person, cast.ada.id)
            )
        return login_as(cast.otto)

    def test_they_see_their_part_first_and_the_whole_when_they_ask(self, otto: FlaskClient) -> None:
        text = page(otto)
        assert titles(text, "Wed 13 Jan") == ["Here"]
        assert "Only what you coordinate is shown." in text
        assert 'href="/months?month=2027-01&amp;whole=1"' in text
        text = page(otto, "?month=2027-01&whole=1")
        assert titles(text, "Wed 13 Jan") == ["Here", "There", "Theirs"]
        assert 'href="/months?month=2027-02&amp;whole=1"' in text
        assert 'href="/months?month=2027-01"' in text
        assert '<input type="hidden" name="whole" value="1">' in text

    def test_a_part_may_be_a_provider(self, app: Flask, cast: Cast, login_as: LoginAs) -> None:
        with inside(app):
            made = granted(
                db.session.get_one(Person, cast.otto.id), "", db.session.get_one(Person, cast.ada.id)
            )
            made.counties, made.providers = [], ["A university"]
        assert titles(page(login_as(cast.otto)), "Wed 13 Jan") == ["Theirs"]

    @pytest.mark.parametrize("who", ["", "ana", "ivo", "mira", "ada"])
    def test_everybody_else_sees_the_whole(
        self, client: FlaskClient, cast: Cast, login_as: LoginAs, who: str
    ) -> None:
        text = page(login_as(getattr(cast, who)) if who else client)
        assert titles(text, "Wed 13 Jan") == ["Here", "There", "Theirs"]
        assert "you coordinate" not in text
        assert "whole" not in text
