"""The 85 real listings: all of them come in, and nothing they say is lost."""

import csv
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from catalog.courses import search
from catalog.courses.importing import import_courses
from catalog.courses.importing.listings import Planned, Reader
from catalog.courses.importing.table import read_table
from catalog.courses.models import (
    AgeBand,
    Basis,
    Course,
    CourseArea,
    CourseState,
    CreditRule,
    Format,
    Kind,
    Listing,
)
from catalog.extensions import db
from tests.courses.listing_file import AREAS, OWN, make_areas


@pytest.fixture
def listings(context: None) -> None:
    make_areas()
    import_courses(OWN)


@cache
def plans() -> tuple[Planned, ...]:
    """The rows as they were read on a day in November 2026."""
    areas = {code: number for number, code in enumerate(AREAS)}
    problems: list[str] = []
    read = [Reader(line, areas, date(2026, 11, 22), problems).planned() for line in read_table(OWN)]
    assert problems == []
    return tuple(read)


def course(begins: str) -> Any:
    """What the one listing whose title begins like this becomes."""
    (found,) = [plan for plan in plans() if plan.columns["title"].startswith(begins)]
    return SimpleNamespace(
        **found.columns, areas={AREAS[number]: basis for number, basis in found.areas.items()}
    )


@pytest.mark.usefixtures("listings")
def test_every_row_is_a_published_course_that_nobody_owns() -> None:
    found = db.session.scalars(sa.select(Course)).all()
    assert len(found) == 85
    assert {(one.state, one.owner_id, one.language) for one in found} == {
        (CourseState.PUBLISHED, None, "English")
    }
    assert [sum(one.kind == kind for one in found) for kind in Kind] == [51, 8, 26]


def test_every_text_of_every_row_can_be_read_on_its_course() -> None:
    by_title = {plan.columns["title"]: SimpleNamespace(**plan.columns) for plan in plans()}
    with OWN.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            one = by_title[row["title"]]
            assert one.summary == row["summary"]
            assert one.source_url == row["source_url"]
            assert one.dates_listed == row["year_or_date"]
            assert one.meeting_pattern == row["meeting_pattern"]
            assert one.capacity_listed == row["capacity"]
            assert (one.trainer_names, one.audience) == (row["trainer"], row["audience"])
            assert (one.ce_credits, one.prerequisites) == (row["ce_credits"], row["prerequisites"])
            assert (one.location, one.provider_state) == (row["location_city"], row["provider_state"])
            assert row["provider"].startswith(one.provider)
            assert row["provider"].endswith(one.sponsor)


def test_a_stated_area_is_stated_and_an_inferred_one_is_a_suggestion() -> None:
    assert course("Workshop 1: In the Beginning").areas == {"TF": Basis.STATED}
    inferred = course("Colorado Foundations of Infant and Early Childhood Mental Health (9").areas
    assert inferred == {"TF": Basis.SUGGESTED, "SE": Basis.SUGGESTED}


@pytest.mark.usefixtures("listings")
def test_no_imported_mapping_is_reviewed() -> None:
    found = db.session.scalars(sa.select(CourseArea)).all()
    assert len(found) == 200
    assert all(area.reviewed_at is None and area.minutes is None for area in found)


def test_hours_of_both_ledgers_stay_apart() -> None:
    certificate = course("Virginia Infant Mental Health Leadership Certificate")
    assert (certificate.minutes, certificate.rsc_minutes) == (24 * 60, 24 * 60)


def test_fewer_hours_count_than_are_met() -> None:
    groups = course("ILAIMH Reflective Practice Groups")
    assert (groups.minutes, groups.credit_cap_minutes, groups.meetings_listed) == (20 * 60, 12 * 60, 10)
    assert groups.credit_rule == CreditRule.PER_MEETING


def test_a_range_of_hours_is_found_in_the_pattern() -> None:
    training = course("COSP Facilitator Training")
    assert (training.minutes, training.minutes_most, training.meetings_listed) == (25 * 60, 35 * 60, 5)


def test_half_hours_are_exact() -> None:
    assert course("Perinatal Mood").minutes == 150
    assert course("Infant, Toddler, and Early Childhood Mental Health Competencies").minutes == 90


def test_what_the_listing_does_not_say_stays_open() -> None:
    opened = course("Graduate Certificate in Infant and Early Childhood Mental Health")
    assert (opened.minutes, opened.price_cents, opened.format) == (None, None, None)
    assert opened.age_band == AgeBand.UNKNOWN
    assert opened.provider_state == "NJ"


def test_suspended_admissions_are_a_state_of_the_listing() -> None:
    suspended = course("Graduate Certificate in Infant and Early Childhood Mental Health")
    assert suspended.listing == Listing.SUSPENDED
    assert suspended.listing_note == "The listing says that admissions are suspended."


@pytest.mark.parametrize(
    ("begins", "deadline"),
    [
        ("Child-Parent Psychotherapy (CPP) Learning Collaborative, New York", "2019-08-09"),
        ("Infant, Early Childhood, and Family Mental Health Capstone", "2015-03-31"),
        ("Combined Child Training", "2024-07-15"),
        ("Online graduate certificate in infant and early childhood mental health (CEUs)", "2021-08-01"),
    ],
)
def test_a_deadline_that_has_passed_closes_applications(begins: str, deadline: str) -> None:
    closed = course(begins)
    assert closed.listing == Listing.APPLICATION_CLOSED
    assert f"Applications were due by {deadline}." in closed.listing_note


def test_a_deadline_without_a_year_closes_nothing() -> None:
    assert course("2026 Infant Mental Health (IMH) Certificate").listing == Listing.OPEN


def test_people_apply_to_a_university_there() -> None:
    troy = course("Certificate in Infant and Early Childhood Mental Health Counseling")
    assert (
        troy.apply_url == troy.source_url == "https://catalog.troy.edu/preview_program.php?catoid=6&poid=1162"
    )
    assert "background check" in troy.prerequisites
    assert course("Virginia Infant Mental Health Leadership Certificate").apply_url == ""
    assert course("Introduction to Infant Mental Health").apply_url == ""


def test_how_many_listings_are_applied_for_elsewhere() -> None:
    applied = [plan for plan in plans() if plan.columns["apply_url"]]
    assert len(applied) == 15
    assert {plan.columns["kind"] for plan in applied} == {Kind.CERTIFICATE_COURSE}


def test_a_sponsor_is_not_the_provider() -> None:
    sponsored = course("2026 Infant Mental Health (IMH) Certificate")
    assert sponsored.provider == "University of Pittsburgh"
    assert sponsored.sponsor == "Pennsylvania OCDEL through the Pennsylvania Key"
    assert sponsored.price_cents == 0


def test_what_is_said_about_money_stands_beside_the_price() -> None:
    credential = course("Infant and Early Childhood Mental Health Credential")
    assert credential.price_cents == 72500
    assert credential.price_note == "an application fee; a commitment fee and tuition in one or two payments"
    assert course("Graduate Certificate in Infant/Toddler").price_note == "2025/26 tuition estimate"
    assert course("Child-parent psychotherapy NCTSN").price_note == "free apart from travel"


def test_every_meeting_is_required_where_the_listing_says_so() -> None:
    facilitators = course("COPEing with Toddler Behaviour")
    assert facilitators.credit_rule == CreditRule.ALL_MEETINGS
    assert facilitators.capacity_listed == "50 (minimum 15)"


def test_an_archived_page_and_passed_dates_are_told() -> None:
    assert "archived" in course("Infant Mental Health Certificate (657)").listing_note
    assert "The dates had passed" in course("WI-AIMH 2018 Conference").listing_note
    assert "The dates had passed" in course("Infant-Parent Mental Health Post-Graduate").listing_note
    assert course("Mental Health Micro-Credential").listing_note == ""


def test_interpretation_is_an_accessibility() -> None:
    summit = course("King County Infant and Early Childhood Mental Health (IECMH) 2025 Summit")
    assert summit.accessibility == "Some sessions have language interpretation"


def test_a_place_that_is_no_city_and_several_cities_are_kept() -> None:
    assert course("NBO training for the Kootenai tribe").location == "Montana"
    assert course("Texas Home Visiting").location == "San Antonio; El Paso; McAllen; Houston; Dallas"
    assert course("Texas Home Visiting").format == Format.IN_PERSON


@pytest.mark.usefixtures("listings")
def test_imported_courses_can_be_found_by_words() -> None:
    asked = search.matching("kootenai newborn")
    assert asked is not None
    found = db.session.scalars(
        sa.select(Course.title).where(Course.id.in_(sa.select(asked.subquery().c.course_id)))
    )
    assert found.all() == ["NBO training for the Kootenai tribe, Montana"]
