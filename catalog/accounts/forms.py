from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, ValidationError

from catalog.places import counties
from catalog.wording import ZONE_NAMES

EMAIL = [
    InputRequired("Enter your email address."),
    # Mail servers of today still refuse letters beyond ASCII before the @.
    Email("Enter an address like name@example.org.", allow_smtputf8=False),
    Length(max=254, message="Enter an address of at most 254 characters."),
]


class SignInForm(FlaskForm):
    email = EmailField("Email address", EMAIL, render_kw={"autocomplete": "username"})
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password.")],
        render_kw={"autocomplete": "current-password"},
    )


def _new_password() -> PasswordField:
    return PasswordField(
        "Password",
        [
            InputRequired("Choose a password."),
            Length(min=10, max=200, message="Use at least 10 characters; a few plain words are good."),
        ],
        description="At least 10 characters. A few plain words are easier to remember than symbols.",
        render_kw={"autocomplete": "new-password"},
    )


class ClaimForm(FlaskForm):
    password = _new_password()


class SignUpForm(FlaskForm):
    name = StringField(
        "Your name",
        [
            DataRequired("Enter your name as it should stand on a certificate."),
            Length(max=120, message="Use at most 120 characters."),
        ],
        description="As it should stand on a certificate.",
        render_kw={"autocomplete": "name"},
    )
    email = EmailField("Email address", EMAIL, render_kw={"autocomplete": "username"})
    password = _new_password()


def _county_choices() -> list[tuple[str, str]]:
    return [("", "Not said"), *((county.fips, county.name) for county in counties().values())]


def _zone_choices() -> list[tuple[str, str]]:
    return [("", "The same as each session's"), *ZONE_NAMES.items()]


def licence_field() -> StringField:
    return StringField(
        "Licence number",
        [Optional(), Length(max=40, message="Use at most 40 characters.")],
        description="Of a professional licence, if there is one. Two accounts of one person are found by it.",
        render_kw={"autocomplete": "off"},
    )


class LicenceForm(FlaskForm):
    licence = licence_field()


class AccountForm(FlaskForm):
    name = StringField(
        "Your name",
        [DataRequired("Enter your name."), Length(max=120, message="Use at most 120 characters.")],
    )
    county = SelectField("Where you work", [Optional()], choices=_county_choices)
    zone = SelectField(
        "Your time zone",
        [Optional()],
        choices=_zone_choices,
        description="Times are always shown in the session's own zone; with this, in yours too.",
    )
    licence = licence_field()

    def validate_zone(self, field: SelectField) -> None:
        if field.data and field.data not in available_timezones():
            raise ValidationError("Choose a zone from the list.")
