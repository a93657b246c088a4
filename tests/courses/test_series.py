"""Rows of meetings: one more, one less, or a whole series, before anything is posted."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import in_days, inside, meeting_fields, offering_fields
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def url(app: Flask, cast: Cast) -> str:
    with inside(app):
        return f"/courses/{make.course(owner_id=cast.ivo.id).id}/offerings"


def series(**typed: Any) -> dict[str, str]:
    """Every second Tuesday, 9:00 to 11:00, six times, over the change of the clocks in March."""
    fields = {
        "first": "2030-02-05",
        "starts": "09:00",
        "ends": "11:00",
        "unit": "week",
        "interval": "2",
        "times": "6",
        "skip": "2030-02-19",
        **typed,
    }
    return {f"series-{name}": str(value) for name, value in fields.items()}


def dates(page: str) -> list[str]:
    rows = page.split('name="meetings-')[1:]
    return [row.split('value="')[1][:10] for row in rows if row.split('"')[0].endswith("-date")]


def without_meeting(**typed: Any) -> dict[str, Any]:
    return {
        name: value for name, value in offering_fields(**typed).items() if not name.startswith("meetings-")
    }


TUESDAYS = ["2030-02-05", "2030-03-05", "2030-03-19", "2030-04-02", "2030-04-16", "2030-04-30"]


def test_the_dates_are_shown_and_nothing_is_posted(
    app: Flask, cast: Cast, login_as: LoginAs, url: str
) -> None:
    answer = login_as(cast.ivo).post(url, data=without_meeting(**series(), show="1"))
    assert answer.status_code == 200
    assert dates(answer.text) == TUESDAYS
    assert "Every second Tuesday, 9:00 am to 11:00 am, 6 times, skipping Tue 19 Feb 2030" in answer.text
    assert "Sample hall, Montgomery" in answer.text, "the rest of the form is still there"
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Offering)) == 0


def test_what_was_shown_is_posted_with_its_wall_clock(
    app: Flask, cast: Cast, login_as: LoginAs, url: str
) -> None:
    shown = "Every second Tuesday, 9:00 am to 11:00 am, 6 times, skipping Tue 19 Feb 2030"
    rows = [meeting_fields(row, day, "09:00", "11:00") for row, day in enumerate(TUESDAYS)]
    fields = without_meeting(**series(shown=shown)) | {
        name: value for row in rows for name, value in row.items()
    }
    assert login_as(cast.ivo).post(url, data=fields).status_code == 303
    with inside(app):
        meetings = db.session.scalars(sa.select(Offering)).one().meetings
        assert {meeting.starts_wall.hour for meeting in meetings} == {9}
        assert {meeting.starts_at.hour for meeting in meetings} == {14, 15}, "the clocks changed on the way"


def test_a_series_nobody_looked_at_is_shown_before_it_is_posted(
    app: Flask, cast: Cast, login_as: LoginAs, url: str
) -> None:
    answer = login_as(cast.ivo).post(url, data=without_meeting(**series()))
    assert answer.status_code == 200
    assert dates(answer.text) == TUESDAYS


def test_a_series_changed_since_is_shown_again(cast: Cast, login_as: LoginAs, url: str) -> None:
    fields = offering_fields(**series(shown="Every second Tuesday", times=2))
    assert dates(login_as(cast.ivo).post(url, data=fields).text) == ["2030-02-05", "2030-03-05"]


def test_generated_meetings_take_over_the_details_of_the_first(
    cast: Cast, login_as: LoginAs, url: str
) -> None:
    first = meeting_fields(0, "2030-01-01", break_minutes="15", ledger="rsc", place="Room 2")
    page = login_as(cast.ivo).post(url, data=without_meeting(**series(), show="1") | first).text
    assert page.count('value="Room 2"') == 6
    assert page.count('<option selected value="rsc">') == 6


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"first": ""}, "first", "Write the first date of the series."),
        ({"times": ""}, "times", "Write how many meetings."),
        ({"times": "61"}, "times", "Write a whole number from 1 to 60."),
        ({"ends": "09:00"}, "ends", "The end must be after the start."),
        ({"skip": "next week"}, "skip", "Write days such as 2026-12-22"),
        ({"unit": "year"}, "unit", "Choose one from the list."),
    ],
)
def test_an_unclear_series_says_what_is_missing(
    cast: Cast, login_as: LoginAs, url: str, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = login_as(cast.ivo).post(url, data=offering_fields(**series(**typed), show="1"))
    assert answer.status_code == 422
    assert sentence in answer.text.split(f'id="series-{field}-error"')[1].split("</ul>")[0]


def test_another_row_is_added_and_the_first_stays(cast: Cast, login_as: LoginAs, url: str) -> None:
    page = login_as(cast.ivo).post(url, data=offering_fields(add="1")).text
    assert 'id="meetings-1-date"' in page
    assert f'value="{in_days(35)}"' in page


def test_a_row_is_taken_out_and_the_others_close_up(cast: Cast, login_as: LoginAs, url: str) -> None:
    fields = offering_fields(**meeting_fields(1, "2030-05-01"), **meeting_fields(2, "2030-06-01"), remove="1")
    assert dates(login_as(cast.ivo).post(url, data=fields).text) == [in_days(35), "2030-06-01"]


@pytest.mark.parametrize("which", ["x", "-1", "7", "9" * 5000])
def test_a_row_that_is_not_there_is_not_taken_out(
    cast: Cast, login_as: LoginAs, url: str, which: str
) -> None:
    answer = login_as(cast.ivo).post(url, data=offering_fields(remove=which))
    assert (answer.status_code, len(dates(answer.text))) == (200, 1)


def test_there_are_never_more_than_sixty_rows(cast: Cast, login_as: LoginAs, url: str) -> None:
    many = {name: value for row in range(70) for name, value in meeting_fields(row, "2030-05-01").items()}
    assert len(dates(login_as(cast.ivo).post(url, data=offering_fields(**many, add="1")).text)) == 60


def test_rows_with_odd_numbers_do_no_harm(cast: Cast, login_as: LoginAs, url: str) -> None:
    fields = offering_fields(**{"meetings-²-date": "2030-01-01", "meetings-99999999-date": "x", "add": "1"})
    assert login_as(cast.ivo).post(url, data=fields).status_code == 200


def test_by_htmx_the_form_alone_comes_back(
    cast: Cast, login_as: LoginAs, url: str, htmx: dict[str, str]
) -> None:
    answer = login_as(cast.ivo).post(url, data=offering_fields(add="1"), headers=htmx)
    assert answer.text.lstrip().startswith('<form id="offering_form"')
