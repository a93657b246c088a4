"""Somebody who is not on the roster and has no account yet."""

from flask_wtf import FlaskForm
from wtforms import EmailField, StringField
from wtforms.validators import DataRequired, Length

from catalog.accounts.forms import EMAIL


class WalkInForm(FlaskForm):
    name = StringField(
        "Name",
        [DataRequired("Enter their name."), Length(max=120, message="Use at most 120 characters.")],
        description="As it should stand on a certificate. They can mend it later.",
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        "Email address",
        EMAIL,
        description="They get a letter with a link to choose their password.",
        render_kw={"autocomplete": "off"},
    )
