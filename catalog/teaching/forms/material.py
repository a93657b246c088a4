from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from catalog.courses.forms.fields import Once, Radios, address, line
from catalog.teaching.files import KINDS
from catalog.teaching.models import Shown

SHOWN = {
    Shown.BEFORE: "From now on, so that people can prepare",
    Shown.AFTER: "After the last meeting",
}
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.heic,.heif,.pptx,.docx,.xlsx"


class MaterialForm(FlaskForm):
    once = Once()
    title = line(
        "What it is", 150, required="Write what it is.", hint="For example: the slides of the first day."
    )
    url = address("A link to it")
    file = FileField(
        "Or the file itself",
        description=f"{KINDS}, of at most 10 MB. People save it; it is not changed.",
        render_kw={"accept": ACCEPTED},
    )
    shown = Radios("When people see it", Shown, SHOWN, default=Shown.BEFORE)

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        if self.url.errors:
            return False
        if self.url.data and self.sent:
            self.url.errors = ["Give either a link or a file; add the other by itself."]
        elif not self.url.data and not self.sent:
            self.url.errors = ["Write a link, or choose a file."]
        return is_fine and not self.url.errors

    @property
    def sent(self) -> FileStorage | None:
        """What was chosen; browsers send a file without a name when nothing was."""
        chosen = self.file.data
        return chosen if isinstance(chosen, FileStorage) and chosen.filename else None
