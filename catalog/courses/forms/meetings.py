"""The part of an offering's form that says when: rows of meetings, and a series that fills them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Form, FormField, HiddenField, SelectField, StringField
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
    WholeField,
    listed,
    tidy,
)
from catalog.courses.forms.rows import MeetingForm, WorkForm, is_typed
from catalog.courses.models import MeetingKind
from catalog.courses.services import Row
from catalog.wording import ZONE_NAMES

MOST_MEETINGS = 60
MOST_WORK = 20
SERIES_NEEDS = {
    "first": "the first date of the series",
    "starts": "when each meeting begins",
    "ends": "when each meeting ends",
    "times": "how many meetings",
}


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
    """Rows of meetings and of work of one's own, a series, and the buttons between them that save nothing."""

    zone = Listed("Time zone of these times", choices=listed(ZONE_NAMES.items()))
    series = FormField(SeriesForm, "Series")
    meetings = Rows(FormField(MeetingForm, "Meeting"), "Meetings", max_entries=MOST_MEETINGS)
    work = Rows(
        FormField(WorkForm, "Own work"), "Homework, practicum, individual hours", max_entries=MOST_WORK
    )

    series_said = ""
    """The series in words, just after its dates were filled in."""
    has_new_row = False
    """Whether the last row was just added, and waits for its date."""
    has_new_work = False
    is_group = False
    """Whether it is a term of a reflective practice group, of whose meetings nothing is written down."""

    def rearrange(self, pressed: MultiDict[str, str], ledger: Ledger, adds: bool) -> bool | None:
        """Do what a button beside the meetings asks for: None when none was pressed, else whether it worked.

        A series replaces the rows, or, where `adds` is true, stands behind them. One that was typed and never
        shown is shown before anything is saved."""
        if "add" in pressed:
            self.has_new_row = True
            self._add({"ledger": ledger})
        elif "remove" in pressed:
            self.meetings.take_out(pressed.get("remove", -1, type=int))
        elif "add_work" in pressed:
            self._add_work(ledger)
        elif "remove_work" in pressed:
            self.work.take_out(pressed.get("remove_work", -1, type=int))
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

    def worked(self) -> list[tuple[int, WorkForm]]:
        """The same of the rows of work of one's own."""
        rows: list[tuple[int, Any]] = [(position, entry.form) for position, entry in enumerate(self.work)]
        return [(position, row) for position, row in rows if not row.is_blank()]

    def rows(self) -> list[Row]:
        meetings = [row.row(position) for position, row in self.dated()]
        return meetings + [row.row(position) for position, row in self.worked()]

    def work_missing(self) -> dict[str, str]:
        """What the rows of own work lack, by field."""
        words = {"first": "its first day", "last": "its last day", "worth": "how many hours it is worth"}
        return {
            row[name].name: f"Write {what}."
            for _, row in self.worked()
            for name, what in words.items()
            if not row[name].data and not row[name].errors
        }

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

    def _add_work(self, ledger: Ledger) -> None:
        self.has_new_work = len(self.work) < MOST_WORK
        if self.has_new_work:
            self.work.append_entry({"ledger": ledger, "kind": MeetingKind.HOMEWORK})

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
