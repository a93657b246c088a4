"""Importing again: the same file changes nothing; a changed row changes a course that nobody edited."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.courses.importing import import_courses
from catalog.courses.models import Basis, Course, CourseArea, CourseState
from catalog.extensions import Base, db
from catalog.notices.models import AuditEntry
from tests import factories
from tests.courses.listing_file import OWN, make_areas, write

pytestmark = pytest.mark.usefixtures("areas")


@pytest.fixture
def areas(context: None) -> None:
    make_areas()


def rows() -> list[str]:
    tables = [Base.metadata.tables[name] for name in ("course", "course_area", "audit_entry")]
    return [
        repr(row)
        for table in tables
        for row in db.session.execute(sa.select(table).order_by(*table.primary_key))
    ]


def course() -> Course:
    return db.session.scalars(sa.select(Course)).one()


def covered() -> dict[str, Basis]:
    return {row.area.code: row.basis for row in course().areas}


def test_a_second_import_changes_nothing() -> None:
    import_courses(OWN)
    before = rows()
    report = import_courses(OWN)
    assert report.lines() == ["85 rows: 0 added, 0 updated, 85 unchanged, 0 left as they were edited here."]
    assert rows() == before


def test_a_changed_row_changes_its_course(tmp_path: Path) -> None:
    import_courses(write(tmp_path, {"hours": "6", "competency_areas_inferred": "TF;REF"}))
    changed = {"hours": "8", "competency_areas": "DSS", "competency_areas_inferred": "TF"}
    report = import_courses(write(tmp_path, changed))
    assert report.updated == ["Sample training"]
    assert (course().minutes, course().version) == (480, 2)
    assert covered() == {"DSS": Basis.STATED, "TF": Basis.SUGGESTED}


def test_case_and_space_do_not_make_another_course(tmp_path: Path) -> None:
    import_courses(write(tmp_path, {}))
    import_courses(write(tmp_path, {"title": " Sample  TRAINING "}))
    assert course().title == "Sample TRAINING"


def test_another_year_is_another_course(tmp_path: Path) -> None:
    import_courses(write(tmp_path, {"year_or_date": "2025"}))
    import_courses(write(tmp_path, {"year_or_date": "2026"}))
    assert db.session.scalar(sa.select(sa.func.count(Course.id))) == 2


def rename(course: Course) -> None:
    course.title = "Ours"


def archive(course: Course) -> None:
    course.state = CourseState.ARCHIVED


def review(course: Course) -> None:
    course.areas[0].reviewed_by, course.areas[0].reviewed_at = factories.person(), clock.now()


def remap(course: Course) -> None:
    db.session.add(CourseArea(course=course, area=factories.area("COM"), basis=Basis.PROPOSED))


def tag(course: Course) -> None:
    course.tags = [factories.tag()]


@pytest.mark.parametrize("edit", [rename, archive, review, remap, tag])
def test_what_somebody_edited_here_is_left_and_told(tmp_path: Path, edit: Callable[[Course], None]) -> None:
    import_courses(write(tmp_path, {"hours": "6", "competency_areas_inferred": "TF"}))
    edit(course())
    db.session.flush()
    report = import_courses(write(tmp_path, {"hours": "8", "competency_areas_inferred": "TF"}))
    assert course().minutes == 360
    assert report.left == [course().title]
    assert "somebody edited it here, so it was left" in report.lines()[1]


def test_who_imported_what_is_in_the_audit_trail(tmp_path: Path) -> None:
    mira = factories.make_cast().mira
    import_courses(write(tmp_path, {"hours": "6"}), by=mira)
    import_courses(write(tmp_path, {"hours": "8"}), by=mira)
    noted = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(one.action, one.by_id) for one in noted] == [
        ("course.imported", mira.id),
        ("course.imported_again", mira.id),
    ]
    assert noted[1].details == {"file": "listings.csv", "row": 2}
