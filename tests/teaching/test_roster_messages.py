"""A trainer writes to a roster: the letter is shown before it goes, goes to each alone, and a copy is kept."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Mark
from catalog.courses.models import Kind, Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from catalog.teaching.models import Audience, RosterMessage
from catalog.teaching.queries.messages import audience
from tests import factories as make
from tests.courses.desk import inside, own
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
TYPED = {"audience": "everyone", "subject": "What to bring", "text": "Bring a photograph.\n\nThank you."}


@pytest.fixture
def offering_id(app: Flask, cast: Cast) -> int:
    """Two seats taken by Ana and Zoe, one who waits, one who withdrew."""
    with inside(app):
        offering = make.offering(make.course("Attachment"), seats=2, meetings=2, trainer_id=cast.ivo.id)
        gone = make.person("Gone Sample")
        enrollment.withdraw(enrollment.enroll(gone, offering, by=gone), by=gone)
        for person in (own(cast.ana), make.person("Zoe Sample"), make.person("Wil Sample")):
            enrollment.enroll(person, offering, by=person)
        db.session.execute(sa.delete(Job))
        return offering.id


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def seen(browser: FlaskClient, offering_id: int, **typed: str) -> dict[str, str]:
    """The form as the preview sends it."""
    new = browser.get(f"/offerings/{offering_id}/messages/new").text
    once = re.search(r'id="once"[^>]*value="([^"]+)"', new)
    assert once
    fields = {**TYPED, **typed, "once": once[1]}
    page = browser.post(f"/offerings/{offering_id}/messages/preview", data=fields)
    assert page.status_code == 200, page.text
    return {**fields, "seen": hidden(page.text, "seen")}


def letters(app: Flask) -> list[dict[str, object]]:
    with inside(app):
        return [
            job.payload
            for job in db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id))
            if job.payload.get("kind") == "teaching.roster_message"
        ]


def test_the_letter_is_shown_before_it_goes(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    answer = login_as(cast.ivo).post(f"/offerings/{offering_id}/messages/preview", data=TYPED)
    assert answer.status_code == 200
    assert "3 people" in answer.text
    assert "Ana Sample, Wil Sample, Zoe Sample" in answer.text
    assert "As Ana Sample gets it" in answer.text
    assert "<p>Bring a photograph.</p><p>Thank you.</p>" in answer.text
    assert letters(app) == []


def test_each_gets_a_letter_alone_and_answers_go_to_the_trainer(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    browser = login_as(cast.ivo)
    answer = browser.post(f"/offerings/{offering_id}/messages", data=seen(browser, offering_id))
    assert (answer.status_code, answer.location) == (303, f"/offerings/{offering_id}/messages")
    sent = letters(app)
    assert [(one["name"], one["reply_to"]) for one in sent] == [
        (name, cast.ivo.email) for name in ("Ana Sample", "Wil Sample", "Zoe Sample")
    ]
    assert "Bring a photograph." in str(sent[0]["text"])
    assert not [name for name in ("Wil", "Zoe") if name in str(sent[0])], "nobody sees who else got it"


def test_a_copy_is_kept_for_those_who_run_it(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    browser = login_as(cast.ivo)
    browser.post(f"/offerings/{offering_id}/messages", data=seen(browser, offering_id))
    for reader in (cast.ivo, cast.mira):
        page = login_as(reader).get(f"/offerings/{offering_id}/messages").text
        assert "Bring a photograph." in page
        assert "Sent to 3 people" in page
        assert "Ana Sample, Wil Sample, Zoe Sample" in page
    with inside(app):
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "roster.written")).one()
        assert "photograph" not in str(entry.details)


def test_the_same_form_twice_sends_it_once(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    browser = login_as(cast.ivo)
    fields = seen(browser, offering_id)
    url = f"/offerings/{offering_id}/messages"
    assert [browser.post(url, data=fields).status_code for _ in range(2)] == [303, 303]
    assert len(letters(app)) == 3
    assert browser.post(url, data={**fields, "text": "Something else."}).status_code == 409
    assert len(letters(app)) == 3


def test_others_than_were_seen_are_shown_first(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    browser = login_as(cast.ivo)
    fields = seen(browser, offering_id)
    with inside(app):
        nia = make.person("Nia Sample")
        enrollment.enroll(nia, db.session.get_one(Offering, offering_id), by=nia)
    answer = browser.post(f"/offerings/{offering_id}/messages", data=fields)
    assert answer.status_code == 409
    assert "Other people are meant now" in answer.text
    assert "Nia Sample" in answer.text
    assert letters(app) == []
    again = {**fields, "seen": hidden(answer.text, "seen")}
    assert browser.post(f"/offerings/{offering_id}/messages", data=again).status_code == 303
    assert len(letters(app)) == 4


def test_braces_mean_nothing(app: Flask, cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    browser = login_as(cast.ivo)
    fields = seen(browser, offering_id, text="Bring {text}, {name} and {course}.", subject="{by} {subject}")
    browser.post(f"/offerings/{offering_id}/messages", data=fields)
    one = letters(app)[0]
    assert "\n\nBring {text}, {name} and {course}.\n\n" in str(one["text"])
    assert one["subject"] == "{by} {subject}"


@pytest.mark.parametrize(
    ("wanted", "names"), [("seated", ["Ana Sample", "Zoe Sample"]), ("waiting", ["Wil Sample"])]
)
def test_those_are_meant_who_are_named(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int, wanted: str, names: list[str]
) -> None:
    browser = login_as(cast.ivo)
    fields = seen(browser, offering_id, audience=wanted)
    browser.post(f"/offerings/{offering_id}/messages", data=fields)
    assert [one["name"] for one in letters(app)] == names


def test_the_absent_are_those_marked_absent_at_that_meeting(app: Flask, cast: Cast, offering_id: int) -> None:
    with inside(app):
        offering = db.session.get_one(Offering, offering_id)
        ana, zoe = db.session.scalars(
            sa.select(Enrollment).where(Enrollment.state == State.SEATED).order_by(Enrollment.id)
        )
        first, second = offering.meetings
        for enrolled, meeting, minutes in ((ana, first, 0), (zoe, first, 180), (zoe, second, 0)):
            db.session.add(
                Mark(
                    meeting=meeting,
                    enrollment=enrolled,
                    minutes=minutes,
                    marked_at=clock.now(),
                    marked_by_id=cast.ivo.id,
                )
            )
        db.session.flush()
        assert [person.name for person in audience(offering, Audience.ABSENT, first)] == ["Ana Sample"]
        assert [person.name for person in audience(offering, Audience.ABSENT, second)] == ["Zoe Sample"]


def test_the_meeting_has_to_be_named(app: Flask, cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    with inside(app):
        for meeting in db.session.get_one(Offering, offering_id).meetings:
            meeting.starts_at -= timedelta(days=60)
    url = f"/offerings/{offering_id}/messages/preview"
    browser = login_as(cast.ivo)
    answer = browser.post(url, data={**TYPED, "audience": "absent"})
    assert answer.status_code == 422
    assert "Choose the meeting they were absent at." in answer.text
    assert "Bring a photograph." in answer.text
    with inside(app):
        number = db.session.get_one(Offering, offering_id).meetings[0].id
    nobody = browser.post(url, data={**TYPED, "audience": "absent", "meeting_id": number})
    assert nobody.status_code == 422
    assert "There is nobody to write to among these." in nobody.text


@pytest.mark.parametrize("lacking", ["subject", "text"])
def test_what_is_missing_is_said_beside_it(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int, lacking: str
) -> None:
    browser = login_as(cast.ivo)
    for way in ("/preview", ""):
        answer = browser.post(f"/offerings/{offering_id}/messages{way}", data={**TYPED, lacking: " "})
        assert answer.status_code == 422
        assert f'id="{lacking}-error"' in answer.text


def test_it_can_be_changed_once_more(cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    answer = login_as(cast.ivo).post(
        f"/offerings/{offering_id}/messages/preview", data={**TYPED, "change": "1"}
    )
    assert answer.status_code == 200
    assert "See it before it goes" in answer.text
    assert "Bring a photograph." in answer.text


def test_only_those_who_run_it_write(
    app: Flask, client: FlaskClient, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        helper, other = (make.person(is_trainer=True) for _ in range(2))
        db.session.get_one(Offering, offering_id).meetings[1].co_trainers = [helper]
    url = f"/offerings/{offering_id}/messages"
    for person, status in ((helper, 200), (cast.mira, 200), (other, 403), (cast.ana, 403), (cast.otto, 403)):
        browser = login_as(person)
        assert {browser.get(page).status_code for page in (url, f"{url}/new")} == {status}
        assert browser.post(f"{url}/preview", data=TYPED).status_code == status
        if status == 403:
            assert browser.post(url, data=TYPED).status_code == 403
    assert client.get(url).location == f"/sign-in?next={url}"
    assert client.post(url, data=TYPED).status_code == 303
    assert login_as(cast.ivo).get(f"{url}/preview").status_code == 405
    assert login_as(cast.ivo).get("/offerings/99999/messages").status_code == 404
    with inside(app):
        assert db.session.scalar(sa.select(RosterMessage.id)) is None


def test_a_group_is_written_to_without_naming_it_to_each_other(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        db.session.get_one(Offering, offering_id).course.kind = Kind.REFLECTIVE_GROUP
    browser = login_as(cast.ivo)
    browser.post(f"/offerings/{offering_id}/messages", data=seen(browser, offering_id))
    assert all(
        sum(name in str(one) for name in ("Ana Sample", "Wil Sample", "Zoe Sample")) == 1
        for one in letters(app)
    )
