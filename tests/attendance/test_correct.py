"""A mark on a closed roster is corrected in one step: opened, marked and closed again, and nothing is erased."""

from typing import Any

import pytest
import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance import queries, refusals, services
from catalog.attendance.models import Credit, Method, RosterClosing
from catalog.attendance.sheet import Cell
from catalog.courses.models import CourseArea, CourseTopic, CreditRule, Offering
from catalog.enrollment.models import Enrollment
from catalog.errors import ReasonNeeded
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.attendance import sheets

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo Sample", is_trainer=True)


def closed(ivo: Person, *names: str, **fields: Any) -> tuple[Offering, list[Enrollment]]:
    course = make.course(**{"areas": ("TF",), "credit_rule": CreditRule.PER_MEETING, **fields})
    offering = sheets.held(course)
    people = sheets.seat(offering, *names, by=ivo)
    sheets.mark_all(offering, by=ivo)
    services.close(offering, by=ivo)
    return offering, people


def correct(offering: Offering, of: Enrollment, minutes: int, by: Person, reason: str = "left early") -> None:
    services.correct(offering, [Cell(offering.meetings[0], of, minutes)], by=by, reason=reason)


def in_force(offering: Offering) -> dict[str, Credit]:
    return {credit.person.name.split()[0]: credit for credit in queries.credits_in_force(offering)}


def test_a_corrected_mark_gives_new_hours_on_a_roster_that_stays_closed(ivo: Person) -> None:
    offering, [ana] = closed(ivo, "Ana Sample")
    correct(offering, ana, 60, ivo)
    assert in_force(offering)["Ana"].minutes == 60
    assert queries.closing_of(offering) is not None


def test_the_credit_of_everybody_else_is_left_untouched(ivo: Person) -> None:
    offering, [ana, _ben] = closed(ivo, "Ana Sample", "Ben Sample")
    before = in_force(offering)["Ben"].id
    offering.course.credit_percent = 50
    correct(offering, ana, 60, ivo)
    assert in_force(offering)["Ben"].id == before


def test_the_old_row_is_kept_and_superseded(ivo: Person) -> None:
    offering, [ana] = closed(ivo, "Ana Sample")
    correct(offering, ana, 60, ivo)
    rows = db.session.scalars(sa.select(Credit).order_by(Credit.id)).all()
    assert [(row.minutes, row.superseded_at is None) for row in rows] == [(180, False), (60, True)]


def test_the_trail_keeps_before_and_after_who_and_why(ivo: Person) -> None:
    offering, [ana] = closed(ivo, "Ana Sample")
    mira = make.person("Mira Sample", coordinates=True)
    correct(offering, ana, 60, mira, "the sign-in sheet says so")
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "credit.changed")).one()
    assert (entry.by_id, entry.person_id, entry.reason) == (
        mira.id,
        ana.person_id,
        "the sign-in sheet says so",
    )
    assert (entry.details["before"]["minutes"], entry.details["after"]["minutes"]) == (180, 60)


def test_the_chain_is_whole(ivo: Person) -> None:
    offering, [ana] = closed(ivo, "Ana Sample")
    last = db.session.scalar(sa.select(sa.func.max(AuditEntry.id)))
    correct(offering, ana, 60, ivo)
    chain = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.id > last).order_by(AuditEntry.id)
    ).all()
    assert chain == ["roster.reopened", "attendance.marked", "credit.changed", "roster.closed"]


def test_a_correction_needs_a_reason(ivo: Person) -> None:
    offering, [ana] = closed(ivo, "Ana Sample")
    with pytest.raises(ReasonNeeded):
        correct(offering, ana, 60, ivo, " ")


def test_an_open_roster_is_marked_and_not_corrected(ivo: Person) -> None:
    offering = sheets.held()
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    with pytest.raises(refusals.RosterOpen):
        correct(offering, ana, 60, ivo)


def test_a_correction_that_is_refused_leaves_the_roster_as_it_was(ivo: Person) -> None:
    offering, [ana] = closed(ivo, "Ana Sample")
    db.session.commit()
    with pytest.raises(refusals.MinutesOutOfRange):
        correct(offering, ana, 999, ivo)
    db.session.rollback()
    assert queries.closing_of(offering) is not None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RosterClosing)) == 1


def test_closing_again_without_a_change_leaves_every_credit_in_force(ivo: Person) -> None:
    offering, _ = closed(ivo, "Ana Sample", "Ben Sample", topics=("TF.attachment",))
    before = {credit.id for credit in queries.credits_in_force(offering)}
    services.reopen(offering, by=ivo, reason="to look again")
    assert services.close(offering, by=ivo) == []
    assert {credit.id for credit in queries.credits_in_force(offering)} == before


@pytest.mark.parametrize("change", ["rule", "reviewed", "tag", "unmapped topic"])
def test_closing_again_supersedes_what_says_something_else_by_now(ivo: Person, change: str) -> None:
    offering, _ = closed(ivo, "Ana Sample", topics=("TF.attachment",))
    services.reopen(offering, by=ivo, reason="the course changed")
    match change:
        case "rule":
            offering.course.credit_rule = CreditRule.QUARTER_HOUR
        case "reviewed":
            db.session.scalars(sa.select(CourseArea)).one().reviewed_at = offering.created_at
        case "tag":
            offering.course.tags.append(make.tag())
        case _:
            db.session.execute(sa.delete(CourseTopic))
            db.session.expire(offering.course)
    assert [credit.minutes for credit in services.close(offering, by=ivo)] == [180]


def test_topics_and_tags_are_kept_as_they_were_mapped_that_day(ivo: Person) -> None:
    offering, _ = closed(ivo, "Ana Sample", topics=("TF.attachment",), tags=[make.tag()])
    db.session.execute(sa.delete(CourseTopic))
    credit = in_force(offering)["Ana"]
    assert [row.topic.code for row in credit.topics] == ["TF.attachment"]
    assert [tag.code for tag in credit.tags] == ["rsc_provision"]


def test_closing_asks_for_the_certificates_each_time(ivo: Person) -> None:
    offering, [ana] = closed(ivo, "Ana Sample")
    correct(offering, ana, 60, ivo)
    jobs = db.session.scalars(sa.select(Job).where(Job.kind == "issue_certificates")).all()
    assert [job.payload for job in jobs] == [{"offering_id": offering.id}] * 2


def test_the_credit_says_how_attendance_was_taken(ivo: Person) -> None:
    offering = sheets.held(meetings=2)
    [ana] = sheets.seat(offering, "Ana Sample", by=ivo)
    first, second = offering.meetings
    services.mark(offering, [Cell(first, ana, 180)], by=ivo, method=Method.CODE)
    services.mark(offering, [Cell(second, ana, 180)], by=ivo)
    [credit] = services.close(offering, by=ivo)
    assert credit.taken_by == "roll call; check-in code"
