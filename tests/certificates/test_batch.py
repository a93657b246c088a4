"""The certificates of one session: who has one, how far the pages are, and all of them as one file."""

import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.certificates import services
from catalog.config import Settings
from catalog.courses.models import Asking
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.certificates.papers import certificates, closed, correct, worker_of
from tests.certificates.reading import qr, tags, texts
from tests.factories import Cast
from tests.statements import counted

Login = Callable[[Person], FlaskClient]
Work = Callable[[], None]
NAMES = ("Ana Sample", "Ana Sample", "Lucja / ../ Łódź", "Wang 王")


@pytest.fixture
def offering_id(app: Flask, cast: Cast) -> int:
    with inside(app):
        offering = closed(*NAMES, by=db.session.get_one(Person, cast.ivo.id), seats=10)
        services.issue_for_offering(offering.id)
        return offering.id


@pytest.fixture
def work(app: Flask, settings: Settings) -> Work:
    def work() -> None:
        with app.app_context():
            worker_of(app, settings)()

    return work


def test_the_page_says_how_far_the_pages_are(
    login_as: Login, cast: Cast, offering_id: int, work: Work
) -> None:
    browser, url = login_as(cast.ivo), f"/offerings/{offering_id}/certificates"
    assert "0 of 4 made" in browser.get(url).text
    work()
    assert "4 of 4 made" in browser.get(url).text


def test_it_asks_again_only_while_there_is_work(
    login_as: Login, cast: Cast, offering_id: int, work: Work, htmx: dict[str, str]
) -> None:
    browser, url = login_as(cast.mira), f"/offerings/{offering_id}/certificates"
    part = browser.get(url, headers=htmx).text
    assert part.lstrip().startswith('<div id="progress" hx-get=')
    work()
    assert "every 2s" not in browser.get(url, headers=htmx).text


def test_whoever_has_none_yet_is_told_why(app: Flask, login_as: Login, cast: Cast) -> None:
    with inside(app):
        course = make.course(areas=("TF",), asking=Asking.BEFORE_CERTIFICATE)
        waiting = closed(of=course).id
        nothing = closed(minutes=0).id
    browser = login_as(cast.mira)
    assert "The evaluation is not given yet." in browser.get(f"/offerings/{waiting}/certificates").text
    assert "No hours were earned." in browser.get(f"/offerings/{nothing}/certificates").text


def test_an_open_roster_is_said(app: Flask, login_as: Login, cast: Cast) -> None:
    with inside(app):
        offering = make.offering(trainer_id=cast.ivo.id)
    assert "No certificates yet" in login_as(cast.ivo).get(f"/offerings/{offering.id}/certificates").text


PATHS = ("certificates", "certificates.zip", "certificates.pdf")


@pytest.mark.parametrize("path", PATHS)
def test_strangers_sign_in_first(client: FlaskClient, offering_id: int, path: str) -> None:
    assert client.get(f"/offerings/{offering_id}/{path}").location.startswith("/sign-in")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["ana", "otto"])
def test_who_does_not_run_it_gets_nothing(
    login_as: Login, cast: Cast, offering_id: int, path: str, name: str
) -> None:
    browser = login_as(getattr(cast, name))
    assert browser.get(f"/offerings/{offering_id}/{path}").status_code == 403
    assert browser.post(f"/offerings/{offering_id}/certificates").status_code == 403
    assert browser.post(f"/offerings/{offering_id}/certificates.pdf").status_code == 403


def test_a_session_that_is_not_there_is_not_found(login_as: Login, cast: Cast) -> None:
    assert login_as(cast.mira).get("/offerings/99999/certificates").status_code == 404


def test_the_archive_holds_each_page_under_a_safe_name_of_its_own(
    app: Flask, login_as: Login, cast: Cast, offering_id: int, work: Work
) -> None:
    work()
    answer = login_as(cast.ivo).get(f"/offerings/{offering_id}/certificates.zip")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(set(names)) == 4
        assert all(name.count("/") == 0 and name.isascii() and name.endswith(".pdf") for name in names)
        assert sorted(name[:-19] for name in names) == ["Ana-Sample", "Ana-Sample", "Lucja-odz", "Wang"]
        assert {qr(archive.read(name))[0][-14:] for name in names} == {name[-18:-4] for name in names}


def test_the_archive_waits_for_the_last_page(login_as: Login, cast: Cast, offering_id: int) -> None:
    answer = login_as(cast.ivo).get(f"/offerings/{offering_id}/certificates.zip")
    assert answer.status_code == 409
    assert "Not all pages are made yet" in answer.text


def test_one_file_holds_all_of_them(login_as: Login, cast: Cast, offering_id: int, work: Work) -> None:
    browser, url = login_as(cast.ivo), f"/offerings/{offering_id}/certificates"
    assert browser.get(f"{url}.pdf").location == url
    assert browser.post(f"{url}.pdf").status_code == 303
    assert "One PDF of 4 is being made." in browser.get(url).text
    work()
    content = browser.get(f"{url}.pdf").data
    assert (len(texts(content)), tags(content)["/H1"]) == (4, 4)


def test_asking_twice_makes_one_file(
    app: Flask, login_as: Login, cast: Cast, offering_id: int, work: Work
) -> None:
    browser = login_as(cast.ivo)
    for _ in range(2):
        browser.post(f"/offerings/{offering_id}/certificates.pdf")
    work()
    with inside(app):
        assert db.session.scalar(db.text("SELECT count(*) FROM certificate_batch")) == 1


def test_after_a_correction_the_old_file_is_no_longer_given(
    app: Flask, login_as: Login, cast: Cast, offering_id: int, work: Work
) -> None:
    browser, url = login_as(cast.ivo), f"/offerings/{offering_id}/certificates"
    browser.post(f"{url}.pdf")
    work()
    with inside(app):
        offering = certificates()[0].offering
        assert offering
        correct(offering, 0, "Wang 王")
    work()
    assert browser.get(f"{url}.pdf").location == url
    browser.post(f"{url}.pdf")
    work()
    assert len(texts(browser.get(f"{url}.pdf").data)) == 3


def test_nobody_asks_for_a_file_of_nothing(app: Flask, login_as: Login, cast: Cast) -> None:
    with inside(app):
        offering = make.offering(trainer_id=cast.ivo.id)
    answer = login_as(cast.ivo).post(f"/offerings/{offering.id}/certificates.pdf")
    assert (answer.status_code, "Nobody has a certificate" in answer.text) == (409, True)


def test_looking_through_again_makes_what_is_missing(
    app: Flask, login_as: Login, cast: Cast, offering_id: int, work: Work
) -> None:
    work()
    with inside(app):
        db.session.execute(db.text("DELETE FROM certificate_page"))
        db.session.execute(db.text("UPDATE job SET state = 'dead' WHERE kind = 'render_certificate'"))
    browser, url = login_as(cast.mira), f"/offerings/{offering_id}/certificates"
    assert "Make the pages" in browser.get(url).text
    assert browser.post(url).status_code == 303
    assert "being made" in browser.get(url).text
    work()
    assert "4 of 4 made" in browser.get(url).text


def test_a_longer_list_asks_the_database_no_more_often(
    app: Flask, login_as: Login, cast: Cast, offering_id: int
) -> None:
    with inside(app):
        more = closed(*(f"Person{number} Sample" for number in range(12)), seats=20).id
        services.issue_for_offering(more)
    browser, asked = login_as(cast.mira), []
    for one in (offering_id, more):
        with counted() as statements:
            browser.get(f"/offerings/{one}/certificates")
        asked.append(len(statements))
    assert asked[0] == asked[1]
