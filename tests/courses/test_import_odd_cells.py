"""Odd values of other rows of the same form: each is understood, or stands in a note that people see."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from catalog.courses.importing import import_courses
from catalog.courses.models import Course, CreditRule, Format, Listing
from catalog.extensions import db
from tests.courses.listing_file import make_areas, write

pytestmark = pytest.mark.usefixtures("areas")


@pytest.fixture
def areas(context: None) -> None:
    make_areas()


def imported(folder: Path, **cells: str) -> Course:
    import_courses(write(folder, cells))
    return db.session.scalars(sa.select(Course)).one()


@pytest.mark.parametrize(
    ("cell", "minutes", "most", "about", "note"),
    [
        ("6", 360, None, False, ""),
        ("6.0", 360, None, False, ""),
        ("1,000", 60_000, None, False, ""),
        ("1.5 hours", 90, None, False, ""),
        ("90 min", 90, None, False, ""),
        ("about 90 min", 90, None, True, ""),
        ("at least 90 min", 90, None, True, "Hours as listed: at least 90 min."),
        ("up to 90 min", 90, None, True, "Hours as listed: up to 90 min."),
        ("90.5 min", 90, None, True, "Hours as listed: 90.5 min."),
        ("about 6", 360, None, True, ""),
        ("~ 6 h", 360, None, True, ""),
        ("6-8", 360, 480, False, ""),
        ("6 to 8 hours", 360, 480, False, ""),
        ("about 18–24", 1080, 1440, True, ""),
        ("1.33-2", 79, 120, True, "Hours as listed: 1.33-2."),
        ("1-1.33", 60, 79, True, "Hours as listed: 1-1.33."),
        ("up to 6-8", 360, 480, True, "Hours as listed: up to 6-8."),
        ("6+", 360, None, True, "Hours as listed: 6+."),
        ("up to 12", 720, None, True, "Hours as listed: up to 12."),
        ("0.33", 19, None, True, "Hours as listed: 0.33."),
        ("20 (12 count)", 1200, None, False, "Hours as listed: 20 (12 count)."),
        ("3 days", None, None, False, "Hours as listed: 3 days."),
        ("varies", None, None, False, "Hours as listed: varies."),
    ],
)
def test_hours(tmp_path: Path, cell: str, minutes: int, most: int, about: bool, note: str) -> None:
    course = imported(tmp_path, hours=cell)
    found = (course.minutes, course.minutes_most, course.minutes_about, course.listing_note)
    assert found == (minutes, most, about, note)


@pytest.mark.parametrize(
    ("cell", "cents", "note"),
    [
        ("25", 2500, ""),
        ("$1,250.50", 125_050, ""),
        ("Free", 0, ""),
        ("250-400", None, "As listed: 250-400."),
        ("sliding scale", None, "As listed: sliding scale."),
        ("12.345", None, "As listed: 12.345."),
    ],
)
def test_prices(tmp_path: Path, cell: str, cents: int | None, note: str) -> None:
    course = imported(tmp_path, price_usd=cell)
    assert (course.price_cents, course.price_note) == (cents, note)


def test_a_members_price(tmp_path: Path) -> None:
    course = imported(tmp_path, price_usd="100", member_price_usd="80.50")
    assert (course.price_cents, course.member_price_cents) == (10_000, 8_050)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (
            {"meetings": "8-10"},
            {"meetings_listed": None, "listing_note": "Number of meetings as listed: 8-10."},
        ),
        ({"meetings": "12.0"}, {"meetings_listed": 12}),
        (
            {"format": "in person; virtual"},
            {"format": None, "listing_note": "Offered in several formats: in person; virtual."},
        ),
        ({"format": "In-Person"}, {"format": Format.IN_PERSON}),
        ({"kind": "In-Service"}, {"kind": "in_service"}),
        ({"capacity": "12 to 15 per group"}, {"capacity_listed": "12 to 15 per group"}),
        ({"year_or_date": "coming soon"}, {"listing": Listing.COMING_SOON}),
        ({"prerequisites": "application by 2099-01-01"}, {"listing": Listing.OPEN, "listing_note": ""}),
        ({"prerequisites": "applications are closed"}, {"listing": Listing.APPLICATION_CLOSED}),
        ({"meeting_pattern": "must attend all sessions"}, {"credit_rule": CreditRule.ALL_MEETINGS}),
        (
            {"hours": "62", "meeting_pattern": "38 h training and 24 h reflective consultation"},
            {"minutes": 38 * 60, "rsc_minutes": 24 * 60, "listing_note": ""},
        ),
        (
            {"hours": "60", "meeting_pattern": "38 h training plus 24 h reflective consultation"},
            {"minutes": 38 * 60, "rsc_minutes": 24 * 60, "listing_note": "Hours as listed: 60."},
        ),
        ({"meeting_pattern": "about 12 h in total"}, {"minutes": 720, "minutes_about": True}),
    ],
)
def test_other_columns(tmp_path: Path, cells: dict[str, str], found: dict[str, Any]) -> None:
    course = imported(tmp_path, **cells)
    assert {name: getattr(course, name) for name in found} == found


@pytest.mark.parametrize(("at", "listing"), [("01:00", Listing.OPEN), ("06:00", Listing.APPLICATION_CLOSED)])
def test_a_deadline_is_over_with_its_day_in_alabama(tmp_path: Path, at: str, listing: Listing) -> None:
    with time_machine.travel(f"2027-07-01T{at}+00:00", tick=False):
        course = imported(tmp_path, prerequisites="application by 2027-06-30")
    assert course.listing == listing


def test_a_byte_order_mark_and_empty_lines_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, {"title": "Formación"})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b"\r\n,,,\r\n")
    import_courses(path)
    assert db.session.scalars(sa.select(Course)).one().title == "Formación"


def test_codes_of_areas_may_be_written_small_and_with_commas(tmp_path: Path) -> None:
    course = imported(tmp_path, competency_areas_inferred="tf, ref;TF")
    assert sorted(row.area.code for row in course.areas) == ["REF", "TF"]
