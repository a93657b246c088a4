from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional


def _code(label: str, hint: str) -> StringField:
    return StringField(
        label,
        [InputRequired("Type the code."), Length(max=40, message="Codes are shorter than that.")],
        description=hint,
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class CodeForm(FlaskForm):
    code = _code(
        "Your code",
        "The six digits that your app shows now. Without the app, one of your recovery codes.",
    )


class AppForm(FlaskForm):
    sealed = HiddenField()
    code = _code("The six digits", "As the app shows them now.")


class PasskeyForm(FlaskForm):
    """What the script puts together; without a script it is never sent."""

    credential = HiddenField()
    name = StringField(
        "Its name",
        [Optional(), Length(max=60, message="Use at most 60 characters.")],
        description="So that you know it again, such as “My phone”.",
        render_kw={"autocomplete": "off", "maxlength": "60"},
    )


class NameForm(FlaskForm):
    name = StringField(
        "Name",
        [InputRequired("Give it a name."), Length(max=60, message="Use at most 60 characters.")],
        render_kw={"autocomplete": "off", "maxlength": "60"},
    )


class PasswordAgainForm(FlaskForm):
    password = PasswordField(
        "Your password",
        [InputRequired("Enter your password.")],
        render_kw={"autocomplete": "current-password"},
    )


class ForgetForm(FlaskForm):
    reason = TextAreaField(
        "How do you know that it is them?",
        [DataRequired("Write down how you know; it is kept in the audit trail."), Length(max=1000)],
        description="Such as “She showed me her ID in a video call”. Kept in the audit trail.",
        render_kw={"rows": "3"},
    )
