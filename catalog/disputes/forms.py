"""What is written in a dispute: a sentence, and for those who settle it, what becomes of the mark."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from catalog.attendance.forms import Typed, read
from catalog.attendance.sheet import Cell
from catalog.courses.forms.fields import listed, paragraph
from catalog.disputes.wording import mark_in_words
from catalog.wording import hours

MOST = 1000


class DisputeForm(FlaskForm):
    text = paragraph(
        "What is not right",
        MOST,
        required="Write a sentence that says what is not right.",
        hint="A sentence is enough. The trainer and the coordinators read it, and nobody else.",
        rows=3,
    )


class SeenForm(FlaskForm):
    """The last entry that whoever writes has read."""

    seen = IntegerField(widget=HiddenInput())


class PassOnForm(SeenForm):
    text = paragraph(
        "What the coordinator should know",
        MOST,
        required="Write a sentence that says why the answer does not settle it.",
        rows=3,
    )


class AnswerForm(SeenForm):
    """The trainer's answer, or the decision of a coordinator."""

    text = paragraph("Your answer", MOST, required="Write a sentence that says why.", rows=3)
    mark = RadioField("The mark", [InputRequired("Choose whether the mark stays or what it becomes.")])
    minutes = StringField("Minutes", render_kw={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, cell: Cell, **more: Any) -> None:
        super().__init__(**more)
        self.cell = cell
        whole = cell.meeting.minutes
        self.mark.choices = listed(
            [
                ("keep", f"Keep it: {mark_in_words(cell.minutes, cell.meeting)}"),
                ("present", f"Here, the whole {hours(whole)}"),
                ("absent", "Absent"),
                ("minutes", "In part"),
            ]
        )

    def read(self) -> Typed:
        """What becomes of the mark, read as the sheet reads it."""
        if self.mark.data == "keep":
            return Typed("keep")
        unmarked = Cell(self.cell.meeting, self.cell.enrollment, None)
        typed = {"mark": self.mark.data or "", "minutes": self.minutes.data or ""}
        return read({f"{field}-{unmarked.name}": text for field, text in typed.items()}, unmarked)

    @property
    def wanted(self) -> int | None:
        """The minutes that were chosen; None keeps the mark."""
        meant = self.read().meant
        return meant.minutes if meant else None

    def validate_minutes(self, _field: StringField) -> None:
        if self.mark.data and (error := self.read().error):
            raise ValidationError(error)
