import re
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from catalog.courses.models import MOST_SEATS

LONG = Length(max=2000, message="Use at most 2,000 characters.")
REASON = [DataRequired("Write down why; the reason is kept with the change."), LONG]


EACH = Length(max=1000, message="Use at most 1,000 characters.")


class JoinForm(FlaskForm):
    """What is asked when somebody joins. The questions are the offering's own: several have a field each, and their
    answers are kept together."""

    answer = TextAreaField("Your answer", [Optional(), LONG])
    answers = FieldList(TextAreaField("Your answer", [EACH]), max_entries=20)
    access_request = TextAreaField(
        "Anything you need to take part",
        [Optional(), LONG],
        description="For example an interpreter or a ramp. Only the trainer and the coordinators see it.",
    )

    def ask(self, questions: Sequence[str]) -> "JoinForm":
        """One field for each question, labelled with it."""
        self.questions = questions if len(questions) > 1 else []
        while len(self.answers) > len(self.questions):
            self.answers.pop_entry()
        while len(self.answers) < len(self.questions):
            self.answers.append_entry()
        for question, entry in zip(self.questions, self.answers, strict=True):
            entry.label.text = question
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = bool(super().validate(extra_validators))
        for entry in self.answers:
            if not (entry.data or "").strip():
                entry.errors = ["Please answer this question; the trainer decides with it."]
                self.answers.errors = [one.errors for one in self.answers]
                is_fine = False
        return is_fine

    def said(self) -> str:
        """The answer as it is kept; of several questions each with its answer below it."""
        if not self.questions:
            return self.answer.data or ""
        pairs = zip(self.questions, self.answers, strict=True)
        return "\n\n".join(f"{question}\n{(entry.data or '').strip()}" for question, entry in pairs)


class AddForm(FlaskForm):
    email = EmailField(
        "Email address of the person",
        [
            InputRequired("Enter the person's email address."),
            Email("Enter an address like name@example.org."),
        ],
    )
    reason = StringField("Why", [Optional(), LONG], id="add-reason")


class WholeNumberField(IntegerField):
    """Digits as people type them; anything else gets the sentence, not a programmer's."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
        if text and self.data is None:
            raise ValueError(A_NUMBER)


A_NUMBER = f"Enter a whole number from 1 to {MOST_SEATS:,}."


class CapacityForm(FlaskForm):
    capacity = WholeNumberField("Number of seats", [Optional(), NumberRange(1, MOST_SEATS, A_NUMBER)])
    no_limit = BooleanField("No limit: everybody who waits gets a seat, and there is no queue any more")

    @property
    def wanted(self) -> int | None:
        """The number of seats; None is no limit."""
        return None if self.no_limit.data else self.capacity.data

    def validate_no_limit(self, field: BooleanField) -> None:
        if not field.data and self.capacity.data is None and not self.capacity.errors:
            raise ValidationError("Enter the number of seats, or tick this.")


class ReasonForm(FlaskForm):
    reason = StringField("Reason", REASON)


class MoveForm(FlaskForm):
    to = SelectField("To", coerce=int)
    reason = StringField("Reason", REASON, id="move-reason")


class SwitchForm(FlaskForm):
    to = WholeNumberField("To", [InputRequired()])
