"""One meeting is changed, alone, with those after it, or all; people are told once, in one letter."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Mark
from catalog.cli.work import offering_changed
from catalog.courses.models import Offering, OfferingState
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.notices.models import Job
from tests import factories as make
from tests.courses.desk import inside, own
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
# Four Tuesdays at nine, Central time; the clocks go forward between the second and the third.
STARTS = datetime(2027, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def offering_id(app: Flask, cast: Cast) -> int:
    with inside(app):
        offering = make.offering(make.course("Attachment"), starts=STARTS, meetings=2, trainer_id=cast.ivo.id)
        for number, day in ((3, 16), (4, 23)):
            make.meeting(offering, number, datetime(2027, 3, day, 14, tzinfo=UTC))
        offering.ends_at = datetime(2027, 3, 23, 17, tzinfo=UTC)
        enrollment.enroll(own(cast.ana), offering, by=own(cast.ana))
        db.session.execute(sa.delete(Job))
        return offering.id


def typed(number: int = 2, **fields: Any) -> dict[str, Any]:
    days = {1: "2027-03-02", 2: "2027-03-09", 3: "2027-03-16", 4: "2027-03-23"}
    return {
        "version": 1,
        "date": days[number],
        "starts": "09:00",
        "ends": "12:00",
        "place": "",
        "substitute_id": "",
        "scope": "this",
        **fields,
    }


def url(offering_id: int, number: int = 2) -> str:
    return f"/offerings/{offering_id}/meetings/{number}/edit"


def dates(app: Flask, offering_id: int) -> list[str]:
    with inside(app):
        return [
            f"{one.starts_wall:%m-%d %H:%M}" for one in db.session.get_one(Offering, offering_id).meetings
        ]


def changes(app: Flask) -> list[list[str]]:
    with inside(app):
        jobs = db.session.scalars(sa.select(Job).where(Job.kind == "offering_changed").order_by(Job.id))
        return [job.payload["changes"] for job in jobs]


@pytest.mark.parametrize(
    ("scope", "after"),
    [
        ("this", ["03-02 09:00", "03-11 10:00", "03-16 09:00", "03-23 09:00"]),
        ("following", ["03-02 09:00", "03-11 10:00", "03-18 10:00", "03-25 10:00"]),
        ("all", ["03-04 10:00", "03-11 10:00", "03-18 10:00", "03-25 10:00"]),
    ],
)
def test_days_and_times_are_carried_to_whom_is_meant(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int, scope: str, after: list[str]
) -> None:
    answer = login_as(cast.ivo).post(
        url(offering_id), data=typed(date="2027-03-11", starts="10:00", scope=scope)
    )
    assert (answer.status_code, answer.location) == (303, f"/offerings/{offering_id}")
    assert dates(app, offering_id) == after
    with inside(app):
        offering = db.session.get_one(Offering, offering_id)
        assert (offering.starts_at, offering.version) == (offering.meetings[0].starts_at, 2)


def test_the_wall_clock_stays_when_the_clocks_change(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    login_as(cast.ivo).post(url(offering_id), data=typed(date="2027-03-16", scope="following"))
    assert dates(app, offering_id) == ["03-02 09:00", "03-16 09:00", "03-23 09:00", "03-30 09:00"]
    with inside(app):
        assert {one.starts_at.hour for one in db.session.get_one(Offering, offering_id).meetings[1:]} == {14}


def test_everyone_is_told_once_with_all_changes(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    login_as(cast.ivo).post(
        url(offering_id), data=typed(date="2027-03-11", scope="following", place="Room 2")
    )
    (told,) = changes(app)
    assert len([one for one in told if "is now" in one and "The meeting of" in one]) == 3
    assert len([one for one in told if "Room 2" in one]) == 3
    with inside(app):
        offering_changed(0, {"offering_id": offering_id, "changes": told})
    with inside(app):
        (letter,) = db.session.scalars(sa.select(Job).where(Job.kind == "mail"))
        assert letter.payload["name"] == "Ana Sample"
        assert all(one in letter.payload["text"] for one in told)


def test_what_is_left_as_it_stands_is_carried_to_nobody(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        offering = db.session.get_one(Offering, offering_id)
        offering.meetings[2].place = "Garden"
        offering.meetings[3].co_trainers = [make.person("Helper Sample", is_trainer=True)]
    login_as(cast.ivo).post(url(offering_id), data=typed(starts="10:00", scope="all"))
    with inside(app):
        meetings = db.session.get_one(Offering, offering_id).meetings
        assert [one.place for one in meetings] == ["", "", "Garden", ""]
        assert [len(one.co_trainers) for one in meetings] == [0, 0, 0, 1]


def test_somebody_else_leads_some_meetings(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        lena = make.person("Lena Sample", is_trainer=True)
    browser = login_as(cast.ivo)
    browser.post(url(offering_id, 3), data=typed(3, substitute_id=lena.id, scope="following"))
    with inside(app):
        meetings = db.session.get_one(Offering, offering_id).meetings
        assert [one.substitute.name if one.substitute else "" for one in meetings] == [
            *["", ""],
            *["Lena Sample", "Lena Sample"],
        ]
    when = "Tue 16 Mar 2027, 9:00 am to 12:00 pm, Central time"
    assert f"The meeting of {when} is led by Lena Sample instead of Ivo Sample." in changes(app)[0]
    assert "led by Lena Sample" in login_as(cast.ana).get(f"/offerings/{offering_id}").text
    browser.post(url(offering_id, 3), data=typed(3, version=2))
    assert changes(app)[1] == [f"The meeting of {when} is led by Ivo Sample again."]


def test_meetings_with_marks_stay_when_they_were(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        offering = db.session.get_one(Offering, offering_id)
        enrolled = enrollment.enroll(own(cast.otto), offering, by=own(cast.otto))
        db.session.add(
            Mark(
                meeting=offering.meetings[0],
                enrollment=enrolled,
                minutes=180,
                marked_at=clock.now(),
                marked_by_id=cast.ivo.id,
            )
        )
    browser = login_as(cast.ivo)
    answer = browser.post(url(offering_id), data=typed(date="2027-03-11", scope="all"))
    assert answer.status_code == 422
    assert "Attendance is written down for meeting 1, so its date has to stay." in answer.text
    assert 'value="2027-03-11"' in answer.text
    assert dates(app, offering_id)[1] == "03-09 09:00"
    assert browser.post(url(offering_id), data=typed(date="2027-03-11", scope="following")).status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ends": "08:00"}, "The end must be after the start."),
        ({"date": ""}, "Write the date."),
        ({"starts": "25:00"}, "Write a time, such as 09:00."),
        (
            {"date": "2027-03-14", "starts": "02:30", "ends": "04:00"},
            "There is no 2:30 am on Sun 14 Mar 2027",
        ),
        ({"date": "2027-03-16"}, "overlaps with the meeting of"),
        ({"date": "2020-03-16"}, "is in the past"),
        ({"scope": "none"}, "Choose one from the list."),
        ({"substitute_id": "999999"}, "Choose one from the list."),
        ({"co_trainers": "999999"}, "Choose from the list."),
    ],
)
def test_what_cannot_be_is_said(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int, fields: dict[str, Any], sentence: str
) -> None:
    answer = login_as(cast.ivo).post(url(offering_id), data=typed(**fields))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert changes(app) == []
    assert dates(app, offering_id)[1] == "03-09 09:00"


def test_a_change_of_somebody_else_is_not_undone_unseen(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    browser = login_as(cast.ivo)
    browser.post(url(offering_id), data=typed(starts="10:00"))
    answer = browser.post(url(offering_id), data=typed(starts="08:00"))
    assert answer.status_code == 409
    assert "Somebody saved a change after you opened this page." in answer.text
    assert 'value="08:00"' in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text
    assert dates(app, offering_id)[1] == "03-09 10:00"


def test_nothing_changed_tells_nobody(app: Flask, cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    assert login_as(cast.ivo).post(url(offering_id), data=typed(scope="all")).status_code == 303
    assert changes(app) == []


def test_only_who_leads_it_changes_it(
    app: Flask, client: FlaskClient, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        helper, other = (make.person(is_trainer=True) for _ in range(2))
        db.session.get_one(Offering, offering_id).meetings[1].co_trainers = [helper]
    for person, status in ((helper, 403), (other, 403), (cast.ana, 403), (cast.mira, 200), (cast.ivo, 200)):
        browser = login_as(person)
        assert browser.get(url(offering_id)).status_code == status
        if status == 403:
            assert browser.post(url(offering_id), data=typed(starts="10:00")).status_code == 403
    assert client.get(url(offering_id)).status_code == 303
    assert login_as(cast.ivo).get(url(offering_id, 9)).status_code == 404
    assert login_as(cast.mira).post(url(offering_id), data=typed(starts="10:00")).status_code == 303


def test_a_cancelled_session_is_not_changed(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        db.session.get_one(Offering, offering_id).state = OfferingState.CANCELLED
    assert login_as(cast.ivo).get(url(offering_id)).status_code == 409
    assert login_as(cast.ivo).post(url(offering_id), data=typed(starts="10:00")).status_code == 409


def test_a_closed_roster_keeps_its_dates(app: Flask, cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    with inside(app):
        db.session.get_one(Offering, offering_id).settled_at = clock.now() - timedelta(hours=1)
    answer = login_as(cast.ivo).post(url(offering_id), data=typed(starts="10:00"))
    assert answer.status_code == 409
    assert "The roster of this session is closed." in answer.text
