"""Homework, practicum and individual hours: meetings without a room, with days instead of a time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.attendance.sheet import Cell
from catalog.competencies.models import Ledger
from catalog.courses.models import MeetingKind, Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.notices.models import Job
from tests import factories as make
from tests.courses.desk import in_days, inside, offering_fields, own
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def course_id(app: Flask, cast: Cast) -> int:
    with inside(app):
        return make.course("Attachment", owner_id=cast.ivo.id).id


def work(row: int = 0, **typed: Any) -> dict[str, Any]:
    """Six hours of homework, from the day of the meeting on, for a fortnight."""
    defaults = {
        "kind": "homework",
        "first": in_days(35),
        "last": in_days(49),
        "worth": "6",
        "ledger": "training",
    }
    return {f"work-{row}-{name}": value for name, value in {**defaults, **typed}.items()}


def the_offering() -> Offering:
    return db.session.scalars(sa.select(Offering)).one()


def post(browser: FlaskClient, course_id: int, **fields: Any) -> Any:
    return browser.post(f"/courses/{course_id}/offerings", data=offering_fields(**fields))


def test_homework_is_a_meeting_without_a_room(
    app: Flask, cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    typed = work(title="Read chapter 3", first="2030-04-01", last="2030-04-30", ledger="rsc")
    assert post(login_as(cast.ivo), course_id, **typed).status_code == 303
    with inside(app):
        homework = the_offering().meetings[1]
        assert (homework.kind, homework.minutes, homework.ledger) == (MeetingKind.HOMEWORK, 360, Ledger.RSC)
        assert (homework.title, homework.place) == ("Read chapter 3", "")
        assert homework.starts_at == datetime(2030, 4, 1, 5, 0, tzinfo=UTC)
        assert homework.ends_at == datetime(2030, 5, 1, 4, 59, tzinfo=UTC)


def test_the_session_is_summed_up_by_what_people_come_to(
    app: Flask, cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    post(login_as(cast.ivo), course_id, **work(first=in_days(10), last=in_days(90)))
    with inside(app):
        offering = the_offering()
        [sitting] = offering.sittings
        assert (offering.starts_at, offering.ends_at) == (sitting.starts_at, sitting.ends_at)
        assert (offering.minutes, offering.weekdays) == (180, 1 << sitting.starts_wall.weekday())


def test_what_is_self_paced_is_as_long_as_its_own_work(
    app: Flask, cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    fields = offering_fields(format="self_paced", place="", county="", **work(), **work(1, worth="90 min"))
    fields |= {"meetings-0-date": "", "meetings-0-starts": "", "meetings-0-ends": ""}
    assert login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=fields).status_code == 303
    with inside(app):
        assert (the_offering().starts_at, the_offering().minutes) == (None, 450)


def test_own_work_alone_is_not_enough_where_people_come(
    cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    answer = post(
        login_as(cast.ivo),
        course_id,
        **work(),
        **{"meetings-0-date": "", "meetings-0-starts": "", "meetings-0-ends": ""},
    )
    assert answer.status_code == 422
    assert "Write the date of at least one meeting." in answer.text


def test_it_does_not_overlap_with_meetings_and_may_be_long(
    cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    assert post(login_as(cast.ivo), course_id, **work(), **work(1)).status_code == 303


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first": ""}, "Write its first day."),
        ({"last": ""}, "Write its last day."),
        ({"worth": ""}, "Write how many hours it is worth."),
        ({"worth": "0"}, "Write how many hours it is worth."),
        ({"worth": "six"}, "Write a length"),
        ({"last": "2030-02-30"}, "Write a date"),
        ({"first": "2030-04-02", "last": "2030-04-01"}, "The last day cannot be before the first."),
        ({"first": "2030-04-01", "last": "2030-04-01", "worth": "25"}, "There are not so many hours"),
        ({"first": "2020-04-01", "last": "2020-04-09"}, "This last day is in the past."),
        ({"kind": "sitting"}, "Choose one from the list."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    cast: Cast, login_as: LoginAs, course_id: int, typed: dict[str, Any], sentence: str
) -> None:
    answer = post(login_as(cast.ivo), course_id, **work(title="Kept as typed", **typed))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Kept as typed" in answer.text


def test_the_button_adds_a_row_and_saves_nothing(
    app: Flask, cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    answer = post(login_as(cast.ivo), course_id, add_work="1", note="Kept as typed")
    assert answer.status_code == 200
    assert 'name="work-0-first"' in answer.text
    assert "Kept as typed" in answer.text
    with inside(app):
        assert db.session.scalar(sa.select(Offering)) is None


def test_a_row_can_be_taken_out_again(cast: Cast, login_as: LoginAs, course_id: int) -> None:
    typed = {**work(title="goes"), **work(1, title="stays"), "remove_work": "0"}
    page = post(login_as(cast.ivo), course_id, **typed).text
    assert "stays" in page
    assert "goes" not in page


@pytest.fixture
def offering_id(app: Flask, cast: Cast, login_as: LoginAs, course_id: int) -> int:
    post(login_as(cast.ivo), course_id, **work(first=in_days(-2), last=in_days(49)))
    with inside(app):
        return the_offering().id


def edited(app: Flask, **typed: Any) -> dict[str, Any]:
    with inside(app):
        sitting, homework = the_offering().meetings
    fields = offering_fields(**{"meetings-0-meeting_id": sitting.id}, **work(meeting_id=homework.id, **typed))
    del fields["capacity"]
    return fields


def test_the_form_shows_what_is_saved(offering_id: int, cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.ivo).get(f"/offerings/{offering_id}/edit").text
    assert f'value="{in_days(49)}"' in page
    assert 'value="6 h"' in page


def test_a_later_last_day_is_told_to_everyone(
    app: Flask, offering_id: int, cast: Cast, login_as: LoginAs
) -> None:
    fields = edited(app, first=in_days(-2), last=in_days(60))
    assert login_as(cast.ivo).post(f"/offerings/{offering_id}", data=fields).status_code == 303
    with inside(app):
        job = db.session.scalars(sa.select(Job).where(Job.kind == "offering_changed")).one()
        [sentence] = job.payload["changes"]
    assert sentence.startswith("It is now: Homework, 6 h, due ")


def marked(app: Flask, cast: Cast) -> None:
    with inside(app):
        offering, ivo = the_offering(), own(cast.ivo)
        ana = enrollment.add(own(cast.ana), offering, by=ivo)
        attendance.mark(offering, [Cell(offering.own_work[0], ana, 360)], by=ivo)


def test_what_it_is_worth_stays_once_somebody_did_it(
    app: Flask, offering_id: int, cast: Cast, login_as: LoginAs
) -> None:
    marked(app, cast)
    fields = edited(app, first=in_days(-2), worth="8")
    answer = login_as(cast.ivo).post(f"/offerings/{offering_id}", data=fields)
    assert answer.status_code == 422
    assert "so what it is worth has to stay" in answer.text


def test_its_last_day_may_move_all_the_same(
    app: Flask, offering_id: int, cast: Cast, login_as: LoginAs
) -> None:
    marked(app, cast)
    fields = edited(app, first=in_days(-2), last=in_days(70))
    assert login_as(cast.ivo).post(f"/offerings/{offering_id}", data=fields).status_code == 303


def test_it_cannot_be_taken_out_once_somebody_did_it(
    app: Flask, offering_id: int, cast: Cast, login_as: LoginAs
) -> None:
    marked(app, cast)
    fields = {name: value for name, value in edited(app).items() if not name.startswith("work-")}
    answer = login_as(cast.ivo).post(f"/offerings/{offering_id}", data=fields)
    assert answer.status_code == 422
    assert "that meeting has to stay" in answer.text


def test_a_marked_meeting_is_not_made_into_homework(
    app: Flask, offering_id: int, cast: Cast, login_as: LoginAs
) -> None:
    marked(app, cast)
    fields = edited(app)
    fields["meetings-0-meeting_id"] = fields.pop("work-0-meeting_id")
    answer = login_as(cast.ivo).post(f"/offerings/{offering_id}", data=fields)
    assert answer.status_code == 422
    assert "so what it is has to stay" in answer.text
