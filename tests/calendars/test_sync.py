"""What a person's calendar is told: what is new, what changed, what is off, and nothing of anybody else's."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.calendars import queries, services
from catalog.calendars.compare import UNSURE
from catalog.calendars.events import Told
from catalog.calendars.models import CalendarEntry
from catalog.courses.models import Meeting, MeetingKind, Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ana() -> Person:
    return make.person("Ana Sample")


@pytest.fixture
def offering() -> Offering:
    return make.offering(seats=1, meetings=2, trainer_id=make.person("Ivo Sample", is_trainer=True).id)


def seat(person: Person, offering: Offering) -> Enrollment:
    return enrollment.enroll(person, offering, by=person)


def sync(person: Person, offering: Offering) -> list[Told]:
    db.session.flush()
    return services.sync(person, offering.id, clock.now())


def entries() -> list[CalendarEntry]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(CalendarEntry).order_by(CalendarEntry.meeting_id)))


def off(told: list[Told]) -> list[bool]:
    return [one.is_off for one in told]


def test_a_seat_brings_every_meeting(ana: Person, offering: Offering) -> None:
    seat(ana, offering)
    told = sync(ana, offering)
    assert [one.facts.starts for one in told] == [meeting.starts_at for meeting in offering.meetings]
    assert off(told) == [False, False]
    assert [entry.sequence for entry in entries()] == [offering.version] * 2


def test_own_work_is_an_entry_of_its_last_day(ana: Person, offering: Offering) -> None:
    due = offering.meetings[1].ends_at + timedelta(days=7)
    make.meeting(offering, 3, due - timedelta(hours=3), kind=MeetingKind.HOMEWORK)
    seat(ana, offering)
    work = sync(ana, offering)[-1].facts
    assert work.title == f"Due: Homework for {offering.course.title}"
    assert (work.starts, work.ends) == (
        offering.meetings[2].ends_wall.date(),
        offering.meetings[2].ends_wall.date() + timedelta(days=1),
    )


def test_whoever_waits_or_is_a_stranger_is_told_nothing(ana: Person, offering: Offering) -> None:
    seat(make.person(), offering)
    seat(ana, offering)
    assert sync(ana, offering) == []
    assert sync(make.person("Otto Sample"), offering) == []


def test_a_changed_meeting_raises_its_own_sequence_alone(ana: Person, offering: Offering) -> None:
    seat(ana, offering)
    before = sync(ana, offering)
    offering.meetings[1].place = "Another room"
    (told,) = sync(ana, offering)
    assert told.meeting_id == offering.meetings[1].id
    assert told.sequence == before[1].sequence + 1
    assert [entry.sequence for entry in entries()] == [before[0].sequence, told.sequence]


def test_the_sequence_is_never_below_the_version_that_files_carry(ana: Person, offering: Offering) -> None:
    seat(ana, offering)
    sync(ana, offering)
    offering.version, offering.meetings[0].place = 7, "Another room"
    (told,) = sync(ana, offering)
    assert told.sequence == 7


def test_a_meeting_that_is_gone_is_called_off_in_its_old_words(ana: Person, offering: Offering) -> None:
    seat(ana, offering)
    before = sync(ana, offering)
    offering.meetings.pop()
    told = [one for one in sync(ana, offering) if one.is_off]
    assert [one.facts for one in told] == [before[1].facts]
    assert told[0].sequence == before[1].sequence + 1


def test_leaving_calls_everything_off_and_coming_back_brings_it_again(
    ana: Person, offering: Offering
) -> None:
    place = seat(ana, offering)
    first = sync(ana, offering)
    enrollment.withdraw(place, by=ana)
    gone = sync(ana, offering)
    assert off(gone) == [True, True]
    seat(ana, offering)
    again = sync(ana, offering)
    assert off(again) == [False, False]
    assert [one[0].sequence for one in (first, gone, again)] == [1, 2, 3]


def test_a_cancelled_session_calls_off_what_is_to_come(ana: Person, offering: Offering) -> None:
    seat(ana, offering)
    sync(ana, offering)
    enrollment.cancel(offering, by=ana, reason="The hall is closed.")
    assert off(sync(ana, offering)) == [True, True]
    assert sync(ana, offering) == []


def test_who_was_never_told_is_not_told_that_it_is_off(ana: Person, offering: Offering) -> None:
    place = seat(ana, offering)
    enrollment.withdraw(place, by=ana)
    assert sync(ana, offering) == []
    assert entries() == []


def test_without_news_what_stands_is_told_again_as_it_was(ana: Person, offering: Offering) -> None:
    seat(ana, offering)
    first, second = sync(ana, offering), sync(ana, offering)
    assert [one._replace(stamp=first[0].stamp) for one in second] == first


def test_what_is_over_is_left_as_it_is(ana: Person) -> None:
    offering = make.offering(meetings=2, starts=clock.now() + timedelta(hours=1))
    place = seat(ana, offering)
    sync(ana, offering)
    first = offering.meetings[0]
    later = first.ends_at + timedelta(hours=1)
    with clock.at(later):
        enrollment.remove(place, by=ana, reason="She moved away.")
        (told,) = services.sync(ana, offering.id, later)
    assert (told.meeting_id, told.is_off) == (offering.meetings[1].id, True)
    assert [entry.is_cancelled for entry in entries()] == [False, True]


def test_the_trainer_has_all_meetings_and_a_helper_their_own(offering: Offering) -> None:
    helper, stand_in = make.person("Nia Sample"), make.person("Sam Sample")
    offering.meetings[0].co_trainers, offering.meetings[1].substitute = [helper], stand_in
    assert offering.trainer
    assert [
        [one.meeting_id for one in sync(person, offering)] for person in (offering.trainer, helper, stand_in)
    ] == [
        [offering.meetings[0].id, offering.meetings[1].id],
        [offering.meetings[0].id],
        [offering.meetings[1].id],
    ]


def test_another_substitute_takes_the_meeting_over(offering: Offering) -> None:
    first, second = make.person("Nia Sample"), make.person("Sam Sample")
    offering.meetings[1].substitute = first
    sync(first, offering)
    offering.meetings[1].substitute = second
    assert off(sync(first, offering)) == [True]
    assert off(sync(second, offering)) == [False]


@pytest.mark.parametrize("end", ["withdraw", "remove"])
def test_a_helper_who_gives_a_seat_back_keeps_what_they_help_with(
    ana: Person, offering: Offering, end: str
) -> None:
    offering.meetings[0].co_trainers = [ana]
    place = seat(ana, offering)
    sync(ana, offering)
    if end == "withdraw":
        enrollment.withdraw(place, by=ana)
    else:
        enrollment.remove(place, by=ana, reason="No longer")
    told = {one.meeting_id: one.is_off for one in sync(ana, offering)}
    assert told == {offering.meetings[0].id: False, offering.meetings[1].id: True}


def test_an_older_letter_that_was_held_up_changes_nothing_that_a_later_one_told(
    ana: Person, offering: Offering
) -> None:
    seat(ana, offering)
    held_up = services.due(ana, offering.id, clock.now())
    sync(ana, offering)
    offering.meetings[0].place = "Another room"
    sync(ana, offering)
    services.record(ana.id, held_up)
    services.confirm(ana.id, held_up)
    assert db.session.get_one(Meeting, offering.meetings[0].id).place in entries()[0].facts["place"]


def test_mail_never_holds_the_online_link(ana: Person, offering: Offering) -> None:
    offering.online_link = "https://meet.example.org/secret"
    seat(ana, offering)
    assert "secret" not in repr(sync(ana, offering))
    assert "secret" not in repr([entry.facts for entry in entries()])


def test_an_older_letter_that_comes_out_late_does_not_confirm_a_later_one(
    ana: Person, offering: Offering
) -> None:
    seat(ana, offering)
    db.session.flush()
    held_up = services.due(ana, offering.id, clock.now())
    services.record(ana.id, held_up)
    offering.place = "Another hall"
    db.session.flush()
    later = services.due(ana, offering.id, clock.now())
    services.record(ana.id, later)
    services.confirm(ana.id, held_up)
    assert [entry.fingerprint for entry in entries()] == [UNSURE, UNSURE]
    services.confirm(ana.id, later)
    assert UNSURE not in [entry.fingerprint for entry in entries()]


def test_whoever_has_a_seat_or_gave_it_back_is_none_of_those_who_teach(
    ana: Person, offering: Offering
) -> None:
    place = seat(ana, offering)
    sync(ana, offering)
    assert queries.staff(offering.id) == [offering.trainer]
    enrollment.withdraw(place, by=ana)
    assert queries.staff(offering.id) == [offering.trainer]


def test_whoever_does_not_teach_any_more_is_told_once_more(offering: Offering) -> None:
    before = offering.trainer
    assert before
    sync(before, offering)
    offering.trainer = make.person("Nia Sample", is_trainer=True)
    db.session.flush()
    assert queries.staff(offering.id) == [before, offering.trainer]
    sync(before, offering)
    assert queries.staff(offering.id) == [offering.trainer]
