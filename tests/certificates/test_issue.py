"""Who is issued a certificate, when, and once."""

from datetime import date

import pytest
import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.certificates import services
from catalog.competencies.models import Ledger
from catalog.courses.models import Asking, MeetingKind, Offering
from catalog.evaluation.models import EvaluationGiven
from catalog.extensions import db
from catalog.notices.models import Job
from tests import factories as make
from tests.attendance.sheets import enrollments, held, mark, mark_all, qualified, seat, some_days_ago
from tests.certificates.papers import certificates, closed, issued, said

pytestmark = pytest.mark.usefixtures("context")


def closed_group(leader: Person | None = None) -> Offering:
    ivo = leader or make.person("Ivo Sample", is_trainer=True)
    offering = held(trainer_id=ivo.id)
    for meeting in offering.meetings:
        meeting.ledger = Ledger.RSC
    seat(offering, "Ana Sample", by=ivo)
    mark_all(offering, by=ivo)
    attendance.close(offering, by=ivo)
    return offering


def mails() -> list[str]:
    found = db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id))
    return [job.payload["subject"] for job in found if "certificate" in job.payload["subject"]]


def test_a_closed_roster_gives_everybody_with_hours_a_certificate() -> None:
    offering = closed("Ana Sample", "Ben Sample")
    services.issue_for_offering(offering.id)
    assert [one.facts["person"] for one in certificates()] == ["Ana Sample", "Ben Sample"]


def test_issuing_twice_issues_once() -> None:
    offering = closed()
    first = issued(offering)
    assert services.issue_for_offering(offering.id) == []
    assert certificates() == [first]


def test_an_open_roster_gives_no_certificate() -> None:
    ivo = make.person("Ivo Sample")
    offering = held(trainer_id=ivo.id)
    seat(offering, "Ana Sample", by=ivo)
    mark_all(offering, by=ivo)
    assert services.issue_for_offering(offering.id) == []


def test_hours_of_a_roster_that_was_opened_again_are_not_final() -> None:
    offering = closed()
    attendance.reopen(offering, by=make.person("Mira Sample"), reason="A name is missing")
    assert services.issue_for_offering(offering.id) == []
    attendance.close(offering, by=make.person("Mira Sample"))
    assert issued(offering).is_in_force


def test_nobody_is_certified_without_hours() -> None:
    assert services.issue_for_offering(closed(minutes=0).id) == []


def test_an_offering_that_does_not_exist_gives_none() -> None:
    assert services.issue_for_offering(999999) == []


def test_a_certificate_waits_for_a_required_evaluation() -> None:
    course = make.course(areas=("TF",), asking=Asking.BEFORE_CERTIFICATE)
    offering = closed(of=course)
    assert services.issue_for_offering(offering.id) == []
    (mine,) = enrollments(offering)
    db.session.add(EvaluationGiven(enrollment_id=mine.id, given_on=date(2026, 11, 1)))
    db.session.flush()
    assert issued(offering).person_id == mine.person_id


def test_an_optional_evaluation_holds_nobody_up() -> None:
    assert issued(closed(of=make.course(areas=("TF",), asking=Asking.OPTIONAL))).is_in_force


def test_the_person_is_told_once_with_the_link() -> None:
    offering = closed()
    certificate = issued(offering)
    services.issue_for_offering(offering.id)
    job = db.session.scalars(sa.select(Job).where(Job.dedupe_key == f"ready certificate {certificate.id}"))
    assert f"/c/{certificate.number}" in job.one().payload["text"]
    assert len(mails()) == 1


def test_a_page_is_asked_for() -> None:
    certificate = issued(closed())
    (job,) = db.session.scalars(sa.select(Job).where(Job.kind == "render_certificate"))
    assert job.payload == {"certificate_id": certificate.id}


def test_group_hours_without_a_qualified_facilitator_say_that_they_do_not_count() -> None:
    offering = closed_group()
    text = said(issued(offering))
    assert text["Group hours, not RSC hours"] == "3 h (180 minutes)"
    assert "held no qualification to provide RSC" in text["Does not count"]


def test_a_qualified_facilitator_stands_on_it_with_what_was_held_on_that_day() -> None:
    ivo = make.person("Ivo Sample", is_trainer=True)
    qualified(ivo)
    text = said(issued(closed_group(ivo)))
    assert text["Reflective supervision/consultation (RSC) hours"] == "3 h (180 minutes)"
    assert text["Trainer"] == "Ivo Sample (Sample reflective supervisor)"
    assert "Does not count" not in text


def test_a_qualification_that_had_ended_is_not_printed() -> None:
    ivo = make.person("Ivo Sample", is_trainer=True)
    qualified(ivo, held_until=date(2020, 1, 1))
    assert said(issued(closed(by=ivo)))["Trainer"] == (
        "Ivo Sample (no qualification is recorded for these days)"
    )


def test_own_work_is_said_by_itself_and_own_pace_needs_no_closed_roster() -> None:
    ivo = make.person("Ivo Sample", is_trainer=True)
    offering = make.offering(make.course(areas=("TF",)), meetings=0, trainer_id=ivo.id)
    work = make.meeting(offering, 1, some_days_ago(), 2, kind=MeetingKind.HOMEWORK)
    db.session.expire_all()
    (mine,) = seat(offering, "Ana Sample", by=ivo)
    mark(work, mine, 120, by=ivo)
    attendance.give_hours(offering, by=ivo)
    text = said(issued(offering))
    assert text["Homework"] == "2 h (120 minutes) of 2 h (120 minutes), within the minutes attended"
    assert text["Dates"].startswith("Finished on ")
    assert text["Training hours"] == "2 h (120 minutes)"
