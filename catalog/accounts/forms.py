from typing import Self
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, ValidationError

from catalog.accounts.models import Person
from catalog.accounts.weak import SHORTEST, why_not
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


class AddressForm(FlaskForm):
    """Where a letter goes."""

    email = EmailField("Email address", EMAIL, render_kw={"autocomplete": "username"})


def _own_password() -> PasswordField:
    return PasswordField(
        "Your password now",
        [InputRequired("Enter the password you have now.")],
        render_kw={"autocomplete": "current-password"},
    )


class ChangeAddressForm(FlaskForm):
    email = EmailField("New email address", EMAIL, render_kw={"autocomplete": "email"})
    current = _own_password()


def _new_password() -> PasswordField:
    return PasswordField(
        "New password",
        [InputRequired("Choose a password.")],
        description=f"At least {SHORTEST} characters of any kind. A few plain words that nobody would put together "
        "are easier to remember than signs.",
        render_kw={"autocomplete": "new-password", "minlength": SHORTEST},
    )


class NewPasswordForm(FlaskForm):
    """`about` is what is known of whose password it is: name and address. It may not be made of that."""

    password = _new_password()
    about: tuple[str, ...] = ()

    def of(self, person: Person) -> Self:
        self.about = (person.name, person.email)
        return self

    def validate_password(self, field: PasswordField) -> None:
        if why := why_not(field.data or "", self.about):
            raise ValidationError(why)


class ChangePasswordForm(NewPasswordForm):
    current = _own_password()


class OpenForm(NewPasswordForm):
    """An account for whoever reads mail at the address."""

    name = StringField(
        "Your name",
        [
            DataRequired("Enter your name as it should stand on a certificate."),
            Length(max=120, message="Use at most 120 characters."),
        ],
        description="As it should stand on a certificate.",
        render_kw={"autocomplete": "name"},
    )

    def with_address(self, email: str) -> Self:
        self.about = (self.name.data or "", email)
        return self


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
