"""The form by which somebody is given the coordinator's role, or a part of it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import DateField, EmailField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from catalog import clock
from catalog.accounts.forms import EMAIL
from catalog.places import counties

LONGEST = timedelta(days=366)


class Some(SelectMultipleField):
    """Any of a list, or none, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GrantForm(FlaskForm):
    email = EmailField("Email address of the person", EMAIL, render_kw={"autocomplete": "off"})
    counties = Some("Only these counties", description="None ticked: all of them.")
    providers = Some(
        "Only courses of these providers", description="None ticked: all. With counties, both must fit."
    )
    until = DateField(
        "Last day",
        [Optional()],
        description="It ends by itself after it. Only administrators may leave it out.",
    )
    reason = StringField(
        "Why",
        [
            InputRequired("Say why, for whoever reads it later."),
            Length(max=300, message="Use at most 300 characters."),
        ],
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, providers: Sequence[str], zone: str, **more: object) -> None:
        super().__init__(**more)
        self._zone = zone
        self.counties.choices = [(county.fips, county.name) for county in counties().values()]
        self.providers.choices = [(name, name) for name in providers]

    def validate_until(self, field: DateField) -> None:
        today: date = clock.today(self._zone)
        if field.data and not today <= field.data <= today + LONGEST:
            raise ValidationError("Choose a day from today on, at most a year ahead.")

    @property
    def ends_at(self) -> datetime | None:
        """The midnight after the last day."""
        last = self.until.data
        if last is None:
            return None
        return datetime.combine(last + timedelta(days=1), datetime.min.time(), ZoneInfo(self._zone))
