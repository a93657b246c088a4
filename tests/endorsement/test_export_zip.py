"""Everything in one ZIP: the files, and the person's own certificates that are in force."""

import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.certificates.models import CertificatePage
from catalog.certificates.queries import numbered
from catalog.endorsement import queries
from catalog.endorsement.papers import archive
from catalog.extensions import db
from tests.attendance.sheets import inside
from tests.certificates.papers import pages, written
from tests.endorsement import applications
from tests.endorsement.applications import Scene, many_certificates, revoke
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return applications.scene(app, cast)


def unpacked(browser: FlaskClient, scene: Scene) -> dict[str, bytes]:
    answer = browser.get(scene.url(".zip"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        assert files.testzip() is None
        return {name: files.read(name) for name in files.namelist()}


def certificates(files: dict[str, bytes]) -> list[str]:
    return [name for name in files if name.startswith("certificates/")]


def test_it_holds_the_same_files_as_are_offered_one_by_one(
    cast: Cast, login_as: LoginAs, scene: Scene
) -> None:
    browser = login_as(cast.ana)
    files = unpacked(browser, scene)
    assert [name for name in files if "/" not in name] == [
        "application.xlsx",
        "application.pdf",
        "trainings.csv",
        "rsc.csv",
        "not-counted.csv",
    ]
    assert files["trainings.csv"] == browser.get(scene.url(".csv")).data
    assert files["rsc.csv"] == browser.get(scene.url("-rsc.csv")).data
    assert "No proof of it" in files["not-counted.csv"].decode()


def test_a_certificate_whose_pdf_is_made_lies_in_it_as_it_was_made(
    app: Flask, cast: Cast, login_as: LoginAs, scene: Scene
) -> None:
    with inside(app):
        certificate = numbered(scene.number)
        assert certificate
        db.session.add(
            CertificatePage(certificate_id=certificate.id, content=b"%PDF-as made", made_at=clock.now())
        )
    files = unpacked(login_as(cast.ana), scene)
    assert files[f"certificates/2025-03-01-Attachment-{scene.number}.pdf"] == b"%PDF-as made"


def test_a_certificate_whose_pdf_is_not_made_yet_is_drawn_and_not_kept(
    app: Flask, cast: Cast, login_as: LoginAs, scene: Scene
) -> None:
    files = unpacked(login_as(cast.ana), scene)
    (name,) = certificates(files)
    assert files[name].startswith(b"%PDF-")
    with inside(app):
        assert pages() == [], "nothing changes on a GET"


def test_of_very_many_that_are_not_made_a_note_names_the_rest(
    app: Flask, cast: Cast, login_as: LoginAs, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_DRAWN", 2)
    many_certificates(app, cast.ana, 3)
    files = unpacked(login_as(cast.ana), scene)
    note = files[archive.NOTE].decode()
    assert len(certificates(files)) == 2 + 1
    assert note.count("/c/") == 2


def test_only_certificates_in_force_are_in_it(
    app: Flask, cast: Cast, login_as: LoginAs, scene: Scene
) -> None:
    with inside(app):
        certificate = numbered(scene.number)
        assert certificate
        revoke(certificate)
    files = unpacked(login_as(cast.ana), scene)
    assert certificates(files) == []
    assert scene.number not in files["trainings.csv"].decode()


def test_another_persons_certificate_of_the_same_session_is_not_in_it(
    app: Flask, cast: Cast, login_as: LoginAs, scene: Scene
) -> None:
    with inside(app):
        certificate = numbered(scene.number)
        assert certificate
        assert certificate.offering
        other = written(db.session.get_one(Person, cast.otto.id), certificate.offering).number
        revoke(certificate)
    files = unpacked(login_as(cast.ana), scene)
    assert certificates(files) == []
    assert other.encode() not in b"".join(files.values())


def test_certificates_are_read_a_few_at_a_time(
    app: Flask, cast: Cast, login_as: LoginAs, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "AT_ONCE", 4)
    monkeypatch.setattr(archive, "MOST_DRAWN", 0)
    many_certificates(app, cast.ana, 9)
    with counted() as statements:
        unpacked(login_as(cast.ana), scene)
    assert sum("certificate_page.content" in one for one in statements) == 3, "ten, four at a time"


def test_certificates_are_only_ever_read_for_whose_they_are(app: Flask, cast: Cast, scene: Scene) -> None:
    with inside(app):
        ana, otto = (db.session.get_one(Person, one.id) for one in (cast.ana, cast.otto))
        assert [one.number for one in queries.papers_of(ana, [scene.number])] == [scene.number]
        assert queries.papers_of(otto, [scene.number]) == []


def test_one_that_cannot_be_drawn_does_not_spoil_the_rest(
    app: Flask, cast: Cast, login_as: LoginAs, scene: Scene
) -> None:
    with inside(app):
        certificate = numbered(scene.number)
        assert certificate
        certificate.facts = {**certificate.facts, "strip": [{"code": "TF"}]}
    files = unpacked(login_as(cast.ana), scene)
    assert certificates(files) == [archive.NOTE]
    assert scene.number in files[archive.NOTE].decode()
