"""Once a day, or once a week: in the morning of the person's own zone, whatever the worker did meanwhile."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.following.models import HowOften
from catalog.following.services.telling import last_moment
from tests import factories as make
from tests.factories import Cast
from tests.following.desk import inside, letters, posted, saved, work


@pytest.mark.parametrize(
    ("how_often", "now", "zone", "moment"),
    [
        (HowOften.AT_ONCE, "2026-12-02T15:04Z", "America/Chicago", "2026-12-02T15:00Z"),
        (HowOften.DAILY, "2026-12-02T12:59Z", "America/Chicago", "2026-12-01T13:00Z"),
        (HowOften.DAILY, "2026-12-02T13:00Z", "America/Chicago", "2026-12-02T13:00Z"),
        (HowOften.DAILY, "2026-12-02T12:59Z", "America/New_York", "2026-12-02T12:00Z"),
        (HowOften.DAILY, "2027-03-15T12:30Z", "America/Chicago", "2027-03-15T12:00Z"),
        (HowOften.WEEKLY, "2026-12-02T15:00Z", "America/Chicago", "2026-11-30T13:00Z"),
        (HowOften.WEEKLY, "2026-11-30T12:00Z", "America/Chicago", "2026-11-23T13:00Z"),
        (HowOften.WEEKLY, "2026-11-30T13:00Z", "America/Chicago", "2026-11-30T13:00Z"),
    ],
)
def test_the_last_moment_that_is_due(how_often: HowOften, now: str, zone: str, moment: str) -> None:
    found = last_moment(how_often, datetime.fromisoformat(now), zone)
    assert found.astimezone(UTC) == datetime.fromisoformat(moment)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def told_after(app: Flask, *hours: str) -> list[int]:
    """How many letters there are after the worker worked at each of these times."""
    found = []
    for hour in hours:
        with clock.at(at(hour)):
            work(app)
        # The nightly check may write to the administrators meanwhile.
        found.append(sum(letter["kind"] == "search.found" for letter in letters(app)))
    return found


def search_and_session(app: Flask, person: Person, how_often: HowOften) -> None:
    """Saved on a Tuesday, posted on a Wednesday at nine in the morning, in Alabama."""
    with clock.at(at("2026-12-01T15:00Z")), inside(app):
        saved(person, "", how_often)
    with clock.at(at("2026-12-02T15:00Z")), inside(app):
        posted(starts=at("2027-02-02T15:00Z"))
        posted(starts=at("2027-02-03T15:00Z"))


def test_a_daily_digest_comes_the_next_morning(app: Flask, cast: Cast) -> None:
    search_and_session(app, cast.ana, HowOften.DAILY)
    hours = ("2026-12-02T15:01Z", "2026-12-03T12:00Z", "2026-12-03T13:01Z", "2026-12-04T13:01Z")
    assert told_after(app, *hours) == [0, 0, 1, 1]
    [letter] = letters(app)
    assert letter["subject"] == "2 new sessions for your search"


def test_the_morning_is_that_of_the_person(app: Flask, cast: Cast) -> None:
    with inside(app):
        db.session.get_one(Person, cast.ana.id).zone = "America/New_York"
    search_and_session(app, cast.ana, HowOften.DAILY)
    assert told_after(app, "2026-12-02T15:01Z", "2026-12-03T11:59Z", "2026-12-03T12:01Z") == [0, 0, 1]


def test_a_weekly_digest_comes_on_monday(app: Flask, cast: Cast) -> None:
    search_and_session(app, cast.ana, HowOften.WEEKLY)
    hours = ("2026-12-02T15:01Z", "2026-12-03T13:01Z", "2026-12-07T12:01Z", "2026-12-07T13:01Z")
    assert told_after(app, *hours) == [0, 0, 0, 1]


def test_a_worker_that_slept_makes_up_for_it_once(app: Flask, cast: Cast) -> None:
    search_and_session(app, cast.ana, HowOften.DAILY)
    assert told_after(app, "2026-12-02T15:01Z", "2026-12-09T22:00Z", "2026-12-09T23:00Z") == [0, 1, 1]


def test_somebody_whose_account_became_part_of_another_is_not_told(app: Flask, cast: Cast) -> None:
    search_and_session(app, cast.ana, HowOften.DAILY)
    with inside(app):
        db.session.get_one(Person, cast.ana.id).merged_into_id = cast.otto.id
        make.person("Somebody else")
    assert told_after(app, "2026-12-02T15:01Z", "2026-12-03T13:01Z") == [0, 0]
