"""Naming who leads a single meeting, on the page of the group and on the form of the session."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.courses.models import Meeting, Offering
from catalog.courses.refusals import WrongSubstitute
from catalog.courses.services import name_substitute
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.attendance.sheets import mark_all
from tests.courses.desk import in_days, meeting_fields, offering_fields
from tests.factories import Cast
from tests.groups.circles import Circle, begun, circle, inside

Login = Callable[[Person], FlaskClient]


@pytest.fixture
def it(app: Flask, cast: Cast) -> Circle:
    return circle(app, cast)


@pytest.fixture
def sol(app: Flask, it: Circle) -> Person:
    with inside(app):
        return make.person("Sol Sample", is_trainer=True)


def stands_in(it: Circle, number: int = 2) -> str | None:
    with it.app.app_context():
        found = db.session.get_one(Meeting, it.meeting_ids[number - 1]).substitute
        return found.name if found else None


def mails(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        jobs = db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id))
        told = [(job.payload["name"], str(job.payload["kind"])) for job in jobs]
        return [(name, kind) for name, kind in told if kind.startswith("meeting.")]


def changes(app: Flask) -> list[str]:
    with app.app_context():
        jobs = db.session.scalars(sa.select(Job).where(Job.kind == "offering_changed"))
        return [sentence for job in jobs for sentence in job.payload["changes"]]


def test_the_facilitator_names_somebody(it: Circle, sol: Person, cast: Cast, login_as: Login) -> None:
    answer = login_as(cast.ivo).post(it.meeting_url(2, "substitute"), data={"substitute_id": sol.id})
    assert (answer.status_code, stands_in(it), stands_in(it, 1)) == (303, "Sol Sample", None)


def test_they_and_the_group_are_told(it: Circle, sol: Person, cast: Cast, login_as: Login) -> None:
    login_as(cast.ivo).post(it.meeting_url(2, "substitute"), data={"substitute_id": sol.id})
    assert mails(it.app) == [("Sol Sample", "meeting.stands_in")]
    assert any("is led by Sol Sample instead of Ivo Sample." in said for said in changes(it.app))


def test_saved_twice_everybody_is_told_once(it: Circle, sol: Person, cast: Cast, login_as: Login) -> None:
    for _ in range(2):
        login_as(cast.ivo).post(it.meeting_url(2, "substitute"), data={"substitute_id": sol.id})
    assert len(mails(it.app)) == 1


def test_taken_back_they_are_told_too(it: Circle, sol: Person, cast: Cast, login_as: Login) -> None:
    login_as(cast.ivo).post(it.meeting_url(2, "substitute"), data={"substitute_id": sol.id})
    login_as(cast.ivo).post(it.meeting_url(2, "substitute"), data={"substitute_id": ""})
    assert (stands_in(it), mails(it.app)[1]) == (None, ("Sol Sample", "meeting.stands_in_no_more"))
    assert any("is led by Ivo Sample again." in said for said in changes(it.app))


def test_the_trail_says_who_named_whom(it: Circle, sol: Person, cast: Cast, login_as: Login) -> None:
    login_as(cast.mira).post(it.meeting_url(2, "substitute"), data={"substitute_id": sol.id})
    with it.app.app_context():
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "offering.substitute")
        ).one()
        assert (entry.by_id, entry.person_id) == (cast.mira.id, sol.id)


@pytest.mark.parametrize("who", ["ana", "otto", "ivo"])
def test_only_trainers_are_named_and_not_the_facilitator(
    it: Circle, cast: Cast, login_as: Login, who: str
) -> None:
    chosen = {"substitute_id": getattr(cast, who).id}
    answer = login_as(cast.ivo).post(it.meeting_url(2, "substitute"), data=chosen)
    assert (answer.status_code, stands_in(it)) == (422, None)


@pytest.mark.parametrize("who", ["ana", "ivo"])
def test_nor_past_the_form(it: Circle, cast: Cast, who: str) -> None:
    with inside(it.app):
        chosen, meeting = db.session.get_one(Person, getattr(cast, who).id), it.group.sittings[1]
        with pytest.raises(WrongSubstitute):
            name_substitute(meeting, chosen, by=chosen)


def test_others_name_nobody(
    it: Circle, sol: Person, cast: Cast, login_as: Login, client: FlaskClient
) -> None:
    people = (cast.ana, cast.otto, sol)
    url = it.meeting_url(2, "substitute")
    answers = [login_as(one).post(url, data={"substitute_id": sol.id}).status_code for one in people]
    assert (answers, stands_in(it)) == ([403, 404, 404], None)
    assert client.post(url).location.startswith("/sign-in")


def test_a_substitute_names_nobody_else(it: Circle, sol: Person, cast: Cast, login_as: Login) -> None:
    login_as(cast.ivo).post(it.meeting_url(2, "substitute"), data={"substitute_id": sol.id})
    answer = login_as(sol).post(it.meeting_url(3, "substitute"), data={"substitute_id": sol.id})
    assert (answer.status_code, stands_in(it, 3)) == (403, None)


def test_once_the_roster_is_closed_it_stays(app: Flask, cast: Cast, login_as: Login) -> None:
    it = circle(app, cast, starts=begun(weeks=4))
    with inside(app):
        sol = make.person("Sol Sample", is_trainer=True)
        ivo = db.session.get_one(Person, cast.ivo.id)
        mark_all(it.group, by=ivo)
        attendance.close(it.group, by=ivo)
    answer = login_as(cast.ivo).post(it.meeting_url(2, "substitute"), data={"substitute_id": sol.id})
    assert (answer.status_code, stands_in(it)) == (422, None)


def test_it_is_named_on_the_form_of_the_session_too(
    app: Flask, it: Circle, sol: Person, cast: Cast, login_as: Login
) -> None:
    with app.app_context():
        course_id = it.group.course_id
    typed = meeting_fields(0, in_days(35), ledger="rsc", substitute=str(sol.id), title="What we said")
    login_as(cast.ivo).post(f"/courses/{course_id}/offerings", data=offering_fields(**typed))
    with app.app_context():
        made = db.session.scalars(sa.select(Offering).where(Offering.id != it.id)).one()
        assert made.meetings[0].substitute == db.session.get_one(Person, sol.id)
        assert made.meetings[0].title == "", "of a group nothing is written down"
    assert ("Sol Sample", "meeting.stands_in") in mails(app)


def test_editing_the_session_keeps_who_stands_in(
    app: Flask, it: Circle, sol: Person, cast: Cast, login_as: Login
) -> None:
    login_as(cast.ivo).post(it.meeting_url(2, "substitute"), data={"substitute_id": sol.id})
    page = login_as(cast.ivo).get(f"/offerings/{it.id}/edit").text
    assert f'<option selected value="{sol.id}">Sol Sample</option>' in page
