"""From the bytes of an upload to text, or the sentence that says why not."""

from catalog import decoding
from catalog.decoding import Undecodable, Why
from catalog.video.refusals import ReportRefused

MOST_BYTES = 10_000_000
SENTENCES = {
    Why.EMPTY: "This file is empty.",
    Why.OTHER: "This is {what}. Upload the CSV file: in Zoom and Teams choose Export or Download, in Google Sheets "
    "File, Download, Comma-separated values; a workbook is saved as CSV UTF-8.",
    Why.LETTERS: "Its letters cannot be read. Export the report again and upload the file as it comes, unopened.",
    Why.DAMAGED: "Its letters were damaged when it was saved again, as in “{what}”. Export the report again and "
    "upload the file as it comes, unopened.",
}


def decode(data: bytes) -> str:
    """UTF-8 and UTF-16 as the products write them; Windows letters as a spreadsheet program saves them."""
    if len(data) > MOST_BYTES:
        raise ReportRefused("This file is larger than 10 MB. A participants’ report is far smaller.")
    try:
        return decoding.decode(data)
    except Undecodable as error:
        raise ReportRefused(SENTENCES[error.why].format(what=error.what)) from error
