"""A merge is undone: what moved goes back, what came since stays, and what stands in the way is said."""

from datetime import date

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.queries import person_signed_in, person_with_email
from catalog.accounts.services import begin_sign_in
from catalog.attendance import services as attendance
from catalog.attendance.models import Credit
from catalog.certificates import services as certificates
from catalog.certificates.models import Certificate
from catalog.coordinating.refusals import HoursSince, MergedSince, UndoneAlready
from catalog.courses.models import Offering
from catalog.endorsement.models import ShareLink
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from catalog.records import services as records
from catalog.records.models import HourEntry
from tests import factories as make
from tests.attendance import sheets
from tests.coordinating.accounts import broken, count, joined, two, undone
from tests.endorsement import goals
from tests.records.entries import said, written_down

pytestmark = pytest.mark.usefixtures("context")


def to_close(ivo: Person, *people: Person) -> Offering:
    """A session that is over and whose roster nobody has closed, with these people on it."""
    offering = sheets.held(trainer_id=ivo.id)
    for person in people:
        enrollment.add(person, offering, by=ivo)
    return offering


def close(offering: Offering, ivo: Person) -> None:
    sheets.mark_all(offering, by=ivo)
    attendance.close(offering, by=ivo)
    certificates.issue_for_offering(offering.id)


@pytest.fixture
def ivo(context: None) -> Person:
    return make.person("Ivo Sample", is_trainer=True)


def test_both_accounts_have_what_they_had_before(ivo: Person) -> None:
    kept, gone, mira = two(county="01101", licence="A 12345", member_until=date(2027, 6, 30))
    close(to_close(ivo, gone), ivo)
    undone(joined(kept, gone, mira), mira)
    assert count(Credit, person_id=gone.id) == count(Certificate, person_id=gone.id) == 1
    assert count(Enrollment, person_id=kept.id) == 0
    assert (kept.county, kept.licence, kept.member_until, kept.second_email) == (None,) * 4
    assert person_with_email("ana.old@example.org") is gone
    token = begin_sign_in(gone)
    db.session.commit()
    assert person_signed_in(token) is gone
    assert broken() == set()


def test_what_came_since_stays_with_the_account_that_was_kept() -> None:
    kept, gone, mira = two()
    old, new = make.offering(), make.offering()
    enrollment.enroll(gone, old, by=gone)
    made = joined(kept, gone, mira)
    enrollment.enroll(kept, new, by=kept)
    undone(made, mira)
    on = dict(db.session.execute(sa.select(Enrollment.offering_id, Enrollment.person_id)).tuples().all())
    assert on == {old.id: gone.id, new.id: kept.id}
    assert broken() == set()


def test_a_seat_that_was_left_since_stays_left() -> None:
    kept, gone, mira = two()
    enrolled = enrollment.enroll(gone, make.offering(), by=gone)
    made = joined(kept, gone, mira)
    db.session.refresh(enrolled)
    enrollment.withdraw(enrolled, by=kept)
    undone(made, mira)
    db.session.refresh(enrolled)
    assert (enrolled.person_id, enrolled.state) == (gone.id, "withdrawn")
    assert broken() == set()


def test_what_was_changed_on_the_kept_account_since_stays() -> None:
    kept, gone, mira = two(licence="A 12345")
    made = joined(kept, gone, mira)
    kept.licence = "B 99999"
    undone(made, mira)
    assert kept.licence == "B 99999"


def test_a_session_that_got_another_trainer_since_keeps_them(ivo: Person) -> None:
    kept, gone, mira = two(is_trainer=True)
    offering = make.offering(trainer_id=gone.id)
    made = joined(kept, gone, mira)
    offering.trainer_id = ivo.id
    undone(made, mira)
    assert offering.trainer_id == ivo.id


def test_hours_that_were_given_since_go_with_their_place(ivo: Person) -> None:
    kept, gone, mira = two()
    offering = to_close(ivo, gone)
    made = joined(kept, gone, mira)
    db.session.expire_all()
    close(offering, ivo)
    undone(made, mira)
    assert count(Credit, person_id=gone.id) == count(Certificate, person_id=gone.id) == 1
    assert broken() == set()


def test_hours_that_were_given_for_both_together_stand_in_the_way(ivo: Person) -> None:
    kept, gone, mira = two()
    offering = to_close(ivo, gone)
    left = enrollment.add(kept, offering, by=ivo)
    enrollment.remove(left, by=ivo, reason="came with the other account")
    made = joined(kept, gone, mira)
    db.session.expire_all()
    close(offering, ivo)
    with pytest.raises(HoursSince, match="“Course"):
        undone(made, mira)
    assert gone.merged_into_id == kept.id


def test_a_correction_of_hours_goes_with_what_it_corrects() -> None:
    kept, gone, mira = two()
    entry = written_down(gone)
    made = joined(kept, gone, mira)
    db.session.expire_all()
    records.correct_hours(entry, said(minutes=300), None, by=kept)
    undone(made, mira)
    assert count(HourEntry, person_id=gone.id) == 2
    assert broken() == set()


def test_a_certificate_that_was_issued_anew_goes_with_the_old_one(ivo: Person) -> None:
    kept, gone, mira = two()
    gone.name = "Ana Other"
    close(to_close(ivo, gone), ivo)
    made = joined(kept, gone, mira)
    certificates.reissue_for_person(kept.id)
    assert count(Certificate, person_id=kept.id) == 2
    undone(made, mira)
    assert count(Certificate, person_id=gone.id) == 2
    assert broken() == set()


def test_a_goal_that_was_put_at_rest_is_worked_toward_again() -> None:
    kept, gone, mira = two()
    category = make.category()
    own, other = goals.goal(kept, category), goals.goal(gone, category)
    own.dropped_at = clock.now()
    link = ShareLink(
        goal_id=other.id,
        token_hash="0" * 64,
        label="Rosa",
        made_at=clock.now(),
        expires_at=clock.now().replace(year=2040),
    )
    db.session.add(link)
    made = joined(kept, gone, mira)
    db.session.refresh(link)
    assert link.revoked_at is not None
    undone(made, mira)
    for row in (own, other, link):
        db.session.refresh(row)
    assert own.dropped_at is not None
    assert [other.dropped_at, link.revoked_at] == [None, None]


def test_it_is_written_down_and_both_are_told() -> None:
    kept, gone, mira = two()
    undone(joined(kept, gone, mira), mira)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "person.merge_undone")).one()
    assert (entry.by_id, entry.about_id, entry.person_id) == (mira.id, gone.id, kept.id)
    apart = sa.select(Job).where(Job.kind == "mail").order_by(Job.id.desc()).limit(2)
    assert {job.payload["to"] for job in db.session.scalars(apart)} == {kept.email, gone.email}


def test_it_is_undone_once() -> None:
    kept, gone, mira = two()
    made = joined(kept, gone, mira)
    undone(made, mira)
    with pytest.raises(UndoneAlready):
        undone(made, mira)


def test_a_later_merge_is_undone_first() -> None:
    kept, gone, mira = two()
    first = joined(kept, gone, mira)
    second = joined(make.person("Ana Sample"), kept, mira)
    with pytest.raises(MergedSince):
        undone(first, mira)
    undone(second, mira)
    undone(first, mira)
    assert (kept.merged_into_id, gone.merged_into_id) == (None, None)


def test_they_can_be_joined_again() -> None:
    kept, gone, mira = two()
    undone(joined(kept, gone, mira), mira)
    joined(gone, kept, mira)
    assert kept.merged_into_id == gone.id
