"""From a click to the mailbox: what letters bring into calendars, by the real worker and real message files."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.calendars.models import CalendarEntry
from catalog.cli.work import handlers
from catalog.config import MailFolder, MailServer, Settings
from catalog.courses import services as courses
from catalog.courses.models import Format, Offering
from catalog.courses.services import Row
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.notices import services as notices
from catalog.notices import worker
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.calendars.client import Calendar
from tests.calendars.scenes import should_show

pytestmark = pytest.mark.usefixtures("context")

Post = Callable[[], list[EmailMessage]]


@pytest.fixture
def post(app: Flask, settings: Settings, tmp_path: Path) -> Post:
    """Do and send what is due; gives the messages that are new, in their order."""
    seen: set[Path] = set()

    def post() -> list[EmailMessage]:
        work(app, replace(settings, mail=MailFolder(tmp_path)))
        new = sorted(set(tmp_path.glob("*.eml")) - seen, key=lambda path: int(path.stem.partition("-")[2]))
        seen.update(new)
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in new]

    return post


def work(app: Flask, settings: Settings) -> None:
    db.session.commit()
    worker.work(app, handlers(settings), stop=threading.Event(), once=True)
    db.session.expire_all()


def parts(message: EmailMessage) -> list[bytes]:
    """The calendar objects that go with a message."""
    return [
        bytes(part.get_payload(decode=True))
        for part in message.iter_attachments()
        if part.get_content_type() == "application/ics"
    ]


def take(messages: list[EmailMessage], person: Person, calendar: Calendar) -> list[str]:
    """Give a person's letters to their calendar; their subjects."""
    theirs = [one for one in messages if one["To"].addresses[0].addr_spec == person.email]
    for message in theirs:
        for content in parts(message):
            calendar.take(content)
    return [str(one["Subject"]).split(":")[0] for one in theirs]


@pytest.fixture
def offering() -> Offering:
    ivo = make.person("Ivo Sample", is_trainer=True)
    return make.offering(make.course("Watching"), seats=1, meetings=2, trainer_id=ivo.id)


@pytest.fixture
def ana() -> Person:
    return make.person("Ana Sample")


def agrees(calendar: Calendar, person: Person) -> bool:
    return calendar.shown == should_show(person, clock.now())


def test_every_step_of_a_place_reaches_the_calendar(ana: Person, offering: Offering, post: Post) -> None:
    calendar, mira = Calendar(), make.person("Mira Sample", coordinates=True)
    place = enrollment.enroll(ana, offering, by=ana)
    assert take(post(), ana, calendar) == ["You have a seat"]
    assert len(calendar.shown) == 2
    other = make.offering(make.course("Wondering"))
    place = enrollment.move(place, other, by=mira, reason="It suits her.")
    assert take(post(), ana, calendar) == ["You were moved to another session"]
    assert agrees(calendar, ana)
    assert len(calendar.shown) == 1
    enrollment.withdraw(place, by=ana)
    assert take(post(), ana, calendar) == ["You are no longer on the list"]
    assert calendar.shown == {}
    enrollment.enroll(ana, other, by=ana)
    post_and_take = take(post(), ana, calendar)
    assert post_and_take == ["You have a seat"]
    enrollment.cancel(other, by=mira, reason="Flooded.")
    assert take(post(), ana, calendar) == ["Cancelled"]
    assert calendar.shown == {}


def test_whoever_moves_up_gets_an_invitation_and_whoever_waits_none(
    ana: Person, offering: Offering, post: Post
) -> None:
    calendar, otto = Calendar(), make.person("Otto Sample")
    first = enrollment.enroll(otto, offering, by=otto)
    waiting = enrollment.enroll(ana, offering, by=ana)
    assert take(post(), ana, calendar) == ["You are on the waitlist"]
    enrollment.withdraw(first, by=otto)
    assert take(post(), ana, calendar) == ["A seat is kept for you"]
    assert calendar.kept == {}
    enrollment.accept(waiting, by=ana)
    assert take(post(), ana, calendar) == ["You have a seat"]
    assert agrees(calendar, ana)


def trainer_of(offering: Offering) -> Person:
    assert offering.trainer
    return offering.trainer


def rows(offering: Offering, later: timedelta = timedelta()) -> list[Row]:
    return [
        Row(number, meeting.id, meeting.starts_wall + later, meeting.ends_wall + later)
        for number, meeting in enumerate(offering.meetings)
    ]


def edit(offering: Offering, wanted: list[Row], by: Person, **columns: object) -> None:
    kept = {name: getattr(offering, name) for name in ("zone", "format", "place", "trainer_id")}
    courses.edit_offering(offering, {**kept, **columns}, wanted, offering.version, by=by)


def test_an_edit_reaches_those_who_come_and_those_who_teach(
    ana: Person, offering: Offering, post: Post
) -> None:
    ivo = trainer_of(offering)
    anas, ivos = Calendar(), Calendar()
    enrollment.enroll(ana, offering, by=ana)
    courses.tell_staff(offering)
    messages = post()
    take(messages, ana, anas)
    assert take(messages, ivo, ivos) == ["For your calendar"]
    edit(offering, rows(offering, timedelta(days=1))[:1], by=ivo, place="Another hall")
    messages = post()
    assert take(messages, ana, anas) == ["Changed"]
    assert take(messages, ivo, ivos) == ["For your calendar"]
    assert (agrees(anas, ana), agrees(ivos, ivo)) == (True, True)
    (shown,) = anas.shown.values()
    assert shown.place == "Another hall, Montgomery County"


def test_posting_tells_the_trainer_and_who_helps(post: Post) -> None:
    mira, ivo, nia = (
        make.person("Mira Sample", coordinates=True),
        make.person("Ivo Sample", is_trainer=True),
        make.person("Nia Sample", is_trainer=True),
    )
    starts = (clock.now() + timedelta(days=30)).replace(
        hour=9, minute=0, second=0, microsecond=0, tzinfo=None
    )
    wanted = [
        Row(0, None, starts, starts + timedelta(hours=2), co_trainer_ids=frozenset({nia.id})),
        Row(1, None, starts + timedelta(days=7), starts + timedelta(days=7, hours=2)),
    ]
    columns = {"zone": "America/Chicago", "format": Format.IN_PERSON, "trainer_id": ivo.id, "capacity": 3}
    courses.post(make.course(), columns, wanted, by=mira)
    ivos, nias, messages = Calendar(), Calendar(), post()
    assert take(messages, ivo, ivos) == take(messages, nia, nias) == ["For your calendar"]
    assert (len(ivos.shown), len(nias.shown)) == (2, 1)
    assert (agrees(ivos, ivo), agrees(nias, nia)) == (True, True)


def test_another_trainer_or_substitute_takes_over(offering: Offering, post: Post) -> None:
    ivo = trainer_of(offering)
    nia, mira = make.person("Nia Sample", is_trainer=True), make.person("Mira Sample", coordinates=True)
    ivos, nias = Calendar(), Calendar()
    offering.meetings[0].substitute = nia
    courses.tell_staff(offering)
    messages = post()
    take(messages, ivo, ivos)
    take(messages, nia, nias)
    assert (len(ivos.shown), len(nias.shown)) == (2, 1)
    offering.meetings[0].substitute = None
    edit(offering, rows(offering), by=mira, trainer_id=nia.id)
    messages = post()
    assert take(messages, ivo, ivos) == take(messages, nia, nias) == ["For your calendar"]
    assert (ivos.shown, len(nias.shown)) == ({}, 2)
    enrollment.cancel(offering, by=mira, reason="Flooded.")
    messages = post()
    assert (take(messages, ivo, ivos), take(messages, nia, nias)) == ([], ["For your calendar"])
    assert nias.shown == {}


def test_the_letter_to_those_who_teach_says_what_and_when(offering: Offering, post: Post) -> None:
    courses.tell_staff(offering)
    (message,) = post()
    body = message.get_body(("plain",))
    assert body
    text = body.get_content()
    assert text.count("- You teach: ") == 2
    assert "Central time" in text
    assert f"/offerings/{offering.id}" in text


def test_asking_twice_without_news_writes_once(offering: Offering, post: Post) -> None:
    courses.tell_staff(offering)
    courses.tell_staff(offering)
    assert len(post()) == 1
    courses.tell_staff(offering)
    assert post() == []


def test_who_has_a_seat_hears_of_a_cancellation_once(ana: Person, offering: Offering, post: Post) -> None:
    offering.trainer_id = None
    enrollment.enroll(ana, offering, by=ana)
    post()
    enrollment.cancel(offering, by=make.person(coordinates=True), reason="Flooded.")
    assert [str(one["Subject"]).split(":")[0] for one in post()] == ["Cancelled"]


def test_mail_programs_find_the_invitation_as_another_reading(
    ana: Person, offering: Offering, post: Post
) -> None:
    enrollment.enroll(ana, offering, by=ana)
    (message,) = post()
    found = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in found] == ["REQUEST"]
    assert len(parts(message)) == 2
    assert all(b"METHOD:REQUEST" in content for content in parts(message))


def test_a_letter_no_server_took_is_tried_again_with_the_same_sequence(
    app: Flask, settings: Settings, ana: Person, offering: Offering, post: Post
) -> None:
    place, calendar = enrollment.enroll(ana, offering, by=ana), Calendar()
    # Nobody listens at this port.
    work(app, replace(settings, mail=MailServer("127.0.0.1", 1, "plain")))
    job = db.session.scalars(sa.select(Job).where(Job.kind == "mail")).one()
    assert job.state == JobState.READY
    before = db.session.scalars(sa.select(CalendarEntry.sequence)).all()
    job.leased_until = None
    assert take(post(), ana, calendar) == ["You have a seat"]
    assert agrees(calendar, ana)
    assert all(kept.sequence == before[0] for kept in calendar.kept.values())
    enrollment.withdraw(db.session.get_one(Enrollment, place.id), by=ana)
    take(post(), ana, calendar)
    assert calendar.shown == {}


def test_a_session_that_is_not_there_any_more_is_passed_over(post: Post) -> None:
    notices.queue("calendar_staff", {"offering_id": 999_999})
    assert post() == []
