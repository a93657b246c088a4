"""Tables that a coordinator brings in, sent as a browser sends them, and looked at as a page."""

import html
import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from catalog.accounts.models import Person

LoginAs = Callable[[Person], FlaskClient]


def workbook(*rows: Sequence[Any]) -> bytes:
    """A real workbook; whatever begins with = is a formula in it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Members")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def send(
    browser: FlaskClient, url: str, data: bytes | None, name: str = "list.csv", **fields: str
) -> TestResponse:
    sent: dict[str, Any] = (
        dict(fields) if data is None else {"table": FileStorage(io.BytesIO(data), name), **fields}
    )
    boundary, body = encode_multipart(sent)
    return browser.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def text(answer: TestResponse) -> str:
    """What the page says, without its marks."""
    said = re.sub(r"<script.*?</script>|<[^>]*>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(said).split())


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    return html.unescape(found[1]) if found else ""


def save(browser: FlaskClient, place: str, seal: str | None = None, **said: str) -> TestResponse:
    """The preview's button, with what was said of rows who-2="7"."""
    sealed = seen(browser.get(place).text) if seal is None else seal
    return browser.post(
        place, data={"seen": sealed, **{key.replace("_", "-"): one for key, one in said.items()}}
    )
