from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField
from wtforms.validators import Optional, ValidationError

from catalog.accounts.models import Person, Qualification
from catalog.courses.forms.fields import DayField, line


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
    provides_rsc = BooleanField("With it one may provide reflective supervision/consultation (RSC)")
    held_from = DayField("Held from", [Optional()], description="Empty: it always was, or since before 2000.")
    held_until = DayField(
        "Held until", [Optional()], description="The last day. Empty: until further notice."
    )
    # As in the roles: what the page showed of the qualification that is changed.
    seen = HiddenField()

    def validate_held_until(self, field: DateField) -> None:
        if field.data and self.held_from.data and field.data < self.held_from.data:
            raise ValidationError("This is before the day from which it is held.")

    def columns(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("label", "provides_rsc", "held_from", "held_until")}


def stand(held: Qualification) -> str:
    """The qualification as its form sends it back."""
    return f"{held.provides_rsc:d} {held.held_from} {held.held_until} {held.label}"


class MembershipForm(FlaskForm):
    member_until = DayField(
        "Member until", [Optional()], description="The last day of the membership. Empty: not a member."
    )
