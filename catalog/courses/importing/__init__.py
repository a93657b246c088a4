"""Real listings from a CSV file into courses: all rows or none, and again without harm."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import selectinload

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Area
from catalog.courses import search
from catalog.courses.importing.listings import Planned, Reader, digest
from catalog.courses.importing.table import COLUMNS, read_table
from catalog.courses.models import Asking, Course, CourseArea, CourseState
from catalog.errors import DataRefused
from catalog.extensions import db
from catalog.notices import audit

FEW = 10

__all__ = ["COLUMNS", "ImportReport", "import_courses"]


@dataclass
class ImportReport:
    """Titles by what happened to them. `lines()` is what the command prints."""

    rows: int = 0
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    left: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        told = [
            f"{self.rows} row{'' if self.rows == 1 else 's'}: {len(self.added)} added, {len(self.updated)} updated, "
            f"{self.unchanged} unchanged, {len(self.left)} left as they were edited here."
        ]
        told += [f"Updated: {title}" for title in self.updated]
        told += [
            f"The file is different, but somebody edited it here, so it was left: {title}"
            for title in self.left
        ]
        return told


def import_courses(path: str | Path, by: Person | None = None) -> ImportReport:
    """Make a published course of each row. Raises DataRefused naming every problem with its row and column.

    A row that is known and says something else than last time changes its course, unless somebody has edited
    the course since; reviewing its mapping counts as an edit."""
    planned = _planned(Path(path))
    known = {
        course.import_key: course
        for course in db.session.scalars(
            sa.select(Course)
            .where(Course.import_key.is_not(None))
            .options(selectinload(Course.areas), selectinload(Course.topics), selectinload(Course.tags))
        )
    }
    report = ImportReport(rows=len(planned))
    written: list[tuple[Course, Planned, str]] = []
    for plan in planned:
        course = known.get(plan.key)
        if course is None:
            written.append((_new(plan), plan, "course.imported"))
            report.added.append(plan.columns["title"])
        elif course.imported_row == plan.digest:
            report.unchanged += 1
        elif course.imported_as != _as_it_is(course):
            report.left.append(course.title)
        else:
            _change(course, plan)
            written.append((course, plan, "course.imported_again"))
            report.updated.append(course.title)
    db.session.add_all(course for course, _, _ in written)
    db.session.flush()
    for course, plan, action in written:
        course.imported_row, course.imported_as = plan.digest, _as_it_is(course)
        audit.note(action, "course", course.id, by=by, file=Path(path).name, row=plan.row)
    _index([course for course, _, _ in written])
    return report


def _planned(path: Path) -> list[Planned]:
    lines = read_table(path)
    areas = {
        code.upper(): area_id
        for code, area_id in db.session.execute(
            sa.select(Area.code, Area.id).order_by(Area.position)
        ).tuples()
    }
    if not areas:
        raise DataRefused(str(path), ["The catalog has no competency areas yet; load a framework first."])
    problems: list[str] = []
    today = clock.today(current_app.config["CATALOG"].site_zone)
    planned = [Reader(line, areas, today, problems).planned() for line in lines]
    first: dict[str, int] = {}
    for plan in planned:
        if plan.key in first:
            problems.append(
                f"row {plan.row}, title: the same title, provider and date already stand in row {first[plan.key]}."
            )
        first.setdefault(plan.key, plan.row)
    if problems:
        raise DataRefused(str(path), problems)
    return planned


def _new(plan: Planned) -> Course:
    now = clock.now()
    return Course(
        **plan.columns,
        state=CourseState.PUBLISHED,
        import_key=plan.key,
        created_at=now,
        updated_at=now,
        areas=[CourseArea(area_id=area_id, basis=basis) for area_id, basis in plan.areas.items()],
        topics=[],
        tags=[],
    )


def _change(course: Course, plan: Planned) -> None:
    for name, value in plan.columns.items():
        setattr(course, name, value)
    there = {area.area_id: area for area in course.areas}
    for area_id in there.keys() - plan.areas.keys():
        course.areas.remove(there[area_id])
    for area_id, basis in plan.areas.items():
        if area_id in there:
            there[area_id].basis = basis
        else:
            course.areas.append(CourseArea(area_id=area_id, basis=basis))
    course.updated_at = clock.now()
    course.version += 1


def _index(courses: list[Course]) -> None:
    """One by one where they are few; all anew, in a handful of statements, where they are many."""
    if len(courses) > FEW:
        search.reindex_all()
        return
    for course in courses:
        search.index(course)


# Columns that came after the first imports, which know nothing of them: while they say nothing, nothing was changed.
LATER = {"objectives": "", "asking": Asking.OPTIONAL, "ce_provider_number": ""}


def _says_nothing(course: Course, name: str) -> bool:
    return name in LATER and getattr(course, name) == LATER[name]


def _as_it_is(course: Course) -> str:
    """A digest of everything of the course that somebody could have changed."""
    kept = {"id", "import_key", "imported_row", "imported_as", "created_at", "updated_at", "version"}
    said: dict[str, Any] = {
        column.key: getattr(course, column.key)
        for column in sa.inspect(Course).column_attrs
        if column.key not in kept and not _says_nothing(course, column.key)
    }
    said["areas"] = sorted(
        [area.area_id, area.minutes, area.basis, area.reviewed_at is not None] for area in course.areas
    )
    said["topics"] = sorted(topic.topic_id for topic in course.topics)
    said["tags"] = sorted(tag.id for tag in course.tags)
    return digest(said)
