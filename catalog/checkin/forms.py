from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length


class DoorForm(FlaskForm):
    allows_walk_ins = BooleanField(
        "Let people take a free seat at the door",
        description="Whoever scans the code and is not on the roster gets a seat, as long as there is one.",
    )
    checks_out = BooleanField(
        "Ask people to check out too",
        description="They scan once more when they leave, so that their minutes are known. Who forgets is named on "
        "the attendance sheet.",
    )
    prints = BooleanField(
        "Make a code for paper as well",
        description="It does not change by itself: whoever has a picture of it can check in from anywhere while "
        "the meeting lasts. Attendance taken with it says so.",
    )


class CodeForm(FlaskForm):
    code = StringField(
        "Code",
        [DataRequired("Type the code."), Length(max=40, message="A code has six letters and figures.")],
        description="Six letters and figures, as they stand on the screen or as the trainer says them.",
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "class": "short",
        },
    )
