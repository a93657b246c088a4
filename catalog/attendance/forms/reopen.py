from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length


class ReopenForm(FlaskForm):
    reason = TextAreaField(
        "Why the roster is opened again",
        [
            InputRequired("Write down why; the reason is kept with the change."),
            Length(max=1000, message="Use at most 1,000 characters."),
        ],
    )
