"""Files that people hand in and that are handed out again, the same for education and for hours."""

import io
from typing import Any

from flask import Response, send_file

from catalog.records import evidence
from catalog.records.evidence import Clean
from catalog.records.models import Evidence
from catalog.records.refusals import FileRefused

# More than one file may have, so that a larger one gets its sentence beside the field and not a page of its own.
MOST_SENT = 2 * evidence.MOST_BYTES
# Whatever is in the file, a browser that shows it runs nothing and sends nothing.
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def file_taken(form: Any) -> Clean | None:
    """The form's `evidence` made safe; or what is not right with it, beside its field."""
    sent = form.file
    if sent is None:
        return None
    try:
        file = evidence.cleaned(sent.filename or "", sent.stream.read(evidence.MOST_BYTES + 1))
    except FileRefused as refusal:
        form.evidence.errors = [str(refusal)]
        return None
    if form.errors:
        form.evidence.errors = ["Please choose the file again; browsers do not keep it."]
    return file


def handed_out(file: Evidence) -> Response:
    """Saved and never shown in the page's own name; kept by no cache."""
    answer = send_file(
        io.BytesIO(file.content),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.file_name,
        max_age=0,
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
