"""The certificate of a certificate course: its parts, each with its own hours."""

import pytest
import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.certificates import services
from catalog.certificates.models import Certificate, CertificateKind
from catalog.certificates.queries import sources
from catalog.courses.models import Course, CreditRule, Kind, course_component
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from tests import factories as make
from tests.certificates.papers import certificates, closed, correct, said

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def course() -> Course:
    """Two parts, which Ana has been to."""
    whole = make.course("The whole of it", kind=Kind.CERTIFICATE_COURSE)
    for position, code in enumerate(("TF", "REF")):
        part = make.course(f"Part {code}", areas=(code,), credit_rule=CreditRule.QUARTER_HOUR)
        rows = {"course_id": whole.id, "component_id": part.id, "position": position}
        db.session.execute(sa.insert(course_component).values(rows))
    db.session.refresh(whole)
    return whole


@pytest.fixture
def ana(course: Course) -> Person:
    ana = make.person("Ana Sample")
    for part in course.components:
        offering = closed(of=part)
        (mine,) = db.session.scalars(sa.select(Enrollment).where(Enrollment.offering_id == offering.id))
        ana = mine.person if part is course.components[0] else ana
        mine_too: list[Enrollment | Credit] = [mine, *sources.credits_of(mine.person, [part.id])]
        for row in mine_too:
            row.person_id = ana.id
    db.session.flush()
    db.session.expire_all()
    return ana


def issue(person: Person, course: Course) -> Certificate:
    made = services.issue_for_course(person, course)
    assert made is not None
    return made


def test_it_names_its_parts_with_their_hours(course: Course, ana: Person) -> None:
    text = said(issue(ana, course))
    assert text["Course"] == "The whole of it"
    assert text["Kind"] == "Certificate course"
    assert text["Part 1"].startswith("Part TF; ")
    assert text["Part 2"].endswith("; Training hours 3 h (180 minutes)")
    assert {"Area TF", "Area REF"} <= set(text)


def test_it_is_issued_once(course: Course, ana: Person) -> None:
    first = issue(ana, course)
    assert issue(ana, course) is first
    assert [one.kind for one in certificates()] == [CertificateKind.COURSE]


def test_corrected_hours_of_a_part_supersede_it(course: Course, ana: Person) -> None:
    old = issue(ana, course)
    correct(sources.credits_of(ana, [course.components[0].id])[0].offering, 90)
    new = issue(ana, course)
    assert (old.superseded_by_id, new.is_in_force) == (new.id, True)
    assert "1 h 30 min (90 minutes)" in said(new)["Part 1"]


def test_a_revoked_one_is_not_issued_again(course: Course, ana: Person) -> None:
    services.revoke(issue(ana, course), by=ana, reason="Not finished")
    assert services.issue_for_course(ana, course) is None
