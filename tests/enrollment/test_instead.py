"""A session is cancelled: people are told what else there is, and are moved there once, keeping their turn."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Course, CourseState, Format, Kind, Listing, Offering
from catalog.enrollment import queries, services
from catalog.enrollment.models import Enrollment, State
from catalog.enrollment.refusals import SwitchedBefore, TookPlaceInPart
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.courses.desk import inside, own
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


def course(title: str = "Attachment", **fields: Any) -> Course:
    return make.course(title, **{"topics": ("TF.attachment",), "listing": Listing.OPEN, **fields})


def called_off(of: Course, *people: Person, **fields: Any) -> list[Enrollment]:
    """These people were on a session that its trainer cancelled."""
    mira = make.person(coordinates=True)
    offering = make.offering(of, **fields)
    rows = [services.enroll(person, offering, by=person) for person in people]
    services.cancel(offering, by=mira, reason="The trainer is ill.")
    return rows


def found(offering: Offering, person: Person | None = None) -> list[str]:
    rows = queries.alternatives(offering, person.id if person else None)
    return [row.offering.note for row in rows]


@pytest.mark.usefixtures("context")
def test_the_same_course_comes_first_then_what_is_most_alike() -> None:
    of = course(topics=("TF.attachment", "TF.play", "SE.systems"))
    ana = make.person("Ana Sample")
    (mine,) = called_off(of, ana)
    one, two = course("One", topics=("TF.play",)), course("Two", topics=("TF.play", "SE.systems"))
    make.offering(one, note="one topic", starts=clock.now() + timedelta(days=2))
    make.offering(two, note="two topics")
    make.offering(of, note="the same", starts=clock.now() + timedelta(days=90))
    make.offering(course("Else", topics=("XX.else",)), note="else")
    assert found(mine.offering) == ["the same", "two topics", "one topic"]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("fields", "is_there"),
    [
        ({}, True),
        ({"county": "01073"}, False),
        ({"county": None, "format": Format.VIRTUAL}, True),
        ({"starts": clock.now() - timedelta(hours=1)}, False),
        ({"opens_at": clock.now() + timedelta(days=1)}, False),
        ({"closes_at": clock.now() - timedelta(days=1)}, False),
        ({"question": "Why?"}, False),
        ({"state": "cancelled"}, False),
        ({"needs_approval": True}, True),
        ({"seats": None}, True),
    ],
)
def test_other_courses_are_near_or_online_and_open(fields: dict[str, Any], is_there: bool) -> None:
    (mine,) = called_off(course(), make.person())
    make.offering(course("Other"), note="other", **fields)
    assert bool(found(mine.offering)) is is_there


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "fields",
    [{"state": CourseState.DRAFT}, {"listing": Listing.SUSPENDED}, {"kind": Kind.REFLECTIVE_GROUP}],
)
def test_courses_that_nobody_can_join_are_left_out(fields: dict[str, Any]) -> None:
    (mine,) = called_off(course(), make.person())
    make.offering(course("Other", **fields))
    assert found(mine.offering) == []


@pytest.mark.usefixtures("context")
def test_a_full_one_is_there_only_where_one_would_wait_for_the_same_course() -> None:
    of, ana = course(), make.person()
    (mine,) = called_off(of, ana)
    for note, which, fields in (
        ("waits", of, {"when_full": "waitlist"}),
        ("no queue", of, {"when_full": "neither"}),
        ("other", course("Other"), {"when_full": "waitlist"}),
    ):
        full = make.offering(which, seats=1, note=note, when_full=fields["when_full"])
        first = make.person()
        services.enroll(first, full, by=first)
    assert found(mine.offering) == ["waits"]


@pytest.mark.usefixtures("context")
def test_what_one_is_on_already_is_left_out() -> None:
    of, ana, otto = course(), make.person(), make.person()
    (mine,) = called_off(of, ana)
    other = make.offering(of, note="other")
    services.enroll(ana, other, by=ana)
    assert (found(mine.offering, ana), found(mine.offering, otto)) == ([], ["other"])


def test_the_letter_names_them(app: Flask, cast: Cast) -> None:
    with inside(app):
        of = course()
        make.offering(of, place="Library", starts=clock.now() + timedelta(days=60))
        called_off(of, own(cast.ana))
        letter = db.session.scalars(
            sa.select(Job).where(Job.person_id == cast.ana.id).order_by(Job.id.desc())
        ).first()
        assert letter
        assert "This session will not take place: The trainer is ill." in letter.payload["text"]
        assert "Instead you could come to one of these:" in letter.payload["text"]
        assert ", Library" in letter.payload["text"]


def test_one_is_moved_there_from_my_learning(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        of = course()
        (mine,) = called_off(of, own(cast.ana))
        to = make.offering(of)
    browser = login_as(cast.ana)
    url = f"/enrollments/{mine.id}/instead"
    for page in ("/learning", f"/offerings/{mine.offering_id}"):
        assert f'href="{url}"' in browser.get(page).text
    assert "Move me there" in browser.get(url).text
    answer = browser.post(f"/enrollments/{mine.id}/switch", data={"to": to.id})
    assert (answer.status_code, answer.location) == (303, f"/offerings/{to.id}")
    with inside(app):
        before = db.session.get_one(Enrollment, mine.id)
        after = db.session.scalars(sa.select(Enrollment).where(Enrollment.offering_id == to.id)).one()
        assert (before.state, after.state, after.joined_at) == (State.MOVED, State.SEATED, before.joined_at)
        actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert actions[-2:] == ["enrollment.moved_away", "enrollment.moved_here"]
        letter = db.session.scalars(
            sa.select(Job).where(Job.person_id == cast.ana.id).order_by(Job.id.desc())
        ).first()
        assert letter
        assert letter.payload["subject"].startswith("You have a seat")


@pytest.mark.usefixtures("context")
def test_the_turn_is_by_when_one_first_joined() -> None:
    of, now = course(), clock.now()
    names = ("First", "Second", "Third")
    people = [make.person(f"{name} Sample") for name in names]
    rows = called_off(of, *people, seats=2)
    for days, row in zip((9, 8, 5), rows, strict=True):
        row.joined_at = now - timedelta(days=days)
        row.queued_at = now - timedelta(days=days) if row.state == State.WAITING else None
    to = make.offering(of, seats=1)
    seated, waits = make.person(), make.person("Waits Sample")
    services.enroll(seated, to, by=seated)
    services.enroll(waits, to, by=waits).queued_at = now - timedelta(days=7)
    db.session.flush()
    for row in (rows[2], rows[1], rows[0]):
        services.switch(row, to, by=row.person)
    places = [row.person.name for row in queries.roster(to) if row.place]
    assert places == ["First Sample", "Second Sample", "Waits Sample", "Third Sample"]


@pytest.mark.usefixtures("context")
def test_where_somebody_decides_it_is_a_request_as_old_as_that() -> None:
    of, ana = course(), make.person()
    (mine,) = called_off(of, ana)
    mine.joined_at = clock.now() - timedelta(days=9)
    moved = services.switch(mine, make.offering(of, needs_approval=True), by=ana)
    assert (moved.state, moved.joined_at) == (State.REQUESTED, mine.joined_at)


@pytest.mark.usefixtures("context")
def test_one_is_moved_only_once() -> None:
    of, ana = course(), make.person()
    (mine,) = called_off(of, ana)
    services.switch(mine, make.offering(of), by=ana)
    with pytest.raises(SwitchedBefore):
        services.switch(mine, make.offering(of), by=ana)


@pytest.mark.usefixtures("context")
def test_what_took_place_in_part_keeps_its_people() -> None:
    of, ana = course(), make.person()
    offering = make.offering(of, meetings=2)
    mine = services.enroll(ana, offering, by=ana)
    offering.starts_at = clock.now() - timedelta(hours=9)
    db.session.flush()
    services.cancel(offering, by=make.person(coordinates=True), reason="Ill.")
    with pytest.raises(TookPlaceInPart):
        services.switch(mine, make.offering(of), by=ana)


def test_from_a_session_that_takes_place_nobody_is_moved(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        of = course()
        mine = services.enroll(own(cast.ana), make.offering(of), by=own(cast.ana))
        to = make.offering(of)
    browser = login_as(cast.ana)
    page = browser.get(f"/enrollments/{mine.id}/instead").text
    assert "This session takes place." in page
    assert "Move me there" not in page
    answer = browser.post(f"/enrollments/{mine.id}/switch", data={"to": to.id})
    assert answer.status_code == 409
    with inside(app):
        assert db.session.get_one(Enrollment, mine.id).state == State.SEATED


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"starts": clock.now() - timedelta(hours=1)}, 409, "has already begun"),
        ({"state": "cancelled"}, 409, "was cancelled"),
        ({"question": "Why?"}, 409, "asks a question"),
        ({"seats": 1, "when_full": "neither"}, 409, "has no waitlist"),
    ],
)
def test_where_nobody_can_join_nobody_is_moved(
    app: Flask, cast: Cast, login_as: LoginAs, fields: dict[str, Any], status: int, sentence: str
) -> None:
    with inside(app):
        of = course()
        (mine,) = called_off(of, own(cast.ana))
        to = make.offering(of, **fields)
        if "seats" in fields:
            first = make.person()
            services.enroll(first, to, by=first)
    answer = login_as(cast.ana).post(f"/enrollments/{mine.id}/switch", data={"to": to.id})
    assert answer.status_code == status
    assert sentence in answer.text
    with inside(app):
        assert db.session.get_one(Enrollment, mine.id).state == State.SEATED


def test_only_ones_own_place_is_moved(app: Flask, client: FlaskClient, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        of = course()
        (mine,) = called_off(of, own(cast.ana))
        to, hidden = make.offering(of), make.offering(course("Draft", state=CourseState.DRAFT))
    url = f"/enrollments/{mine.id}"
    # To Otto there is no such seat; Mira sees it on the roster.
    for person, status in ((cast.otto, 404), (cast.mira, 403)):
        assert login_as(person).get(f"{url}/instead").status_code == status
        assert login_as(person).post(f"{url}/switch", data={"to": to.id}).status_code == status
    assert client.get(f"{url}/instead").status_code == 303
    assert client.post(f"{url}/switch", data={"to": to.id}).status_code == 303
    browser = login_as(cast.ana)
    assert browser.get(f"{url}/switch").status_code == 405
    assert browser.post(f"{url}/switch", data={"to": "x"}).status_code == 422
    assert browser.post(f"{url}/switch", data={"to": 999999}).status_code == 404
    assert browser.post(f"{url}/switch", data={"to": hidden.id}).status_code == 404
    assert browser.get("/enrollments/999999/instead").status_code == 404
    with inside(app):
        assert db.session.get_one(Enrollment, mine.id).state == State.SEATED
