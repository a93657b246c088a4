"""A form that is sent twice makes one thing; another form makes another, whatever stands in it."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses.models import Course, Offering, OfferingState
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import course_fields, inside, offering_fields
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
TOKEN = re.compile(r'name="once" type="hidden" value="(\w+)"')


def count(app: Flask, kind: type[Course | Offering]) -> int:
    with inside(app):
        return db.session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0


def token_in(text: str) -> str:
    found = TOKEN.search(text)
    assert found, "the form carries no word of its own"
    return found[1]


@pytest.fixture
def posting(app: Flask, cast: Cast) -> str:
    """Where sessions of a published course are posted to."""
    with inside(app):
        return f"/courses/{make.course().id}/offerings"


@pytest.mark.parametrize("where", ["/courses/new", "posting"])
def test_each_opened_form_has_a_word_of_its_own(
    cast: Cast, login_as: LoginAs, posting: str, where: str
) -> None:
    browser = login_as(cast.ivo)
    url = where.replace("posting", f"{posting}/new")
    assert token_in(browser.get(url).text) != token_in(browser.get(url).text)


def test_a_double_tap_writes_one_course(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ivo)
    typed = course_fields(title="Attachment", once=token_in(browser.get("/courses/new").text))
    answers = [browser.post("/courses", data=typed) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert count(app, Course) == 1


def test_a_double_tap_posts_one_session(app: Flask, cast: Cast, login_as: LoginAs, posting: str) -> None:
    browser = login_as(cast.ivo)
    typed = offering_fields(once=token_in(browser.get(f"{posting}/new").text))
    answers = [browser.post(posting, data=typed) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert count(app, Offering) == 1


@pytest.mark.parametrize("words", [("a", "b"), ("", ""), (None, None)])
def test_another_form_makes_another_course_with_the_same_title(
    app: Flask, cast: Cast, login_as: LoginAs, words: tuple[str | None, ...]
) -> None:
    browser = login_as(cast.ivo)
    for word, summary in zip(words, ("Short.", "Better, and longer."), strict=True):
        browser.post(
            "/courses", data=course_fields(summary=summary, **({} if word is None else {"once": word}))
        )
    assert count(app, Course) == 2


def test_another_form_posts_a_parallel_group(app: Flask, cast: Cast, login_as: LoginAs, posting: str) -> None:
    browser = login_as(cast.ivo)
    for word, seats in (("a", "8"), ("b", "12"), ("c", "12")):
        browser.post(posting, data=offering_fields(once=word, capacity=seats))
    assert count(app, Offering) == 3


def test_what_was_cancelled_can_be_posted_again(
    app: Flask, cast: Cast, login_as: LoginAs, posting: str
) -> None:
    browser = login_as(cast.ivo)
    browser.post(posting, data=offering_fields(once="a"))
    with inside(app):
        db.session.scalars(sa.select(Offering)).one().state = OfferingState.CANCELLED
    browser.post(posting, data=offering_fields(once="b"))
    assert count(app, Offering) == 2


def test_the_same_word_of_somebody_else_is_another_form(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    for person in (cast.ivo, cast.mira):
        assert login_as(person).post("/courses", data=course_fields(once="a")).status_code == 303
    assert count(app, Course) == 2


def test_the_same_word_at_another_course_is_another_form(
    app: Flask, cast: Cast, login_as: LoginAs, posting: str
) -> None:
    with inside(app):
        other = make.course("Observation").id
    browser = login_as(cast.ivo)
    for url in (posting, f"/courses/{other}/offerings"):
        browser.post(url, data=offering_fields(once="a"))
    assert count(app, Offering) == 2


def test_a_form_that_comes_back_keeps_its_word(cast: Cast, login_as: LoginAs, posting: str) -> None:
    browser = login_as(cast.ivo)
    for url, typed in (
        ("/courses", course_fields(title="", once="kept")),
        (posting, offering_fields(place="", once="kept")),
        (posting, offering_fields(add="1", once="kept")),
    ):
        assert token_in(browser.post(url, data=typed).text) == "kept"


def test_other_words_in_a_form_that_was_saved_are_not_lost(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ivo)
    browser.post("/courses", data=course_fields(summary="Short.", once="a"))
    answer = browser.post("/courses", data=course_fields(summary="Better.", once="a"))
    assert (answer.status_code, count(app, Course)) == (422, 1)
    assert "saved before" in answer.text
    assert "Better." in answer.text
    browser.post("/courses", data=course_fields(summary="Better.", once=token_in(answer.text)))
    assert count(app, Course) == 2


def test_another_day_in_a_form_that_was_posted_is_not_lost(
    app: Flask, cast: Cast, login_as: LoginAs, posting: str
) -> None:
    browser = login_as(cast.ivo)
    browser.post(posting, data=offering_fields(once="a"))
    answer = browser.post(posting, data=offering_fields(once="a", **{"meetings-0-ends": "13:00"}))
    assert (answer.status_code, count(app, Offering)) == (422, 1)
    assert token_in(answer.text) != "a"


def test_the_form_of_what_is_there_carries_no_word(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = make.offering(make.course(owner_id=cast.ivo.id), trainer_id=cast.ivo.id)
    browser = login_as(cast.ivo)
    for url in (f"/courses/{offering.course_id}/edit", f"/offerings/{offering.id}/edit"):
        assert not TOKEN.search(browser.get(url).text)
