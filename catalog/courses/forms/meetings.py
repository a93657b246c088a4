"""The part of an offering's form that says when: rows of meetings, and a series that fills them."""

import re
from datetime import date, datetime
from typing import Any

from wtforms import Form, HiddenField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from catalog.competencies.models import Ledger
from catalog.courses import schedule
from catalog.courses.forms import choices
from catalog.courses.forms.fields import Choice, ClockField, DayField, Ticked, WholeField, line, tidy
from catalog.courses.services import Row

MOST_MEETINGS = 60
SERIES_NEEDS = {
    "first": "the first date",
    "starts": "the start",
    "ends": "the end",
    "times": "how many meetings",
}


class MeetingForm(Form):
    meeting_id = HiddenField()
    date = DayField("Date", [Optional()])
    starts = ClockField("From", [Optional()])
    ends = ClockField("To", [Optional()])
    break_minutes = WholeField("Break, in minutes", 0, 600, description="Breaks do not count as hours.")
    ledger = Choice("Counts as", Ledger, choices.LEDGERS, default=Ledger.TRAINING)
    title = line("Topic of this meeting", 200)
    place = line("Room, if it differs", 200)
    co_trainers = Ticked("Co-trainers")

    def is_blank(self) -> bool:
        """Whether nothing was typed that says when; such a row is left out."""
        return not any(field.raw_data[0] if field.raw_data else field.data for field in self.when())

    def has_more(self) -> bool:
        """Whether the folded part of the row says anything, or has a problem."""
        folded = (self.break_minutes, self.title, self.place, self.co_trainers)
        return any(field.data or field.errors for field in folded)

    def is_sound(self) -> bool:
        return not self.errors and all(field.data is not None for field in self.when())

    def row(self, position: int) -> Row:
        """What was typed, for the service; `position` is where it stands on the form."""
        known = str(self.meeting_id.data or "")
        day, starts, ends = (field.data for field in self.when())
        return Row(
            position,
            int(known) if re.fullmatch(r"\d{1,9}", known, re.ASCII) else None,
            datetime.combine(day, starts),
            datetime.combine(day, ends),
            self.break_minutes.data or 0,
            self.ledger.data,
            self.title.data or "",
            self.place.data or "",
            frozenset(self.co_trainers.data or ()),
        )

    def when(self) -> list[Any]:
        return [self.date, self.starts, self.ends]


class SeriesForm(Form):
    """For example every second Tuesday, 9:00 to 11:00, six times."""

    first = DayField("First date", [Optional()])
    starts = ClockField("From", [Optional()])
    ends = ClockField("To", [Optional()])
    interval = SelectField("How often", choices=choices.EVERY, coerce=int, default=1)
    unit = Choice("Unit", schedule.Unit, choices.UNITS, default=schedule.Unit.WEEK)
    times = WholeField("How many meetings", 1, MOST_MEETINGS)
    skip = StringField(
        "Days to skip",
        filters=[tidy],
        description="Such as 2026-12-22, 2026-12-29. They do not count as meetings.",
    )

    def is_blank(self) -> bool:
        return not any((self.first.data, self.starts.data, self.ends.data, self.times.data))

    def is_complete(self) -> bool:
        """Whether dates can be made from it; says what is missing. A series nobody asks for may be incomplete."""
        is_fine = self.validate()
        for name, what in SERIES_NEEDS.items():
            field = self[name]
            if field.data is None and not field.errors:
                field.errors = [f"Write {what}."]
                is_fine = False
        return is_fine

    def validate_ends(self, field: ClockField) -> None:
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError("The end must be after the start.")

    def validate_skip(self, field: StringField) -> None:
        try:
            self.skipped()
        except ValueError as error:
            raise ValidationError("Write days such as 2026-12-22, with commas between them.") from error

    def skipped(self) -> frozenset[date]:
        words = (self.skip.data or "").replace(",", " ").replace(";", " ").split()
        return frozenset(date.fromisoformat(word) for word in words)

    def pattern(self) -> schedule.Pattern:
        """What was typed; only once it was found valid."""
        first, starts, ends, times = (self[name].data for name in SERIES_NEEDS)
        return schedule.Pattern(
            first, starts, ends, self.unit.data, self.interval.data, times, self.skipped()
        )
