"""The form of an offering: its meetings, typed or generated, and how people come to it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField
from wtforms.validators import Optional

from catalog.competencies.models import Ledger
from catalog.courses import schedule
from catalog.courses.forms import choices
from catalog.courses.forms.fields import (
    Choice,
    DayField,
    Listed,
    MomentField,
    MoneyField,
    Once,
    Picked,
    Radios,
    WholeField,
    address,
    is_text,
    line,
    listed,
    paragraph,
)
from catalog.courses.forms.meetings import ScheduleForm
from catalog.courses.forms.saying import say
from catalog.courses.models import (
    GROUP_SEATS,
    MOST_SEATS,
    USUAL_GROUP,
    Course,
    Format,
    Kind,
    Meeting,
    Offering,
    WhenFull,
)
from catalog.courses.refusals import GroupSize
from catalog.places import counties
from catalog.wording import ZONE_NAMES, zone_name

ELSEWHERE = "elsewhere"
PLACED = (Format.IN_PERSON, Format.HYBRID)
ONLINE = (Format.VIRTUAL, Format.HYBRID)
NOT_COLUMNS = ("csrf_token", "once", "meetings", "work", "series", "link_follows")
AS_IT_STANDS = (
    "trainer_id",
    "zone",
    "format",
    "place",
    "online_link",
    "minimum",
    "decide_on",
    "when_full",
    "needs_approval",
    "question",
    "price_cents",
    "member_price_cents",
    "price_note",
    "language",
    "interpretation",
    "accessibility",
    "note",
    "joins_until",
)


def _county_choices() -> list[Any]:
    names = [(county.fips, county.name) for county in counties().values()]
    return listed([("", "Choose a county"), *names, (ELSEWHERE, "In another state")])


class OfferingForm(ScheduleForm):
    once = Once()
    trainer_id = Picked("Trainer")
    format = Choice("Format", Format, choices.FORMATS)
    county = Listed("County", choices=_county_choices)
    place = line("Place", 500, hint="Building, street and town.")
    online_link = address("Online link")
    link_follows = BooleanField("The link follows later")

    capacity = WholeField(
        "Seats", 1, MOST_SEATS, description="Leave it empty for no limit; then there is no waitlist."
    )
    minimum = WholeField("Minimum to take place", 1, MOST_SEATS, description="The least number of people.")
    decide_on = DayField(
        "Decide by", [Optional()], description="You are reminded before, if there are fewer people by then."
    )
    when_full = Radios("When all seats are taken", WhenFull, choices.WHEN_FULL, default=WhenFull.WAITLIST)
    needs_approval = BooleanField("I approve each person before they get a seat")
    question = paragraph("A question to answer when joining", 1000, rows=2)
    opens_at = MomentField("Enrollment opens", [Optional()])
    closes_at = MomentField("Enrollment closes", [Optional()])

    price_cents = MoneyField("Price", description="Dollars, such as 25 or 12.50; 0 is free.")
    member_price_cents = MoneyField("Price for members")
    price_note = paragraph("About the price", 1000, rows=2)

    language = line("Language", 40, default="English")
    interpretation = line("Interpretation", 200, hint="For example: Spanish, American Sign Language.")
    accessibility = paragraph("Accessibility", 2000, rows=2)
    note = paragraph("Anything else people should know", 2000, rows=2)

    joins_until = WholeField("Vacancies are filled until meeting", 1, 60)

    seats_now: int | None = None
    """The seats of an offering that is edited; its form does not change them."""

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        sentences = {**self._place_missing(), **self._meetings_missing(), **self._window_wrong()}
        sentences |= self.work_missing()
        sentences |= self._group_wrong()
        if self.minimum.data and self.most_seats and self.minimum.data > self.most_seats:
            sentences["minimum"] = f"There are only {self.most_seats} seats."
        sentences |= self._decision_wrong()
        say(self, sentences)
        return is_fine and not sentences

    @property
    def most_seats(self) -> int | None:
        return self.capacity.data if "capacity" in self else self.seats_now

    def _place_missing(self) -> dict[str, str]:
        sentences = {}
        if self.format.data in PLACED:
            if not self.county.data and not self.county.errors:
                sentences["county"] = "Choose the county people come to."
            if not self.place.data:
                sentences["place"] = "Write where people come to."
        if self.format.data in ONLINE and not (self.online_link.data or self.link_follows.data):
            sentences["online_link"] = "Write the link, or tick that it follows later."
        return sentences

    def _meetings_missing(self) -> dict[str, str]:
        if self.format.data != Format.SELF_PACED:
            return self.meetings_missing()
        sentence = "Something self-paced has no meetings. Take the dates out, or choose another format."
        return {"format": sentence} if self.dated() else {}

    def _window_wrong(self) -> dict[str, str]:
        sentences = {}
        for field in (self.opens_at, self.closes_at):
            try:
                self._instant(field)
            except schedule.NoSuchTime as refusal:
                sentences[field.name] = str(refusal)
        if self.opens_at.data and self.closes_at.data and self.closes_at.data <= self.opens_at.data:
            sentences["closes_at"] = "Enrollment must close after it opens."
        return sentences

    def _group_wrong(self) -> dict[str, str]:
        """What a group must not be; the number of its seats is looked at by the service too."""
        if not self.is_group:
            return {}
        sentences = {}
        fewest, most = GROUP_SEATS
        if (
            "capacity" in self
            and not self.capacity.errors
            and not fewest <= (self.capacity.data or 0) <= most
        ):
            sentences["capacity"] = GroupSize.sentence
        if (self.joins_until.data or 0) > len(self.dated()) > 0:
            sentences["joins_until"] = f"There are only {len(self.dated())} meetings."
        if len((self.question.data or "").splitlines()) > MOST_QUESTIONS:
            sentences["question"] = f"Ask at most {MOST_QUESTIONS} questions."
        return sentences

    def of_kind(self, course: Course) -> "OfferingForm":
        """A group says until when vacancies are filled, and asks one question a line."""
        self.is_group = course.kind == Kind.REFLECTIVE_GROUP
        if not self.is_group:
            del self.joins_until
            return self
        self.question.label.text = "Questions of the application, one on each line"
        if "capacity" in self:
            self.capacity.description = GroupSize.sentence
        return self

    def _decision_wrong(self) -> dict[str, str]:
        decide_on = self.decide_on.data
        if decide_on is None or self.decide_on.errors:
            return {}
        if not self.minimum.data:
            return {"decide_on": "Write the minimum too; without it there is nothing to decide."}
        days = [row.date.data for _, row in self.dated() if row.date.data]
        if days and decide_on > min(days):
            return {"decide_on": "Decide before the first meeting, or on its day."}
        return {}

    def _instant(self, field: MomentField) -> datetime | None:
        if field.data is None or field.errors or self.zone.errors:
            return None
        return schedule.instant(field.data, self.zone.data)

    def columns(self) -> dict[str, Any]:
        """Every column of the offering that this form fills in."""
        values = {
            name: field.data or "" if is_text(field) else field.data
            for name, field in self._fields.items()
            if name not in NOT_COLUMNS
        }
        is_placed, is_online = self.format.data in PLACED, self.format.data in ONLINE
        return {
            **values,
            "opens_at": self._instant(self.opens_at),
            "closes_at": self._instant(self.closes_at),
            "county": self.county.data if is_placed and self.county.data != ELSEWHERE else None,
            "place": values["place"] if is_placed else "",
            "online_link": values["online_link"] if is_online else "",
        }

    def offer(self, trainers: Iterable[tuple[int, str]], may_choose_trainer: bool) -> "OfferingForm":
        """Set which people can be chosen; only coordinators choose whose session it is."""
        people = list(trainers)
        for entry in self.meetings:
            entry.form.co_trainers.choices = listed(people)
            entry.form.substitute.choices = listed([("", "Nobody"), *people])
        if may_choose_trainer:
            self.trainer_id.choices = listed([("", "Not named yet"), *people])
        elif "trainer_id" in self:
            del self.trainer_id
        return self


MOST_QUESTIONS = 8


def default_ledger(course: Course) -> Ledger:
    return Ledger.RSC if course.kind == Kind.REFLECTIVE_GROUP else Ledger.TRAINING


def posting_form(course: Course, zone: str, trainer_id: int) -> OfferingForm:
    """An empty form with what the course already says, and for a group what groups usually are."""
    form = OfferingForm(
        data={
            "zone": zone,
            "trainer_id": trainer_id,
            "format": course.format,
            "language": course.language,
            "accessibility": course.accessibility,
            "price_cents": course.price_cents,
            "member_price_cents": course.member_price_cents,
            "price_note": course.price_note,
            "capacity": _usual_seats(course),
            "needs_approval": course.kind == Kind.REFLECTIVE_GROUP,
            "meetings": [{"ledger": default_ledger(course)}],
        }
    )
    return form.of_kind(course)


def _usual_seats(course: Course) -> int | None:
    stated = int(course.capacity_listed) if course.capacity_listed.isdecimal() else None
    if course.kind != Kind.REFLECTIVE_GROUP:
        return stated
    fewest, most = GROUP_SEATS
    return stated if stated and fewest <= stated <= most else USUAL_GROUP


def editing_form(offering: Offering, bound: bool = True) -> OfferingForm:
    """The form as the offering stands, or, where it is bound, as it was sent.

    The number of seats is changed on the roster, where the queue is."""
    form = OfferingForm(
        **({} if bound else {"formdata": None}),
        data={
            **{name: getattr(offering, name) for name in AS_IT_STANDS},
            "opens_at": _wall(offering.opens_at, offering.zone),
            "closes_at": _wall(offering.closes_at, offering.zone),
            "county": offering.county or (ELSEWHERE if offering.format in PLACED else ""),
            "link_follows": offering.format in ONLINE and not offering.online_link,
            "meetings": [_row(meeting) for meeting in offering.sittings] or [{}],
            "work": [_work(meeting) for meeting in offering.own_work],
        },
    )
    if offering.zone not in ZONE_NAMES:
        form.zone.choices = listed([*ZONE_NAMES.items(), (offering.zone, zone_name(offering.zone))])
    form.seats_now = offering.capacity
    del form.capacity, form.once
    return form.of_kind(offering.course)


def copying_form(offering: Offering, days: int) -> OfferingForm:
    """The form of a new offering with everything of this one, `days` later by the wall clock.

    Times that the clocks jump over on the new days are said beside their fields."""
    later = timedelta(days=days)

    def shifted(at: datetime | None) -> datetime | None:
        wall = _wall(at, offering.zone)
        return wall + later if wall else None

    form = OfferingForm(
        formdata=None,
        data={
            **{name: getattr(offering, name) for name in AS_IT_STANDS},
            "capacity": offering.capacity,
            "decide_on": offering.decide_on + later if offering.decide_on else None,
            "opens_at": shifted(offering.opens_at),
            "closes_at": shifted(offering.closes_at),
            "county": offering.county or (ELSEWHERE if offering.format in PLACED else ""),
            "link_follows": offering.format in ONLINE and not offering.online_link,
            "meetings": [_moved(_row(meeting), later) for meeting in offering.sittings] or [{}],
            "work": [_moved(_work(meeting), later) for meeting in offering.own_work],
        },
    )
    if offering.zone not in ZONE_NAMES:
        form.zone.choices = listed([*ZONE_NAMES.items(), (offering.zone, zone_name(offering.zone))])
    say(form, _jumped_over(form, offering.zone))
    return form


def _moved(row: dict[str, Any], later: timedelta) -> dict[str, Any]:
    """The row of another meeting, that much later."""
    days: dict[str, Any] = {name: row[name] + later for name in ("date", "first", "last") if name in row}
    return {**row, **days, "meeting_id": ""}


def _jumped_over(form: OfferingForm, zone: str) -> dict[str, str]:
    sentences = {}
    for _, row in form.dated():
        for field in (row.starts, row.ends):
            try:
                schedule.instant(datetime.combine(row.date.data or date.max, field.data or time()), zone)
            except schedule.NoSuchTime as refusal:
                sentences[field.name] = str(refusal)
    return sentences


def _wall(at: datetime | None, zone: str) -> datetime | None:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if at else None


def _row(meeting: Meeting) -> dict[str, Any]:
    return {
        "meeting_id": meeting.id,
        "date": meeting.starts_wall.date(),
        "starts": meeting.starts_wall.time(),
        "ends": meeting.ends_wall.time(),
        "break_minutes": meeting.break_minutes or None,
        "ledger": meeting.ledger,
        "title": meeting.title,
        "place": meeting.place,
        "co_trainers": [person.id for person in meeting.co_trainers],
        "substitute": meeting.substitute.id if meeting.substitute else None,
    }


def _work(meeting: Meeting) -> dict[str, Any]:
    return {
        "meeting_id": meeting.id,
        "kind": meeting.kind,
        "title": meeting.title,
        "first": meeting.starts_wall.date(),
        "last": meeting.ends_wall.date(),
        "worth": meeting.minutes,
        "ledger": meeting.ledger,
    }
