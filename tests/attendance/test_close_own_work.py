"""Homework on the roster, hours at one's own pace, and what a cancelled series still gives."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import queries, refusals, services
from catalog.attendance.models import Credit
from catalog.attendance.sheet import Cell
from catalog.competencies.models import Ledger
from catalog.courses.models import Course, CreditRule, Format, Meeting, MeetingKind, Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.notices.models import Job
from tests import factories as make
from tests.attendance import sheets

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo Sample", is_trainer=True)


def course(rule: CreditRule = CreditRule.PER_MEETING, **fields: Any) -> Course:
    return make.course(areas=("TF",), credit_rule=rule, **fields)


def homework(of: Offering, days_left: int = 5, minutes: int = 240, **fields: Any) -> Meeting:
    """Begun a month ago, due so many days from now."""
    starts, ends = clock.now() - timedelta(days=30), clock.now() + timedelta(days=days_left)
    made = make.meeting(
        of, len(of.meetings) + 1, starts, kind=MeetingKind.HOMEWORK, minutes=minutes, **fields
    )
    made.ends_at, made.ends_wall = ends, ends.replace(tzinfo=None)
    db.session.flush()
    return made


def own_pace(**fields: Any) -> Offering:
    offering = make.offering(course(), meetings=0, seats=None, format=Format.SELF_PACED, **fields)
    homework(offering, minutes=60)
    homework(offering, minutes=120)
    return offering


def mark(of: Enrollment, *minutes: int, by: Person) -> None:
    cells = [Cell(meeting, of, some) for meeting, some in zip(of.offering.meetings, minutes, strict=True)]
    services.mark(of.offering, cells, by=by)


def in_force(offering: Offering) -> dict[str, int]:
    return {one.person.name.split()[0]: one.minutes for one in queries.credits_in_force(offering)}


def test_homework_that_is_not_due_stands_in_the_way(ivo: Person) -> None:
    offering = sheets.held(course())
    homework(offering)
    ana, _ben = sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    mark(ana, 180, 240, by=ivo)
    with pytest.raises(refusals.WorkNotDue, match="Homework can be done until"):
        services.close(offering, by=ivo)


def test_homework_that_everybody_did_may_be_closed_before_its_day(ivo: Person) -> None:
    offering = sheets.held(course())
    homework(offering)
    ana, ben = sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    mark(ana, 180, 240, by=ivo)
    mark(ben, 180, 0, by=ivo)
    services.close(offering, by=ivo)
    assert in_force(offering) == {"Ana": 420, "Ben": 180}


def test_homework_is_done_on_the_day_it_was_seen(ivo: Person) -> None:
    offering = sheets.held(course())
    homework(offering)
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    mark(ana, 180, 240, by=ivo)
    [credit] = services.close(offering, by=ivo)
    assert abs((credit.earned_on - clock.now().date()).days) <= 1


def test_somebody_who_has_not_checked_out_stands_in_the_way_by_name(ivo: Person) -> None:
    offering = sheets.held(course(), meetings=2)
    ana, ben = sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    mark(ben, 180, 180, by=ivo)
    cells = [Cell(meeting, ana, 180, is_open=True) for meeting in offering.meetings]
    services.mark(offering, cells, by=ivo)
    with pytest.raises(refusals.NotGone, match="not out: Ana Sample"):
        services.close(offering, by=ivo)


# At one's own pace.


def test_those_who_have_finished_get_their_hours_while_the_roster_stays_open(ivo: Person) -> None:
    offering = own_pace()
    ana, ben = sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    mark(ana, 60, 120, by=ivo)
    services.mark(offering, [Cell(offering.meetings[0], ben, 60)], by=ivo)
    services.give_hours(offering, by=ivo)
    assert in_force(offering) == {"Ana": 180}
    assert queries.closing_of(offering) is None
    assert offering.is_open(clock.now())


def test_hours_are_given_again_and_again_as_people_finish(ivo: Person) -> None:
    offering = own_pace()
    ana, ben = sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    mark(ana, 60, 120, by=ivo)
    [first] = services.give_hours(offering, by=ivo)
    mark(ben, 60, 120, by=ivo)
    assert [credit.person_id for credit in services.give_hours(offering, by=ivo)] == [ben.person_id]
    assert first.superseded_at is None
    letters = [
        job.payload["name"] for job in db.session.scalars(sa.select(Job).where(Job.kind == "mail"))
        if "Your hours" in job.payload["subject"]
    ]  # fmt: skip
    assert sorted(letters) == ["Ana Sample", "Ben Sample"]


def test_a_corrected_mark_gives_new_hours_and_keeps_the_old_ones(ivo: Person) -> None:
    offering = own_pace()
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    mark(ana, 60, 120, by=ivo)
    services.give_hours(offering, by=ivo)
    mark(ana, 60, 90, by=ivo)
    services.give_hours(offering, by=ivo)
    rows = db.session.scalars(sa.select(Credit).order_by(Credit.id)).all()
    assert [(row.minutes, row.superseded_at is None) for row in rows] == [(180, False), (150, True)]


@pytest.mark.parametrize("minutes", [(), (60,), (0, 0)])
def test_nobody_has_finished_yet(ivo: Person, minutes: tuple[int, ...]) -> None:
    offering = own_pace()
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    for meeting, some in zip(offering.meetings, minutes, strict=False):
        services.mark(offering, [Cell(meeting, ana, some)], by=ivo)
    with pytest.raises(refusals.NobodyFinished):
        services.give_hours(offering, by=ivo)


def test_where_people_meet_the_roster_is_closed_instead(ivo: Person) -> None:
    offering = sheets.held(course())
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    mark(ana, 180, by=ivo)
    with pytest.raises(refusals.NotOwnPace):
        services.give_hours(offering, by=ivo)


def test_closing_after_the_last_day_leaves_what_was_given(ivo: Person) -> None:
    offering = own_pace()
    ana, ben = sheets.seat(offering, "Ana Sample", "Ben Sample", by=ivo)
    mark(ana, 60, 120, by=ivo)
    [first] = services.give_hours(offering, by=ivo)
    mark(ben, 0, 0, by=ivo)
    with clock.at(clock.now() + timedelta(days=9)):
        services.close(offering, by=ivo)
    assert (first.superseded_at, in_force(offering)) == (None, {"Ana": 180, "Ben": 0})


def test_giving_hours_asks_for_the_certificates(ivo: Person) -> None:
    offering = own_pace()
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    mark(ana, 60, 120, by=ivo)
    services.give_hours(offering, by=ivo)
    job = db.session.scalars(sa.select(Job).where(Job.kind == "issue_certificates")).one()
    assert job.payload == {"offering_id": offering.id}


# Cancelled on the way.


def cancelled(ivo: Person, rule: CreditRule = CreditRule.FULL_FROM_PERCENT, after: int = 2) -> Offering:
    """Four meetings a week apart, of which `after` were held before it was called off."""
    offering = sheets.held(course(rule), meetings=4, starts=sheets.some_days_ago())
    sheets.seat(offering, "Ana Sample", by=ivo)
    with clock.at(offering.meetings[after].starts_at - timedelta(days=3)):
        enrollment.cancel(offering, by=ivo, reason="the hall burnt down")
    return offering


@pytest.mark.parametrize("rule", list(CreditRule))
def test_what_was_held_before_gives_hours_by_the_rule(ivo: Person, rule: CreditRule) -> None:
    offering = cancelled(ivo, rule)
    sheets.mark_all(offering, by=ivo)
    [credit] = services.close(offering, by=ivo)
    assert (credit.minutes, credit.held_minutes) == (360, 360)
    assert "reckoned over the 2 meetings held before" in credit.rule


def test_only_the_meetings_that_were_held_are_marked(ivo: Person) -> None:
    sheet = queries.sheet(cancelled(ivo), clock.now())
    assert [meeting.number for meeting in sheet.meetings] == [1, 2]
    assert sheet.to_come == []


def test_everybody_has_to_be_marked_for_them_all_the_same(ivo: Person) -> None:
    with pytest.raises(refusals.StillUnmarked):
        services.close(cancelled(ivo), by=ivo)


def test_cancelled_before_the_first_meeting_there_is_nothing_to_close(ivo: Person) -> None:
    with pytest.raises(refusals.NothingToClose):
        services.close(cancelled(ivo, after=0), by=ivo)


@pytest.mark.parametrize(("minutes", "held"), [(90, 360), (0, 180)])
def test_a_meeting_called_off_on_the_way_was_held_if_anybody_was_there(
    ivo: Person, minutes: int, held: int
) -> None:
    offering = sheets.held(course(), meetings=3, starts=sheets.some_days_ago())
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    with clock.at(offering.meetings[1].starts_at + timedelta(minutes=90)):
        enrollment.cancel(offering, by=ivo, reason="the alarm rang")
    sheets.mark(offering.meetings[0], ana, 180, by=ivo)
    sheets.mark(offering.meetings[1], ana, minutes, by=ivo)
    [credit] = services.close(offering, by=ivo)
    assert (credit.minutes, credit.held_minutes) == (180 + minutes, held)


def test_homework_nobody_had_to_hand_in_yet_is_left_out(ivo: Person) -> None:
    offering = sheets.held(course(CreditRule.ALL_MEETINGS), meetings=2, starts=sheets.some_days_ago(20))
    homework(offering, days_left=30, ledger=Ledger.TRAINING)
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    for meeting in offering.sittings:
        sheets.mark(meeting, ana, 180, by=ivo)
    offering.ends_at = clock.now() + timedelta(days=1)
    enrollment.cancel(offering, by=ivo, reason="too few")
    [credit] = services.close(offering, by=ivo)
    assert (credit.minutes, credit.held_minutes) == (360, 360)
