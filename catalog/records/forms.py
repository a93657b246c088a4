from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField

from catalog.accounts.models import Person


class RolesForm(FlaskForm):
    is_trainer = BooleanField("Trainer: creates courses, posts sessions, takes attendance")
    coordinates = BooleanField("Coordinator: reviews courses, keeps every roster, sees everybody's hours")
    is_administrator = BooleanField("Administrator: the same, and changes roles")
    # What the page showed, so that an old page does not undo what another administrator changed since.
    seen = HiddenField()


def roles(person: Person) -> str:
    """The person's roles as the form sends them back."""
    return f"{person.is_trainer:d}{person.coordinates:d}{person.is_administrator:d}"
