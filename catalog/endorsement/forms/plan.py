"""What somebody wishes of a plan: until when, for how much, where and when."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field
from wtforms.validators import DataRequired, Optional, ValidationError

from catalog.courses.forms.fields import DayField, MoneyField, Radios, Ticked, WholeField, listed
from catalog.endorsement.plan.wishes import EVERY_DAY, WEEKDAYS, Aim, Wishes
from catalog.places import county_name

LONGEST = timedelta(days=3 * 366)


class Where(StrEnum):
    ANYWHERE = "anywhere"
    MINE = "mine"
    THESE = "these"


AIMS = {Aim.MINIMUM: "The minimum of training hours", Aim.TYPICAL: "What is typically accepted"}


class PlanForm(FlaskForm):
    by = DayField("Ready by", [DataRequired("Choose the day by which you want to be ready.")])
    aim = Radios("Training hours", Aim, AIMS, default=Aim.MINIMUM)
    most = MoneyField(
        "At most, dollars",
        [Optional()],
        description="All sessions together; 0 plans free sessions only. Empty: no limit.",
        render_kw={"inputmode": "decimal", "class": "short"},
    )
    where = Radios("In person", Where, {Where.ANYWHERE: "Anywhere"}, default=Where.ANYWHERE)
    counties = Ticked("Counties", coerce=str)
    online = BooleanField("Online as well", default=True)
    weekdays = Ticked(
        "Days of the week",
        choices=listed(enumerate(WEEKDAYS)),
        default=sorted(EVERY_DAY),
        description="Every meeting of a session falls on one of these.",
    )
    days_a_month = WholeField(
        "At most so many days a month",
        1,
        31,
        validators=[Optional()],
        description="With the days of the seats that you hold. Empty: no limit.",
    )

    def __init__(
        self, today: date, county: str | None, offered: Iterable[str], *, has_typical: bool, **more: Any
    ) -> None:
        """`county` is where the person works, `offered` where sessions are to come."""
        super().__init__(**more)
        self.today, self.county = today, county
        if not self.is_submitted() and self.by.data is None:
            self.by.data = today + relativedelta(months=12)
        if not has_typical:
            del self.aim
        names = {Where.ANYWHERE: "Anywhere"}
        if county:
            names[Where.MINE] = f"In {county_name(county)} only"
        names[Where.THESE] = "In the counties chosen here"
        self.where.choices = listed([(one.value, name) for one, name in names.items()])
        self.counties.choices = listed((fips, county_name(fips)) for fips in offered)

    def validate_by(self, field: Field) -> None:
        if field.data and field.data <= self.today:
            raise ValidationError("Choose a day that is still to come.")
        if field.data and field.data > self.today + LONGEST:
            raise ValidationError("Choose a day within the next three years.")

    def validate_counties(self, field: Field) -> None:
        if self.where.data == Where.THESE and not field.data:
            raise ValidationError("Choose at least one county, or another way to say where.")

    def validate_weekdays(self, field: Field) -> None:
        if not field.data:
            raise ValidationError("Choose at least one day of the week.")

    def wishes(self) -> Wishes:
        mine = frozenset({self.county}) if self.county else frozenset[str]()
        counties = {
            Where.ANYWHERE: None,
            Where.MINE: mine,
            Where.THESE: frozenset(map(str, self.counties.data or ())),
        }
        return Wishes(
            by=self.by.data or self.today,
            aim=self.aim.data if "aim" in self else Aim.MINIMUM,
            most_cents=self.most.data,
            counties=counties[self.where.data],
            online=bool(self.online.data),
            weekdays=frozenset(self.weekdays.data or ()),
            days_a_month=self.days_a_month.data,
        )
