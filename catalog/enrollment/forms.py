from flask_wtf import FlaskForm
from wtforms import EmailField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional

LONG = Length(max=2000, message="Use at most 2,000 characters.")
REASON = [DataRequired("Write down why; the reason is kept with the change."), LONG]


class JoinForm(FlaskForm):
    """What is asked when somebody joins. The question is the offering's own; empty when there is none."""

    answer = TextAreaField("Your answer", [Optional(), LONG])
    access_request = TextAreaField(
        "Anything you need to take part",
        [Optional(), LONG],
        description="For example an interpreter or a ramp. Only the trainer and the coordinators see it.",
    )


class AddForm(FlaskForm):
    email = EmailField(
        "Email address of the person",
        [
            InputRequired("Enter the person's email address."),
            Email("Enter an address like name@example.org."),
        ],
    )
    reason = StringField("Why", [Optional(), LONG], id="add-reason")


class CapacityForm(FlaskForm):
    capacity = IntegerField(
        "Number of seats",
        [
            Optional(),
            NumberRange(1, 5000, "Enter a whole number from 1 to 5,000, or leave it empty for no limit."),
        ],
        description="Leave empty for no limit; then there is no queue.",
    )


class ReasonForm(FlaskForm):
    reason = StringField("Reason", REASON)


class MoveForm(FlaskForm):
    to = SelectField("To", coerce=int)
    reason = StringField("Reason", REASON, id="move-reason")
