"""Two accounts become one: what moves, what stays, and what is refused."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts import claims
from catalog.accounts.models import Person
from catalog.accounts.queries import person_signed_in, person_with_email
from catalog.accounts.services import AccountJoined, begin_sign_in
from catalog.attendance import services as attendance
from catalog.attendance.models import Credit
from catalog.certificates import services as certificates
from catalog.certificates.models import Certificate
from catalog.coordinating import services
from catalog.coordinating.queries import merging as queries
from catalog.coordinating.refusals import (
    AdministratorsOnly,
    BothHaveHours,
    BothThere,
    LookedAfterTheOther,
    Merged,
    NotAsShown,
    OwnAccount,
    ProvidesForTheOther,
)
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.following.models import Interest
from catalog.groups.models import RscSession
from catalog.notices import audit
from catalog.notices.models import AuditEntry, Job
from catalog.records import services as records
from catalog.records.models import EntryState
from tests import factories as make
from tests.attendance import sheets
from tests.coordinating.accounts import broken, count, joined, two
from tests.coordinating.rows import row
from tests.endorsement import goals
from tests.records.entries import said, verified

pytestmark = pytest.mark.usefixtures("context")


def attended(person: Person, ivo: Person) -> int:
    """A session that is over and closed, with hours and a certificate of this person's; its number."""
    offering = sheets.held(trainer_id=ivo.id)
    enrollment.add(person, offering, by=ivo)
    sheets.mark_all(offering, by=ivo)
    attendance.close(offering, by=ivo)
    certificates.issue_for_offering(offering.id)
    return offering.id


def test_seats_hours_and_certificates_belong_to_the_account_that_is_kept() -> None:
    kept, gone, mira = two()
    attended(gone, make.person("Ivo Sample", is_trainer=True))
    joined(kept, gone, mira)
    for table in (Enrollment, Credit, Certificate):
        assert (count(table, person_id=kept.id), count(table, person_id=gone.id)) == (1, 0)
    assert broken() == set()


def test_what_a_trainer_teaches_is_taught_by_the_account_that_is_kept() -> None:
    kept, gone, mira = two(is_trainer=True)
    offering = make.offering(make.course(owner_id=gone.id), trainer_id=gone.id)
    joined(kept, gone, mira)
    assert (offering.trainer_id, offering.course.owner_id) == (kept.id, kept.id)


def test_the_kept_account_takes_over_what_it_does_not_say_itself() -> None:
    until = date(2027, 6, 30)
    kept, gone, mira = two(county="01101", licence="A 12345", member_until=until)
    kept.county = "01003"
    joined(kept, gone, mira)
    assert (kept.county, kept.licence, kept.member_until) == ("01003", "A 12345", until)
    assert kept.second_email == "ana.old@example.org"


def test_nobody_stays_signed_in_to_the_account_that_is_gone() -> None:
    kept, gone, mira = two()
    token, other = begin_sign_in(gone), begin_sign_in(kept)
    joined(kept, gone, mira)
    db.session.commit()
    assert person_signed_in(token) is None
    assert person_signed_in(other) is kept


def test_a_sign_in_that_opens_at_the_same_moment_opens_nothing() -> None:
    kept, gone, mira = two()
    joined(kept, gone, mira)
    token = begin_sign_in(gone)
    db.session.commit()
    assert person_signed_in(token) is None


def test_the_old_address_finds_the_account_that_is_kept() -> None:
    kept, gone, mira = two()
    joined(kept, gone, mira)
    assert person_with_email("Ana.Old@example.org") is kept


def test_accounts_that_were_joined_before_go_along() -> None:
    kept, gone, mira = two()
    first = make.person("Ana Sample", email="ana.first@example.org")
    joined(gone, first, mira)
    joined(kept, gone, mira)
    assert person_with_email("ana.first@example.org") is kept


def test_nothing_comes_to_an_account_that_is_gone() -> None:
    kept, gone, mira = two()
    joined(kept, gone, mira)
    with pytest.raises(AccountJoined):
        enrollment.enroll(gone, make.offering(), by=gone)


def test_both_on_one_session_is_refused_with_its_name() -> None:
    kept, gone, mira = two()
    offering = make.offering(make.course("Attachment"))
    for person in (kept, gone):
        enrollment.enroll(person, offering, by=person)
    with pytest.raises(BothThere, match="“Attachment” on"):
        joined(kept, gone, mira)
    assert gone.merged_into_id is None


def test_one_who_left_a_session_and_one_who_is_on_it_are_joined() -> None:
    kept, gone, mira = two()
    offering = make.offering()
    enrollment.withdraw(enrollment.enroll(gone, offering, by=gone), by=gone)
    enrollment.enroll(kept, offering, by=kept)
    joined(kept, gone, mira)
    assert count(Enrollment, person_id=kept.id) == 2
    assert broken() == set()


def test_hours_for_the_same_session_are_not_counted_twice() -> None:
    kept, gone, mira = two()
    offering = make.offering(make.course("Attachment"))
    for person in (kept, gone):
        left = row("enrollment", person_id=person.id, offering_id=offering.id)["id"]
        row("credit", person_id=person.id, offering_id=offering.id, enrollment_id=left)
    with pytest.raises(BothHaveHours, match="“Attachment” on"):
        joined(kept, gone, mira)


def test_of_two_goals_of_one_category_the_kept_one_counts() -> None:
    kept, gone, mira = two()
    category = make.category()
    own, other = goals.goal(kept, category), goals.goal(gone, category)
    made = joined(kept, gone, mira)
    db.session.refresh(other)
    assert (own.person_id, other.person_id) == (kept.id, gone.id)
    assert (own.dropped_at, other.dropped_at is None) == (None, False)
    assert made.moved["left"] == {"goal.person_id": [[other.id]]}


def test_a_goal_that_was_left_aside_is_taken_up_with_the_other_one() -> None:
    kept, gone, mira = two()
    category = make.category()
    own = goals.goal(kept, category)
    own.dropped_at = clock.now()
    goals.goal(gone, category)
    joined(kept, gone, mira)
    db.session.refresh(own)
    assert own.dropped_at is None


def test_interest_in_one_course_is_there_once() -> None:
    kept, gone, mira = two()
    course = make.course()
    for person in (kept, gone):
        db.session.add(Interest(course_id=course.id, person_id=person.id, since=clock.now()))
    joined(kept, gone, mira)
    open_ones = sa.select(Interest.person_id).where(Interest.ended_at.is_(None))
    assert db.session.scalars(open_ones).all() == [kept.id]


def test_a_course_certificate_that_both_have_stays_with_those_before_it() -> None:
    kept, gone, mira = two()
    course = make.course()
    row("certificate", person_id=kept.id, course_id=course.id)
    older = row("certificate", person_id=gone.id, course_id=course.id, superseded_at=clock.now())["id"]
    newer = row("certificate", person_id=gone.id, course_id=course.id)["id"]
    db.session.get_one(Certificate, older).superseded_by_id = newer
    row("certificate", person_id=gone.id, course_id=make.course().id)
    joined(kept, gone, mira)
    assert (count(Certificate, person_id=kept.id), count(Certificate, person_id=gone.id)) == (2, 2)
    assert broken() == set()


def test_it_is_written_down_and_both_addresses_are_told() -> None:
    kept, gone, mira = two()
    joined(kept, gone, mira)
    [entry] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "person.merged"))
    assert (entry.by_id, entry.about_id, entry.person_id) == (mira.id, gone.id, kept.id)
    mail = db.session.scalars(sa.select(Job).where(Job.kind == "mail")).all()
    assert {job.payload["to"] for job in mail} == {"ana@example.org", "ana.old@example.org"}
    assert all("a…@e….org" in job.payload["text"] for job in mail)
    assert not any("ana@example.org" in job.payload["text"] for job in mail)


def test_goals_and_certificates_are_looked_at_again() -> None:
    kept, gone, mira = two()
    gone.name = "Ana Other"
    goals.goal(gone, make.category())
    joined(kept, gone, mira)
    kinds = set(db.session.scalars(sa.select(Job.kind)))
    assert {"recount_person", "reissue_certificates"} <= kinds


def test_an_old_preview_is_refused() -> None:
    kept, gone, mira = two()
    seen = queries.preview(kept, gone, mira).stand
    enrollment.enroll(gone, make.offering(), by=gone)
    with pytest.raises(NotAsShown):
        services.merge(kept.id, gone.id, seen, by=mira)


def test_an_account_is_joined_once() -> None:
    kept, gone, mira = two()
    joined(kept, gone, mira)
    with pytest.raises(Merged):
        joined(make.person("Ana Sample"), gone, mira)
    with pytest.raises(Merged):
        joined(gone, make.person("Ana Sample"), mira)


def test_a_link_to_claim_the_account_opens_nothing_any_more() -> None:
    kept, gone, mira = two(password_hash=None)
    link = claims.token_for(gone)
    joined(kept, gone, mira)
    assert claims.person_of(link) is None


def test_nobody_ends_the_account_they_are_signed_in_with() -> None:
    kept, _, mira = two()
    with pytest.raises(OwnAccount):
        joined(kept, mira, mira)


def test_an_administrator_is_joined_by_an_administrator_alone() -> None:
    kept, gone, mira = two(is_administrator=True)
    with pytest.raises(AdministratorsOnly):
        joined(kept, gone, mira)
    joined(kept, gone, make.person("Ada Sample", is_administrator=True))
    assert not kept.is_administrator


def test_hours_that_one_verified_for_the_other_stand_in_the_way() -> None:
    kept, gone, mira = two(coordinates=True)
    verified(kept, gone)
    with pytest.raises(LookedAfterTheOther):
        joined(kept, gone, mira)


def test_hours_that_one_wrote_down_for_the_other_stand_in_the_way() -> None:
    kept, gone, mira = two(coordinates=True)
    entry = records.add_hours_for(kept, said(minutes=30), None, by=gone)
    entry.state = EntryState.WITHDRAWN
    with pytest.raises(LookedAfterTheOther):
        joined(kept, gone, mira)


def test_who_gave_the_other_supervision_is_another_person() -> None:
    kept, gone, mira = two()
    db.session.add(
        RscSession(
            person_id=kept.id,
            provider_id=gone.id,
            held_on=clock.now().date(),
            minutes=60,
            asked_at=clock.now(),
        )
    )
    db.session.flush()
    with pytest.raises(ProvidesForTheOther):
        joined(kept, gone, mira)


def test_somebody_seated_out_of_turn_stays_an_exception_that_is_written_down() -> None:
    kept, gone, mira = two()
    offering = make.offering(seats=1)
    seated = enrollment.enroll(gone, offering, by=gone)
    waiting = enrollment.enroll(make.person(), offering, by=mira)
    waiting.queued_at = seated.joined_at - timedelta(days=1)
    assert broken() == {"queue out of order"}
    audit.note("enrollment.seated_out_of_turn", "offering", offering.id, by=mira, person_id=gone.id)
    joined(kept, gone, mira)
    assert broken() == set()
