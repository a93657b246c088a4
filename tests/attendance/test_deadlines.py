"""Rosters have deadlines: the trainer is reminded on day 1, 3 and 5, the coordinators on day 7."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import deadlines, services
from catalog.attendance.services.deadlines import remind, tell_coordinators
from catalog.cli.work import HOURLY, handlers
from catalog.config import Settings
from catalog.coordinating.services.granting import grant
from catalog.courses.models import Meeting, MeetingKind, Offering, OfferingState
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.notices import services as notices
from catalog.notices import worker
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.attendance import sheets

pytestmark = pytest.mark.usefixtures("context")

CENTRAL = ZoneInfo("America/Chicago")
ENDED = datetime(2026, 3, 4, 18, tzinfo=CENTRAL)
"""A Wednesday evening. On the Sunday after it, day 4, clocks go forward."""


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo Sample", is_trainer=True)


@pytest.fixture(autouse=True)
def mira(context: None) -> Person:
    return make.person("Mira Sample", coordinates=True)


def ended(ivo: Person | None, at: datetime = ENDED, **fields: Any) -> Offering:
    """A session of three hours that ended then, with Ana on it, not marked."""
    with clock.at(at - timedelta(days=30)):
        defaults = {"trainer_id": ivo.id if ivo else None, "starts": at - timedelta(hours=3)}
        offering = make.offering(**{**defaults, **fields})
        sheets.seat(offering, "Ana Sample", by=ivo or make.person())
    return offering


def morning(day: int, hour: int = 8, minute: int = 0) -> datetime:
    """On that day after ENDED, on the wall clock of the session."""
    on = ENDED.date() + timedelta(days=day)
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=CENTRAL)


def sweep(at: datetime) -> list[str]:
    """What the hourly job sends at that moment: first names, each with the subject."""
    seen = set(db.session.scalars(sa.select(Job.id)))
    with clock.at(at):
        remind()
        for job in db.session.scalars(
            sa.select(Job).where(Job.kind == "rosters_overdue", Job.id.not_in(seen))
        ):
            tell_coordinators(job.payload)
    sent = db.session.scalars(
        sa.select(Job).where(Job.kind == "mail", Job.id.not_in(seen)).order_by(Job.id)
    ).all()
    return [f"{job.payload['name'].split()[0]}: {job.payload['subject'].partition(':')[0]}" for job in sent]


CLOSE, OVERDUE = "Ivo: Please close the roster", "Mira: A roster is overdue"


def test_day_by_day_each_is_reminded_once(ivo: Person) -> None:
    ended(ivo)
    seen = {day: sweep(morning(day)) for day in range(11)}
    assert {day: sent for day, sent in seen.items() if sent} == {
        1: [CLOSE],
        3: [CLOSE],
        5: [CLOSE],
        7: [OVERDUE],
    }


@pytest.mark.parametrize("day", [1, 3, 5, 7])
def test_a_reminder_falls_due_at_eight_in_the_morning_whatever_clocks_do(ivo: Person, day: int) -> None:
    ended(ivo)
    for earlier in (n for n in (1, 3, 5) if n < day):
        sweep(morning(earlier))
    assert sweep(morning(day, 7, 59)) == []
    assert len(sweep(morning(day))) == 1


def test_days_are_counted_on_the_calendar_of_the_session(ivo: Person) -> None:
    """At a quarter past eleven in Alabama it is the next day already where the computers count."""
    late = datetime(2026, 3, 4, 23, 15, tzinfo=CENTRAL)
    ended(ivo, late)
    assert sweep(morning(1, 7, 30)) == []
    assert sweep(morning(1)) == [CLOSE]


def test_a_sweep_twice_sends_once(ivo: Person) -> None:
    ended(ivo)
    assert [sweep(morning(3)), sweep(morning(3)), sweep(morning(3, 9))] == [[CLOSE], [], []]


@pytest.mark.parametrize(("day", "sent"), [(2, CLOSE), (4, CLOSE), (6, CLOSE), (9, OVERDUE), (20, OVERDUE)])
def test_after_a_pause_of_the_worker_only_the_latest_is_sent(ivo: Person, day: int, sent: str) -> None:
    ended(ivo)
    assert sweep(morning(day, 15)) == [sent]
    assert sweep(morning(day, 16)) == []


def test_the_letter_says_how_long_ago_and_where_to_close_it(ivo: Person) -> None:
    offering = ended(ivo)
    sweep(morning(3))
    [text] = [job.payload["text"] for job in db.session.scalars(sa.select(Job).where(Job.kind == "mail"))][
        -1:
    ]
    assert "ended 3 days ago" in text
    assert f"http://127.0.0.1:8000/offerings/{offering.id}/attendance\n" in text
    assert "Last meeting: Wed 4 Mar 2026" in text


def test_after_closing_nothing_more_is_sent(ivo: Person) -> None:
    offering = ended(ivo)
    assert sweep(morning(1)) == [CLOSE]
    with clock.at(morning(2)):
        sheets.mark_all(offering, by=ivo)
        services.close(offering, by=ivo)
    assert not any("roster" in line for day in range(3, 9) for line in sweep(morning(day)))


def test_a_roster_that_was_opened_again_counts_from_that_day(ivo: Person) -> None:
    offering = ended(ivo)
    with clock.at(morning(2)):
        sheets.mark_all(offering, by=ivo)
        services.close(offering, by=ivo)
    with clock.at(morning(20, 17)):
        services.reopen(offering, by=ivo, reason="a mistake")
    seen = {day: sweep(morning(day)) for day in range(20, 29)}
    assert {day: sent for day, sent in seen.items() if sent} == {
        21: [CLOSE],
        23: [CLOSE],
        25: [CLOSE],
        27: [OVERDUE],
    }


def test_without_a_trainer_the_coordinators_are_reminded_from_the_first_day() -> None:
    ended(None)
    assert [sweep(morning(day)) for day in (1, 2, 3)] == [[OVERDUE], [], [OVERDUE]]


def test_a_coordinator_gets_one_letter_a_day_that_names_them_all(ivo: Person) -> None:
    for _ in range(3):
        ended(ivo)
    assert sweep(morning(7)) == ["Mira: 3 rosters are overdue"]
    [text] = [
        job.payload["text"]
        for job in db.session.scalars(sa.select(Job).where(Job.kind == "mail"))
        if "overdue" in job.payload["subject"]
    ]
    assert text.count("Wed 4 Mar 2026 (Ivo Sample)") == 3
    assert "http://127.0.0.1:8000/rosters/overdue" in text


def test_whoever_coordinates_a_county_is_told_of_its_rosters_alone(ivo: Person) -> None:
    ended(ivo, county="01101")
    ended(ivo, county="01003")
    zoe, una = make.person("Zoe Sample"), make.person("Una Sample")
    ada = make.person("Ada Sample", is_administrator=True)
    with clock.at(ENDED):
        for person, county in ((zoe, "01101"), (una, "01089")):
            grant(person, by=ada, counties=[county], providers=[], until=None, reason="")
    sent = sweep(morning(7))
    assert [told for told in sent if told.startswith(("Zoe", "Una"))] == ["Zoe: A roster is overdue"]
    assert "Mira: 2 rosters are overdue" in sent


def test_what_falls_due_after_the_letter_stands_in_the_next(ivo: Person) -> None:
    ended(ivo)
    assert sweep(morning(7)) == [OVERDUE]
    ended(ivo)
    assert sweep(morning(7, 15)) == []
    assert sweep(morning(8)) == ["Mira: 2 rosters are overdue"]
    assert sweep(morning(9)) == []


def test_a_roster_that_is_closed_before_the_letter_goes_out_is_not_in_it(ivo: Person) -> None:
    offering = ended(ivo)
    with clock.at(morning(7)):
        remind()
        offering.settled_at = clock.now()
        [job] = db.session.scalars(sa.select(Job).where(Job.kind == "rosters_overdue"))
        tell_coordinators(job.payload)
    assert not [
        job
        for job in db.session.scalars(sa.select(Job).order_by(Job.id))
        if "overdue" in str(job.payload.get("subject"))
    ]


def test_what_ended_long_ago_is_counted_and_not_mailed_about(ivo: Person) -> None:
    for _ in range(2):
        ended(ivo, ENDED - timedelta(days=40))
    assert sweep(morning(0)) == []
    ended(ivo)
    assert sweep(morning(7)) == ["Mira: 3 rosters are overdue"]


def test_the_dates_decide_not_what_was_sent_for_others(ivo: Person) -> None:
    """A session that is moved after its reminder is reminded of again for its new end."""
    offering = ended(ivo)
    sweep(morning(1))
    offering.meetings[0].ends_at += timedelta(days=10)
    offering.ends_at = offering.meetings[0].ends_at
    db.session.flush()
    assert sweep(morning(5)) == []
    assert sweep(morning(11)) == [CLOSE]


@pytest.mark.parametrize("change", ["nobody", "no dates", "cancelled before", "own work to come"])
def test_nobody_is_reminded_where_there_is_nothing_to_close(ivo: Person, change: str) -> None:
    offering = ended(ivo)
    match change:
        case "nobody":
            enrollment.remove(sheets.enrollments(offering)[0], by=ivo, reason="a mistake")
        case "no dates":
            offering.starts_at = offering.ends_at = None
        case "cancelled before":
            offering.state, offering.cancelled_at = OfferingState.CANCELLED, ENDED - timedelta(days=2)
        case "own work to come":
            late = ENDED + timedelta(days=60)
            make.meeting(offering, 2, late, kind=MeetingKind.HOMEWORK)
    db.session.flush()
    assert [sweep(morning(day)) for day in (1, 3, 7)] == [[], [], []]
    assert deadlines.how_many(morning(8)) == 0


def test_what_was_called_off_midway_is_closed_for_the_meetings_that_were_held(ivo: Person) -> None:
    offering = ended(ivo, meetings=3, starts=ENDED - timedelta(hours=3))
    offering.state, offering.cancelled_at = OfferingState.CANCELLED, ENDED + timedelta(hours=20)
    db.session.flush()
    assert sweep(morning(1)) == [CLOSE]


def test_who_left_after_they_had_attended_is_still_somebody_to_close_for(ivo: Person) -> None:
    offering = ended(ivo)
    with clock.at(ENDED):
        sheets.mark_all(offering, by=ivo)
    enrollment.remove(sheets.enrollments(offering)[0], by=ivo, reason="moved away")
    assert sweep(morning(1)) == [CLOSE]


# The worker's side.


@pytest.fixture
def work(app: Flask, settings: Settings) -> Callable[[datetime], None]:
    def work(at: datetime) -> None:
        db.session.commit()
        with time_machine.travel(at, tick=False):
            worker.work(app, handlers(settings), stop=threading.Event(), once=True, hourly=HOURLY)

    return work


def letters(word: str) -> list[str]:
    """Names of those who were sent a letter with this word in the subject."""
    db.session.rollback()
    sent = db.session.scalars(sa.select(Job).where(Job.kind == "mail", Job.state == JobState.DONE))
    return sorted(job.payload["name"] for job in sent if word in job.payload["subject"])


def test_the_worker_asks_once_an_hour_and_each_letter_goes_out_once(
    ivo: Person, work: Callable[[datetime], None]
) -> None:
    ended(ivo)
    for day, hour, minute in ((1, 8, 5), (1, 8, 40), (1, 9, 5), (3, 12, 0), (7, 8, 1), (7, 9, 1)):
        work(morning(day, hour, minute))
    assert letters("close the roster") == ["Ivo Sample", "Ivo Sample"]
    assert letters("overdue") == ["Mira Sample"]


def test_a_worker_that_was_killed_in_between_sends_it_all_the_same_and_once(
    ivo: Person, work: Callable[[datetime], None], settings: Settings
) -> None:
    ended(ivo)
    work(morning(0))
    with time_machine.travel(morning(1), tick=False):
        notices.queue("rosters_due", {}, dedupe_key="rosters_due 2026-03-05T14")
        [job] = notices.lease("a worker that is killed")
        assert job.kind == "rosters_due"
        db.session.commit()
        handlers(settings)[job.kind](job.id, job.payload)
        db.session.rollback()
    work(morning(1, 8, 1))
    assert letters("close the roster") == []
    work(morning(1, 8, 6))
    assert letters("close the roster") == ["Ivo Sample"]


@pytest.fixture
def offering(ivo: Person) -> Offering:
    return ended(ivo)


def test_it_knows_what_was_sent(offering: Offering) -> None:
    for day in (1, 3, 8):
        sweep(morning(day))
    [row] = deadlines.overdue(morning(8), 1)[0]
    sent = deadlines.reminders([row], morning(8).date())
    assert {step: at.astimezone(UTC) for step, at in sent[offering.id].items()} == {
        1: morning(1).astimezone(UTC),
        3: morning(3).astimezone(UTC),
        7: morning(8).astimezone(UTC),
    }
    assert isinstance(row.offering.meetings[0], Meeting)
