"""What is near is told: an offer that runs out, and meetings a week and a day before; and only what is still so."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from catalog.accounts.models import Person
from catalog.cli.work import HOURLY, handlers
from catalog.config import Settings
from catalog.courses.models import Format, Meeting, Offering
from catalog.enrollment import services
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.notices import worker
from catalog.notices.models import Job
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")

JOINED = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = datetime(2026, 4, 7, 15, tzinfo=UTC)
"""A Tuesday, ten in the morning in Alabama."""
Work = Callable[[datetime], list[str]]


@pytest.fixture
def work(app: Flask, settings: Settings) -> Work:
    """Everything that is due at that moment is done; gives what was sent since the last time, as "Ana: Tomorrow"."""
    seen: set[int] = set()

    def work(at: datetime) -> list[str]:
        db.session.commit()
        with time_machine.travel(at, tick=False):
            worker.work(app, handlers(settings), stop=threading.Event(), once=True, hourly=HOURLY)
        db.session.expire_all()
        rows = db.session.scalars(
            sa.select(Job).where(Job.outcome.startswith("sent to")).order_by(Job.id)
        ).all()
        fresh = [row for row in rows if row.id not in seen]
        seen.update(row.id for row in fresh)
        return [
            f"{row.payload['name'].split()[0]}: {row.payload['subject'].partition(':')[0]}" for row in fresh
        ]

    return work


def series(meetings: int = 3, **fields: Any) -> Offering:
    with time_machine.travel(JOINED, tick=False):
        return make.offering(make.course("A course"), starts=FIRST, meetings=meetings, **fields)


def seat(offering: Offering, name: str = "Ana Sample", at: datetime = JOINED) -> Enrollment:
    with time_machine.travel(at, tick=False):
        person = make.person(name)
        return services.enroll(person, offering, by=person)


def last_text() -> str:
    payloads = db.session.scalars(sa.select(Job.payload).where(Job.kind == "mail").order_by(Job.id.desc()))
    return str(payloads.first()["text"])  # type: ignore[index]


def all_hours(work: Work, begin: datetime, end: datetime, step: int = 6) -> dict[str, list[str]]:
    """What was sent in that time, by the moment."""
    found = {}
    moment = begin
    while moment < end:
        if sent := work(moment):
            found[f"{moment:%m-%d %H}"] = sent
        moment += timedelta(hours=step)
    return found


def test_a_week_before_the_first_and_a_day_before_each(work: Work) -> None:
    seat(series())
    work(JOINED)
    sent = all_hours(work, FIRST - timedelta(days=9), FIRST + timedelta(days=20))
    assert sent == {
        "03-31 15": ["Ana: In 7 days"],
        "04-06 15": ["Ana: Tomorrow"],
        "04-13 15": ["Ana: Tomorrow"],
        "04-20 15": ["Ana: Tomorrow"],
    }


def test_a_second_look_in_the_same_hour_and_later_sends_nothing_more(work: Work) -> None:
    seat(series())
    work(JOINED)
    before = FIRST - timedelta(hours=23)
    assert [work(before), work(before), work(before + timedelta(hours=2))] == [["Ana: Tomorrow"], [], []]


def test_it_says_which_meeting_when_and_where(work: Work) -> None:
    offering = series()
    seat(offering)
    work(FIRST + timedelta(days=6, hours=1))
    text = last_text()
    assert "Meeting 2 of 3" in text
    assert "Tue 14 Apr 2026, 10:00 am to 1:00 pm, Central time" in text
    assert "Sample hall, Montgomery County" in text
    assert f"http://127.0.0.1:8000/offerings/{offering.id}" in text


def test_the_only_meeting_has_no_number(work: Work) -> None:
    seat(series(1))
    work(FIRST - timedelta(hours=20))
    assert "Meeting" not in last_text()


def test_the_online_link_is_never_mailed(work: Work) -> None:
    seat(series(format=Format.VIRTUAL, place="", county=None, online_link="https://video.example.org/secret"))
    work(FIRST - timedelta(hours=20))
    text = last_text()
    assert "Online. The link is on the page of the session." in text
    assert "video.example.org" not in text


def test_who_joined_within_the_week_or_the_day_was_told_just_now(work: Work) -> None:
    offering = series()
    seat(offering, "Ben Sample", FIRST - timedelta(days=6))
    assert work(FIRST - timedelta(days=6)) == ["Ben: You have a seat"]
    seat(offering, "Cleo Sample", FIRST - timedelta(hours=12))
    assert sorted(work(FIRST - timedelta(hours=12))) == ["Ben: Tomorrow", "Cleo: You have a seat"]
    assert all_hours(work, FIRST - timedelta(hours=11), FIRST + timedelta(days=1)) == {}


def test_who_waits_is_not_reminded(work: Work) -> None:
    offering = series(seats=1)
    seat(offering)
    seat(offering, "Ben Sample")
    work(JOINED)
    assert work(FIRST - timedelta(hours=20)) == ["Ana: Tomorrow"]


def test_who_left_is_not_reminded(work: Work) -> None:
    ana = seat(series())
    with time_machine.travel(JOINED, tick=False):
        services.withdraw(ana, by=ana.person)
    work(JOINED)
    assert work(FIRST - timedelta(hours=20)) == []


def test_a_session_that_was_called_off_is_not_announced(work: Work) -> None:
    offering = series()
    seat(offering)
    with time_machine.travel(JOINED, tick=False):
        services.cancel(offering, by=make.person("Ivo Sample"), reason="No hall")
    work(JOINED)
    assert work(FIRST - timedelta(hours=20)) == []


def test_a_meeting_that_was_moved_is_announced_anew(work: Work) -> None:
    offering = series(1)
    seat(offering)
    work(JOINED)
    assert work(FIRST - timedelta(hours=20)) == ["Ana: Tomorrow"]
    move(offering.meetings[0], timedelta(days=3))
    assert work(FIRST - timedelta(hours=19)) == []
    assert work(FIRST + timedelta(days=2, hours=1)) == ["Ana: Tomorrow"]


def move(meeting: Meeting, by: timedelta) -> None:
    meeting.starts_at += by
    meeting.ends_at += by
    offering = meeting.offering
    offering.starts_at, offering.ends_at = meeting.starts_at, meeting.ends_at
    db.session.flush()


def test_after_days_without_a_worker_what_is_still_to_come_is_told_once(work: Work) -> None:
    seat(series())
    work(JOINED)
    assert work(FIRST - timedelta(days=6)) == ["Ana: In 6 days"]
    assert work(FIRST - timedelta(hours=2)) == ["Ana: Today"]


def test_two_days_late_the_week_is_left_out(work: Work) -> None:
    seat(series())
    work(JOINED)
    assert work(FIRST - timedelta(days=4)) == []


def test_a_reminder_that_waits_for_its_server_is_not_sent_when_the_person_has_left(work: Work) -> None:
    """It was asked for while they had a seat, and the mail server was away."""
    ana = seat(series())
    with time_machine.travel(FIRST - timedelta(hours=20), tick=False):
        services.remind()
        services.withdraw(ana, by=ana.person)
    assert work(FIRST - timedelta(hours=19)) == ["Ana: You have a seat", "Ana: You are no longer on the list"]
    outcome = db.session.scalars(
        sa.select(Job.outcome).where(Job.dedupe_key.startswith("meeting.tomorrow"))
    ).one()
    assert outcome == "no longer so"


@pytest.mark.parametrize("what", ["moved", "cancelled", "over"])
def test_nor_when_the_day_is_another_now(work: Work, what: str) -> None:
    offering = series(1)
    seat(offering)
    with time_machine.travel(FIRST - timedelta(hours=20), tick=False):
        services.remind()
        if what == "moved":
            move(offering.meetings[0], timedelta(days=30))
        if what == "cancelled":
            services.cancel(offering, by=make.person("Ivo Sample"), reason="No hall")
    at = FIRST + timedelta(hours=1) if what == "over" else FIRST - timedelta(hours=19)
    assert not [line for line in work(at) if "Tomorrow" in line]


# Offers.


@pytest.fixture
def offered() -> Person:
    """Ben is offered the seat that Ana gave back, for 48 hours."""
    offering = series(1, seats=1)
    ana = seat(offering)
    ben = seat(offering, "Ben Sample")
    with time_machine.travel(JOINED, tick=False):
        services.withdraw(ana, by=ana.person)
    assert ben.state == State.OFFERED
    return ben.person


def test_half_way_an_offer_is_recalled_once(work: Work, offered: Person) -> None:
    work(JOINED)
    sent = all_hours(work, JOINED + timedelta(hours=1), JOINED + timedelta(hours=47), 2)
    assert sent == {"03-02 13": ["Ben: The seat is kept for you until Tue 3 Mar 2026, 6"]}


def test_an_offer_that_was_answered_is_not_recalled(work: Work, offered: Person) -> None:
    ben = db.session.scalars(sa.select(Enrollment).where(Enrollment.person_id == offered.id)).one()
    with time_machine.travel(JOINED + timedelta(hours=1), tick=False):
        services.accept(ben, by=offered)
    work(JOINED + timedelta(hours=1))
    assert work(JOINED + timedelta(hours=25)) == []


def test_who_gives_an_offered_seat_back_is_told_that_it_arrived(work: Work, offered: Person) -> None:
    ben = db.session.scalars(sa.select(Enrollment).where(Enrollment.person_id == offered.id)).one()
    work(JOINED)
    with time_machine.travel(JOINED + timedelta(hours=1), tick=False):
        services.decline(ben, by=offered)
    assert work(JOINED + timedelta(hours=1)) == ["Ben: You gave the seat back"]
