"""The shape of what is typed about groups and individual RSC. No form here has room for notes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, ValidationError

from catalog.courses.forms.fields import DayField, HoursField, Once, Picked, listed

LONGEST = 8 * 60
"""Minutes; nobody is supervised longer in one sitting."""


class SessionForm(FlaskForm):
    once = Once()
    provider_id = Picked(
        "With whom",
        validators=[InputRequired("Choose the provider.")],
        description="People who hold a qualification to provide RSC here.",
    )
    held_on = DayField("Day", [InputRequired("Write the day it took place.")])
    minutes = HoursField(
        "Length",
        validators=[InputRequired("Write how long it was.")],
        description="Such as 1, 1.5 or 45 min.",
    )

    def __init__(self, providers: Iterable[tuple[int, str]], today: date, **more: Any) -> None:
        super().__init__(**more)
        self.provider_id.choices = listed([("", "Choose a provider"), *providers])
        self.today = today

    def validate_held_on(self, field: DayField) -> None:
        if field.data and field.data > self.today:
            raise ValidationError("This day is still to come. Write it down once it took place.")

    def validate_minutes(self, field: HoursField) -> None:
        if field.data is not None and not 0 < field.data <= LONGEST:
            raise ValidationError("Write a length of up to 8 hours.")
