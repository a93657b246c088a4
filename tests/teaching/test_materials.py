"""Materials are for those with a seat: given as files or links, shown before or after, taken back and put back."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.teaching import services
from catalog.teaching.files import cleaned
from catalog.teaching.models import Material, Shown
from catalog.teaching.refusals import MaterialRefused
from catalog.teaching.services import giving
from tests import factories as make
from tests.courses.desk import inside, own
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
PDF = b"%PDF-1.7\nslides"
LINK = "https://example.org/reading"


@pytest.fixture
def offering_id(app: Flask, cast: Cast) -> int:
    """Ana has the one seat, Otto waits."""
    with inside(app):
        offering = make.offering(make.course("Attachment"), seats=1, trainer_id=cast.ivo.id)
        for person in (own(cast.ana), own(cast.otto)):
            enrollment.enroll(person, offering, by=person)
        return offering.id


def given(app: Flask, cast: Cast, offering_id: int, shown: Shown = Shown.BEFORE, what: Any = None) -> int:
    with inside(app):
        offering = db.session.get_one(Offering, offering_id)
        what = what or cleaned("slides.pdf", PDF)
        return services.give(offering, "The slides", what, shown, by=own(cast.ivo)).id


def typed(**fields: Any) -> dict[str, Any]:
    return {"title": "The slides", "shown": "before", "once": "a" * 32, **fields}


def a_file(content: bytes = PDF, name: str = "slides.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def office(*parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for part in parts:
            made.writestr(part, "x")
    return out.getvalue()


def test_a_file_is_given_and_saved_by_those_with_a_seat(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    url = f"/offerings/{offering_id}/materials"
    answer = login_as(cast.ivo).post(url, data=typed(file=a_file(name="../my slides.exe")))
    assert (answer.status_code, answer.location) == (303, url)
    browser = login_as(cast.ana)
    for page in (url, f"/offerings/{offering_id}"):
        assert "The slides</a>" in browser.get(page).text
    assert "Materials (1)" in browser.get("/learning").text
    with inside(app):
        material_id = db.session.scalars(sa.select(Material.id)).one()
    file = browser.get(f"/materials/{material_id}/file")
    assert file.data == PDF
    assert file.headers["Content-Disposition"] == 'attachment; filename="my slides.pdf"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cache-Control"] == "no-store"
    assert "sandbox" in file.headers["Content-Security-Policy"]


def test_a_link_is_given(app: Flask, cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    url = f"/offerings/{offering_id}/materials"
    assert login_as(cast.ivo).post(url, data=typed(url=LINK)).status_code == 303
    assert f'href="{LINK}" rel="noopener noreferrer"' in login_as(cast.ana).get(url).text


@pytest.mark.parametrize("who", ["otto", "other", "gone"])
def test_to_others_nothing_is_there(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int, who: str
) -> None:
    """Who waits, another trainer, and who withdrew."""
    material_id = given(app, cast, offering_id)
    with inside(app):
        people = {"otto": own(cast.otto), "other": make.person(is_trainer=True), "gone": own(cast.ana)}
        if who == "gone":
            mine = db.session.scalars(sa.select(Enrollment).where(Enrollment.person_id == cast.ana.id)).one()
            enrollment.withdraw(mine, by=own(cast.ana))
    browser = login_as(people[who])
    assert browser.get(f"/offerings/{offering_id}/materials").status_code == 404
    assert browser.get(f"/materials/{material_id}/file").status_code == 404
    assert browser.post(f"/offerings/{offering_id}/materials", data=typed(url=LINK)).status_code == 404
    assert browser.post(f"/materials/{material_id}/remove").status_code == 404
    assert "The slides" not in browser.get(f"/offerings/{offering_id}").text
    with inside(app):
        assert db.session.get_one(Material, material_id).removed_at is None


def test_those_with_a_seat_change_nothing(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    material_id = given(app, cast, offering_id)
    browser = login_as(cast.ana)
    assert browser.post(f"/offerings/{offering_id}/materials", data=typed(url=LINK)).status_code == 403
    for do in ("remove", "put-back"):
        assert browser.post(f"/materials/{material_id}/{do}").status_code == 403
        assert browser.get(f"/materials/{material_id}/{do}").status_code == 405


def test_strangers_sign_in_first(app: Flask, client: FlaskClient, cast: Cast, offering_id: int) -> None:
    material_id = given(app, cast, offering_id)
    for url in (f"/offerings/{offering_id}/materials", f"/materials/{material_id}/file"):
        assert client.get(url).location == f"/sign-in?next={url}"
    assert client.post(f"/materials/{material_id}/remove").status_code == 303
    assert client.get("/offerings/999999/materials").status_code == 303


def test_a_co_trainer_and_a_coordinator_give_too(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        helper = make.person(is_trainer=True)
        db.session.get_one(Offering, offering_id).meetings[0].co_trainers = [helper]
    url = f"/offerings/{offering_id}/materials"
    for number, person in enumerate((helper, cast.mira)):
        answer = login_as(person).post(url, data=typed(url=LINK, once=str(number) * 32))
        assert answer.status_code == 303


def test_what_is_for_afterwards_is_shown_afterwards(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    material_id = given(app, cast, offering_id, Shown.AFTER)
    browser, url = login_as(cast.ana), f"/materials/{material_id}/file"
    assert browser.get(url).status_code == 404
    assert "The slides" not in browser.get(f"/offerings/{offering_id}/materials").text
    assert login_as(cast.ivo).get(url).status_code == 200
    with inside(app):
        offering = db.session.get_one(Offering, offering_id)
        offering.starts_at, offering.ends_at = (clock.now() - timedelta(hours=hours) for hours in (4, 1))
    assert browser.get(url).status_code == 200
    assert "Materials" in browser.get("/learning").text


def test_what_was_removed_can_be_put_back(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    material_id = given(app, cast, offering_id)
    ivo, ana = login_as(cast.ivo), login_as(cast.ana)
    assert ivo.post(f"/materials/{material_id}/remove").status_code == 303
    assert ana.get(f"/materials/{material_id}/file").status_code == 404
    assert "Put it back" in ivo.get(f"/offerings/{offering_id}/materials").text
    assert ivo.post(f"/materials/{material_id}/put-back").status_code == 303
    assert ana.get(f"/materials/{material_id}/file").status_code == 200


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"title": " ", "url": LINK}, "title"),
        ({}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "ftp://example.org/x"}, "url"),
        ({"url": LINK, "file": PDF}, "url"),
        ({"file": b"MZ no picture"}, "file"),
        ({"file": b""}, "file"),
        ({"url": LINK, "shown": "never"}, "shown"),
    ],
)
def test_what_is_not_right_is_said_beside_it(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int, fields: dict[str, Any], name: str
) -> None:
    sent = {key: a_file(value) if key == "file" else value for key, value in fields.items()}
    answer = login_as(cast.ivo).post(f"/offerings/{offering_id}/materials", data=typed(**sent))
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text
    assert fields.get("title", "The slides") in answer.text
    with inside(app):
        assert db.session.scalar(sa.select(Material.id)) is None


def test_a_large_file_is_refused_with_a_sentence(cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    large = FileStorage(io.BytesIO(PDF + b"x" * (10 * 1024 * 1024)), "slides.pdf")
    boundary, body = encode_multipart(typed(file=large))
    kind = f"multipart/form-data; boundary={boundary}"
    answer = login_as(cast.ivo).post(f"/offerings/{offering_id}/materials", data=body, content_type=kind)
    assert answer.status_code == 422
    assert "larger than 10 MB" in answer.text


def test_the_same_form_twice_gives_it_once(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    browser, url = login_as(cast.ivo), f"/offerings/{offering_id}/materials"
    assert [browser.post(url, data=typed(url=LINK)).status_code for _ in range(2)] == [303, 303]
    assert browser.post(url, data=typed(url=LINK, title="Another")).status_code == 409
    with inside(app):
        assert db.session.scalars(sa.select(Material.title)).all() == ["The slides"]


def test_there_is_a_most(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving, "MOST", 1)
    material_id = given(app, cast, offering_id, what=LINK)
    browser, url = login_as(cast.ivo), f"/offerings/{offering_id}/materials"
    answer = browser.post(url, data=typed(url=LINK))
    assert answer.status_code == 422
    assert "at most 1 materials" in answer.text
    browser.post(f"/materials/{material_id}/remove")
    assert browser.post(url, data=typed(url=LINK)).status_code == 303
    assert browser.post(f"/materials/{material_id}/put-back").status_code == 409
    monkeypatch.setattr(giving, "MOST", 30)
    monkeypatch.setattr(giving, "MOST_BYTES", 5)
    assert "60 MB" in browser.post(url, data=typed(file=a_file(), once="b" * 32)).text


def test_slides_are_known_by_what_is_in_them() -> None:
    slides = cleaned("day one.zip", office("[Content_Types].xml", "ppt/presentation.xml"))
    assert slides.file_name == "day one.pptx"
    assert slides.media_type.endswith("presentationml.presentation")
    for content in (
        office("[Content_Types].xml", "a.txt"),
        office("word/document.xml"),
        office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        b"PK\x03\x04broken",
    ):
        with pytest.raises(MaterialRefused):
            cleaned("x.docx", content)


def test_a_learner_with_many_sessions_asks_once(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            with inside(app):
                more = make.offering(trainer_id=cast.ivo.id)
                enrollment.enroll(own(cast.ana), more, by=own(cast.ana))
            given(app, cast, more.id)

    browser = login_as(cast.ana)
    fill(1)
    with counted() as one:
        browser.get("/learning")
    fill(5)
    with counted() as many:
        browser.get("/learning")
    assert len(one) == len(many)


@pytest.mark.postgres
def test_nobody_who_takes_a_seat_waits_for_a_file_to_be_written(
    app: Flask, cast: Cast, offering_id: int
) -> None:
    with counted() as statements:
        given(app, cast, offering_id)
    written = next(n for n, one in enumerate(statements) if one.startswith("INSERT INTO material"))
    held = next(
        n for n, one in enumerate(statements) if "FROM offering" in one and "FOR NO KEY UPDATE" in one
    )
    assert written < held
