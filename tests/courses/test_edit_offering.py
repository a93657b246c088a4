"""A posted session is changed: the dates stay the same meetings, and whoever comes is told."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person, Qualification
from catalog.attendance.models import Mark
from catalog.competencies.models import Ledger
from catalog.courses import queries, services
from catalog.courses.models import Meeting, Offering, OfferingState
from catalog.courses.refusals import MeetingHasMarks, Stale
from catalog.courses.services import Row
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.courses.desk import in_days, inside, meeting_fields, offering_fields, own
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def offering_id(app: Flask, cast: Cast) -> int:
    with inside(app):
        return make.offering(make.course("Attachment"), seats=8, meetings=2, trainer_id=cast.ivo.id).id


def loaded(offering_id: int) -> Offering:
    offering = queries.offering_with_meetings(offering_id)
    assert offering is not None
    return offering


def as_it_stands(app: Flask, offering_id: int, **typed: Any) -> dict[str, Any]:
    """The edit form as a browser would send it back."""
    with inside(app):
        offering = loaded(offering_id)
        fields = {
            name: value for name, value in offering_fields().items() if not name.startswith("meetings-")
        }
        for row, meeting in enumerate(offering.meetings):
            starts, ends = f"{meeting.starts_wall:%H:%M}", f"{meeting.ends_wall:%H:%M}"
            fields |= meeting_fields(row, meeting.starts_wall.date(), starts, ends, meeting_id=meeting.id)
        return {**fields, "place": offering.place, "version": offering.version, **typed}


def jobs() -> list[Job]:
    return list(db.session.scalars(sa.select(Job).where(Job.kind == "offering_changed")))


def test_the_form_shows_the_session_without_its_seats(
    cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    page = login_as(cast.ivo).get(f"/offerings/{offering_id}/edit").text
    assert 'value="Sample hall"' in page
    assert page.count('name="meetings-1-meeting_id"') == 1
    assert 'name="capacity"' not in page
    assert f'href="/offerings/{offering_id}/roster"' in page


def test_another_place_is_saved_and_told(app: Flask, cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    data = as_it_stands(app, offering_id, place="Library")
    answer = login_as(cast.ivo).post(f"/offerings/{offering_id}", data=data)
    assert (answer.status_code, answer.location) == (303, f"/offerings/{offering_id}")
    with inside(app):
        told = "The place is now: Library, Montgomery County. Before: Sample hall, Montgomery County."
        assert [job.payload for job in jobs()] == [{"offering_id": offering_id, "changes": [told]}]
        assert (loaded(offering_id).place, loaded(offering_id).version) == ("Library", 2)


def test_saving_without_a_change_tells_nobody(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    login_as(cast.ivo).post(f"/offerings/{offering_id}", data=as_it_stands(app, offering_id))
    with inside(app):
        assert jobs() == []


def test_another_time_is_the_same_meeting(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        before = [meeting.id for meeting in loaded(offering_id).meetings]
    data = as_it_stands(app, offering_id, **{"meetings-0-starts": "07:30"})
    login_as(cast.ivo).post(f"/offerings/{offering_id}", data=data)
    with inside(app):
        offering = loaded(offering_id)
        assert [meeting.id for meeting in offering.meetings] == before
        assert offering.starts_at == offering.meetings[0].starts_at
        entry = db.session.scalars(sa.select(AuditEntry)).one()
        was, now = entry.details["changed"]["meetings"]
        assert (was[1], was[0] == now[0]) == (now[1], False), "old and new dates are noted"


def test_meetings_change_places_and_keep_who_they_are(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        first, second = (meeting.id for meeting in loaded(offering_id).meetings)
    data = as_it_stands(app, offering_id, **{"meetings-0-date": in_days(60)})
    login_as(cast.ivo).post(f"/offerings/{offering_id}", data=data)
    with inside(app):
        assert [(meeting.number, meeting.id) for meeting in loaded(offering_id).meetings] == [
            (1, second),
            (2, first),
        ]


def test_a_meeting_is_added_and_another_taken_out(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    data = as_it_stands(app, offering_id, **meeting_fields(2, in_days(70)))
    rest = {name: value for name, value in data.items() if not name.startswith("meetings-0-")}
    assert login_as(cast.ivo).post(f"/offerings/{offering_id}", data=rest).status_code == 303
    with inside(app):
        assert [meeting.number for meeting in loaded(offering_id).meetings] == [1, 2]
        changes = " ".join(jobs()[0].payload["changes"])
        assert "does not take place" in changes
        assert "A meeting was added" in changes


def test_a_meeting_of_another_session_is_never_touched(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        other = make.offering(starts=clock.now() + timedelta(days=5)).meetings[0]
    data = as_it_stands(app, offering_id, **{"meetings-0-meeting_id": other.id})
    login_as(cast.ivo).post(f"/offerings/{offering_id}", data=data)
    with inside(app):
        unchanged = db.session.get_one(Meeting, other.id)
        assert (unchanged.offering_id, unchanged.starts_at) == (other.offering_id, other.starts_at)


def test_a_series_is_added_behind_what_stands(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    series = {
        "first": "2030-02-05",
        "starts": "09:00",
        "ends": "11:00",
        "unit": "week",
        "interval": 1,
        "times": 3,
    }
    data = as_it_stands(
        app, offering_id, show="1", **{f"series-{name}": str(value) for name, value in series.items()}
    )
    browser = login_as(cast.ivo)
    page = browser.post(f"/offerings/{offering_id}", data=data).text
    assert page.count('-meeting_id" name=') == 5
    again = data | meeting_fields(2, "2030-02-05") | meeting_fields(3, "2030-02-12")
    page = browser.post(f"/offerings/{offering_id}", data=again).text
    assert page.count('-meeting_id" name=') == 5, "dates that stand there are not added twice"


# Attendance.


@pytest.fixture
def attended_id(app: Flask, cast: Cast) -> int:
    """A session of Ivo's whose first meeting, yesterday, has a mark."""
    with inside(app):
        ivo, starts = (
            own(cast.ivo),
            (clock.now() - timedelta(days=1)).replace(hour=15, minute=0, second=0, microsecond=0),
        )
        offering = make.offering(meetings=2, starts=starts, trainer_id=ivo.id)
        seated = enrollment.add(own(cast.ana), offering, by=ivo)
        mark = {"minutes": 180, "marked_at": clock.now(), "marked_by_id": ivo.id}
        db.session.add(Mark(meeting_id=offering.meetings[0].id, enrollment_id=seated.id, **mark))
        return offering.id


def row_of(meeting: Meeting, position: int = 0) -> Row:
    return Row(position, meeting.id, meeting.starts_wall, meeting.ends_wall)


def test_a_meeting_with_attendance_stays(app: Flask, cast: Cast, attended_id: int) -> None:
    with inside(app):
        offering = loaded(attended_id)
        rows = [row_of(offering.meetings[1])]
        with pytest.raises(MeetingHasMarks, match="has to stay"):
            services.edit_offering(offering, {"zone": offering.zone}, rows, 1, by=own(cast.ivo))
        db.session.rollback()


def test_a_past_meeting_may_stay_where_it_was(app: Flask, cast: Cast, attended_id: int) -> None:
    with inside(app):
        offering = loaded(attended_id)
        rows = [row_of(meeting, position) for position, meeting in enumerate(offering.meetings)]
        assert services.edit_offering(offering, {"zone": offering.zone}, rows, 1, by=own(cast.ivo)) == []


def test_the_page_says_why_it_stays(app: Flask, cast: Cast, login_as: LoginAs, attended_id: int) -> None:
    data = as_it_stands(app, attended_id)
    rest = {name: value for name, value in data.items() if not name.startswith("meetings-0-")}
    answer = login_as(cast.ivo).post(f"/offerings/{attended_id}", data=rest)
    assert answer.status_code == 422
    assert "Attendance is written down for the meeting of" in answer.text


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("date", in_days(-3), "its date"),
        ("starts", "00:01", "its beginning"),
        ("ends", "23:58", "its end"),
        ("break_minutes", "15", "its break"),
    ],
)
def test_a_meeting_with_attendance_keeps_its_time(
    app: Flask, cast: Cast, login_as: LoginAs, attended_id: int, field: str, value: str, what: str
) -> None:
    data = as_it_stands(app, attended_id, **{f"meetings-0-{field}": value})
    answer = login_as(cast.mira).post(f"/offerings/{attended_id}", data=data)
    assert answer.status_code == 422
    sentence = f"Attendance is written down for meeting 1, so {what} has to stay."
    error = re.search(rf'id="meetings-0-{field}-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert error is not None
    assert sentence in error[1]


def test_a_session_with_attendance_keeps_its_time_zone(
    app: Flask, cast: Cast, login_as: LoginAs, attended_id: int
) -> None:
    data = as_it_stands(app, attended_id, zone="America/New_York")
    answer = login_as(cast.mira).post(f"/offerings/{attended_id}", data=data)
    assert answer.status_code == 422
    assert "so the time zone has to stay." in answer.text


def test_the_other_meetings_of_a_session_with_attendance_may_move(
    app: Flask, cast: Cast, login_as: LoginAs, attended_id: int
) -> None:
    data = as_it_stands(app, attended_id, **{"meetings-1-date": in_days(40)})
    assert login_as(cast.ivo).post(f"/offerings/{attended_id}", data=data).status_code == 303


# A closed roster.


@pytest.fixture
def settled_id(app: Flask, cast: Cast, offering_id: int) -> int:
    """Ivo's session, settled: what people got their hours for."""
    with inside(app):
        loaded(offering_id).settled_at = clock.now()
    return offering_id


def test_a_settled_session_is_not_changed(app: Flask, cast: Cast, login_as: LoginAs, settled_id: int) -> None:
    data = as_it_stands(app, settled_id, place="Library")
    answer = login_as(cast.ivo).post(f"/offerings/{settled_id}", data=data)
    assert answer.status_code == 409
    assert "Open it again before changing its dates." in answer.text
    assert 'value="Library"' in answer.text, "what was typed is kept"
    with inside(app):
        assert (loaded(settled_id).place, loaded(settled_id).version) == ("Sample hall", 1)


def test_the_page_of_a_settled_session_says_so(cast: Cast, login_as: LoginAs, settled_id: int) -> None:
    answer = login_as(cast.ivo).get(f"/offerings/{settled_id}/edit")
    assert answer.status_code == 200
    assert f'href="/offerings/{settled_id}/attendance"' in answer.text
    assert 'id="offering_form"' not in answer.text


# Who may, and when.


def test_whoever_is_not_signed_in_is_asked_to(client: FlaskClient, offering_id: int) -> None:
    assert client.get(f"/offerings/{offering_id}/edit").status_code == 303
    assert client.post(f"/offerings/{offering_id}").status_code == 303


def test_a_session_of_a_hidden_course_is_not_there(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        hidden = make.offering(make.course(state="archived"), trainer_id=cast.ivo.id)
    assert login_as(cast.ana).get(f"/offerings/{hidden.id}/edit").status_code == 404
    assert login_as(cast.mira).get(f"/offerings/{hidden.id}/edit").status_code == 200


@pytest.mark.parametrize("unknown", [999, 2**31, 10**30])
def test_an_unknown_session_is_not_there(cast: Cast, login_as: LoginAs, unknown: int) -> None:
    assert login_as(cast.mira).get(f"/offerings/{unknown}/edit").status_code == 404


def test_another_trainers_session_is_not_theirs(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        pat = make.person("Pat Sample", is_trainer=True)
    for other in (pat, cast.ana):
        assert login_as(other).get(f"/offerings/{offering_id}/edit").status_code == 403
        assert login_as(other).post(f"/offerings/{offering_id}").status_code == 403


def test_bad_input_keeps_what_was_typed(app: Flask, cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    data = as_it_stands(app, offering_id, place="", note="Kept", minimum="9")
    answer = login_as(cast.ivo).post(f"/offerings/{offering_id}", data=data)
    assert answer.status_code == 422
    for words in ("Write where people come to.", "Kept", "There are only 8 seats."):
        assert words in answer.text


def test_a_trainer_cannot_move_a_meeting_into_the_past(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    data = as_it_stands(app, offering_id, **{"meetings-0-date": "2025-03-04"})
    assert "Meeting 1 is in the past." in login_as(cast.ivo).post(f"/offerings/{offering_id}", data=data).text
    assert login_as(cast.mira).post(f"/offerings/{offering_id}", data=data).status_code == 303


def test_a_cancelled_session_is_closed(app: Flask, cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    data = as_it_stands(app, offering_id)
    with inside(app):
        loaded(offering_id).state = OfferingState.CANCELLED
    answer = login_as(cast.ivo).post(f"/offerings/{offering_id}", data=data)
    assert answer.status_code == 409
    assert "was cancelled and cannot be changed" in answer.text


# Two people at once.


def test_an_old_page_is_refused_with_what_was_typed(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    data = as_it_stands(app, offering_id)
    login_as(cast.mira).post(f"/offerings/{offering_id}", data=data | {"place": "Library"})
    answer = login_as(cast.ivo).post(f"/offerings/{offering_id}", data=data | {"place": "Museum"})
    assert answer.status_code == 409
    assert 'value="Museum"' in answer.text
    assert "<dd>Library</dd>" in answer.text
    assert 'name="version" value="2"' in answer.text
    with inside(app):
        assert loaded(offering_id).place == "Library"


def test_a_form_that_is_rearranged_keeps_its_old_version(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    data = as_it_stands(app, offering_id)
    login_as(cast.mira).post(f"/offerings/{offering_id}", data=data | {"place": "Library"})
    page = login_as(cast.ivo).post(f"/offerings/{offering_id}", data=data | {"add": "1"}).text
    assert 'name="version" value="1"' in page


def test_the_service_refuses_an_old_version(context: None) -> None:
    offering = make.offering(version=3)
    with pytest.raises(Stale):
        services.edit_offering(offering, {}, [], 2, by=make.person())


def test_forty_meetings_take_few_statements_more_than_two(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    browser = login_as(cast.ivo)
    with counted() as few:
        browser.get(f"/offerings/{offering_id}/edit")
    with inside(app):
        long = make.offering(meetings=40, trainer_id=cast.ivo.id)
    with counted() as many:
        browser.get(f"/offerings/{long.id}/edit")
    assert len(many) == len(few)


def test_another_facilitator_without_a_qualification_is_told_with_what_it_means(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        for meeting in loaded(offering_id).meetings:
            meeting.ledger = Ledger.RSC
        eva = make.person("Eva Sample", is_trainer=True)
        held = {"label": "Sample supervisor", "provides_rsc": True}
        db.session.add(Qualification(person_id=cast.ivo.id, **held))
    rows = {f"meetings-{row}-ledger": "rsc" for row in range(2)}
    data = as_it_stands(app, offering_id, trainer_id=eva.id, **rows)
    assert login_as(cast.mira).post(f"/offerings/{offering_id}", data=data).status_code == 303
    with inside(app):
        [job] = jobs()
    assert job.payload["changes"][-1].startswith("Eva Sample holds no qualification to provide RSC on")
