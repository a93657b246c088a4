from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired, ValidationError

from catalog.courses.forms.fields import ClockField, DayField, Picked, Radios, Ticked, line, listed
from catalog.courses.models import Meeting
from catalog.teaching.services import Scope, Wanted

SCOPES = {
    Scope.THIS: "This meeting alone",
    Scope.FOLLOWING: "This meeting and those after it",
    Scope.ALL: "All meetings",
}


class SeriesForm(FlaskForm):
    version = HiddenField()
    date = DayField("Date", [InputRequired("Write the date.")])
    starts = ClockField("From", [InputRequired("Write when it begins.")])
    ends = ClockField("To", [InputRequired("Write when it ends.")])
    place = line("Room, if it differs", 200)
    co_trainers = Ticked("Co-trainers")
    substitute_id = Picked("Led by")
    scope = Radios("What is to change", Scope, SCOPES, default=Scope.THIS)

    def __init__(self, meeting: Meeting, people: Iterable[tuple[int, str]], **more: Any) -> None:
        super().__init__(
            data={
                "version": meeting.offering.version,
                "date": meeting.starts_wall.date(),
                "starts": meeting.starts_wall.time(),
                "ends": meeting.ends_wall.time(),
                "place": meeting.place,
                "co_trainers": [person.id for person in meeting.co_trainers],
                "substitute_id": meeting.substitute.id if meeting.substitute else None,
            },
            **more,
        )
        known = list(people)
        trainer = meeting.offering.trainer
        others = [(number, name) for number, name in known if number != meeting.offering.trainer_id]
        self.co_trainers.choices = listed(known)
        self.substitute_id.choices = listed([("", trainer.name if trainer else "The trainer"), *others])

    def validate_ends(self, field: ClockField) -> None:
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError("The end must be after the start.")

    def wanted(self) -> Wanted:
        """What was typed; only once it was found valid."""
        days: list[Any] = [self.date.data, self.starts.data, self.ends.data]
        return Wanted(
            datetime.combine(days[0], days[1]),
            datetime.combine(days[0], days[2]),
            self.place.data or "",
            frozenset(self.co_trainers.data or ()),
            self.substitute_id.data,
        )
