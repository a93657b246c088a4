from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class SheetForm(FlaskForm):
    table = FileField(
        "Your table",
        [FileRequired("Choose a file.")],
        description="An Excel workbook (.xlsx) or CSV, of at most 1,000 rows and 5 MB.",
        render_kw={"accept": ".xlsx,.csv,.tsv,.txt,text/csv"},
    )
