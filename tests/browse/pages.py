"""Reading the catalog page as a visitor does."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient

from catalog.browse import keeping
from catalog.extensions import db, writing


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """A context in which rows are made; they are committed at its end and can be read from afterwards."""
    with app.app_context():
        writing.set(True)
        db.session().expire_on_commit = False
        yield
        db.session.commit()


def titles(text: str) -> list[str]:
    """The titles of the listed rows, in order."""
    return [html.unescape(title) for title in re.findall(r"<h2 id=[sc]\d+><a [^>]*>([^<]*)</a>", text)]


def found(client: FlaskClient, query: str = "") -> list[str]:
    """The titles that an address of the catalog page lists."""
    response = client.get("/" + query)
    assert response.status_code == 200, query
    return titles(response.text)


def total(text: str) -> int:
    match = re.search(r'id="results-count">([\d,]+) ', text)
    assert match
    return int(match[1].replace(",", ""))


@contextmanager
def kept_picture(app: Flask) -> Iterator[None]:
    """Within it the picture is made once, as it is while the catalog runs; in other tests it is always new."""
    before = app.config["CATALOG"]
    app.config["CATALOG"] = replace(before, browse_refresh_seconds=3600)
    keeping.forget()
    yield
    app.config["CATALOG"] = before
    keeping.forget()
