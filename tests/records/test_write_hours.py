"""Hours from elsewhere: the form that asks what the Endorsement application asks."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from catalog.records import services
from catalog.records.models import EntrySource, EntryState, Evidence, HourEntry, Standing
from catalog.records.refusals import OwnHours
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.records import papers
from tests.records.entries import said, written_down

LoginAs = Callable[[Person], FlaskClient]
NEW = "/learning/hours/new"
TYPED = {
    "title": "Sleep and soothing",
    "began_on": "2025-01-14",
    "minutes": "1 h 30 min",
    "trainer": "A trainer",
    "provider": "An agency",
}
RSC: dict[str, Any] = {
    "ledger": "rsc",
    "title": "Reflective consultation",
    "trainer": "Tess Sample",
    "setting": "individual",
    "provider_standing": "endorsed",
}


def send(browser: FlaskClient, url: str = NEW, file: bytes | None = None, **fields: Any) -> TestResponse:
    data = {**TYPED, **fields}
    if file is not None:
        data["evidence"] = FileStorage(io.BytesIO(file), data.pop("name", "certificate.pdf"))
    boundary, body = encode_multipart(data)
    return browser.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


@pytest.fixture
def topic(app: Flask, cast: Cast) -> str:
    """The id of a topic, as the form sends it."""
    with inside(app):
        make.category("IMHM-C")
        make.category("ERS", is_add_on=True)
        make.tag("rsc_about_rsc_provided")
        make.tag("iecmh_core")
        return str(make.topic("TF.attachment").id)


def entries(app: Flask) -> list[HourEntry]:
    with inside(app):
        found = db.session.scalars(sa.select(HourEntry).order_by(HourEntry.id)).all()
        for one in found:
            _ = (one.areas, one.topics, one.tags, one.evidence)
        return list(found)


def text(answer: TestResponse) -> str:
    return " ".join(answer.text.split())


def test_a_training_is_written_down_and_waits(app: Flask, cast: Cast, login_as: LoginAs, topic: str) -> None:
    browser = login_as(cast.ana)
    answer = send(browser, file=papers.PDF, topics=topic)
    [made] = entries(app)
    assert answer.headers["Location"] == f"/learning/hours/{made.id}"
    assert (made.ledger, made.minutes, str(made.began_on), str(made.ended_on)) == (
        Ledger.TRAINING,
        90,
        "2025-01-14",
        "2025-01-14",
    )
    assert (made.state, made.source, made.person_id) == (
        EntryState.PENDING,
        EntrySource.SELF_REPORTED,
        cast.ana.id,
    )
    assert [one.code for one in made.topics] == ["TF.attachment"]
    page = text(browser.get(answer.headers["Location"]))
    assert "Not looked at yet" in page
    assert "certificate.pdf" in page
    assert "Topic TF.attachment" in page


def test_an_area_is_enough_where_no_topic_fits(app: Flask, cast: Cast, login_as: LoginAs, topic: str) -> None:
    with inside(app):
        area = make.area("LAW").id
    assert send(login_as(cast.ana), areas=str(area)).status_code == 303
    assert [one.code for one in entries(app)[0].areas] == ["LAW"]


def test_rsc_says_who_provided_it_and_what_they_held(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str
) -> None:
    with inside(app):
        tag = make.tag("other_tag").id
    browser = login_as(cast.ana)
    page = browser.get(NEW + "?ledger=rsc").text
    assert "About the RSC I give" in page
    assert "Tag other_tag" not in page
    with inside(app):
        own = db.session.scalar(sa.text("select id from hour_tag where code = 'rsc_about_rsc_provided'"))
    assert send(browser, **RSC, categories=["IMHM-C", "ERS"], tags=str(own)).status_code == 303
    [made] = entries(app)
    assert (made.ledger, made.is_group, made.provider_standing) == (Ledger.RSC, False, Standing.ENDORSED)
    assert made.provider_categories.split() == ["ERS", "IMHM-C"]
    assert [one.code for one in made.tags] == ["rsc_about_rsc_provided"]
    assert tag != own


def test_a_training_is_not_asked_what_only_rsc_has(cast: Cast, login_as: LoginAs, topic: str) -> None:
    page = login_as(cast.ana).get(NEW).text
    assert "Individual or group" not in page
    assert "About the RSC I give" not in page
    assert "Topic TF.attachment" in page
    assert "Tag iecmh_core" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "Enter the title."),
        ({"began_on": ""}, "Enter the day."),
        ({"began_on": "soon"}, "Write a date, such as 2027-01-14."),
        ({"began_on": "2999-01-01"}, "This day is still to come."),
        ({"began_on": "1899-01-01"}, "Choose a day after 1930."),
        ({"ended_on": "2025-01-13"}, "The last day is before the first day."),
        ({"ended_on": "2999-01-13"}, "This day is still to come."),
        ({"minutes": ""}, "Enter the hours."),
        ({"minutes": " "}, "Enter the hours."),
        ({"minutes": "0"}, "The hours have to be more than 0."),
        ({"minutes": "a while"}, "Write a length, such as 6, 1.5 or 1 h 30 min."),
        ({"minutes": "40"}, "are more than 16 hours a day."),
        (
            {"minutes": "2500", "began_on": "2020-01-01", "ended_on": "2024-01-01"},
            "more than any training has",
        ),
        ({"topics": ""}, "Choose at least one topic it covered, or an area."),
        ({"topics": "999999"}, "Choose from the list."),
        ({**RSC, "trainer": ""}, "Enter who provided it."),
        ({**RSC, "setting": ""}, "Choose one."),
        ({**RSC, "categories": "NOPE"}, "Choose from the list."),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str, fields: dict[str, Any], sentence: str
) -> None:
    answer = send(login_as(cast.ana), file=papers.PDF, **{"topics": topic, **fields})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'value="An agency"' in answer.text
    assert "Please choose the file again" in answer.text
    assert entries(app) == []


def test_several_days_may_have_many_hours(app: Flask, cast: Cast, login_as: LoginAs, topic: str) -> None:
    sent = send(login_as(cast.ana), topics=topic, minutes="40", ended_on="2025-01-18")
    assert sent.status_code == 303
    assert entries(app)[0].minutes == 2400


def test_the_same_form_sent_twice_is_one(app: Flask, cast: Cast, login_as: LoginAs, topic: str) -> None:
    browser = login_as(cast.ana)
    places = [send(browser, topics=topic, once="abc", file=papers.PDF).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert len(entries(app)) == 1
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 1


def test_the_same_form_with_something_else_in_it_is_refused(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str
) -> None:
    browser = login_as(cast.ana)
    send(browser, topics=topic, once="abc")
    answer = send(browser, topics=topic, once="abc", title="Another training")
    assert answer.status_code == 409
    assert "Open the form anew to add other hours" in answer.text
    assert 'value="Another training"' in answer.text
    assert len(entries(app)) == 1


def test_two_of_the_same_day_and_hours_are_taken_and_pointed_out(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str
) -> None:
    browser = login_as(cast.ana)
    send(browser, topics=topic)
    second = send(browser, topics=topic, title="The same again")
    assert "There is something else on the same day with the same hours" in text(
        browser.get(second.headers["Location"])
    )
    third = send(browser, topics=topic, title="Another length", minutes="2")
    assert "something else on the same day" not in text(browser.get(third.headers["Location"]))


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"<html><script>alert(1)</script>", "This is no PDF, JPEG, PNG or HEIC."),
        (b"%PDF-" + b"x" * (11 * 1024 * 1024), "larger than 10 MB"),
    ],
)
def test_a_file_that_is_not_taken_is_said_beside_its_field(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str, file: bytes, sentence: str
) -> None:
    answer = send(login_as(cast.ana), file=file, topics=topic)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert entries(app) == []


@pytest.mark.parametrize("who", ["ana", "mira"])
def test_a_heic_photo_is_handed_out_as_a_jpeg_without_its_place(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str, who: str
) -> None:
    place = send(login_as(cast.ana), file=papers.heic(), name="IMG_1.HEIC", topics=topic).headers["Location"]
    answer = login_as(getattr(cast, who)).get(place + "/evidence")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "attachment; filename=IMG_1.jpg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"Camera" not in answer.data


@pytest.mark.parametrize("who", ["otto", "ivo"])
@pytest.mark.parametrize("part", ["", "/edit", "/evidence"])
def test_nobody_else_can_tell_that_it_is_there(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str, who: str, part: str
) -> None:
    place = send(login_as(cast.ana), file=papers.PDF, topics=topic).headers["Location"]
    assert login_as(getattr(cast, who)).get(place + part).status_code == 404


def test_the_form_asks_for_a_sign_in(cast: Cast, client: FlaskClient) -> None:
    for url in (NEW, "/learning/hours", "/learning/hours/1", "/learning/hours/1/edit"):
        assert client.get(url).headers["Location"].startswith("/sign-in")


def test_coordinators_are_told_once_a_day_and_nothing_written_is_in_trail_or_mail(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str
) -> None:
    browser = login_as(cast.ana)
    for title in ("A secret training", "Another secret"):
        send(browser, topics=topic, title=title, file=papers.PDF)
    with inside(app):
        letters = [job.payload for job in db.session.scalars(sa.select(Job).order_by(Job.id))]
        trail = db.session.scalars(sa.select(AuditEntry)).all()
        written = f"{letters}{[entry.details for entry in trail]}"
        assert [entry.action for entry in trail] == ["hours.added"] * 2
    assert sorted(letter["name"] for letter in letters) == ["Ada Sample", "Mira Sample"]
    assert not [word for word in ("secret", "certificate", "agency", "trainer") if word in written]


def test_a_coordinator_writes_down_hours_for_somebody_and_they_are_told(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str
) -> None:
    sent = send(login_as(cast.mira), f"/people/{cast.ana.id}/hours/new", topics=topic)
    assert sent.status_code == 303
    [made] = entries(app)
    assert (made.person_id, made.source, made.state) == (
        cast.ana.id,
        EntrySource.COORDINATOR,
        EntryState.VERIFIED,
    )
    assert (made.added_by_id, made.checked_by_id) == (cast.mira.id, cast.mira.id)
    with inside(app):
        assert [
            (job.payload["name"], job.payload["subject"])
            for job in db.session.scalars(sa.select(Job).order_by(Job.id))
        ] == [("Ana Sample", "Hours were added for you")]
    assert "written down by a coordinator" in text(login_as(cast.ana).get(f"/learning/hours/{made.id}"))


def test_a_coordinator_writes_down_none_of_their_own_as_verified(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str
) -> None:
    url = f"/people/{cast.mira.id}/hours/new"
    browser = login_as(cast.mira)
    assert browser.get(url).status_code == 403
    assert send(browser, url, topics=topic).status_code == 403
    assert entries(app) == []
    send(browser, topics=topic)
    assert entries(app)[0].state == EntryState.PENDING


@pytest.mark.usefixtures("context")
def test_whatever_asks_nobody_verifies_hours_of_their_own_by_writing_them() -> None:
    mira = make.person("Mira Sample", coordinates=True)
    with pytest.raises(OwnHours):
        services.add_hours_for(mira, said(), None, by=mira)


@pytest.mark.parametrize("who", ["ana", "ivo", "otto"])
def test_only_coordinators_write_down_hours_for_others(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str, who: str
) -> None:
    browser, url = login_as(getattr(cast, who)), f"/people/{cast.ana.id}/hours"
    assert browser.get(url + "/new").status_code == 403
    assert send(browser, url + "/new", topics=topic).status_code == 403
    assert browser.get(url).status_code == 403
    assert entries(app) == []


def test_what_the_framework_no_longer_has_stays_with_the_entry(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str
) -> None:
    with inside(app):
        entry = written_down(db.session.get_one(Person, cast.ana.id))
        entry.topics[0].retired_in = "2030"
        number = entry.id
    browser = login_as(cast.ana)
    page = text(browser.get(f"/learning/hours/{number}/edit"))
    assert "Topic TF.attachment, of an earlier edition" in page
    sent = send(browser, f"/learning/hours/{number}/edit", topics=topic, title="Corrected")
    assert sent.status_code == 303
    assert [one.code for one in entries(app)[-1].topics] == ["TF.attachment"]
