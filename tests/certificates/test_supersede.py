"""Corrected hours or names: a new certificate, and the old one says so. Nothing else changes one."""

import pytest

from catalog.accounts import services as accounts
from catalog.attendance import services as attendance
from catalog.certificates import queries, services
from catalog.certificates.models import Certificate
from catalog.courses.models import Course, CreditRule
from catalog.extensions import db
from tests import factories as make
from tests.certificates.papers import certificates, closed, correct, issued, said

pytestmark = pytest.mark.usefixtures("context")


def quarter_hours() -> Course:
    return make.course(areas=("TF",), credit_rule=CreditRule.QUARTER_HOUR)


def test_corrected_hours_supersede_the_certificate() -> None:
    offering = closed(of=quarter_hours())
    old = issued(offering)
    correct(offering, 90)
    new = issued(offering)
    assert (old.is_in_force, old.superseded_by_id, old.reason) == (
        False,
        new.id,
        "The hours were corrected.",
    )
    assert said(new)["Training hours"] == "1 h 30 min (90 minutes)"


def test_the_old_one_keeps_its_old_hours() -> None:
    offering = closed(of=quarter_hours())
    old = issued(offering)
    correct(offering, 90)
    services.issue_for_offering(offering.id)
    db.session.refresh(old)
    assert said(old)["Training hours"] == "3 h (180 minutes)"


def test_only_the_person_whose_hours_changed_gets_another() -> None:
    offering = closed("Ana Sample", "Ben Sample", of=quarter_hours())
    services.issue_for_offering(offering.id)
    correct(offering, 90)
    (new,) = services.issue_for_offering(offering.id)
    assert new.facts["person"] == "Ana Sample"


def test_the_chain_of_corrections_leads_to_the_last() -> None:
    offering = closed(of=quarter_hours())
    first = issued(offering)
    for minutes in (90, 120):
        correct(offering, minutes)
        last = issued(offering)
    assert queries.newest(first) == last
    assert [one.is_in_force for one in certificates()] == [False, False, True]


def test_the_same_mark_said_again_changes_nothing() -> None:
    offering = closed()
    old = issued(offering)
    correct(offering, 180)
    assert services.issue_for_offering(offering.id) == []
    assert old.is_in_force


def test_a_reopened_roster_leaves_the_certificate_valid() -> None:
    offering = closed()
    old = issued(offering)
    attendance.reopen(offering, by=make.person("Mira Sample"), reason="A name is missing")
    assert services.issue_for_offering(offering.id) == []
    assert old.is_in_force


def test_when_no_hours_are_left_the_certificate_is_revoked() -> None:
    offering = closed(of=quarter_hours())
    old = issued(offering)
    correct(offering, 0)
    assert services.issue_for_offering(offering.id) == []
    assert (old.is_in_force, old.reason) == (False, "The hours were corrected, and none are left.")


def test_hours_that_come_back_are_certified_again() -> None:
    offering = closed(of=quarter_hours())
    issued(offering)
    correct(offering, 0)
    services.issue_for_offering(offering.id)
    correct(offering, 180)
    assert issued(offering).is_in_force


def test_a_course_that_is_edited_later_changes_no_certificate() -> None:
    offering = closed()
    old = issued(offering)
    before = dict(old.facts)
    course = offering.course
    course.title, course.provider, course.credit_percent = "Another title", "Another provider", 50
    db.session.flush()
    assert services.issue_for_offering(offering.id) == []
    db.session.refresh(old)
    assert old.facts == before


def test_another_name_gives_another_certificate_with_the_same_hours() -> None:
    offering = closed()
    old = issued(offering)
    offering.course.title = "Edited since"
    accounts.change_account(old.person, name="Ana Maria Sample", county=None, zone=None, licence=None)
    (new,) = services.reissue_for_person(old.person_id)
    assert (new.facts["person"], new.facts["course"]) == ("Ana Maria Sample", old.facts["course"])
    assert (old.superseded_by_id, old.reason) == (new.id, "The name was corrected.")


def test_a_changed_county_gives_no_other_certificate() -> None:
    old = issued(closed())
    accounts.change_account(old.person, name=old.person.name, county="01101", zone=None, licence=None)
    assert services.reissue_for_person(old.person_id) == []


def test_what_a_coordinator_revoked_is_not_issued_again() -> None:
    offering = closed()
    services.revoke(issued(offering), by=make.person("Mira Sample"), reason="Somebody else sat there")
    assert services.issue_for_offering(offering.id) == []


def test_what_was_revoked_is_issued_again_once_the_hours_are_others() -> None:
    offering = closed(of=quarter_hours())
    services.revoke(issued(offering), by=make.person("Mira Sample"), reason="Not there all the time")
    correct(offering, 90)
    assert said(issued(offering))["Training hours"] == "1 h 30 min (90 minutes)"


def test_nothing_is_ever_erased() -> None:
    offering = closed(of=quarter_hours())
    issued(offering)
    correct(offering, 90)
    services.issue_for_offering(offering.id)
    assert db.session.query(Certificate).count() == 2
