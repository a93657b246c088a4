from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import InputRequired, ValidationError

from catalog.courses.forms.fields import DayField


class CopyForm(FlaskForm):
    """Sent by an address: it shows a filled form and saves nothing."""

    class Meta:
        csrf = False

    first = DayField("First date of the new one", [InputRequired("Choose the first date.")])

    def __init__(self, today: date, **more: Any) -> None:
        super().__init__(**more)
        self.today = today

    def validate_first(self, field: DateField) -> None:
        if field.data and field.data < self.today:
            raise ValidationError("This day is in the past. Choose one that is still to come.")
