"""The private feed: what a person's own calendar program reads, and that nobody else does."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.calendars import services
from catalog.calendars.models import CalendarFeed
from catalog.calendars.views.feeds import MOST_MISSES, WINDOW
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.limits import Tally
from tests import factories as make
from tests.browse.pages import inside
from tests.calendars.client import events_of, sequence
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
LINK = "https://meet.example.org/secret-room"


@pytest.fixture
def url(app: Flask, cast: Cast) -> str:
    """The address of Ana's feed. She has a seat at a session of two meetings that Ivo teaches."""
    with inside(app):
        offering = make.offering(
            make.course("Watching"), meetings=2, seats=1, trainer_id=cast.ivo.id, online_link=LINK
        )
        ana = db.session.get_one(Person, cast.ana.id)
        enrollment.enroll(ana, offering, by=ana)
        return f"/feeds/{services.make_feed(ana)}.ics"


def of(app: Flask, person: Person) -> str:
    with inside(app):
        return f"/feeds/{services.make_feed(db.session.get_one(Person, person.id))}.ics"


def read(client: FlaskClient, url: str) -> list[Any]:
    answer = client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return events_of(answer.data)


def the_offering() -> Offering:
    return db.session.scalars(sa.select(Offering).order_by(Offering.id).limit(1)).one()


def test_it_holds_ones_seats_without_a_sign_in(client: FlaskClient, url: str) -> None:
    events = read(client, url)
    assert [event.summary.value for event in events] == ["Watching (1 of 2)", "Watching (2 of 2)"]
    assert [event.status.value for event in events] == ["CONFIRMED"] * 2


def test_it_holds_what_one_teaches_or_stands_in_at(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    with inside(app):
        the_offering().meetings[1].substitute = db.session.get_one(Person, cast.otto.id)
    assert len(read(client, of(app, cast.ivo))) == 2
    assert [event.summary.value for event in read(client, of(app, cast.otto))] == ["Watching (2 of 2)"]


def test_the_feed_of_another_holds_nothing_of_ones_own(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    assert read(client, of(app, cast.mira)) == []


def test_the_online_link_is_for_those_with_a_seat(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    assert LINK in read(client, url)[0].description.value
    with inside(app):
        otto = db.session.get_one(Person, cast.otto.id)
        the_offering().meetings[0].co_trainers = [otto]
    assert LINK not in repr(read(client, of(app, cast.otto)))


def test_whoever_waits_has_no_entry_and_no_link(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    with inside(app):
        otto = db.session.get_one(Person, cast.otto.id)
        enrollment.enroll(otto, the_offering(), by=otto)
    assert read(client, of(app, cast.otto)) == []


def test_a_cancelled_session_stays_for_thirty_days_as_cancelled(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    before = read(client, url)
    with inside(app):
        enrollment.cancel(the_offering(), by=db.session.get_one(Person, cast.mira.id), reason="Flooded.")
    after = read(client, url)
    assert [event.status.value for event in after] == ["CANCELLED"] * 2
    assert all(sequence(new) > sequence(old) for old, new in zip(before, after, strict=True))
    assert LINK not in repr(after)
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert read(client, url) == []


def test_a_seat_given_back_stays_as_cancelled_once_a_letter_told_it(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        services.sync(ana, the_offering().id, clock.now())
    before = read(client, url)
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        enrollment.withdraw(db.session.scalars(sa.select(Enrollment)).one(), by=ana)
    after = read(client, url)
    assert [event.status.value for event in after] == ["CANCELLED"] * 2
    assert [event.uid.value for event in after] == [event.uid.value for event in before]
    assert sequence(after[0]) == sequence(before[0]) + 1
    with inside(app):
        services.sync(db.session.get_one(Person, cast.ana.id), the_offering().id, clock.now())
    assert [sequence(event) for event in read(client, url)] == [sequence(event) for event in after]


def test_what_was_over_two_months_ago_is_gone(client: FlaskClient, url: str) -> None:
    with time_machine.travel(clock.now() + timedelta(days=28 + 59)):
        assert len(read(client, url)) == 1
    with time_machine.travel(clock.now() + timedelta(days=28 + 62)):
        assert read(client, url) == []


def test_whoever_has_read_it_gets_304(client: FlaskClient, url: str) -> None:
    tag = client.get(url).headers["ETag"]
    answer = client.get(url, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)


def retitle(offering: Offering) -> None:
    offering.course.title = "Watching together"


def shift(offering: Offering) -> None:
    offering.meetings[0].ends_at += timedelta(hours=1)


def new_link(offering: Offering) -> None:
    offering.online_link = LINK + "-2"


def drop_meeting(offering: Offering) -> None:
    offering.meetings.pop()


def new_room(offering: Offering) -> None:
    offering.meetings[1].place = "Upstairs"


def call_off(offering: Offering) -> None:
    assert offering.trainer
    enrollment.cancel(offering, by=offering.trainer, reason="Flooded.")


def leave(offering: Offering) -> None:
    place = db.session.scalars(sa.select(Enrollment)).one()
    enrollment.withdraw(place, by=place.person)


@pytest.mark.parametrize("change", [retitle, shift, new_link, drop_meeting, new_room, call_off, leave])
def test_every_change_changes_its_tag(
    app: Flask, client: FlaskClient, url: str, change: Callable[[Offering], None]
) -> None:
    tag = client.get(url).headers["ETag"]
    with inside(app):
        change(the_offering())
    answer = client.get(url, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


def test_an_answer_of_304_costs_few_statements_however_much_there_is(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    tag = client.get(url).headers["ETag"]
    with counted() as few:
        client.get(url, headers={"If-None-Match": tag})
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        for _ in range(8):
            enrollment.enroll(ana, make.offering(meetings=3), by=ana)
    with counted() as many:
        answer = client.get(url)
    assert len(events_of(answer.data)) == 26
    assert len(many) == len(few) <= 7


def test_no_cache_shares_it_and_no_search_engine_keeps_it(client: FlaskClient, url: str) -> None:
    headers = client.get(url).headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_it_says_how_often_to_look_again(client: FlaskClient, url: str) -> None:
    text = client.get(url).text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert "X-PUBLISHED-TTL:PT1H\r\n" in text
    assert "METHOD" not in text


def test_a_revoked_address_opens_nothing(app: Flask, client: FlaskClient, url: str) -> None:
    with inside(app):
        feed = db.session.scalars(sa.select(CalendarFeed)).one()
        services.revoke_feed(feed, by=feed.person)
    answer = client.get(url)
    assert (answer.status_code, b"BEGIN" in answer.data) == (410, False)


def test_a_revoked_address_is_no_guess(app: Flask, client: FlaskClient, cast: Cast, url: str) -> None:
    with inside(app):
        feed = db.session.scalars(sa.select(CalendarFeed)).one()
        services.revoke_feed(feed, by=feed.person)
    for _ in range(MOST_MISSES + 2):
        assert client.get(url).status_code == 410
    assert client.get(of(app, cast.ana)).status_code == 200


def test_guessing_is_stopped(client: FlaskClient, url: str) -> None:
    for number in range(MOST_MISSES):
        assert client.get(f"/feeds/guess{number}.ics").status_code == 404
    assert client.get(url).status_code == 429
    with time_machine.travel(clock.now() + WINDOW):
        assert client.get(url).status_code == 200


def test_the_secret_is_kept_nowhere(app: Flask, url: str, caplog: pytest.LogCaptureFixture) -> None:
    secret = re.split(r"[/.]", url)[2]
    with inside(app):
        assert secret not in repr(db.session.execute(sa.select(CalendarFeed.__table__)).all())
        assert secret not in repr(db.session.execute(sa.select(Tally.__table__)).all())
    app.test_client().get(url)
    assert secret not in caplog.text


def test_nothing_can_be_sent_to_it(client: FlaskClient, url: str) -> None:
    assert client.post(url).status_code == 405
