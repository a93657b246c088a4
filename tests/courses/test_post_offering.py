"""A session is posted in one short form."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.courses.models import CourseState, Format, Kind, Offering, Seat
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests import factories as make
from tests.courses.desk import in_days, inside, meeting_fields, offering_fields, wall
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def course_id(app: Flask, cast: Cast) -> int:
    with inside(app):
        return make.course("Attachment", owner_id=cast.ivo.id).id


def the_offering() -> Offering:
    return db.session.scalars(sa.select(Offering)).one()


def seats(offering: Offering) -> list[int | None]:
    return list(
        db.session.scalars(sa.select(Seat.number).where(Seat.offering_id == offering.id).order_by(Seat.id))
    )


def test_a_trainer_posts_one_morning(app: Flask, cast: Cast, login_as: LoginAs, course_id: int) -> None:
    answer = login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=offering_fields())
    with inside(app):
        offering = the_offering()
        assert (answer.status_code, answer.location) == (303, f"/offerings/{offering.id}")
        assert (offering.course_id, offering.trainer_id, offering.capacity) == (course_id, cast.ivo.id, 8)
        assert (offering.county, offering.place) == ("01101", "Sample hall, Montgomery")
        assert [(meeting.number, meeting.minutes) for meeting in offering.meetings] == [(1, 180)]
        assert seats(offering) == list(range(1, 9))
        assert db.session.scalars(sa.select(AuditEntry.action)).all() == ["offering.posted"]


def test_the_clock_on_the_wall_is_what_was_typed(
    app: Flask, cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    fields = offering_fields(**meeting_fields(0, "2030-07-16", "17:30", "19:00"), zone="America/New_York")
    login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=fields)
    with inside(app):
        meeting = the_offering().meetings[0]
        assert meeting.starts_wall == wall("2030-07-16 17:30")
        assert meeting.starts_at == datetime(2030, 7, 16, 21, 30, tzinfo=UTC)
        assert the_offering().is_evening


def test_everything_else_is_kept(app: Flask, cast: Cast, login_as: LoginAs, course_id: int) -> None:
    with inside(app):
        helper = make.person("Lena Sample", is_trainer=True)
    fields = offering_fields(
        **meeting_fields(1, in_days(42), break_minutes="30", place="Room 2", ledger="rsc", title="Day two"),
        **{"meetings-1-co_trainers": helper.id, "minimum": "4", "needs_approval": "y", "question": "Why?"},
        price_cents="25",
        member_price_cents="0",
        opens_at=f"{in_days(7)}T08:00",
        closes_at=f"{in_days(30)}T18:00",
        interpretation="Spanish",
    )
    assert login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=fields).status_code == 303
    with inside(app):
        offering = the_offering()
        second = offering.meetings[1]
        assert (second.minutes, second.break_minutes, second.ledger) == (150, 30, Ledger.RSC)
        assert (second.place, second.title, [p.id for p in second.co_trainers]) == (
            "Room 2",
            "Day two",
            [helper.id],
        )
        assert (offering.minimum, offering.needs_approval, offering.question) == (4, True, "Why?")
        assert (offering.price_cents, offering.member_price_cents) == (2500, 0)
        assert offering.closes_at is not None
        assert offering.closes_at.astimezone(UTC).hour in (23, 0), "18:00 in Chicago"
        assert offering.interpretation == "Spanish"


def test_no_number_of_seats_is_no_limit(app: Flask, cast: Cast, login_as: LoginAs, course_id: int) -> None:
    login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=offering_fields(capacity=""))
    with inside(app):
        assert the_offering().capacity is None
        assert seats(the_offering()) == []


def test_self_paced_has_no_meetings(app: Flask, cast: Cast, login_as: LoginAs, course_id: int) -> None:
    data = {"zone": "America/Chicago", "format": "self_paced", "county": ""}
    assert login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=data).status_code == 303
    with inside(app):
        assert (the_offering().format, the_offering().starts_at) == (Format.SELF_PACED, None)


def test_a_link_may_follow(app: Flask, cast: Cast, login_as: LoginAs, course_id: int) -> None:
    fields = offering_fields(format="virtual", place="", county="", link_follows="y")
    assert login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=fields).status_code == 303
    with inside(app):
        assert (the_offering().online_link, the_offering().county) == ("", None)


def test_a_place_in_another_state_has_no_county(
    app: Flask, cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    fields = offering_fields(county="elsewhere", place="Atlanta")
    login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=fields)
    with inside(app):
        assert (the_offering().county, the_offering().place) == (None, "Atlanta")


def test_the_form_begins_with_what_the_course_says(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course(kind=Kind.REFLECTIVE_GROUP, price_cents=1250, capacity_listed="8")
    page = login_as(cast.ivo).get(f"/courses/{course.id}/offerings/new").text
    assert 'value="$12.50"' in page
    assert 'name="capacity" type="text" value="8"' in page
    assert '<option selected value="rsc">' in page
    assert '<option selected value="America/Chicago">' in page


def test_a_coordinator_chooses_the_trainer_and_may_write_down_the_past(
    app: Flask, cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    fields = offering_fields(**meeting_fields(0, "2025-03-04"), trainer_id=str(cast.ivo.id))
    assert login_as(cast.mira).post(f"/courses/{course_id}/offerings", data=fields).status_code == 303
    with inside(app):
        assert the_offering().trainer_id == cast.ivo.id


def test_a_trainer_posts_in_their_own_name(app: Flask, cast: Cast, login_as: LoginAs, course_id: int) -> None:
    fields = offering_fields(trainer_id=str(cast.mira.id))
    login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=fields)
    with inside(app):
        assert the_offering().trainer_id == cast.ivo.id


# Who may, and when.


def test_whoever_is_not_signed_in_is_asked_to(client: FlaskClient, course_id: int) -> None:
    assert client.get(f"/courses/{course_id}/offerings/new").status_code == 303
    assert client.post(f"/courses/{course_id}/offerings").status_code == 303


def test_any_trainer_may_post_and_nobody_else(
    app: Flask, cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    with inside(app):
        pat = make.person("Pat Sample", is_trainer=True)
    assert login_as(pat).get(f"/courses/{course_id}/offerings/new").status_code == 200
    assert login_as(cast.ana).get(f"/courses/{course_id}/offerings/new").status_code == 403
    assert login_as(cast.ana).post(f"/courses/{course_id}/offerings").status_code == 403


def test_an_unpublished_course_has_no_sessions(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        draft = make.course(state=CourseState.DRAFT, owner_id=cast.ivo.id)
        hidden = make.course(state=CourseState.DRAFT, owner_id=cast.mira.id)
    answer = login_as(cast.ivo).post(f"/courses/{draft.id}/offerings", data=offering_fields())
    assert answer.status_code == 409
    assert "once the course is published" in answer.text
    assert login_as(cast.ivo).get(f"/courses/{hidden.id}/offerings/new").status_code == 404


def test_what_is_applied_for_elsewhere_has_no_sessions(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course(apply_url="https://example.org/apply")
    assert login_as(cast.ivo).get(f"/courses/{course.id}/offerings/new").status_code == 409


def test_nothing_is_posted_by_looking(cast: Cast, login_as: LoginAs, course_id: int) -> None:
    assert login_as(cast.ivo).get(f"/courses/{course_id}/offerings").status_code == 405


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"meetings-0-date": ""}, "meetings-0-date", "Write the date of meeting 1."),
        (
            {"meetings-0-date": "", "meetings-0-starts": "", "meetings-0-ends": ""},
            "meetings-0-date",
            "at least one",
        ),
        ({"meetings-0-date": "soon"}, "meetings-0-date", "Write a date, such as"),
        ({"meetings-0-date": "9999-12-31"}, "meetings-0-date", "between 2000 and 2099"),
        ({"meetings-0-date": "2025-03-04"}, "meetings-0-date", "Meeting 1 is in the past."),
        ({"meetings-0-ends": "08:00"}, "meetings-0-ends", "Meeting 1 must end after it begins."),
        ({"meetings-0-starts": "noon"}, "meetings-0-starts", "Write a time, such as 09:00."),
        ({"meetings-0-break_minutes": "an hour"}, "meetings-0-break_minutes", "Write a whole number"),
        ({"meetings-0-co_trainers": "99999"}, "meetings-0-co_trainers", "Choose from the list."),
        ({"place": ""}, "place", "Write where people come to."),
        ({"county": ""}, "county", "Choose the county people come to."),
        ({"county": "99999"}, "county", "Choose one from the list."),
        ({"format": "virtual"}, "online_link", "Write the link, or tick that it follows later."),
        ({"format": "hybrid"}, "online_link", "Write the link, or tick that it follows later."),
        (
            {"format": "virtual", "online_link": "javascript:alert(1)"},
            "online_link",
            "Write the whole address",
        ),
        ({"format": "self_paced"}, "format", "Something self-paced has no meetings."),
        ({"format": "balloon"}, "format", "Choose one from the list."),
        ({"zone": "Mars/Olympus"}, "zone", "Choose one from the list."),
        ({"capacity": "0"}, "capacity", "Write a whole number from 1 to 5,000."),
        ({"capacity": "5001"}, "capacity", "Write a whole number from 1 to 5,000."),
        ({"capacity": "9" * 30}, "capacity", "Write a whole number from 1 to 5,000."),
        ({"minimum": "9"}, "minimum", "There are only 8 seats."),
        ({"price_cents": "-5"}, "price_cents", "Write dollars"),
        ({"opens_at": "2027-03-14T02:30"}, "opens_at", "There is no 2:30 am"),
        (
            {"opens_at": "2027-01-02T09:00", "closes_at": "2027-01-01T09:00"},
            "closes_at",
            "must close after it opens",
        ),
    ],
)
def test_bad_input_says_why_and_keeps_everything_typed(
    app: Flask,
    cast: Cast,
    login_as: LoginAs,
    course_id: int,
    typed: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    answer = login_as(cast.ivo).post(
        f"/courses/{course_id}/offerings", data=offering_fields(note="Kept as it was typed.") | typed
    )
    assert answer.status_code == 422
    error = answer.text.split(f'id="{field}-error"')[1].split("</ul>")[0]
    assert sentence in error
    assert "Kept as it was typed." in answer.text
    assert "There is a problem" in answer.text
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Offering)) == 0


def test_the_first_of_two_is_meant_and_said(
    app: Flask, cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    fields = offering_fields(**meeting_fields(0, "2030-11-03", "01:30", "02:30"))
    browser = login_as(cast.ivo)
    browser.post(f"/courses/{course_id}/offerings", data=fields)
    with browser.session_transaction() as session:
        assert "1:30 am comes twice that night; the first is meant." in str(session["_flashes"])
    with inside(app):
        assert the_offering().meetings[0].starts_at == datetime(2030, 11, 3, 6, 30, tzinfo=UTC)


def test_trainers_find_the_way_on_the_course_page(
    app: Flask, cast: Cast, login_as: LoginAs, course_id: int
) -> None:
    way = f'href="/courses/{course_id}/offerings/new"'
    with inside(app):
        pat = make.person("Pat Sample", is_trainer=True)
    assert way in login_as(pat).get(f"/courses/{course_id}").text
    assert way not in login_as(cast.ana).get(f"/courses/{course_id}").text
