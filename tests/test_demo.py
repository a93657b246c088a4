"""The demo: what a new visitor finds, told through the services that pages use."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from catalog import clock, create_app, demo
from catalog.accounts import passwords
from catalog.accounts.models import Person, Qualification
from catalog.accounts.queries import person_with_email
from catalog.attendance import deadlines
from catalog.attendance.models import Credit, Mark, RosterClosing
from catalog.certificates.models import Certificate, CertificateKind
from catalog.config import read
from catalog.courses.models import Course, CourseState, Format, Kind, Meeting, Offering, OfferingState
from catalog.demo.programme import plan
from catalog.demo.scenes import apart, scene_of
from catalog.disputes.models import Dispute
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.evaluation.models import Evaluation
from catalog.evaluation.queries import to_give
from catalog.extensions import db, writing
from catalog.notices.models import Job, JobState
from catalog.places import counties
from catalog.records import queries
from catalog.records.models import CheckState, Education, EntrySource, EntryState, HourEntry
from catalog.reports.checking import invariants
from tests import engines, factories

AT = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


class Loaded(NamedTuple):
    app: Flask
    lines: list[str]


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Loaded]:
    """The demo as it stands at AT, in a database of its own: other tests empty theirs."""
    folder = tmp_path_factory.mktemp("demo")
    server, name = os.environ.get("TEST_DATABASE_URL"), f"catalog_demo_{worker_id}_{os.getpid()}"
    url = engines.create_database(server, name) if server else f"sqlite:///{folder}/demo.db"
    app = create_app(read({"DEMO": "1", "DATABASE_URL": url}, folder), TESTING=True)
    with app.app_context():
        writing.set(True)
        upgrade()
        lines = demo.load(AT)
        db.session.commit()
    yield Loaded(app, lines)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if server:
        engines.drop_database(server, name)


@pytest.fixture
def then(loaded: Loaded) -> Iterator[None]:
    """An application context at the instant for which the demo was loaded."""
    with loaded.app.app_context(), clock.at(AT):
        writing.set(False)
        yield
        writing.set(True)


def all_of(model: type[Any], *where: Any) -> list[Any]:
    return list(db.session.scalars(sa.select(model).where(*where)))


def of(name: str) -> Person:
    person = person_with_email(f"{name}@example.org")
    assert person is not None
    return person


UPCOMING = sa.and_(Offering.starts_at > AT, Offering.state == OfferingState.SCHEDULED)
PAST = Offering.ends_at <= AT


@pytest.mark.usefixtures("then")
def test_all_real_listings_are_there() -> None:
    assert len(all_of(Course, Course.import_key.is_not(None))) == 85


@pytest.mark.usefixtures("then")
def test_there_is_much_to_come_and_enough_past() -> None:
    upcoming, past = all_of(Offering, UPCOMING), all_of(Offering, PAST)
    assert 60 <= len(upcoming) <= 90
    assert 20 <= len(past) <= 35
    assert max(offering.starts_at for offering in upcoming) < datetime(2027, 4, 25, tzinfo=UTC)
    assert min(offering.starts_at for offering in past) > datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.usefixtures("then")
def test_every_kind_and_every_format_has_sessions_to_come() -> None:
    upcoming = all_of(Offering, sa.or_(UPCOMING, Offering.starts_at.is_(None)))
    kinds = Counter(offering.course.kind for offering in upcoming)
    assert all(kinds[kind] >= 4 for kind in Kind)
    assert {offering.format for offering in upcoming} == set(Format)


@pytest.mark.usefixtures("then")
def test_sessions_are_in_real_counties_or_online() -> None:
    found = all_of(Offering)
    placed = {offering.county for offering in found if offering.county}
    assert len(placed) >= 20
    assert placed <= counties().keys()
    for offering in found:
        is_placed = offering.format in (Format.IN_PERSON, Format.HYBRID)
        assert bool(offering.county) == is_placed
        assert offering.place.startswith("Sample" if is_placed else "")


@pytest.mark.usefixtures("then")
def test_everything_made_up_is_visibly_a_sample() -> None:
    people = all_of(Person)
    assert len(people) == 49
    assert all(person.is_sample and person.name.endswith(" Sample") for person in people)
    assert all(person.email.endswith(("@example.org", "@work.example.org")) for person in people)
    assert all(offering.is_sample for offering in all_of(Offering))
    assert all("ample" in course.title for course in all_of(Course, Course.import_key.is_(None)))


@pytest.mark.usefixtures("then")
def test_some_are_full_with_people_waiting_in_order() -> None:
    waiting = Counter(row.offering_id for row in all_of(Enrollment, Enrollment.state == State.WAITING))
    full = [offering for offering in all_of(Offering, UPCOMING) if waiting[offering.id]]
    assert len(full) >= 5


@pytest.mark.usefixtures("then")
def test_some_are_unlimited_and_have_no_queue() -> None:
    unlimited = all_of(Offering, Offering.capacity.is_(None))
    assert {offering.course.kind for offering in unlimited} == {Kind.IN_SERVICE}
    assert any(offering.format == Format.SELF_PACED for offering in unlimited)
    ids = [offering.id for offering in unlimited]
    states = {row.state for row in all_of(Enrollment, Enrollment.offering_id.in_(ids))}
    assert states <= {State.SEATED, State.WITHDRAWN}


@pytest.mark.usefixtures("then")
def test_offers_are_open_and_requests_wait_for_an_answer() -> None:
    offers = all_of(Enrollment, Enrollment.state == State.OFFERED)
    requests = all_of(Enrollment, Enrollment.state == State.REQUESTED)
    assert len(offers) >= 2
    assert all(offer.offer_ends_at > AT for offer in offers)
    assert len(requests) >= 5
    assert all(not request.offering.has_begun(AT) for request in requests)
    assert any(request.answer for request in requests)
    assert any(request.offering.needs_approval for request in requests)


@pytest.mark.usefixtures("then")
def test_ana_has_everything_a_learner_can_have() -> None:
    mine = all_of(Enrollment, Enrollment.person_id == of("ana").id)
    to_come = [one for one in mine if not one.offering.is_over(AT)]
    states = Counter(one.state for one in to_come)
    assert states[State.SEATED] >= 2
    assert (states[State.WAITING], states[State.OFFERED], states[State.REQUESTED]) == (1, 1, 1)
    assert of("ana").county == "01131"
    credit = all_of(Credit, Credit.person_id == of("ana").id, Credit.minutes > 0)
    assert len(credit) >= 2


@pytest.mark.usefixtures("then")
def test_nobody_is_at_two_places_at_once() -> None:
    by_person: dict[int, list[Meeting]] = {}
    for one in all_of(Enrollment, Enrollment.state.in_(LIVE)):
        by_person.setdefault(one.person_id, []).extend(one.offering.sittings)
    for meetings in by_person.values():
        in_order = sorted(meetings, key=lambda meeting: meeting.starts_at)
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(in_order))


@pytest.mark.usefixtures("then")
def test_past_rosters_are_closed_but_for_three() -> None:
    closed = {closing.offering_id for closing in all_of(RosterClosing)}
    open_ones = [offering for offering in all_of(Offering, PAST) if offering.id not in closed]
    marked = {mark.meeting.offering_id for mark in all_of(Mark)}
    assert len(open_ones) == 3
    assert len([offering for offering in open_ones if offering.id in marked]) == 1
    assert all_of(Credit, Credit.ledger == "rsc", Credit.not_counted_because == "", Credit.minutes > 0)


@pytest.mark.usefixtures("then")
def test_one_session_is_cancelled_with_a_reason() -> None:
    (cancelled,) = all_of(Offering, Offering.state == OfferingState.CANCELLED)
    assert "sample reason" in cancelled.cancel_reason
    assert cancelled.starts_at > AT


@pytest.mark.usefixtures("then")
def test_courses_stand_on_every_step_of_their_way() -> None:
    states = Counter(course.state for course in all_of(Course))
    assert (states[CourseState.DRAFT], states[CourseState.IN_REVIEW], states[CourseState.CHANGES_ASKED]) == (
        1,
        1,
        1,
    )
    ivo = of("ivo")
    assert [course.owner_id for course in all_of(Course, Course.state == CourseState.DRAFT)] == [ivo.id]
    (part_2,) = all_of(Course, Course.title.contains("part 2"))
    assert [course.title for course in part_2.required] == ["Sample course: Watching together, part 1"]


@pytest.mark.usefixtures("then")
def test_ivo_provides_supervision_that_counts() -> None:
    held = all_of(Qualification, Qualification.person_id == of("ivo").id)
    assert {one.category_code: one.provides_rsc for one in held if one.holds(AT.date())} == {
        "IFS": False,
        "ERS": True,
    }


@pytest.mark.usefixtures("then")
def test_some_speak_spanish_some_cost_and_some_are_eastern() -> None:
    upcoming = all_of(Offering, UPCOMING)
    assert any(offering.interpretation == "Spanish interpretation" for offering in upcoming)
    assert any(offering.language == "Spanish" for offering in upcoming)
    assert any(offering.zone == "America/New_York" and not offering.county for offering in upcoming)
    prices = [(offering.price_cents, offering.member_price_cents) for offering in upcoming]
    assert {0, None} < {price for price, _ in prices}
    assert any(member is not None and price is not None and member < price for price, member in prices)
    assert any(len(offering.meetings) > 5 for offering in upcoming)


@pytest.mark.usefixtures("then")
def test_every_password_is_the_one_that_is_printed(loaded: Loaded) -> None:
    for email, does in demo.SIGN_INS:
        person = person_with_email(email)
        assert person is not None
        assert passwords.is_right(person.password_hash, demo.PASSWORD)
        assert f"{email} {does}; the password is “sample password”." in loaded.lines
    assert len({person.password_hash for person in all_of(Person)}) == 1


@pytest.mark.usefixtures("then")
def test_nobody_is_written_to_about_what_was_made_up() -> None:
    due = all_of(Job, Job.state == JobState.READY)
    assert {job.kind for job in due} <= {"lapse_offer", "remind_of_offer"}
    assert all(job.run_at > AT for job in due)


@pytest.mark.usefixtures("then")
def test_nothing_happened_before_its_course_and_its_people_were_there() -> None:
    assert all(offering.course.created_at < offering.created_at for offering in all_of(Offering))
    assert all(one.offering.created_at < one.joined_at < AT for one in all_of(Enrollment))
    assert max(person.created_at for person in all_of(Person)) < min(one.created_at for one in all_of(Course))


@pytest.mark.usefixtures("then")
def test_some_sessions_were_judged_by_many_some_by_few_and_ana_is_still_asked() -> None:
    answers = Counter(one.offering_id for one in all_of(Evaluation))
    assert len([count for count in answers.values() if count >= 5]) >= 5
    assert len([count for count in answers.values() if count < 5]) >= 2
    assert any(one.objectives for one in all_of(Evaluation))
    waiting = [one.course.title for one in to_give(of("ana")) if one.course.asking == "before_certificate"]
    assert waiting == ["Sample course: Watching together, part 1"]


@pytest.mark.usefixtures("then")
def test_hours_have_certificates_and_one_was_corrected_and_one_revoked() -> None:
    found = db.session.scalars(sa.select(Certificate)).all()
    in_force = {(one.person_id, one.offering_id) for one in found if one.is_in_force}
    earned = db.session.execute(
        sa.select(Credit.person_id, Credit.offering_id)
        .where(Credit.superseded_at.is_(None), Credit.minutes > 0)
        .distinct()
    )
    assert len({tuple(row) for row in earned} - in_force) < len(in_force) / 4
    assert sum(one.superseded_at is not None for one in found) >= 1
    assert sum(one.revoked_by_id is not None for one in found) == 1
    assert all("Sample" in one.facts["person"] for one in found)


@pytest.mark.usefixtures("then")
def test_the_invariants_hold() -> None:
    assert [name for name, _, query in invariants.ALL if db.session.execute(query).first()] == []


def test_the_plan_is_the_same_for_the_same_day() -> None:
    assert plan(AT, Random(3)) == plan(AT, Random(3))
    assert plan(AT, Random(3)) != plan(AT, Random(4))


@pytest.mark.parametrize("month", range(1, 13))
def test_on_any_day_of_the_year_ana_can_be_where_she_should(month: int) -> None:
    sessions = apart(plan(datetime(2027, month, month * 2, 3, tzinfo=UTC), Random(demo.SEED)))
    days = [
        sitting.starts.date() for session in sessions if scene_of(session).ana for sitting in session.sittings
    ]
    assert len(days) == len(set(days)) > 8
    assert all(day.weekday() != 6 for day in days)


@pytest.mark.usefixtures("context")
def test_the_demo_is_not_loaded_over_people() -> None:
    factories.person()
    with pytest.raises(demo.NotEmpty, match="people in this catalog already"):
        demo.load(AT)


@pytest.mark.usefixtures("context")
def test_the_demo_is_only_for_demo_mode(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "CATALOG", replace(app.config["CATALOG"], demo=False))
    with pytest.raises(demo.NotADemo, match="only in demo mode"):
        demo.load(AT)


@pytest.mark.usefixtures("then")
def test_ana_disputes_one_mark_and_another_was_put_right() -> None:
    asked, settled = (
        all_of(Dispute, Dispute.state == "with_trainer"),
        all_of(Dispute, Dispute.state == "settled"),
    )
    assert [(len(one.entries), one.enrollment.person) for one in asked] == [(1, of("ana"))]
    [one] = settled
    assert [(entry.act, entry.minutes_after) for entry in one.entries] == [
        ("opened", None),
        ("answered", one.meeting.minutes),
        ("accepted", None),
    ]
    assert len(all_of(Credit, Credit.enrollment_id == one.enrollment_id)) == 2


@pytest.mark.usefixtures("then")
def test_one_roster_is_overdue_for_eight_days_and_everybody_was_reminded() -> None:
    rows, _ = deadlines.overdue(AT, 1)
    [row] = [row for row in rows if row.offering.course.title == "Sample course: The first home visit"]
    assert (row.days(AT), row.unmarked > 0) == (8, True)
    assert list(deadlines.reminders(rows, AT.date())[row.offering.id]) == [1, 3, 5, 7]


@pytest.mark.usefixtures("then")
def test_ana_is_on_her_way_to_a_certificate_and_somebody_has_it() -> None:
    [begun] = queries.begun(of("ana"), [])
    assert (begun.finished, len(begun.parts)) == (2, 3)
    assert all_of(Certificate, Certificate.kind == CertificateKind.COURSE)


@pytest.mark.usefixtures("then")
def test_one_education_was_seen_and_one_waits() -> None:
    found = all_of(Education)
    assert sorted(one.state for one in found) == [CheckState.CHECKED, CheckState.PENDING]
    assert all(one.evidence for one in found)


@pytest.mark.usefixtures("then")
def test_ana_brings_hours_in_every_state_and_somebody_imported_a_table() -> None:
    hers = all_of(HourEntry, HourEntry.person_id == of("ana").id)
    assert {one.state for one in hers} == {EntryState.PENDING, EntryState.VERIFIED, EntryState.RETURNED}
    assert {one.ledger for one in hers} == {"training", "rsc"}
    consulted = [one for one in hers if one.ledger == "rsc"]
    assert {(one.is_group, one.provider_standing, one.provider_categories) for one in consulted} == {
        (False, "endorsed", "IMHM-C")
    }
    imported = all_of(HourEntry, HourEntry.source == EntrySource.IMPORTED)
    assert len(imported) == 4
    assert all(one.topics or one.areas for one in imported if one.ledger == "training")
    made = [one.title for one in (*hers, *imported) if one.provider_id is None]
    assert all("(sample)" in title for title in made)
