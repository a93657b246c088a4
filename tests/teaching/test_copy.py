"""A session or a whole term is copied to new dates: a filled form, in which everything is as before but the dates."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.courses.models import Format, MeetingKind, Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import in_days, inside, own, wall
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
# A Tuesday at nine in the morning, Central time, before the clocks go forward on 14 March 2027.
STARTS = datetime(2027, 2, 2, 15, tzinfo=UTC)


@pytest.fixture
def offering_id(app: Flask, cast: Cast) -> int:
    with inside(app):
        helper = make.person("Helper Sample", is_trainer=True)
        offering = make.offering(
            make.course("Attachment"),
            seats=7,
            starts=STARTS,
            meetings=3,
            trainer_id=cast.ivo.id,
            question="Why?",
            price_cents=2500,
            minimum=3,
            decide_on=date(2027, 1, 26),
            closes_at=STARTS - timedelta(days=1),
            when_full="neither",
            format=Format.HYBRID,
            online_link="https://example.org/room",
        )
        offering.meetings[1].co_trainers = [helper]
        offering.meetings[2].place = "Room 2"
        return offering.id


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it stands."""
    form = page[page.index('<form id="offering_form"') :]
    form = form[: form.index("</form>")]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        found.setdefault(given.get("name", ""), []).append(given.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s*(.*?)</textarea>', form, re.DOTALL):
        found[name] = [text]
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', inner)
        found[name] = [chosen[1]] if chosen else []
    return found


def copied(browser: FlaskClient, offering_id: int, first: str) -> dict[str, list[str]]:
    answer = browser.get(f"/offerings/{offering_id}/copy?first={first}")
    assert answer.status_code == 200
    return fields_of(answer.text)


def test_a_term_keeps_distances_wall_clock_and_weekday(
    cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with clock.at(datetime(2027, 1, 1, tzinfo=UTC)):
        fields = copied(login_as(cast.ivo), offering_id, "2027-03-09")
    dates = [fields[f"meetings-{row}-date"][0] for row in range(3)]
    assert dates == ["2027-03-09", "2027-03-16", "2027-03-23"]
    assert {fields[f"meetings-{row}-starts"][0] for row in range(3)} == {"09:00"}, (
        "also after the clocks change"
    )
    assert fields["closes_at"] == ["2027-03-08 09:00:00"]
    assert fields["decide_on"] == ["2027-03-02"]


def test_what_is_posted_then_is_the_same_but_for_the_dates(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    browser = login_as(cast.ivo)
    fields = copied(browser, offering_id, "2027-03-09")
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Offering)) == 1, (
            "nothing is made before"
        )
        before = db.session.get_one(Offering, offering_id)
        url = f"/courses/{before.course_id}/offerings"
    answer = browser.post(url, data={name: values for name, values in fields.items() if name})
    assert answer.status_code == 303, answer.text
    with inside(app):
        before, after = db.session.scalars(sa.select(Offering).order_by(Offering.id))
        kept = (
            "capacity",
            "place",
            "county",
            "price_cents",
            "question",
            "minimum",
            "when_full",
            "online_link",
        )
        for name in (*kept, "format", "zone", "trainer_id", "minutes"):
            assert getattr(after, name) == getattr(before, name), name
        assert [[one.name for one in meeting.co_trainers] for meeting in after.meetings] == [
            [],
            ["Helper Sample"],
            [],
        ]
        assert after.meetings[2].place == "Room 2"
        assert after.starts_at == datetime(2027, 3, 9, 15, tzinfo=UTC)
        assert after.meetings[1].starts_at == datetime(2027, 3, 16, 14, tzinfo=UTC)
        assert {meeting.id for meeting in after.meetings}.isdisjoint(
            meeting.id for meeting in before.meetings
        )


def test_a_time_that_is_not_there_is_said(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        night = make.offering(starts=datetime(2027, 2, 7, 8, 30, tzinfo=UTC), hours=2, trainer_id=cast.ivo.id)
    page = login_as(cast.ivo).get(f"/offerings/{night.id}/copy?first=2027-03-14").text
    assert "There is no 2:30 am on Sun 14 Mar 2027 in Central time" in page
    assert 'id="meetings-0-starts-error"' in page


def test_another_weekday_is_said(cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    page = login_as(cast.ivo).get(f"/offerings/{offering_id}/copy?first=2027-03-10").text
    assert "The first meeting was on a Tuesday, and Wed 10 Mar 2027 is a Wednesday" in page


@pytest.mark.parametrize("first", ["", "soon", "2001-01-01", "1999-01-01"])
def test_a_day_that_cannot_be_is_refused(cast: Cast, login_as: LoginAs, offering_id: int, first: str) -> None:
    answer = login_as(cast.ivo).get(f"/offerings/{offering_id}/copy?first={first}")
    assert answer.status_code == 422
    assert 'id="first-error"' in answer.text


def test_own_work_moves_along(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = make.offering(meetings=0, format=Format.SELF_PACED, trainer_id=cast.ivo.id)
        make.meeting(
            offering,
            1,
            clock.now() + timedelta(days=5),
            kind=MeetingKind.HOMEWORK,
            ledger=Ledger.TRAINING,
            starts_wall=wall("2027-02-01"),
            ends_wall=wall("2027-02-20 23:59"),
        )
    fields = copied(login_as(cast.ivo), offering.id, "2027-03-01")
    assert (fields["work-0-first"], fields["work-0-last"]) == (["2027-03-01"], ["2027-03-20"])


def test_only_who_leads_it_copies_it(
    app: Flask, client: FlaskClient, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    url = f"/offerings/{offering_id}/copy"
    with inside(app):
        helper = db.session.get_one(Offering, offering_id).meetings[1].co_trainers[0]
        statuses: list[tuple[Any, int]] = [(helper, 403), (make.person(is_trainer=True), 403)]
    for person, status in (*statuses, (cast.mira, 200), (cast.ivo, 200), (cast.ana, 403)):
        assert login_as(person).get(url).status_code == status
    assert client.get(url).status_code == 303
    with inside(app):
        db.session.get_one(Offering, offering_id).course.state = "draft"  # type: ignore[assignment]
    assert login_as(cast.ana).get(url).status_code == 404


def test_a_cancelled_one_can_be_copied(app: Flask, cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    with inside(app):
        enrollment.cancel(db.session.get_one(Offering, offering_id), by=own(cast.ivo), reason="Ill.")
    assert copied(login_as(cast.ivo), offering_id, in_days(200))["place"] == ["Sample hall"]
