"""A file with a problem is refused whole, and every problem is named with its row and column."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog.courses.importing import import_courses
from catalog.courses.models import Course
from catalog.errors import DataRefused
from catalog.extensions import db
from tests.courses.listing_file import OWN, make_areas, write

pytestmark = pytest.mark.usefixtures("areas")


@pytest.fixture
def areas(context: None) -> None:
    make_areas()


def problems(path: Path) -> list[str]:
    with pytest.raises(DataRefused) as refused:
        import_courses(path)
    assert str(path) in str(refused.value)
    assert db.session.scalar(sa.select(sa.func.count(Course.id))) == 0
    return refused.value.problems


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"title": " "}, "row 3, title: it is empty; every course has a title."),
        (
            {"kind": "seminar"},
            "row 3, kind: “seminar” is not known; use one of: in_service, reflective_group, certificate_course.",
        ),
        (
            {"kind": ""},
            "row 3, kind: it is empty; use one of: in_service, reflective_group, certificate_course.",
        ),
        (
            {"format": "by post"},
            "row 3, format: “by post” is not known; use one of: in_person, virtual, hybrid, self_paced.",
        ),
        (
            {"age_band": "teens"},
            "row 3, age_band: “teens” is not known; use one of: birth-3, 3-6, birth-6, unknown.",
        ),
        ({"hours": "lots"}, "row 3, hours: “lots” is not a number of hours."),
        ({"hours": "-6"}, "row 3, hours: “-6” is less than nothing."),
        ({"hours": "nan"}, "row 3, hours: “nan” is not a number of hours."),
        ({"hours": "8-6"}, "row 3, hours: “8-6” ends before it begins."),
        ({"hours": "999999"}, "row 3, hours: “999999” is more hours than any course has."),
        ({"meetings": "some"}, "row 3, meetings: “some” is not a whole number."),
        ({"meetings": "-2"}, "row 3, meetings: “-2” is less than nothing."),
        ({"price_usd": "-25"}, "row 3, price_usd: “-25” is less than nothing."),
        ({"price_usd": "cheap"}, "row 3, price_usd: “cheap” is not a price in dollars."),
        ({"member_price_usd": "$-5"}, "row 3, member_price_usd: “$-5” is less than nothing."),
        ({"capacity": "-1"}, "row 3, capacity: “-1” is less than nothing."),
        (
            {"source_url": "javascript:alert(1)"},
            "row 3, source_url: “javascript:alert(1)” is not a web address; "
            "it must begin with http:// or https://.",
        ),
        (
            {"competency_areas": "TF;XX"},
            "row 3, competency_areas: “XX” is no area of the framework; "
            "use: TF, LRAP, SE, DSS, WWO, COM, THK, REF, ADM, LEAD, RES.",
        ),
        (
            {"competency_areas_inferred": "YY"},
            "row 3, competency_areas_inferred: “YY” is no area of the framework; "
            "use: TF, LRAP, SE, DSS, WWO, COM, THK, REF, ADM, LEAD, RES.",
        ),
        ({"summary": "a\x00b"}, "row 3, summary: the text holds a character that cannot be stored."),
        ({"summary": "x" * 4001}, "row 3, summary: the text is longer than 4000 characters."),
        (
            {"title": "sample TRAINING"},
            "row 3, title: the same title, provider and date already stand in row 2.",
        ),
    ],
)
def test_the_row_the_column_and_the_reason_are_named(
    tmp_path: Path, cells: dict[str, str], problem: str
) -> None:
    assert problems(write(tmp_path, {}, {"title": "Other", **cells})) == [problem]


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    found = problems(write(tmp_path, {"kind": "x", "hours": "y"}, {"title": "Other", "price_usd": "-1"}))
    assert [problem.split(":")[0] for problem in found] == ["row 2, kind", "row 2, hours", "row 3, price_usd"]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("provider_state,", "", "row 1: the column provider_state is missing."),
        ("summary,", "summary,colour,", "row 1: the column “colour” is not known."),
        ("summary,", "summary,summary,", "row 1: the column summary stands twice."),
    ],
)
def test_the_columns_are_checked(tmp_path: Path, before: str, after: str, problem: str) -> None:
    path = write(tmp_path, {})
    path.write_text(path.read_text().replace(before, after, 1))
    assert problems(path) == [problem]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        ("title,kind\nFormación,in_service\n".encode("cp1252"), "row 2: the file is not UTF-8 text"),
        ("title".encode("utf-16"), "row 1: the file is not UTF-8 text"),
        (b'title,"kind', "not CSV: unexpected end of data"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "listings.csv"
    path.write_bytes(content)
    assert reason in problems(path)[0]


def test_a_row_with_a_cell_too_many_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {}, {"title": "Other"})
    path.write_text(path.read_text().rstrip() + ",more\n")
    assert problems(path) == ["row 3: it has 23 cells, the header has 22."]


def test_one_bad_row_among_the_real_ones_keeps_all_of_them_out(tmp_path: Path) -> None:
    path = tmp_path / "listings.csv"
    path.write_text(OWN.read_text(encoding="utf-8").replace('"2.5"', '"much"'), encoding="utf-8")
    assert problems(path) == ["row 42, hours: “much” is not a number of hours."]


def test_without_a_framework_there_is_nothing_to_map_to(tmp_path: Path) -> None:
    db.session.execute(sa.text("DELETE FROM area"))
    assert problems(write(tmp_path, {})) == [
        "The catalog has no competency areas yet; load a framework first."
    ]
