"""The results: for the trainer from five answers on, for coordinators at any time, as a page, a table and a list."""

import csv
import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.enrollment.models import Enrollment
from catalog.evaluation.services import Answers
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.evaluation.answers import attended, given
from tests.evaluation.pages import Scene
from tests.evaluation.pages import scene as make_scene
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
SAID = Answers({"use": 5}, {}, "<script>alert(1)</script>", "=HYPERLINK(1)")


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return make_scene(app, cast)


def results(scene: Scene) -> str:
    return f"{scene.url}/results"


def test_below_five_the_trainer_sees_how_many_and_nothing_else(scene: Scene, login_as: LoginAs) -> None:
    scene.answer(4)
    page = login_as(scene.cast.ivo).get(results(scene)).text
    assert "4 of 12</b> have answered; results show from five on" in page
    assert "The sample films" not in page
    assert "<table" not in page


def test_from_five_on_the_trainer_sees_all_five(scene: Scene, login_as: LoginAs) -> None:
    scene.answer(5)
    page = login_as(scene.cast.ivo).get(results(scene)).text
    assert page.count("The sample films.") == 5
    assert '<rect class="verified" width="100.0%"' in page
    assert "<b>5.0</b>" in page


def test_the_sixth_answer_waits_for_the_tenth(scene: Scene, login_as: LoginAs) -> None:
    scene.answer(5)
    with inside(scene.app):
        given(scene.offering, _sixth(scene), Answers(helped="A late word."))
    page = login_as(scene.cast.ivo).get(results(scene)).text
    assert "A late word" not in page
    assert "These are the first 5 answers" in page
    assert "A late word" in login_as(scene.cast.mira).get(results(scene)).text


def _sixth(scene: Scene) -> list[Enrollment]:
    of = sa.select(Enrollment).where(Enrollment.person_id == scene.cast.ana.id)
    return list(db.session.scalars(of))


def test_a_coordinator_sees_one_answer(scene: Scene, login_as: LoginAs) -> None:
    scene.answer(1)
    page = login_as(scene.cast.mira).get(results(scene)).text
    assert "The sample films." in page
    assert "The trainer does not see these yet" in page


@pytest.mark.parametrize("helps", [False, True])
def test_a_coordinator_who_teaches_it_is_its_trainer(scene: Scene, login_as: LoginAs, helps: bool) -> None:
    scene.answer(4)
    with inside(scene.app):
        mira = db.session.get_one(Person, scene.cast.mira.id)
        if helps:
            (meeting,) = scene.offering.meetings
            meeting.co_trainers.append(mira)
        else:
            scene.offering.trainer_id = mira.id
    browser = login_as(scene.cast.mira)
    assert "The sample films." not in browser.get(results(scene)).text
    assert browser.get(f"{results(scene)}.csv").status_code == 403
    assert "The sample films." in login_as(scene.cast.ada).get(results(scene)).text


def test_a_helper_sees_what_the_trainer_sees(scene: Scene, login_as: LoginAs) -> None:
    scene.answer(4)
    with inside(scene.app):
        helper = make.person("Hugo Sample", is_trainer=True)
        (meeting,) = scene.offering.meetings
        meeting.co_trainers.append(helper)
    answer = login_as(helper).get(results(scene))
    assert answer.status_code == 200
    assert "The sample films." not in answer.text


def test_what_people_wrote_is_text_and_nothing_else(scene: Scene, login_as: LoginAs) -> None:
    scene.answer(5, SAID)
    page = login_as(scene.cast.ivo).get(results(scene)).text
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 5
    assert "<script>alert" not in page


def test_coordinators_download_a_table_that_runs_nothing(scene: Scene, login_as: LoginAs) -> None:
    scene.answer(2, SAID)
    answer = login_as(scene.cast.mira).get(f"{results(scene)}.csv")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert ["I can use what I learned in my work.", "0", "0", "0", "0", "2", "2", "5.0"] in rows
    assert ["I would recommend it to a colleague.", "0", "0", "0", "0", "0", "0", "–"] in rows
    assert ["What should be different next time?", "'=HYPERLINK(1)"] in rows
    assert "Ana" not in answer.text
    assert "Person" not in answer.text


@pytest.mark.parametrize(
    ("who", "status"), [("ana", 403), ("otto", 403), ("ivo", 403), ("mira", 200), ("ada", 200)]
)
def test_the_table_is_for_coordinators(scene: Scene, login_as: LoginAs, who: str, status: int) -> None:
    scene.answer(5)
    assert login_as(getattr(scene.cast, who)).get(f"{results(scene)}.csv").status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("ana", 403), ("otto", 403), ("ivo", 200), ("mira", 200), ("ada", 200)]
)
def test_the_results_are_for_those_who_run_it(scene: Scene, login_as: LoginAs, who: str, status: int) -> None:
    scene.answer(5)
    assert login_as(getattr(scene.cast, who)).get(results(scene)).status_code == status


def test_another_trainer_does_not_read_them(scene: Scene, login_as: LoginAs) -> None:
    scene.answer(5)
    with inside(scene.app):
        other = make.person("Olga Sample", is_trainer=True)
    assert login_as(other).get(results(scene)).status_code == 403


def test_unknown_sessions_are_not_found(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.mira)
    assert browser.get("/offerings/999999/evaluation/results").status_code == 404
    assert browser.get("/offerings/999999/evaluation/results.csv").status_code == 404


@pytest.mark.parametrize("path", ["/results", "/results.csv"])
def test_they_ask_for_a_sign_in(scene: Scene, client: FlaskClient, path: str) -> None:
    assert client.get(scene.url + path).headers["Location"].startswith("/sign-in")
    assert client.post(scene.url + path).status_code == 405


# All sessions.


def test_coordinators_see_which_sessions_have_answers(scene: Scene, login_as: LoginAs) -> None:
    scene.answer(3)
    page = login_as(scene.cast.mira).get("/evaluations").text
    assert "Sample evening" in page
    assert "3 of 12 (25 %)" in page
    assert ">5.0</td>" in page


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("ivo", 403), ("mira", 200), ("ada", 200)])
def test_the_list_is_for_coordinators(
    cast: Cast, login_as: LoginAs, client: FlaskClient, who: str, status: int
) -> None:
    assert login_as(getattr(cast, who)).get("/evaluations").status_code == status
    assert client.get("/evaluations").headers["Location"].startswith("/sign-in")


def test_an_empty_list_says_what_will_be_here(cast: Cast, login_as: LoginAs) -> None:
    assert "Nobody has answered yet." in login_as(cast.mira).get("/evaluations").text


@pytest.mark.parametrize("page", ["2", "0", "-3", "x", "99999999999"])
def test_a_page_that_is_not_there_is_the_last(scene: Scene, login_as: LoginAs, page: str) -> None:
    scene.answer(1)
    answer = login_as(scene.cast.mira).get(f"/evaluations?page={page}")
    assert answer.status_code == 200
    assert "Sample evening" in answer.text


def test_the_list_has_pages_of_fifty(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        ivo = db.session.get_one(Person, cast.ivo.id)
        for _ in range(51):
            offering, enrolled = attended(1, ivo)
            given(offering, enrolled)
    browser = login_as(cast.mira)
    first, second = browser.get("/evaluations").text, browser.get("/evaluations?page=2").text
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (50, 1)
    assert "Page 2 of 2" in second
