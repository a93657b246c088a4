"""Closing the roster: marks become credit, by the course's rule as it is written that day."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import refusals, services
from catalog.attendance.models import Credit, KnownBy, RosterClosing
from catalog.competencies.models import Ledger
from catalog.courses.models import CourseArea, CreditRule, Offering
from catalog.courses.wording import credit_sentence
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.notices import services as notices
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.attendance import sheets

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo Sample", is_trainer=True)


def closed(offering: Offering, *, by: Person) -> list[Credit]:
    return sorted(services.close(offering, by=by), key=lambda credit: (credit.ledger, credit.id))


def test_closing_gives_everyone_their_minutes(ivo: Person) -> None:
    offering = sheets.held()
    ana, ben = sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    sheets.mark(offering.meetings[0], ana, 180, by=ivo)
    sheets.mark(offering.meetings[0], ben, 100, by=ivo)
    first, second = closed(offering, by=ivo)
    assert (first.minutes, first.attended_minutes, first.held_minutes) == (180, 180, 180)
    assert (second.minutes, second.attended_minutes, second.held_minutes) == (0, 100, 180)
    assert first.known_by == KnownBy.ATTENDANCE


def test_the_credit_keeps_the_rule_as_it_was_written(ivo: Person) -> None:
    course = make.course(areas=("TF",), credit_rule=CreditRule.QUARTER_HOUR, credit_cap_minutes=120)
    offering = sheets.held(course)
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, 100, by=ivo)
    [credit] = closed(offering, by=ivo)
    written = credit_sentence(course)
    course.credit_rule = CreditRule.ALL_MEETINGS
    assert (credit.minutes, credit.rule) == (90, written)
    assert credit_sentence(course) != written


def test_the_two_ledgers_are_reckoned_apart(ivo: Person) -> None:
    sheets.qualified(ivo)
    course = make.course(areas=("TF",), credit_rule=CreditRule.FULL_FROM_PERCENT)
    offering = sheets.held(course, meetings=2, trainer_id=ivo.id)
    offering.meetings[1].ledger = Ledger.RSC
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark(offering.meetings[0], ana, 180, by=ivo)
    sheets.mark(offering.meetings[1], ana, 100, by=ivo)
    rsc, training = closed(offering, by=ivo)
    assert (training.ledger, training.minutes, training.held_minutes) == (Ledger.TRAINING, 180, 180)
    assert (rsc.ledger, rsc.minutes, rsc.held_minutes) == (Ledger.RSC, 0, 180)


def test_areas_are_kept_as_the_course_was_mapped_that_day(ivo: Person) -> None:
    course = make.course(areas=("TF", "LAW"), credit_rule=CreditRule.PER_MEETING, minutes=180)
    mapped = {area.area.code: area for area in course.areas}
    mapped["TF"].minutes, mapped["TF"].reviewed_at = 100, clock.now()
    offering = sheets.held(course)
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, 90, by=ivo)
    [credit] = closed(offering, by=ivo)
    db.session.execute(sa.delete(CourseArea))
    kept = {area.area.code: (area.minutes, area.was_reviewed) for area in credit.areas}
    assert kept == {"TF": (50, True), "LAW": (None, False)}


def test_no_credit_touches_no_area(ivo: Person) -> None:
    offering = sheets.held()
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, 0, by=ivo)
    [credit] = closed(offering, by=ivo)
    assert credit.areas == []


def test_an_unmapped_training_says_why_its_hours_do_not_count(ivo: Person) -> None:
    offering = sheets.held(make.course())
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    [credit] = closed(offering, by=ivo)
    assert credit.minutes == 180
    assert credit.not_counted_because.startswith("No competency area is mapped")


def test_what_one_applies_for_elsewhere_gives_no_in_service_hours(ivo: Person) -> None:
    offering = sheets.held(make.course(areas=("TF",), apply_url="https://university.example.org"))
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    [credit] = closed(offering, by=ivo)
    assert "counts as education" in credit.not_counted_because


def group(trainer: Person | None, meetings: int = 2) -> Offering:
    course = make.course(areas=("REF",), credit_rule=CreditRule.PER_MEETING)
    offering = sheets.held(course, meetings=meetings, trainer_id=trainer.id if trainer else None)
    for meeting in offering.meetings:
        meeting.ledger = Ledger.RSC
    return offering


def test_rsc_counts_with_a_qualified_facilitator(ivo: Person) -> None:
    sheets.qualified(ivo)
    offering = group(ivo)
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    [credit] = closed(offering, by=ivo)
    assert (credit.ledger, credit.minutes, credit.not_counted_because) == (Ledger.RSC, 360, "")


def test_without_a_qualification_group_hours_are_kept_and_do_not_count(ivo: Person) -> None:
    offering = group(ivo)
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    [credit] = closed(offering, by=ivo)
    assert credit.minutes == 360
    assert credit.not_counted_because.startswith("Ivo Sample held no qualification to provide RSC")


def test_a_qualification_that_ended_before_does_not_help(ivo: Person) -> None:
    offering = group(ivo)
    sheets.qualified(ivo, held_until=(offering.meetings[0].starts_at - timedelta(days=2)).date())
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    [credit] = closed(offering, by=ivo)
    assert credit.not_counted_because


def test_somebody_elses_qualification_does_not_help(ivo: Person) -> None:
    sheets.qualified(make.person("Eva Sample"))
    offering = group(ivo)
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    [credit] = closed(offering, by=ivo)
    assert credit.not_counted_because


def test_a_group_without_a_facilitator_does_not_count(ivo: Person) -> None:
    offering = group(None)
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    [credit] = closed(offering, by=ivo)
    assert credit.not_counted_because.startswith("No facilitator is named")


def test_only_meetings_on_days_of_the_qualification_count(ivo: Person) -> None:
    offering = group(ivo, meetings=3)
    sheets.qualified(ivo, held_until=offering.meetings[1].starts_at.date())
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    [credit] = closed(offering, by=ivo)
    assert (credit.minutes, credit.attended_minutes, credit.not_counted_because) == (360, 540, "")
    assert "1 meeting is left out" in credit.rule


def test_the_day_is_that_of_the_last_meeting_attended_on_the_sessions_own_calendar(ivo: Person) -> None:
    # Two in the morning in UTC is still the evening before in Alabama.
    offering = sheets.held(meetings=3, starts=sheets.some_days_ago().replace(hour=2))
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    for meeting, minutes in zip(offering.meetings, (180, 180, 0), strict=True):
        sheets.mark(meeting, ana, minutes, by=ivo)
    [credit] = closed(offering, by=ivo)
    assert credit.earned_on == (offering.meetings[1].starts_at - timedelta(days=1)).date()


def test_whoever_left_keeps_what_was_attended(ivo: Person) -> None:
    offering = sheets.held(make.course(areas=("TF",), credit_rule=CreditRule.PER_MEETING), meetings=2)
    ana, _ben = sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    sheets.mark(offering.meetings[0], ana, 120, by=ivo)
    enrollment.remove(ana, by=ivo, reason="left")
    sheets.mark_all(offering, by=ivo)
    given = {credit.person.name: credit.minutes for credit in closed(offering, by=ivo)}
    assert given == {"Ana Sample": 120, "Ben Sample": 360}


def test_whoever_left_without_coming_gets_no_row(ivo: Person) -> None:
    offering = sheets.held()
    ana, _ben = sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    sheets.mark(offering.meetings[0], ana, 0, by=ivo)
    enrollment.remove(ana, by=ivo, reason="left")
    sheets.mark_all(offering, by=ivo)
    assert [credit.person.name for credit in closed(offering, by=ivo)] == ["Ben Sample"]


def test_an_unmarked_person_stands_in_the_way(ivo: Person) -> None:
    offering = sheets.held(meetings=2)
    sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    with pytest.raises(refusals.StillUnmarked, match="4 marks are still missing, for 2 people"):
        services.close(offering, by=ivo)


def test_a_meeting_to_come_stands_in_the_way(ivo: Person) -> None:
    offering = sheets.held(meetings=2, starts=clock.now() - timedelta(days=2))
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    with pytest.raises(refusals.NotOver, match="The last meeting ends on"):
        services.close(offering, by=ivo)


def test_a_meeting_that_is_still_on_stands_in_the_way(ivo: Person) -> None:
    offering = sheets.held(starts=clock.now() - timedelta(hours=1))
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    with pytest.raises(refusals.NotOver):
        services.close(offering, by=ivo)


@pytest.mark.parametrize("fields", [{"meetings": 0}, {}, {"state": "cancelled"}])
def test_there_may_be_nothing_to_close(ivo: Person, fields: dict[str, Any]) -> None:
    with pytest.raises(refusals.NothingToClose):
        services.close(sheets.held(**fields), by=ivo)


def test_a_roster_is_closed_once(ivo: Person) -> None:
    offering = sheets.held()
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    services.close(offering, by=ivo)
    with pytest.raises(refusals.RosterClosed, match="closed already"):
        services.close(offering, by=ivo)


def test_the_database_keeps_one_closing_in_force(ivo: Person) -> None:
    offering = sheets.held()
    for _ in range(2):
        db.session.add(RosterClosing(offering_id=offering.id, closed_at=clock.now(), closed_by_id=ivo.id))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_everyone_is_told_and_the_trail_says_who_closed_it(ivo: Person) -> None:
    offering = sheets.held()
    sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    services.close(offering, by=ivo)
    mails = db.session.scalars(sa.select(Job).where(Job.kind == "mail"))
    told = [job.payload for job in mails if "hours" in job.payload["subject"]]
    assert sorted(letter["name"] for letter in told) == ["Ana Sample", "Ben Sample"]
    assert "Training hours: 3 h. You were there for 3 h of 3 h." in told[0]["text"]
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "roster.closed")).one()
    assert (entry.by_id, entry.about, entry.about_id) == (ivo.id, "offering", offering.id)
    assert entry.details == {"people": 2, "training_minutes": 360, "rsc_minutes": 0}


def test_a_failure_on_the_way_leaves_nothing_half_done(ivo: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    offering = sheets.held()
    sheets.seat(offering, "Ana Sample", by=ivo)
    sheets.mark_all(offering, by=ivo)
    db.session.commit()

    def broken(*_: object, **__: object) -> None:
        raise OSError("no room left")

    monkeypatch.setattr(notices, "send", broken)
    with pytest.raises(OSError, match="no room"):
        services.close(offering, by=ivo)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Credit)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RosterClosing)) == 0
