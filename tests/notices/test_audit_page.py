"""The audit page: who did what, when; found, paged, and without anything private."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.notices import audit, phrases, queries
from catalog.notices.models import AuditEntry
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def offering(app: Flask, cast: Cast) -> Offering:
    with inside(app):
        return make.offering(make.course("Little listeners"))


def note(app: Flask, action: str, about: Offering, by: Person | None, times: int = 1, **more: Any) -> None:
    with inside(app):
        for number in range(times):
            audit.note(action, "offering", about.id, by=by, number=number, **more)


def rows(page: str) -> int:
    return page.count("<time")


def test_an_entry_reads_as_a_sentence(app: Flask, cast: Cast, offering: Offering, login_as: LoginAs) -> None:
    note(app, "roster.reopened", offering, cast.mira, reason="Ana left early")
    text = " ".join(login_as(cast.mira).get("/audit").text.split())
    assert "Mira Sample</a> opened the roster of <a" in text
    assert "Little listeners, " in text
    assert "again: “Ana left early”" in text


def test_what_the_catalog_did_by_itself_says_so(
    app: Flask, cast: Cast, offering: Offering, login_as: LoginAs
) -> None:
    note(app, "enrollment.lapsed", offering, None, person_id=cast.ana.id)
    text = " ".join(login_as(cast.mira).get("/audit").text.split())
    assert f'The catalog ended the offer to <a href="/people/{cast.ana.id}">Ana Sample</a> on' in text


def test_the_audit_page_asks_for_a_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert client.get("/audit").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("who", ["ana", "ivo"])
def test_only_coordinators_read_the_trail(cast: Cast, login_as: LoginAs, who: str) -> None:
    assert login_as(getattr(cast, who)).get("/audit").status_code == 403


def test_an_empty_trail_says_what_will_be_here(cast: Cast, login_as: LoginAs) -> None:
    assert "Nothing has been done yet" in login_as(cast.mira).get("/audit").text


@pytest.mark.parametrize("words", ["mira", "listeners", "Mira listen", "closed the roster", "MUDDY"])
def test_the_trail_is_searched_by_who_what_which_and_why(
    app: Flask, cast: Cast, offering: Offering, login_as: LoginAs, words: str
) -> None:
    note(app, "roster.closed", offering, cast.mira, reason="a muddy day")
    with inside(app):
        other = make.offering(make.course("Something else"))
    note(app, "offering.posted", other, cast.ivo)
    assert rows(login_as(cast.mira).get("/audit", query_string={"words": words}).text) == 1


def test_words_that_fit_nothing_say_so_with_a_way_back(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.mira).get("/audit?words=%25").text
    assert "Nothing in the trail fits" in page
    assert "Show everything" in page


def test_the_trail_is_narrowed_to_what_was_done(
    app: Flask, cast: Cast, offering: Offering, login_as: LoginAs
) -> None:
    note(app, "roster.closed", offering, cast.mira)
    note(app, "offering.posted", offering, cast.ivo)
    browser = login_as(cast.mira)
    assert rows(browser.get("/audit?action=roster.").text) == 1
    assert rows(browser.get("/audit?action=roster.closed").text) == 1
    assert rows(browser.get("/audit?action=nothing").text) == 2


def test_the_trail_is_narrowed_to_a_person_who_acted_or_is_concerned(
    app: Flask, cast: Cast, offering: Offering, login_as: LoginAs
) -> None:
    note(app, "enrollment.added", offering, cast.mira, person_id=cast.ana.id)
    note(app, "enrollment.withdrawn", offering, cast.ana, person_id=cast.ana.id)
    note(app, "roster.closed", offering, cast.mira)
    page = login_as(cast.mira).get(f"/audit?person={cast.ana.id}").text
    assert rows(page) == 2
    assert "By or about Ana Sample" in page


def test_the_trail_is_narrowed_to_a_session(
    app: Flask, cast: Cast, offering: Offering, login_as: LoginAs
) -> None:
    with inside(app):
        other = make.offering()
    note(app, "roster.closed", offering, cast.mira)
    note(app, "roster.closed", other, cast.mira)
    page = login_as(cast.mira).get(f"/audit?offering={offering.id}").text
    assert rows(page) == 1


def test_pages_follow_one_another_without_a_gap_or_a_repeat(
    app: Flask, cast: Cast, offering: Offering, login_as: LoginAs
) -> None:
    note(app, "roster.closed", offering, cast.mira, times=120)
    with inside(app):
        ids = list(db.session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id.desc())))
        first = queries.trail(queries.Filters())
        second = queries.trail(queries.Filters(), before=first.older)
        third = queries.trail(queries.Filters(), before=second.older)
        back = queries.trail(queries.Filters(), after=third.newer)
        seen = [line.entry.id for page in (first, second, third) for line in page.lines]
        assert [line.entry.id for line in back.lines] == [line.entry.id for line in second.lines]
    assert seen == ids
    assert (first.newer, third.older) == (None, None)
    assert "Older" in login_as(cast.mira).get("/audit").text


def test_details_say_before_and_after(app: Flask, cast: Cast, offering: Offering, login_as: LoginAs) -> None:
    note(app, "attendance.marked", offering, cast.mira, before={"minutes": 180}, after={"minutes": 0})
    assert "minutes: 180 → <b>0</b>" in login_as(cast.mira).get("/audit").text


def test_nothing_private_is_shown_even_when_it_was_written_down(
    app: Flask, cast: Cast, offering: Offering, login_as: LoginAs
) -> None:
    secrets: dict[str, Any] = {"answer": "secret one", "access_request": "secret two"}
    note(app, "offering.edited", offering, cast.mira, **secrets, before=secrets, after={"answer": "secret 3"})
    note(app, "offering.edited", offering, cast.mira, changed={"online_link": ["secret 4", "secret 5"]})
    note(app, "offering.edited", offering, cast.mira, was={"deep": secrets}, now={"deep": {}})
    assert "secret" not in login_as(cast.mira).get("/audit").text


def test_joining_writes_down_neither_the_answer_nor_the_access_request(app: Flask, cast: Cast) -> None:
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        offering = make.offering(question="Why?")
        enrollment.enroll(ana, offering, by=ana, answer="secret why", access_request="secret need")
        written = [str((entry.details, entry.reason)) for entry in db.session.scalars(sa.select(AuditEntry))]
    assert "secret" not in " ".join(written)


def test_names_are_escaped(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering = make.offering(make.course("<b>Bold</b>"))
        eve = make.person("<i>Eve</i> Sample")
        audit.note("enrollment.added", "offering", offering.id, by=eve, person_id=eve.id)
    page = login_as(cast.mira).get("/audit").text
    assert "<i>Eve" not in page
    assert "<b>Bold" not in page


def test_the_page_asks_the_database_as_often_for_fifty_entries_as_for_one(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.mira)
    counts = []
    for times in (1, 60):
        with inside(app):
            for _ in range(times):
                person = make.person()
                audit.note("enrollment.added", "offering", make.offering().id, by=person, person_id=person.id)
        with counted() as statements:
            browser.get("/audit")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 5


def actions() -> Iterator[str]:
    """Every action that the code writes down in so many words."""
    for path in Path(phrases.__file__).parent.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
                "note",
                "_note",
            ):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and "." in str(first.value):
                    yield str(first.value)


def test_every_action_that_is_written_down_can_be_read() -> None:
    assert {action for action in actions() if action not in phrases.PHRASES} == set()


def test_an_action_without_words_names_itself() -> None:
    assert phrases.phrase("seat.polished_twice") == "seat: polished twice ({thing})"
