from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField
from wtforms.validators import Optional, ValidationError

from catalog.accounts.models import Person, Qualification
from catalog.courses.forms.fields import DayField, Listed, line, listed

COLUMNS = ("label", "category_code", "provides_rsc", "held_from", "held_until")


class RolesForm(FlaskForm):
    is_trainer = BooleanField("Trainer: creates courses, posts sessions, takes attendance")
    coordinates = BooleanField("Coordinator: reviews courses, keeps every roster, sees everybody's hours")
    is_administrator = BooleanField("Administrator: the same, and changes roles")
    # What the page showed, so that an old page does not undo what another administrator changed since.
    seen = HiddenField()


def roles(person: Person) -> str:
    """The person's roles as the form sends them back."""
    return f"{person.is_trainer:d}{person.coordinates:d}{person.is_administrator:d}"


class QualificationForm(FlaskForm):
    label = line("Qualification", 160, required="Enter what the qualification is called.")
    category_code = Listed(
        "Endorsed as",
        default="",
        description="If the qualification is an Endorsement category or its add-on. RSC counts by it.",
    )
    provides_rsc = BooleanField("With it one may provide reflective supervision/consultation (RSC)")
    held_from = DayField("Held from", [Optional()], description="Empty: it always was, or since before 2000.")
    held_until = DayField(
        "Held until", [Optional()], description="The last day. Empty: until further notice."
    )
    # As in the roles: what the page showed of the qualification that is changed.
    seen = HiddenField()

    def __init__(self, categories: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(**more)
        kept = self.category_code.object_data
        # One that the framework no longer has stays with whoever holds it.
        gone = [(kept, kept)] if kept and kept not in dict(categories) else []
        self.category_code.choices = listed([("", "None of these"), *categories, *gone])

    def validate_held_until(self, field: DateField) -> None:
        if field.data and self.held_from.data and field.data < self.held_from.data:
            raise ValidationError("This is before the day from which it is held.")

    def columns(self) -> dict[str, Any]:
        return {name: self[name].data for name in COLUMNS}


def stand(held: Qualification) -> str:
    """The qualification as its form sends it back."""
    return f"{held.provides_rsc:d} {held.held_from} {held.held_until} {held.category_code} {held.label}"


class MembershipForm(FlaskForm):
    member_until = DayField(
        "Member until", [Optional()], description="The last day of the membership. Empty: not a member."
    )
