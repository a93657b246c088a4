"""Open sessions that fill what is missing: which they are, in what order, and which are left out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.courses.models import CourseState, Format, Listing, Offering, OfferingState, Seat
from catalog.endorsement.openings import Gaps, Wishes
from catalog.endorsement.queries import next_seats, seats
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")
ZONE = "America/Chicago"


def asked(*codes: str) -> Gaps:
    return Gaps(topics=frozenset(make.topic(code).id for code in codes))


def found(gaps: Gaps, person: Person | None = None, wishes: Wishes | None = None, **more: Any) -> list[int]:
    person = person or make.person()
    listed = seats(gaps, wishes or Wishes(), clock.now(), person_id=person.id, zone=ZONE, **more)
    return [choice.id for choice in listed.choices]


def session(*topics: str, **fields: Any) -> Offering:
    return make.offering(make.course(topics=topics), **fields)


def test_what_fills_most_comes_first_then_the_soonest() -> None:
    late = session("TF.a", starts=clock.now() + timedelta(days=40))
    soon = session("TF.a", starts=clock.now() + timedelta(days=4))
    both = session("TF.a", "TF.b", starts=clock.now() + timedelta(days=90))
    session("TF.c")
    assert found(asked("TF.a", "TF.b")) == [both.id, soon.id, late.id]


def test_tags_and_hours_are_filled_too() -> None:
    tagged = session()
    tagged.course.tags = [make.tag("rsc_provision")]
    group = session()
    group.meetings[0].ledger = Ledger.RSC
    db.session.flush()
    assert found(Gaps(tags=frozenset({"rsc_provision"}))) == [tagged.id]
    assert found(Gaps(ledgers=frozenset({Ledger.RSC}))) == [group.id]


def test_without_a_gap_there_is_nothing() -> None:
    session("TF.a")
    assert found(Gaps()) == []


@pytest.mark.parametrize(
    "why",
    [
        "cancelled",
        "begun",
        "full",
        "waited for",
        "not open yet",
        "closed",
        "draft",
        "paused",
        "elsewhere",
        "mine",
    ],
)
def test_what_one_cannot_join_is_left_out(why: str) -> None:
    offering, person, other = session("TF.a", seats=1), make.person(), make.person()
    assert found(asked("TF.a"), person) == [offering.id]
    now = clock.now()
    match why:
        case "cancelled":
            offering.state = OfferingState.CANCELLED
        case "begun":
            offering.starts_at = now - timedelta(minutes=1)
        case "full":
            enrollment.enroll(other, offering, by=other)
        case "waited for":
            enrollment.enroll(other, offering, by=other)
            enrollment.enroll(make.person(), offering, by=other)
            db.session.execute(db.update(Seat).values(is_taken=False))
        case "not open yet":
            offering.opens_at = now + timedelta(hours=1)
        case "closed":
            offering.closes_at = now
        case "draft":
            offering.course.state = CourseState.DRAFT
        case "paused":
            offering.course.listing = Listing.SUSPENDED
        case "elsewhere":
            offering.course.apply_url = "https://example.org/apply"
        case "mine":
            enrollment.enroll(person, make_room(offering), by=person)
    db.session.flush()
    assert found(asked("TF.a"), person) == []


def make_room(offering: Offering) -> Offering:
    db.session.add(Seat(offering_id=offering.id, number=2))
    offering.capacity = 2
    db.session.flush()
    return offering


@pytest.mark.parametrize(
    ("wishes", "fits"),
    [
        (Wishes(counties=("01101",)), ["there"]),
        (Wishes(counties=("01101",), online=True), ["there", "online"]),
        (Wishes(online=True), ["online"]),
        (Wishes(most_cents=1000), ["online"]),
        (Wishes(begins=date(2030, 1, 10)), ["online"]),
        (Wishes(ends=date(2030, 1, 9)), ["there"]),
        (Wishes(language="Spanish"), ["online"]),
        (Wishes(), ["there", "online"]),
    ],
)
def test_wishes_narrow_it(wishes: Wishes, fits: list[str]) -> None:
    # Ten at night in Alabama on the 9th is already the 10th in UTC.
    ends = datetime(2030, 1, 10, 4, tzinfo=UTC)
    there = session("TF.a", starts=ends - timedelta(hours=3), price_cents=5000)
    online = session(
        "TF.a",
        starts=ends + timedelta(days=1),
        format=Format.VIRTUAL,
        county=None,
        language="Spanish",
        price_cents=1000,
    )
    names = {there.id: "there", online.id: "online"}
    assert [names[number] for number in found(asked("TF.a"), wishes=wishes)] == fits


def test_pages_follow_each_other() -> None:
    every = [session("TF.a", starts=clock.now() + timedelta(days=day)) for day in range(1, 6)]
    pages = [found(asked("TF.a"), limit=2, page=number) for number in (1, 2, 3)]
    assert [number for page in pages for number in page] == [offering.id for offering in every]


def test_every_missing_topic_and_tag_gets_the_few_that_fill_most() -> None:
    both = session("TF.a", "TF.b", starts=clock.now() + timedelta(days=50))
    first = session("TF.a", starts=clock.now() + timedelta(days=5))
    session("TF.a", starts=clock.now() + timedelta(days=6))
    both.course.tags = [make.tag("iecmh_core")]
    db.session.flush()
    gaps = Gaps(topics=asked("TF.a", "TF.b").topics, tags=frozenset({"iecmh_core"}))
    by_need = next_seats(gaps, clock.now(), person_id=make.person().id, each=2)
    a, b = make.topic("TF.a").id, make.topic("TF.b").id
    assert {need: [choice.id for choice in choices] for need, choices in by_need.items()} == {
        f"topic-{a}": [both.id, first.id],
        f"topic-{b}": [both.id],
        "tag-iecmh_core": [both.id],
    }


def test_a_choice_says_what_it_gives() -> None:
    offering = session("TF.a", "SE.b", seats=3)
    (choice,) = seats(asked("TF.a"), Wishes(), clock.now(), person_id=make.person().id, zone=ZONE).choices
    assert (choice.id, choice.free, choice.training, choice.rsc) == (offering.id, 3, 180, None)
    assert choice.topics == {make.topic("TF.a").id, make.topic("SE.b").id}
    assert choice.areas == {make.area("TF").id, make.area("SE").id}
    assert (choice.where, choice.seats, choice.length) == (
        "Montgomery County",
        "3 seats left",
        "3 h training",
    )
