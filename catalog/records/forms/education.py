from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, DateField, HiddenField
from wtforms.validators import Optional, ValidationError

from catalog.courses.forms.fields import DayField, Once, Picked, line, listed, paragraph
from catalog.records.limits import LONG_AGO

ACCEPTED = "application/pdf,image/jpeg,image/png,image/heic,image/heif,.heic,.heif"


class DayOfLife(DayField):
    """Unlike the days of sessions it may lie before 2000."""

    def __init__(self, label: str, validators: Sequence[Any] = (), **more: Any) -> None:
        DateField.__init__(self, label, list(validators), **more)


class EducationForm(FlaskForm):
    once = Once()
    programme = line("Programme", required="Enter what you study or studied.")
    institution = line("University or college", required="Enter where.")
    credit_hours = line(
        "Credit hours", 100, hint="As the university says it, for example “15 semester hours”."
    )
    finished_on = DayOfLife("Finished on", [Optional()], description="Empty: you have not finished it yet.")
    course_id = Picked(
        "Programme in this catalog", description="If it is one of those that one applies for at a university."
    )
    evidence = FileField(
        "What shows it",
        description="A diploma, a transcript or a letter, as PDF, JPEG, PNG or HEIC of at most 10 MB. "
        "Only you and the coordinators can open it.",
        render_kw={"accept": ACCEPTED},
    )
    drops_file = BooleanField("Remove the file that is there")

    def __init__(self, programmes: Sequence[tuple[int, str]], today: date, **more: Any) -> None:
        super().__init__(**more)
        self.course_id.choices = listed([("", "None of these"), *programmes])
        self.today = today

    def validate_finished_on(self, field: DateField) -> None:
        if field.data and not field.data.year >= LONG_AGO:
            raise ValidationError(f"Choose a day after {LONG_AGO}.")
        if field.data and field.data > self.today:
            raise ValidationError("This day is still to come. Leave it empty until you have finished.")

    @property
    def file(self) -> FileStorage | None:
        """What was chosen; browsers send a file without a name when nothing was."""
        sent = self.evidence.data
        return sent if isinstance(sent, FileStorage) and sent.filename else None

    def columns(self) -> dict[str, Any]:
        names = ("programme", "institution", "credit_hours", "finished_on", "course_id")
        return {name: self[name].data for name in names}


class CheckForm(FlaskForm):
    """`seen` is what the page showed; somebody may change it meanwhile."""

    seen = HiddenField()


class ReturnForm(CheckForm):
    reason = paragraph(
        "What is missing",
        1000,
        required="Write what is missing or not right. The person reads it.",
        rows=3,
    )
