"""A group may ask several questions, one a line; the answers are kept together and read by whoever decides."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from tests.factories import Cast
from tests.groups.circles import inside, term

Login = Callable[[Person], FlaskClient]
QUESTIONS = "Why now?\n\n  Whom do you work with? "


@pytest.fixture
def url(app: Flask, cast: Cast) -> str:
    with inside(app):
        return (
            f"/offerings/{term(db.session.get_one(Person, cast.ivo.id), question=QUESTIONS).id}/enrollments"
        )


def kept(app: Flask) -> list[tuple[State, str]]:
    with app.app_context():
        return [(one.state, one.answer) for one in db.session.scalars(sa.select(Enrollment))]


def test_each_question_has_a_field_of_its_own(url: str, cast: Cast, login_as: Login) -> None:
    page = login_as(cast.ana).get(f"{url}/new").text
    assert '<label for="answers-0">Why now?</label>' in page
    assert '<label for="answers-1">Whom do you work with?</label>' in page


def test_the_answers_are_kept_with_their_questions(app: Flask, url: str, cast: Cast, login_as: Login) -> None:
    typed = {"full_form": "1", "answers-0": "It is time.", "answers-1": "Families.\nAnd babies."}
    assert login_as(cast.ana).post(url, data=typed).status_code == 303
    answer = "Why now?\nIt is time.\n\nWhom do you work with?\nFamilies.\nAnd babies."
    assert kept(app) == [(State.REQUESTED, answer)]


@pytest.mark.parametrize(
    "typed", [{"answers-0": "It is time."}, {"answers-0": " ", "answers-1": "Families."}, {}]
)
def test_one_without_an_answer_is_said_beside_it(
    app: Flask, url: str, cast: Cast, login_as: Login, typed: dict[str, str]
) -> None:
    answer = login_as(cast.ana).post(url, data={"full_form": "1", **typed})
    assert (answer.status_code, kept(app)) == (422, [])
    assert "Please answer this question" in answer.text
    assert all(text in answer.text for text in typed.values()), "what was typed is still there"


def test_whoever_decides_reads_them(app: Flask, url: str, cast: Cast, login_as: Login) -> None:
    typed = {"full_form": "1", "answers-0": "It is <time>.", "answers-1": "Families."}
    login_as(cast.ana).post(url, data=typed)
    with app.app_context():
        enrollment_id = db.session.scalars(sa.select(Enrollment.id)).one()
    page = login_as(cast.ivo).get(f"/enrollments/{enrollment_id}").text
    assert "<b>Why now?</b><br>It is &lt;time&gt;." in page
    assert login_as(cast.otto).get(f"/enrollments/{enrollment_id}").status_code == 404


def test_more_answers_than_questions_are_left_out(app: Flask, url: str, cast: Cast, login_as: Login) -> None:
    typed = {"full_form": "1", "answers-0": "a", "answers-1": "b", "answers-2": "c"}
    assert login_as(cast.ana).post(url, data=typed).status_code == 303
    assert "c" not in kept(app)[0][1].split("\n")
