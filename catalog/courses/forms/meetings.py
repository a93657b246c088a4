"""The part of an offering's form that says when: rows of meetings, and a series that fills them."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, FormField, HiddenField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from catalog.competencies.models import Ledger
from catalog.courses import schedule
from catalog.courses.forms import choices
from catalog.courses.forms.fields import (
    Choice,
    ClockField,
    DayField,
    Listed,
    Rows,
    Ticked,
    WholeField,
    line,
    listed,
    tidy,
)
from catalog.courses.services import Row
from catalog.wording import ZONE_NAMES

MOST_MEETINGS = 60
SERIES_NEEDS = {
    "first": "the first date of the series",
    "starts": "when each meeting begins",
    "ends": "when each meeting ends",
    "times": "how many meetings",
}


def is_typed(field: Field) -> bool:
    """Whether anything stands in the field, readable or not."""
    return bool(field.raw_data[0] if field.raw_data else field.data)


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
        return not any(is_typed(field) for field in self.when())

    def has_more(self) -> bool:
        """Whether the folded part of the row says anything, or has a problem."""
        folded = (self.break_minutes, self.title, self.place, self.co_trainers)
        return any(field.data or field.errors for field in folded)

    def is_sound(self) -> bool:
        return not self.errors and all(field.data is not None for field in self.when())

    def details(self) -> dict[str, Any]:
        """What generated meetings take over from this one."""
        fields = (self.break_minutes, self.ledger, self.place, self.co_trainers)
        return {field.short_name: field.data for field in fields}

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
    interval = SelectField("How often", choices=listed(choices.EVERY), coerce=int, default=1)
    unit = Choice("Unit", schedule.Unit, choices.UNITS, default=schedule.Unit.WEEK)
    times = WholeField("How many meetings", 1, MOST_MEETINGS)
    skip = StringField(
        "Days to skip",
        filters=[tidy],
        description="Such as 2026-12-22, 2026-12-29. They do not count as meetings.",
    )

    shown = HiddenField()

    def is_blank(self) -> bool:
        typed = (self.first, self.starts, self.ends, self.times, self.skip)
        return not any(is_typed(field) for field in typed)

    def is_unseen(self) -> bool:
        """Whether a series was typed, or changed, whose dates were not filled in yet."""
        return not self.is_blank() and not (self.is_complete() and self.said() == self.shown.data)

    def said(self) -> str:
        return schedule.in_words(self.pattern())

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


class ScheduleForm(FlaskForm):
    """Rows of meetings, a series, and the buttons between them that save nothing."""

    zone = Listed("Time zone of these times", choices=listed(ZONE_NAMES.items()))
    series = FormField(SeriesForm, "Series")
    meetings = Rows(FormField(MeetingForm, "Meeting"), "Meetings", max_entries=MOST_MEETINGS)

    series_said = ""
    """The series in words, just after its dates were filled in."""
    has_new_row = False
    """Whether the last row was just added, and waits for its date."""

    def rearrange(self, pressed: MultiDict[str, str], ledger: Ledger, adds: bool) -> bool | None:
        """Do what a button beside the meetings asks for: None when none was pressed, else whether it worked.

        A series replaces the rows, or, where `adds` is true, stands behind them. One that was typed and never
        shown is shown before anything is saved."""
        if "add" in pressed:
            self.has_new_row = True
            self._add({"ledger": ledger})
        elif "remove" in pressed:
            self.meetings.take_out(pressed.get("remove", -1, type=int))
        elif "show" in pressed or self.series.form.is_unseen():
            return self._generate(ledger, adds)
        else:
            return None
        if not self.meetings.entries:
            self._add({"ledger": ledger})
        return True

    def dated(self) -> list[tuple[int, MeetingForm]]:
        """The rows in which anything was typed, with their places on the form."""
        rows = [(position, entry.form) for position, entry in enumerate(self.meetings)]
        return [(position, row) for position, row in rows if not row.is_blank()]

    def rows(self) -> list[Row]:
        return [row.row(position) for position, row in self.dated()]

    def meetings_missing(self) -> dict[str, str]:
        """What the rows lack, by field."""
        if not self.dated():
            return {"meetings-0-date": "Write the date of at least one meeting."}
        words = {"date": "the date", "starts": "the start", "ends": "the end"}
        return {
            field.name: f"Write {words[field.short_name]} of meeting {position + 1}."
            for position, row in self.dated()
            for field in row.when()
            if field.data is None and not field.errors
        }

    def comes_twice(self, meeting: MeetingForm) -> bool:
        """Whether the clocks show the meeting's start twice on that day."""
        day, starts, _ends = (field.data for field in meeting.when())
        is_known = meeting.is_sound() and self.zone.data in available_timezones()
        return is_known and schedule.comes_twice(datetime.combine(day, starts), self.zone.data)

    def _add(self, row: Mapping[str, Any]) -> None:
        if len(self.meetings) < MOST_MEETINGS:
            self.meetings.append_entry(dict(row))

    def _generate(self, ledger: Ledger, adds: bool) -> bool:
        series = self.series.form
        if not series.is_complete():
            return False
        typed = [row for _, row in self.dated()]
        details = typed[0].details() if typed else {"ledger": ledger}
        if adds:
            self.meetings.keep(lambda entry: not entry.form.is_blank())
        else:
            self.meetings.keep(lambda entry: False)
        there = {(row.date.data, row.starts.data) for row in typed} if adds else set()
        for starts, ends in schedule.sittings(series.pattern()):
            if (starts.date(), starts.time()) not in there:
                self._add({**details, "date": starts.date(), "starts": starts.time(), "ends": ends.time()})
        self.series_said = series.shown.data = series.said()
        return True
