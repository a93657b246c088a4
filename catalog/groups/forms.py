"""The shape of what is typed about groups and individual RSC. No form here has room for notes."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, ValidationError

from catalog.courses.forms.fields import DayField, HoursField, Once, Picked, WholeField, listed
from catalog.courses.forms.meetings import ScheduleForm
from catalog.courses.forms.saying import say
from catalog.courses.models import GROUP_SEATS, USUAL_GROUP, Meeting, Offering
from catalog.courses.refusals import GroupSize
from catalog.groups.terms import Going
from catalog.wording import ZONE_NAMES, zone_name


class SubstituteForm(FlaskForm):
    substitute_id = Picked("Who leads this meeting")

    def __init__(self, people: Iterable[tuple[int, str]], **more: Any) -> None:
        super().__init__(**more)
        self.substitute_id.choices = listed([("", "The facilitator"), *people])


def substitute_form(people: Iterable[tuple[int, str]], meeting: Meeting) -> SubstituteForm:
    """As it stands; there is one for each meeting of a page, so each field has an id of its own."""
    named = meeting.substitute.id if meeting.substitute else None
    form = SubstituteForm(people, formdata=None, data={"substitute_id": named})
    form.substitute_id.id = f"substitute-{meeting.id}"
    form.substitute_id.label.field_id = form.substitute_id.id
    return form


WEEKS_TO_ANSWER = 2


class NextTermForm(ScheduleForm):
    """When the next term meets, and until when the members have the first say."""

    once = Once()
    capacity = WholeField("Seats", *GROUP_SEATS, description=GroupSize.sentence)
    answer_by = DayField("Members answer until", [InputRequired("Write the last day to answer.")])
    is_group = True

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        sentences = {**self.meetings_missing(), **self.work_missing()}
        if self.capacity.data is None and not self.capacity.errors:
            sentences["capacity"] = GroupSize.sentence
        say(self, sentences)
        return is_fine and not sentences

    def columns(self) -> dict[str, Any]:
        """What the next term has otherwise than the one before it."""
        return {"zone": self.zone.data, "capacity": self.capacity.data}

    def offer(self, trainers: Iterable[tuple[int, str]]) -> "NextTermForm":
        people = list(trainers)
        for entry in self.meetings:
            entry.form.co_trainers.choices = listed(people)
            entry.form.substitute.choices = listed([("", "Nobody"), *people])
        return self


def next_term_form(group: Offering, going: Going, today: date, **more: Any) -> NextTermForm:
    """With the dates that follow the old ones; `formdata=None` leaves what was sent aside."""
    fewest, most = GROUP_SEATS
    before = {meeting.number: meeting for meeting in group.sittings}
    rows = [
        {
            "date": one.starts.date(),
            "starts": one.starts.time(),
            "ends": one.ends.time(),
            "ledger": before[number].ledger,
            "break_minutes": before[number].break_minutes or None,
            "place": before[number].place,
        }
        for number, one in enumerate(going.sittings, 1)
        if number in before
    ]
    first = going.sittings[0].starts.date() if going.sittings else today + timedelta(weeks=4)
    answer_by = min(today + timedelta(weeks=WEEKS_TO_ANSWER), first - timedelta(days=1))
    seats = min(max(group.capacity or USUAL_GROUP, fewest), most)
    form = NextTermForm(
        **more, data={"zone": group.zone, "meetings": rows or [{}], "capacity": seats, "answer_by": answer_by}
    )
    if group.zone not in ZONE_NAMES:
        form.zone.choices = listed([*ZONE_NAMES.items(), (group.zone, zone_name(group.zone))])
    return form


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
