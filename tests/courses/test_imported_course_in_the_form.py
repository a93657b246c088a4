"""Every imported listing, odd as it is, fits the form: opened and saved unchanged, it stays what it was."""

import pytest
import sqlalchemy as sa
from flask import Flask
from wtforms import BooleanField, Field, FieldList

from catalog.courses.forms.course import NOT_COLUMNS, CourseForm, titles_of
from catalog.courses.importing import import_courses
from catalog.courses.models import Course
from catalog.extensions import db
from tests.courses.desk import inside
from tests.courses.listing_file import OWN, make_areas


def sent(field: Field) -> dict[str, str]:
    """What a browser sends for the field as it stands."""
    if isinstance(field, FieldList):
        return {entry.name: str(entry.data) for entry in field}
    if isinstance(field, BooleanField):
        return {field.name: "y"} if field.data else {}
    value = field._value() if hasattr(field, "_value") else field.data or ""
    return {field.name: str(value)}


@pytest.mark.usefixtures("_rows")
def test_saving_an_imported_course_unchanged_changes_nothing(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with inside(app):
        make_areas()
        import_courses(OWN)
    with inside(app):
        for course in db.session.scalars(sa.select(Course)):
            opened = CourseForm(formdata=None, obj=course, prerequisite_titles=titles_of(course.required))
            fields = {name: value for field in opened for name, value in sent(field).items()}
            with app.test_request_context(method="POST", data=fields):
                form = CourseForm().offer({}, None)
                assert form.validate(), (course.title, form.errors)
            stored = {name: getattr(course, name) for name in form.columns()}
            assert form.columns() == stored, course.title
            assert set(stored) | {"owner_id"} == {field.name for field in opened} - set(NOT_COLUMNS)
