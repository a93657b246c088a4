"""What people choose about their own data."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField
from wtforms.validators import InputRequired


class OpennessForm(FlaskForm):
    name_on_sessions = BooleanField("People with a seat on the same session may see my name")
    address_in_groups = BooleanField("Members of my reflective practice groups may see my email address")
    address_as_trainer = BooleanField("People with a seat on a session I lead may see my email address")


class LeaveForm(FlaskForm):
    password = PasswordField(
        "Your password",
        [InputRequired("Enter your password, so that nobody else can delete your account.")],
        render_kw={"autocomplete": "current-password"},
    )
