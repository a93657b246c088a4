from flask_wtf import FlaskForm
from wtforms.widgets import ListWidget, RadioInput

from catalog.courses.forms.fields import Listed, line, listed

DAYS = (7, 30, 90)


class Lasts(Listed):
    """How long, each choice with a button of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = RadioInput()


class ShareForm(FlaskForm):
    label = line(
        "For whom",
        120,
        required="Write for whom the link is, so that you can tell your links apart.",
        hint="For example “Rosa, my supervisor”. Only you see it.",
        autocomplete="off",
    )
    days = Lasts(
        "How long it works", coerce=int, choices=listed((days, f"{days} days") for days in DAYS), default=30
    )
