"""What a report is asked for, read from its address: days, counties, and whether small counts are masked."""

from datetime import date

from wtforms import BooleanField, DateField, Form, SelectMultipleField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.places import counties
from catalog.reports.frame import Asked, Question, Which
from catalog.reports.period import FIRST_DAY, LAST_DAY, Period, preset


class AskForm(Form):
    """The names in the address are from, to, county and masked."""

    first = DateField("From", [Optional()], name="from")
    last = DateField("To", [Optional()], name="to")
    county = SelectMultipleField(
        "Counties", widget=ListWidget(), option_widget=CheckboxInput(), validate_choice=True
    )
    masked = BooleanField("Hide counts under 5")

    def fill(self, state: str) -> None:
        """The counties of the state; and where no days were given, none are typed in."""
        self.county.choices = [(one.fips, one.name) for one in counties().values() if one.state == state]

    def validate_first(self, field: DateField) -> None:
        _refuse_far(field.data)

    def validate_last(self, field: DateField) -> None:
        _refuse_far(field.data)
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError("This is before the first day.")

    def asked(self, question: Question, today: date) -> Asked:
        """Days that were not given are those of the question's own period."""
        usual = preset(question.preset, today)
        first, last = self.first.data or usual.first, self.last.data or usual.last
        return Asked(Period(first, max(first, last)), tuple(self.county.data or ()), bool(self.masked.data))


def _refuse_far(day: date | None) -> None:
    if day and not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError("Choose a day between the years 2000 and 2099.")


def address(asked: Asked, which: Which | None = None) -> dict[str, object]:
    """What stands behind the ? of an address that asks the same again."""
    return {
        "from": asked.period.first.isoformat(),
        "to": asked.period.last.isoformat(),
        "county": list(asked.counties),
        "masked": 1 if asked.masked else None,
        **(which._asdict() if which else {}),
    }
