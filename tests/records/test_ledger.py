"""Every line of a person's two ledgers: earned here, from elsewhere, and planned; each with how it stands."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from catalog import clock
from catalog.accounts.models import Person, Qualification
from catalog.attendance import services as attendance
from catalog.attendance.models import KnownBy
from catalog.competencies.models import Ledger
from catalog.courses.models import Course, CreditRule, Kind, Offering, OfferingState
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.records import queries, services
from catalog.records.ledger import NO_AREA, RETURNED, Entry, Source, Sure
from catalog.records.models import Standing
from catalog.records.queries.ledger import APPLIED_FOR
from tests import factories as make
from tests.attendance import sheets
from tests.records.entries import DAY, returned, rsc, said, verified, written_down
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("context")
HELD = datetime(2026, 3, 2, 18, tzinfo=UTC)


@pytest.fixture
def ana() -> Person:
    return make.person("Ana Sample")


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo Sample", is_trainer=True)


@pytest.fixture
def mira() -> Person:
    return make.person("Mira Sample", coordinates=True)


def lines(person: Person, at: datetime | None = None) -> list[Entry]:
    db.session.flush()
    return queries.ledger(person.id, at or clock.now())


def line(person: Person) -> Entry:
    [found] = lines(person)
    return found


def attended(
    ana: Person, of: Course, minutes: int, *, by: Person, ledger: Ledger = Ledger.TRAINING
) -> Offering:
    offering = sheets.held(of, starts=HELD, trainer_id=by.id)
    offering.meetings[0].ledger = ledger
    enrollment.add(ana, offering, by=by)
    sheets.mark_all(offering, minutes, by=by)
    attendance.close(offering, by=by)
    return offering


def group(ana: Person, ivo: Person) -> Entry:
    """What a group on 2 March 2026 with Ivo gives."""
    course = make.course(kind=Kind.REFLECTIVE_GROUP, credit_rule=CreditRule.PER_MEETING)
    attended(ana, course, 120, by=ivo, ledger=Ledger.RSC)
    return line(ana)


def qualified(person: Person, code: str = "IFS", **fields: Any) -> None:
    db.session.add(Qualification(person_id=person.id, label="Sample", category_code=code, **fields))
    db.session.flush()


# Earned here.


def test_attendance_is_a_verified_line_with_what_it_covers(ana: Person, ivo: Person) -> None:
    tag = make.tag("iecmh_core")
    course = make.course(
        "Watching",
        topics=("TF.attachment",),
        provider="A provider",
        tags=[tag],
        credit_rule=CreditRule.PER_MEETING,
    )
    offering = attended(ana, course, 150, by=ivo)
    found = line(ana)
    assert (found.source, found.ledger, found.minutes, found.sure) == (
        *(Source.CREDIT, Ledger.TRAINING, 150),
        Sure.VERIFIED,
    )
    assert (found.title, found.provider, found.trainer) == ("Watching", "A provider", "Ivo Sample")
    assert (found.known_by, found.taken_by) == (KnownBy.ATTENDANCE, "roll call")
    assert [*found.areas, *found.topics] == [make.area("TF").id, make.topic("TF.attachment").id]
    assert (found.tags, found.offering_id, found.is_reviewed) == (
        frozenset({"iecmh_core"}),
        offering.id,
        False,
    )
    assert (found.began, found.on) == (date(2026, 3, 2), date(2026, 3, 2))
    assert found.counts


def test_what_does_not_count_here_says_why(ana: Person, ivo: Person) -> None:
    attended(ana, make.course(), 180, by=ivo)
    found = line(ana)
    assert "No competency area is mapped" in found.not_counted
    assert not found.counts


def test_only_the_credit_in_force_is_a_line(ana: Person, ivo: Person) -> None:
    course = make.course(areas=("TF",), credit_rule=CreditRule.PER_MEETING)
    offering = attended(ana, course, 180, by=ivo)
    attendance.reopen(offering, by=ivo, reason="Ana left early")
    sheets.mark_all(offering, 60, by=ivo)
    attendance.close(offering, by=ivo)
    assert line(ana).minutes == 60


def test_whoever_was_not_there_has_no_line(ana: Person, ivo: Person) -> None:
    attended(ana, make.course(areas=("TF",)), 0, by=ivo)
    assert lines(ana) == []


# RSC here: the facilitator as they stood on the day.


def test_an_endorsed_facilitator_is_known_by_their_categories(ana: Person, ivo: Person) -> None:
    qualified(ivo, "IFS")
    qualified(ivo, "ERS", provides_rsc=True)
    found = group(ana, ivo)
    assert found.rsc is not None
    assert (found.rsc.who, found.rsc.standing) == (f"person-{ivo.id}", Standing.ENDORSED)
    assert (found.rsc.categories, found.rsc.is_group) == (frozenset({"IFS", "ERS"}), True)


@pytest.mark.parametrize(
    ("held", "codes", "standing"),
    [
        ({"held_from": date(2026, 3, 2)}, frozenset({"IFS"}), Standing.ENDORSED),
        ({"held_from": date(2026, 3, 3)}, frozenset(), Standing.NOT_ENDORSED),
        ({"held_until": date(2026, 3, 2)}, frozenset({"IFS"}), Standing.ENDORSED),
        ({"held_until": date(2026, 3, 1)}, frozenset(), Standing.NOT_ENDORSED),
        (
            {"held_from": date(2020, 1, 1), "held_until": date(2027, 1, 1)},
            frozenset({"IFS"}),
            Standing.ENDORSED,
        ),
    ],
)
def test_a_qualification_counts_on_its_days_and_no_others(
    ana: Person, ivo: Person, held: dict[str, date], codes: frozenset[str], standing: Standing
) -> None:
    qualified(ivo, "IFS", **held)
    found = group(ana, ivo)
    assert found.rsc is not None
    assert (found.rsc.categories, found.rsc.standing) == (codes, standing)


def test_a_qualification_that_ended_since_still_counts_for_the_day(ana: Person, ivo: Person) -> None:
    qualified(ivo, "ERS", provides_rsc=True)
    found = group(ana, ivo)
    held = db.session.query(Qualification).filter_by(person_id=ivo.id).one()
    held.held_until = date(2026, 6, 1)
    assert line(ana) == found


def test_a_qualification_that_ended_on_the_way_stands_for_the_meetings_that_counted(
    ana: Person, ivo: Person
) -> None:
    qualified(ivo, "ERS", provides_rsc=True, held_until=date(2026, 3, 10))
    course = make.course(kind=Kind.REFLECTIVE_GROUP, credit_rule=CreditRule.PER_MEETING)
    offering = sheets.held(course, starts=HELD, trainer_id=ivo.id, meetings=3)
    for meeting in offering.meetings:
        meeting.ledger = Ledger.RSC
    enrollment.add(ana, offering, by=ivo)
    sheets.mark_all(offering, by=ivo)
    attendance.close(offering, by=ivo)
    found = line(ana)
    assert found.rsc is not None
    assert (found.on, found.minutes, found.not_counted) == (date(2026, 3, 16), 360, "")
    assert (found.rsc.standing, found.rsc.categories) == (Standing.ENDORSED, frozenset({"ERS"}))


def test_a_facilitator_without_any_is_not_endorsed(ana: Person, ivo: Person) -> None:
    found = group(ana, ivo)
    assert found.rsc is not None
    assert found.rsc.standing == Standing.NOT_ENDORSED
    assert found.not_counted


def test_a_training_has_no_provider_of_rsc(ana: Person, ivo: Person) -> None:
    qualified(ivo)
    attended(ana, make.course(areas=("TF",)), 180, by=ivo)
    assert line(ana).rsc is None


# From elsewhere.


def test_what_a_person_says_waits(ana: Person) -> None:
    entry = written_down(ana)
    found = line(ana)
    assert (found.key, found.source, found.number) == (f"entry-{entry.id}", Source.ENTRY, entry.id)
    assert (found.sure, found.known_by, found.taken_by) == (Sure.PENDING, KnownBy.SELF_REPORTED, "")
    assert (found.began, found.on, found.minutes, found.is_reviewed) == (DAY, DAY, 360, False)
    assert (found.trainer, found.provider, found.rsc) == ("A trainer", "An agency", None)
    assert found.counts


def test_verified_is_known_by_a_coordinator(ana: Person, mira: Person) -> None:
    verified(ana, mira)
    found = line(ana)
    assert (found.sure, found.known_by, found.is_reviewed) == (Sure.VERIFIED, KnownBy.COORDINATOR, True)


def test_what_a_coordinator_wrote_says_so(ana: Person, mira: Person) -> None:
    services.add_hours_for(ana, said(), None, by=mira)
    found = line(ana)
    assert (found.sure, found.known_by, found.taken_by) == (
        *(Sure.VERIFIED, KnownBy.COORDINATOR),
        "written down by a coordinator",
    )


def test_what_was_sent_back_does_not_count_and_says_why(ana: Person, mira: Person) -> None:
    returned(ana, mira, "The file is missing.")
    assert line(ana).not_counted == f"{RETURNED}: The file is missing."


def test_topics_bring_their_areas(ana: Person) -> None:
    law = make.area("LAW").id
    topic = make.topic("TF.attachment")
    written_down(ana, areas=frozenset({law}), topics=frozenset({topic.id}))
    found = line(ana)
    assert (found.areas, found.topics) == (frozenset({law, topic.area_id}), frozenset({topic.id}))


def test_a_training_without_an_area_does_not_count_and_rsc_needs_none(ana: Person) -> None:
    written_down(ana, areas=frozenset(), topics=frozenset())
    written_down(ana, what=rsc())
    by_ledger = {found.ledger: found for found in lines(ana)}
    assert by_ledger[Ledger.TRAINING].not_counted == NO_AREA
    assert by_ledger[Ledger.RSC].not_counted == ""


def test_rsc_from_elsewhere_says_what_the_person_knows_of_its_provider(ana: Person) -> None:
    tag = make.tag("rsc_about_rsc_provided")
    written_down(ana, what=rsc(trainer="Tess  SAMPLE", tags=frozenset({tag.id})))
    found = line(ana)
    assert found.rsc is not None
    assert (found.rsc.who, found.rsc.standing) == ("tess sample", Standing.ENDORSED)
    assert (found.rsc.categories, found.rsc.is_group) == (frozenset({"IMHM-C"}), False)
    assert found.tags == frozenset({"rsc_about_rsc_provided"})


def test_what_was_corrected_or_taken_back_is_no_line(ana: Person) -> None:
    first = written_down(ana)
    services.correct_hours(first, said(minutes=300), None, by=ana)
    gone = written_down(ana, minutes=45)
    services.withdraw_hours(gone, by=ana)
    assert line(ana).minutes == 300


# Seats.


def seated(ana: Person, of: Course, by: Person, **fields: Any) -> Offering:
    offering = make.offering(of, trainer_id=by.id, **fields)
    enrollment.add(ana, offering, by=by)
    return offering


def test_a_seat_is_planned_with_what_it_will_cover(ana: Person, ivo: Person) -> None:
    offering = seated(ana, make.course("To come", topics=("TF.attachment",)), ivo, meetings=2)
    found = line(ana)
    assert (found.source, found.sure, found.minutes, found.offering_id) == (
        *(Source.SEAT, Sure.PLANNED, 360),
        offering.id,
    )
    assert [*found.areas, *found.topics] == [make.area("TF").id, make.topic("TF.attachment").id]
    assert (found.on - found.began).days == 7


def test_a_seat_for_both_ledgers_is_a_line_in_each(ana: Person, ivo: Person) -> None:
    offering = seated(ana, make.course(areas=("TF",), rsc_minutes=180), ivo, meetings=2)
    offering.meetings[1].ledger = Ledger.RSC
    assert {found.ledger: found.minutes for found in lines(ana)} == {Ledger.TRAINING: 180, Ledger.RSC: 180}
    assert len({found.key for found in lines(ana)}) == 1


def test_a_seat_in_a_group_knows_its_facilitator_by_the_first_day(ana: Person, ivo: Person) -> None:
    starts = (clock.now() + timedelta(days=30)).replace(hour=18)
    qualified(ivo, "ERS", held_until=starts.date() - timedelta(days=2))
    offering = seated(ana, make.course(kind=Kind.REFLECTIVE_GROUP), ivo, starts=starts)
    offering.meetings[0].ledger = Ledger.RSC
    found = line(ana)
    assert found.rsc is not None
    assert (found.rsc.standing, found.rsc.categories) == (Standing.NOT_ENDORSED, frozenset())


def test_a_seat_gives_no_more_than_the_course_counts(ana: Person, ivo: Person) -> None:
    seated(ana, make.course(areas=("TF",), credit_cap_minutes=100), ivo)
    assert line(ana).minutes == 100


def test_a_seat_without_an_area_or_at_a_university_does_not_count(ana: Person, ivo: Person) -> None:
    seated(ana, make.course("Plain"), ivo)
    seated(ana, make.course("Applied for", areas=("TF",), apply_url="https://university.example.org"), ivo)
    assert {found.title: found.not_counted for found in lines(ana)} == {
        "Plain": NO_AREA,
        "Applied for": APPLIED_FOR,
    }


def test_a_seat_on_what_is_cancelled_or_given_up_is_no_line(ana: Person, ivo: Person) -> None:
    offering = seated(ana, make.course(areas=("TF",)), ivo)
    offering.state = OfferingState.CANCELLED
    other = make.offering(make.course(areas=("TF",)))
    enrollment.withdraw(enrollment.add(ana, other, by=ivo), by=ana)
    assert lines(ana) == []


def test_a_place_in_the_queue_is_no_line(ana: Person, ivo: Person) -> None:
    offering = make.offering(make.course(areas=("TF",)), seats=1)
    enrollment.enroll(make.person(), offering, by=ivo)
    enrollment.enroll(ana, offering, by=ana)
    assert lines(ana) == []


def test_a_session_that_is_over_is_planned_until_its_roster_is_closed(ana: Person, ivo: Person) -> None:
    offering = sheets.held(make.course(areas=("TF",)), starts=HELD, trainer_id=ivo.id)
    enrollment.add(ana, offering, by=ivo)
    assert line(ana).sure == Sure.PLANNED
    sheets.mark_all(offering, 180, by=ivo)
    attendance.close(offering, by=ivo)
    assert line(ana).sure == Sure.VERIFIED


def test_a_roster_that_was_opened_again_leaves_one_line(ana: Person, ivo: Person) -> None:
    offering = attended(ana, make.course(areas=("TF",)), 180, by=ivo)
    attendance.reopen(offering, by=ivo, reason="A name was missing")
    assert line(ana).source == Source.CREDIT


def test_whoever_missed_a_closed_session_has_nothing_planned(ana: Person, ivo: Person) -> None:
    offering = sheets.held(make.course(areas=("TF",)), starts=HELD, trainer_id=ivo.id)
    enrollment.add(ana, offering, by=ivo)
    sheets.mark_all(offering, 0, by=ivo)
    attendance.close(offering, by=ivo)
    assert lines(ana) == []


# All together.


def test_the_latest_comes_first_and_nobody_elses_is_among_them(ana: Person, ivo: Person) -> None:
    for days in (3, 1, 2):
        written_down(ana, began_on=DAY + timedelta(days=days))
    written_down(ivo)
    assert [found.on.day for found in lines(ana)] == [17, 16, 15]
    both = queries.ledgers([ana.id, ivo.id], clock.now())
    assert {person_id: len(found) for person_id, found in both.items()} == {ana.id: 3, ivo.id: 1}


def test_fifty_lines_are_three_statements(
    ana: Person, ivo: Person, mira: Person, add: Callable[[int], None]
) -> None:
    for more in (1, 16):
        add(more)
        db.session.expire_all()
        person_id = ana.id
        with counted() as statements:
            found = queries.ledger(person_id, clock.now())
        assert len(statements) == 3
    assert len(found) == 17 * 3


@pytest.fixture
def add(ana: Person, ivo: Person, mira: Person) -> Callable[[int], None]:
    """So many lines of each source."""

    def more(count: int) -> None:
        for number in range(count):
            attended(ana, make.course(areas=("TF",)), 180, by=ivo)
            verified(ana, mira, minutes=60 + number)
            seated(ana, make.course(areas=("TF",)), ivo)

    return more
