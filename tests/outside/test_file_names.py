"""The name under which a browser saves a file: plain letters in the head of the answer, and the whole name beside."""

import pytest
from flask import Response

from catalog import web


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("hours.csv", "attachment; filename=hours.csv"),
        (
            "Zoë Šťastná.pdf",
            'attachment; filename="Zoe Stastna.pdf"; '
            "filename*=UTF-8''Zo%C3%AB%20%C5%A0%C5%A5astn%C3%A1.pdf",
        ),
        (
            "a\r\nSet-Cookie: b=c.pdf",
            "attachment; filename=\"a Set-Cookie: b=c.pdf\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b%3Dc.pdf",
        ),
        (
            'x"; filename="run.exe',
            'attachment; filename="x\\"; filename=\\"run.exe"',
        ),
    ],
    ids=["plain", "letters beyond ASCII", "a line end", "a quotation mark"],
)
def test_a_name_stays_within_its_place(name: str, said: str) -> None:
    answer = web.as_file(Response(), name, "application/pdf")
    assert answer.headers["Content-Disposition"] == said
    assert "Set-Cookie" not in answer.headers
