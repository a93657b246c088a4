"""One row of an offering's form: a meeting, or work of one's own."""

import re
from datetime import datetime, time
from typing import Any

from wtforms import Field, Form, HiddenField
from wtforms.validators import Optional

from catalog.competencies.models import Ledger
from catalog.courses.forms import choices
from catalog.courses.forms.fields import (
    Choice,
    ClockField,
    DayField,
    HoursField,
    Picked,
    Ticked,
    WholeField,
    line,
)
from catalog.courses.models import MeetingKind
from catalog.courses.services import Row

LAST_MINUTE = time(23, 59)


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
    substitute = Picked("Who stands in for the trainer at this meeting")

    def is_blank(self) -> bool:
        """Whether nothing was typed that says when; such a row is left out."""
        return not any(is_typed(field) for field in self.when())

    def has_more(self) -> bool:
        """Whether the folded part of the row says anything, or has a problem."""
        folded = (self.break_minutes, self.title, self.place, self.co_trainers, self.substitute)
        return any(field.data or field.errors for field in folded)

    def is_sound(self) -> bool:
        return not self.errors and all(field.data is not None for field in self.when())

    def details(self) -> dict[str, Any]:
        """What generated meetings take over from this one."""
        fields = (self.break_minutes, self.ledger, self.place, self.co_trainers)
        return {field.short_name: field.data for field in fields}

    def row(self, position: int) -> Row:
        """What was typed, for the service; `position` is where it stands on the form."""
        day, starts, ends = (field.data for field in self.when())
        return Row(
            position,
            _known(self.meeting_id),
            datetime.combine(day, starts),
            datetime.combine(day, ends),
            self.break_minutes.data or 0,
            self.ledger.data,
            self.title.data or "",
            self.place.data or "",
            frozenset(self.co_trainers.data or ()),
            substitute_id=self.substitute.data,
        )

    def when(self) -> list[Any]:
        return [self.date, self.starts, self.ends]


def _known(field: HiddenField) -> int | None:
    """The meeting a row stands for, if it is one that was saved before."""
    text = str(field.data or "")
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None


class WorkForm(Form):
    """Work of one's own: days and hours, and neither a time nor a place."""

    meeting_id = HiddenField()
    kind = Choice("What it is", MeetingKind, choices.OWN_WORK, default=MeetingKind.HOMEWORK)
    title = line("What is done", 200, hint="For example: read chapter 3 and write one page.")
    first = DayField("First day", [Optional()])
    last = DayField("Last day", [Optional()])
    worth = HoursField("Hours it is worth", description="Such as 6, 1.5 or 1 h 30 min.")
    ledger = Choice("Counts as", Ledger, choices.LEDGERS, default=Ledger.TRAINING)

    def is_blank(self) -> bool:
        """Whether nothing was typed; such a row is left out."""
        return not any(is_typed(field) for field in (self.title, self.first, self.last, self.worth))

    def row(self, position: int) -> Row:
        days: list[Any] = [self.first.data, self.last.data]
        first, last = days
        return Row(
            position,
            _known(self.meeting_id),
            datetime.combine(first, time()),
            datetime.combine(last, LAST_MINUTE),
            ledger=self.ledger.data,
            title=self.title.data or "",
            kind=self.kind.data,
            worth=self.worth.data,
        )
