"""What a coordinator may change of the framework, on plain form pages."""

import re
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from catalog.competencies.models import Confidence

OWN_WORDS = "A short label. The Competency Guidelines are licensed text, so none of their sentences."
MOST_HOURS = 10_000


class HoursField(StringField):
    """Hours as people write them, kept as whole minutes."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = (valuelist[0] if valuelist else "").strip()
        if not text:
            return
        found = re.fullmatch(r"([0-9]{1,5}(?:\.[0-9]{1,4})?)\s*(?:h|hours?)?", text)
        minutes = Decimal(found[1]) * 60 if found else None
        if minutes is None or minutes != int(minutes) or minutes > MOST_HOURS * 60:
            raise ValueError("Write hours, such as 30 or 1.5.")
        self.data = int(minutes)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data) / 60:.4f}".rstrip("0").rstrip(".")


class DayField(DateField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Write a date, such as 2027-01-31.") from None


class ConfidenceField(SelectField):
    def __init__(self, label: str, **more: Any) -> None:
        choices = [SelectChoice("", "Not said")]
        choices += [SelectChoice(one.value, one.value.capitalize()) for one in Confidence]
        super().__init__(
            label, choices=choices, coerce=lambda value: Confidence(value) if value else None, **more
        )

    def pre_validate(self, form: Any) -> None:
        if self.process_errors or (self.raw_data and self.data is None and self.raw_data[0]):
            raise ValidationError("Choose one from the list.")

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Choose one from the list.") from None


def _tidy(text: str | None) -> str | None:
    """Nothing typed is None, as in the file; control characters are nobody's wish."""
    tidied = re.sub(r"[\x00-\x08\x0b-\x1f]", "", text or "").strip()
    return tidied or None


def _line(label: str, most: int, required: str | None = None, description: str = "") -> StringField:
    checks: list[Any] = [DataRequired(required)] if required else [Optional()]
    return StringField(
        label,
        [*checks, Length(max=most, message=f"Use at most {most} characters.")],
        filters=[_tidy],
        description=description,
    )


class FactForm(FlaskForm):
    """What every fact carries: how surely it is known, where it was read, a note."""

    confidence = ConfidenceField(
        "How surely is it known?", description="Only what is confirmed is shown without the mark ◇."
    )
    source = _line("Source", 500, description="The web page or document it was read in.")
    note = TextAreaField(
        "Note", [Optional(), Length(max=2000, message="Use at most 2000 characters.")], filters=[_tidy]
    )

    def columns(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name != "csrf_token"}


class AreaForm(FactForm):
    name = _line("Name", 120, "Enter the name of the area.", OWN_WORDS)
    short = _line("Short label", 8, "Enter a short label.", "At most 8 characters; it stands in the strip.")


class TopicForm(FactForm):
    name = _line("Name", 160, "Enter the name of the topic.", OWN_WORDS)
    name_ecmh = _line("Name for ages 3 up to 6", 160, description="Where it is called something else there.")


class RuleForm(FactForm):
    minutes = HoursField("Hours", [InputRequired("Enter the hours; 0 for none.")])
    effective_from = DayField("In force from", [Optional()], description="Empty: it always was.")
    effective_until = DayField("In force until", [Optional()], description="Empty: until further notice.")
    applies_when = _line("Applies when", 300, description="For example: the person provides RSC to others.")
    is_enabled = BooleanField("The rule is in use")
    why_disabled = _line("Why it is not in use", 300)

    def validate_effective_until(self, field: DateField) -> None:
        if field.data and self.effective_from.data and field.data < self.effective_from.data:
            raise ValidationError("This is before the day from which it is in force.")
