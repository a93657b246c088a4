"""A framework file in the browser: shown first, loaded then, by administrators."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from catalog.accounts.models import Person
from catalog.competencies.models import Category, Edition, HourRule, Topic
from catalog.courses.models import CourseArea
from catalog.extensions import db, writing
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.competencies.framework_file import newer, small
from tests.competencies.keeping import rows
from tests.competencies.previews import press
from tests.factories import Cast

URL = "/framework/load"
OWN = Path(__file__).parents[2] / "data" / "framework.json"


@pytest.fixture
def ada(cast: Cast, login_as: Callable[[Person], FlaskClient]) -> FlaskClient:
    return login_as(cast.ada)


def send(browser: FlaskClient, content: bytes | dict[str, Any], name: str = "framework.json") -> TestResponse:
    sent = content if isinstance(content, bytes) else json.dumps(content).encode()
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(sent), name)})
    return browser.post(URL, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def covered(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(CourseArea)) or 0


def test_it_says_what_it_would_change_and_loads_nothing(app: Flask, ada: FlaskClient) -> None:
    page = send(ada, small())
    assert page.status_code == 200
    assert "Edition 2024: 8 added, 0 updated, 0 unchanged, 0 retired." in page.text
    assert rows(app, Edition) == rows(app, Category) == []


def test_what_was_shown_is_loaded(app: Flask, cast: Cast, ada: FlaskClient) -> None:
    answer = press(ada, send(ada, small()), "save")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/framework")
    assert [edition.code for edition in rows(app, Edition)] == ["2024"]
    noted = rows(app, AuditEntry)[-1]
    assert (noted.action, noted.by_id) == ("framework.loaded", cast.ada.id)
    assert [job.kind for job in rows(app, Job)] == ["reindex"]


def test_our_own_file_comes_in(app: Flask, ada: FlaskClient) -> None:
    assert press(ada, send(ada, OWN.read_bytes()), "save").status_code == 303
    assert len(rows(app, HourRule)) == 118


def test_going_back_chooses_anew(app: Flask, ada: FlaskClient) -> None:
    page = press(ada, send(ada, small()), "back")
    assert "See what it changes" in page.text
    assert rows(app, Edition) == []


@pytest.mark.parametrize(
    "changed", [{"packed": "eJyrrgUAAXUA-Q=="}, {"previewed": ""}, {"name": "other.json"}]
)
def test_what_was_not_shown_is_not_loaded(app: Flask, ada: FlaskClient, changed: dict[str, str]) -> None:
    answer = press(ada, send(ada, small()), "save", **changed)
    assert answer.status_code == 422
    assert "Choose a file." in answer.text
    assert rows(app, Edition) == []


def test_a_bad_file_is_told_place_by_place(app: Flask, ada: FlaskClient) -> None:
    spoiled = small()
    spoiled["areas"][0]["name"] = None
    spoiled["rules"][0]["minutes"] = -1
    answer = send(ada, spoiled, "<b>mine</b>.json")
    assert answer.status_code == 422
    assert "has 2 problems" in answer.text
    assert "<li>areas[0] TF: name is missing.</li>" in answer.text
    assert "<b>mine" not in answer.text
    assert rows(app, Edition) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not UTF-8 text"),
        (b" " * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)
def test_what_is_no_framework_is_refused(ada: FlaskClient, content: bytes, reason: str) -> None:
    answer = send(ada, content)
    assert answer.status_code == 422
    assert reason in answer.text


def test_a_large_file_goes_the_whole_way(app: Flask, ada: FlaskClient) -> None:
    """Longer, packed, than what is typed into other forms."""
    noise = [f"{number * 2654435761 % 2**64:x}-{hash(str(number)) % 2**64:x}" for number in range(45_000)]
    page = send(ada, small(noise=noise))
    assert len(page.text) > 600_000
    assert press(ada, page, "save").status_code == 303
    assert rows(app, Edition)[0].statements["noise"] == noise


def test_a_file_is_needed(ada: FlaskClient, cast: Cast) -> None:
    answer = ada.post(URL, data={})
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_what_follows_for_courses_is_told_and_done(app: Flask, ada: FlaskClient) -> None:
    press(ada, send(ada, small()), "save")
    with app.app_context():
        writing.set(True)
        make.course(topics=("TF.two",))
        db.session.commit()
    moved = newer()
    moved["topics"][1]["area"] = "REF"
    del moved["topics"][0]
    page = send(ada, moved)
    assert "Topics moved to another area; courses that cover the new area now: 1." in page.text
    assert covered(app) == 1
    press(ada, page, "save")
    assert covered(app) == 2
    assert [topic.retired_in for topic in rows(app, Topic)] == ["2027", None]


def test_a_file_that_changes_nothing_leaves_no_trace(app: Flask, ada: FlaskClient) -> None:
    press(ada, send(ada, small()), "save")
    before = len(rows(app, AuditEntry)), len(rows(app, Job))
    press(ada, send(ada, small()), "save")
    assert (len(rows(app, AuditEntry)), len(rows(app, Job))) == before


def test_who_may_load(client: FlaskClient, cast: Cast, login_as: Callable[[Person], FlaskClient]) -> None:
    assert client.get(URL).headers["Location"].startswith("/sign-in")
    assert client.post(URL).headers["Location"].startswith("/sign-in")
    for person in (cast.ana, cast.ivo, cast.mira):
        assert login_as(person).get(URL).status_code == 403
        assert send(login_as(person), small()).status_code == 403
    assert login_as(cast.ada).get(URL).status_code == 200
