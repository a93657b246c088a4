"""Whoever has finished all parts of a certificate course gets the course's own certificate."""

import pytest
import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.certificates.models import Certificate, CertificateKind
from catalog.cli.work import issue_certificates
from catalog.courses.models import Course, CourseState, CreditRule
from catalog.extensions import db
from catalog.records import services
from catalog.records.refusals import NotFinished
from tests import factories as make
from tests.attendance import sheets
from tests.records import parts
from tests.records.parts import finish
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo Sample", is_trainer=True)


@pytest.fixture
def ana() -> Person:
    return make.person("Ana Sample")


def two() -> tuple[Course, Course]:
    return (
        make.course("Part one (sample)", areas=("TF",), credit_rule=CreditRule.PER_MEETING),
        make.course("Part two (sample)", areas=("TF",), credit_rule=CreditRule.PER_MEETING),
    )


def issued(course: Course) -> list[Certificate]:
    found = sa.select(Certificate).where(
        Certificate.course_id == course.id, Certificate.kind == CertificateKind.COURSE
    )
    return list(db.session.scalars(found.order_by(Certificate.id)))


def test_the_last_part_brings_the_courses_own_certificate(ana: Person, ivo: Person) -> None:
    one, other = two()
    course = parts.certificate_course(one, other)
    services.finish_courses(finish(ana, one, by=ivo).id)
    assert issued(course) == []
    services.finish_courses(finish(ana, other, by=ivo).id)
    [certificate] = issued(course)
    assert certificate.person_id == ana.id
    assert [part["course"] for part in certificate.facts["components"]] == [
        "Part one (sample)",
        "Part two (sample)",
    ]


def test_the_worker_issues_it_after_the_hours_are_given(ana: Person, ivo: Person) -> None:
    [one, _] = two()
    course = parts.certificate_course(one)
    offering = finish(ana, one, by=ivo)
    issue_certificates(1, {"offering_id": offering.id})
    assert len(issued(course)) == 1
    kinds = db.session.scalars(sa.select(Certificate.kind).order_by(Certificate.id)).all()
    assert kinds == [CertificateKind.OFFERING, CertificateKind.COURSE]


def test_done_twice_it_does_nothing_more(ana: Person, ivo: Person) -> None:
    [one, _] = two()
    course = parts.certificate_course(one)
    offering = finish(ana, one, by=ivo)
    for _ in range(2):
        services.finish_courses(offering.id)
    assert len(issued(course)) == 1


def test_parts_finished_before_the_course_existed_count(ana: Person, ivo: Person) -> None:
    one, other = two()
    finish(ana, one, by=ivo)
    course = parts.certificate_course(one, other)
    services.finish_courses(finish(ana, other, by=ivo).id)
    assert len(issued(course)) == 1


def test_each_person_is_looked_at_by_themself(ana: Person, ivo: Person) -> None:
    one, other = two()
    course, otto = parts.certificate_course(one, other), make.person("Otto Sample")
    finish(otto, one, by=ivo)
    services.finish_courses(finish(ana, other, by=ivo).id)
    assert issued(course) == []


@pytest.mark.parametrize("state", [CourseState.DRAFT, CourseState.IN_REVIEW, CourseState.ARCHIVED])
def test_a_course_that_is_not_public_gives_none(ana: Person, ivo: Person, state: CourseState) -> None:
    [one, _] = two()
    course = parts.certificate_course(one, state=state)
    services.finish_courses(finish(ana, one, by=ivo).id)
    assert issued(course) == []


def test_hours_that_do_not_count_finish_nothing(ana: Person, ivo: Person) -> None:
    unmapped = make.course("No area (sample)")
    course = parts.certificate_course(unmapped)
    services.finish_courses(finish(ana, unmapped, by=ivo).id)
    assert issued(course) == []


def test_hours_that_are_corrected_supersede_it(ana: Person, ivo: Person) -> None:
    [one, _] = two()
    course = parts.certificate_course(one)
    offering = finish(ana, one, by=ivo)
    services.finish_courses(offering.id)
    parts.correct(offering, 60, by=ivo)
    services.finish_courses(offering.id)
    old, new = issued(course)
    assert (old.superseded_by_id, new.is_in_force) == (new.id, True)
    assert new.facts["components"][0]["credits"][0]["minutes"] == 60


def test_hours_that_are_corrected_away_revoke_it_and_bring_it_back(ana: Person, ivo: Person) -> None:
    one, other = two()
    course = parts.certificate_course(one, other)
    first, second = finish(ana, one, by=ivo), finish(ana, other, by=ivo)
    services.finish_courses(second.id)
    parts.correct(first, 0, by=ivo)
    services.finish_courses(first.id)
    [certificate] = issued(course)
    assert certificate.revoked_at is not None
    assert "corrected" in certificate.reason
    parts.correct(first, 180, by=ivo)
    services.finish_courses(first.id)
    assert [one.is_in_force for one in issued(course)] == [False, True]


def test_a_part_that_is_added_later_takes_nothing_away(ana: Person, ivo: Person) -> None:
    one, other = two()
    course = parts.certificate_course(one)
    services.finish_courses(finish(ana, one, by=ivo).id)
    parts.put_together(course, (one, other))
    services.finish_courses(finish(ana, other, by=ivo, minutes=0).id)
    [certificate] = issued(course)
    assert certificate.is_in_force


def test_a_part_attended_twice_stays_when_one_of_them_is_corrected_away(ana: Person, ivo: Person) -> None:
    [one, _] = two()
    course = parts.certificate_course(one)
    first, _second = finish(ana, one, by=ivo), finish(ana, one, by=ivo)
    services.finish_courses(first.id)
    parts.correct(first, 0, by=ivo)
    services.finish_courses(first.id)
    assert issued(course)[-1].is_in_force


def test_whoever_had_finished_before_can_claim_it(ana: Person, ivo: Person) -> None:
    one, other = two()
    for part in (one, other):
        finish(ana, part, by=ivo)
    course = parts.certificate_course(one, other)
    assert services.claim(ana, course) == issued(course)[0]


def test_nobody_claims_what_is_not_finished(ana: Person, ivo: Person) -> None:
    one, other = two()
    finish(ana, one, by=ivo)
    with pytest.raises(NotFinished):
        services.claim(ana, parts.certificate_course(one, other))
    with pytest.raises(NotFinished):
        services.claim(ana, parts.certificate_course(title="Without parts"))


def test_an_offering_that_is_part_of_nothing_costs_little(ana: Person, ivo: Person) -> None:
    [one, _] = two()
    offering = finish(ana, one, by=ivo)
    with counted() as statements:
        assert services.finish_courses(offering.id) == []
    assert len(statements) <= 2


def test_a_full_room_is_read_in_a_few_statements(ivo: Person) -> None:
    one, other = two()
    parts.certificate_course(one, other)
    offering = sheets.held(one, seats=30)
    sheets.seat(offering, *(f"Person{number} Sample" for number in range(30)), by=ivo)
    sheets.mark_all(offering, by=ivo)
    attendance.close(offering, by=ivo)
    with counted() as statements:
        services.finish_courses(offering.id)
    assert len(statements) <= 6
