"""The forms of hour rules: one of them whole, and only its figure from a day on."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import BooleanField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from catalog.competencies.forms.facts import CARRIED, FactForm
from catalog.competencies.forms.fields import (
    Choice,
    DayField,
    HoursField,
    Picked,
    WholeField,
    line,
    pairs,
)
from catalog.competencies.models import Category, Condition, HourRule, HourTag, Ledger, Purpose, RuleKind
from catalog.competencies.wording import CONDITIONS, KINDS, LEDGERS, PURPOSES

MOST_MONTHS = 120


class DatedForm(FactForm):
    """What is in force within days."""

    effective_from = DayField("In force from", [Optional()], description="Empty: it always was.")
    effective_until = DayField("In force until", [Optional()], description="Empty: until further notice.")
    is_enabled = BooleanField("It is in use", default=True)
    why_disabled = line("Why it is not in use", 300)

    def validate_effective_until(self, field: DayField) -> None:
        began: date | None = self.effective_from.data
        if field.data and began and field.data < began:
            raise ValidationError("This is before the day from which it is in force.")


class RuleForm(DatedForm):
    category_id = Picked("Category")
    purpose = Choice("When it is asked", Purpose, PURPOSES)
    ledger = Choice("Hours of", Ledger, LEDGERS)
    kind = Choice("What the figure is", RuleKind, KINDS)
    tag_id = Picked("Only hours with this tag")
    minutes = HoursField("Hours", [InputRequired("Enter the hours; 0 for none.")])
    window_least = WholeField(
        "Spread over at least this many months",
        [Optional()],
        least=0,
        most=MOST_MONTHS,
        description="Empty: none.",
    )
    window_most = WholeField(
        "All within this many months",
        [Optional()],
        least=1,
        most=MOST_MONTHS,
        description="Empty: they may be of any age.",
    )
    applies_when = line("Applies when", 300, description="For example: the person provides RSC to others.")
    condition = Choice(
        "When the catalog asks for it",
        Condition,
        CONDITIONS,
        blank="Always",
        description="What stands in words alone is left for a person to judge.",
    )

    def __init__(
        self, categories: Iterable[Category], tags: Iterable[HourTag], of: HourRule | None = None, **more: Any
    ) -> None:
        window = (of.window_months if of else None) or {}
        more = {"window_least": window.get("min"), "window_most": window.get("max"), **more}
        super().__init__(obj=of, **more)
        self.category_id.choices = pairs((str(one.id), one.name) for one in categories)
        self.tag_id.choices = pairs([("", "Any hours"), *((str(one.id), one.label) for one in tags)])

    def validate_window_most(self, field: WholeField) -> None:
        least = self.window_least.data
        if field.data is not None and least is not None and field.data < least:
            raise ValidationError("This is less than the least.")

    def validate_window_least(self, field: WholeField) -> None:
        if field.data is not None and self.window_most.data is None and not self.window_most.process_errors:
            raise ValidationError("Say the most months too; the least alone is no window.")

    def columns(self) -> dict[str, Any]:
        columns = super().columns()
        least, most = columns.pop("window_least"), columns.pop("window_most")
        window = {"min": least, "max": most}
        kept = {key: value for key, value in window.items() if value is not None}
        return {**columns, "window_months": kept or None}


class BeginForm(FactForm):
    """What changes on a day; everything before that day stays as it was."""

    begins_on = DayField("From this day on", [DataRequired("Choose the day from which it changes.")])

    def columns(self) -> dict[str, Any]:
        return {name: self[name].data for name in CARRIED}


class FigureForm(BeginForm):
    minutes = HoursField("Hours from then on", [InputRequired("Enter the hours; 0 for none.")])

    def columns(self) -> dict[str, Any]:
        return {"minutes": self.minutes.data, **super().columns()}
