from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class LoadForm(FlaskForm):
    file = FileField(
        "Framework file",
        [FileRequired("Choose a file.")],
        description="JSON of at most 2 MB, as “Download the framework file” gives it.",
        render_kw={"accept": "application/json,.json"},
    )
