"""What people type about goals: a category, what they hold, and which seats suit them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, SelectMultipleField
from wtforms.validators import InputRequired, Optional, ValidationError

from catalog.competencies.models import Category
from catalog.courses.forms.fields import DayField, Listed, MoneyField, listed
from catalog.endorsement.openings import Wishes
from catalog.places import county_name


class CategoryField(Listed):
    """One of the categories that are offered, by its number."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(
            label,
            [InputRequired("Choose a category.")],
            coerce=lambda value: int(value) if value else None,
            **more,
        )

    def offer(self, categories: Sequence[Category]) -> None:
        self.choices = listed(
            [("", "Choose one"), *((one.id, f"{one.name} ({one.code})") for one in categories)]
        )


class GoalForm(FlaskForm):
    category_id = CategoryField("Category")

    def __init__(self, categories: Sequence[Category], **more: Any) -> None:
        super().__init__(**more)
        self.category_id.offer(categories)


class EndorsedForm(FlaskForm):
    category_id = CategoryField("Category")
    endorsed_on = DayField("Endorsed on", [InputRequired("Enter the day on which you were endorsed.")])
    valid_until = DayField(
        "Renew by",
        [Optional()],
        description="The deadline that your association names. Empty: the next one by the rules here.",
    )
    provides_rsc = BooleanField("I provide reflective supervision/consultation (RSC) to others")

    def __init__(
        self, categories: Sequence[Category] | None, today: date, *, until: date | None = None, **more: Any
    ) -> None:
        """Without categories the form is about one that is held already, `until` the deadline it has."""
        super().__init__(**more)
        self.today, self.until = today, until
        if categories is None:
            del self.category_id
        else:
            self.category_id.offer(categories)

    def validate_endorsed_on(self, field: DateField) -> None:
        if field.data and field.data > self.today:
            raise ValidationError("This day is still to come. What you work toward is chosen above.")
        if field.data and self.until and self.until < field.data and not self.valid_until.data:
            raise ValidationError(
                "The deadline that is written down is before this day. Enter the new one too."
            )

    def validate_valid_until(self, field: DateField) -> None:
        if field.data and self.endorsed_on.data and field.data < self.endorsed_on.data:
            raise ValidationError("This is before the day on which you were endorsed.")

    def columns(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("endorsed_on", "valid_until", "provides_rsc")}


class RenewForm(FlaskForm):
    """`seen` is the deadline that the page showed."""

    seen = HiddenField()


class WishesForm(FlaskForm):
    """Filters in the address; nothing is saved, so it needs no token."""

    class Meta:
        csrf = False

    county = SelectMultipleField("Counties", choices=[])
    online = BooleanField("Online as well, or only online where no county is chosen")
    most = MoneyField("At most, dollars")
    begins = DayField("From", [Optional()])
    ends = DayField("Until", [Optional()])
    language = Listed("Language", choices=[], validators=[Optional()])

    def __init__(self, counties: Sequence[str], languages: Sequence[str], **more: Any) -> None:
        super().__init__(**more)
        self.county.choices = listed((fips, county_name(fips)) for fips in counties)
        self.language.choices = listed([("", "Any language"), *((one, one) for one in languages)])

    def wishes(self) -> Wishes:
        """What can be read of it; what cannot is said beside its field and left out."""
        ok = {name for name, field in self._fields.items() if not field.errors}
        return Wishes(
            counties=tuple(self.county.data or ()) if "county" in ok else (),
            online=bool(self.online.data),
            most_cents=self.most.data if "most" in ok else None,
            begins=self.begins.data if "begins" in ok else None,
            ends=self.ends.data if "ends" in ok else None,
            language=(self.language.data or "") if "language" in ok else "",
        )

    @property
    def chosen(self) -> int:
        """How many filters are set."""
        w = self.wishes()
        return sum(map(bool, (w.counties, w.online, w.most_cents is not None, w.begins, w.ends, w.language)))
