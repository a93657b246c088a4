"""Lines as people type, paste and dictate them: what cannot be seen is not kept, and a web address is one."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses.models import Course
from catalog.extensions import db
from tests.courses.desk import course_fields, inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


def saved(app: Flask) -> Course:
    with inside(app):
        return db.session.scalars(sa.select(Course)).one()


@pytest.mark.parametrize(
    "title",
    [
        "\u200b",
        " \u200d\ufeff\u2060 ",
        "\u00ad\n",
        "\u202e",
        "\u200f",
        "\u3164",
        "\u2800",
        "\ufe0f",
        "\x7f",
        "\u0301",
    ],
)
def test_a_title_that_cannot_be_seen_is_none(cast: Cast, login_as: LoginAs, title: str) -> None:
    answer = login_as(cast.ivo).post("/courses", data=course_fields(title=title))
    assert answer.status_code == 422
    assert "Give the course a title." in answer.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Bonds\r\nand  ties", "Bonds and ties"),
        ("Bonds\u2028and\u00a0ties", "Bonds and ties"),
        ("Bon\u200bds \u200b and\tties", "Bonds and ties"),
        ("Bonds \u202eseit", "Bonds seit"),
        ("M\u00fctter \U0001f468\u200d\U0001f467", "M\u00fctter \U0001f468\u200d\U0001f467"),
    ],
)
def test_a_title_is_one_line_of_what_is_seen(
    app: Flask, cast: Cast, login_as: LoginAs, typed: str, kept: str
) -> None:
    assert login_as(cast.ivo).post("/courses", data=course_fields(title=typed)).status_code == 303
    assert saved(app).title == kept


def test_a_paragraph_keeps_its_lines(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    login_as(cast.ivo).post("/courses", data=course_fields(summary="One\r\n\r\ntwo\u200b"))
    assert saved(app).summary == "One\n\ntwo"


@pytest.mark.parametrize("scheme", ["Https", "HTTPS", "hTTps"])
def test_a_web_address_may_begin_with_a_capital(
    app: Flask, cast: Cast, login_as: LoginAs, scheme: str
) -> None:
    typed = course_fields(source_url=f"{scheme}://Example.org/Course")
    assert login_as(cast.ivo).post("/courses", data=typed).status_code == 303
    assert saved(app).source_url == "https://Example.org/Course"


@pytest.mark.parametrize(
    "address", ["JavaScript:alert(1)", "example.org", "https://nothing", "https://a.b c.d"]
)
def test_what_is_no_whole_web_address_is_refused(cast: Cast, login_as: LoginAs, address: str) -> None:
    answer = login_as(cast.ivo).post("/courses", data=course_fields(source_url=address))
    assert (answer.status_code, f'value="{address}"'.lower() in answer.text.lower()) == (422, True)
