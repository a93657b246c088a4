from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import TextAreaField
from wtforms.validators import Length

WHAT = "An Excel workbook (.xlsx) or CSV, of at most 5,000 rows and 5 MB."
ACCEPT = {"accept": ".xlsx,.csv,.tsv,.txt,text/csv"}


class TableForm(FlaskForm):
    table = FileField("Your table", [FileRequired("Choose a file.")], description=WHAT, render_kw=ACCEPT)


class ListForm(FlaskForm):
    """Addresses that are pasted, or a file; one of the two."""

    people = TextAreaField(
        "Addresses",
        [Length(max=400_000, message="This is too long. Bring the people in parts, or as a file.")],
        description="One a line, or with commas. Names beside them, as in Ana Sample <ana@example.org>, are for "
        "people who have no account yet.",
        render_kw={"rows": 8, "autocomplete": "off", "spellcheck": "false"},
    )
    table = FileField("Or a table", description=WHAT, render_kw=ACCEPT)

    def validate(self, *more: Any, **words: Any) -> bool:
        is_sound: bool = super().validate(*more, **words)
        if is_sound and bool((self.people.data or "").strip()) == bool(self.table.data):
            both = "Write addresses or choose a file, one of the two."
            self.people.errors = [*self.people.errors, both]
            return False
        return is_sound
