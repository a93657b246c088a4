"""The first administrator is made from a shell: of a person who has signed up, once, and with a trace."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import db, writing
from catalog.notices.models import AuditEntry
from tests.attendance.sheets import inside
from tests.factories import Cast

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, _rows: None) -> Run:
    def run(email: str) -> Result:
        with app.app_context():  # as the flask command does
            writing.set(True)
            return app.test_cli_runner().invoke(args=["catalog", "make-administrator", email])

    return run


def trail(app: Flask) -> list[AuditEntry]:
    with inside(app):
        return list(db.session.scalars(sa.select(AuditEntry)))


def test_a_person_becomes_administrator_and_keeps_the_other_roles(app: Flask, cast: Cast, run: Run) -> None:
    done = run(cast.ivo.email.upper())
    assert (done.exit_code, done.output) == (0, "Ivo Sample is now an administrator.\n")
    with inside(app):
        ivo = db.session.get_one(Person, cast.ivo.id)
    assert (ivo.is_trainer, ivo.coordinates, ivo.is_administrator) == (True, False, True)


def test_the_trail_says_that_it_was_done_from_the_shell(app: Flask, cast: Cast, run: Run) -> None:
    run(cast.ana.email)
    (entry,) = trail(app)
    assert (entry.action, entry.by_id, entry.person_id) == ("person.roles", None, cast.ana.id)
    assert entry.details["how"] == "from the shell"
    assert (entry.details["before"]["is_administrator"], entry.details["after"]["is_administrator"]) == (
        False,
        True,
    )


def test_it_may_be_said_twice(app: Flask, cast: Cast, run: Run) -> None:
    run(cast.ana.email)
    again = run(cast.ana.email)
    assert (again.exit_code, again.output) == (0, "Ana Sample is already an administrator.\n")
    assert len(trail(app)) == 1


def test_somebody_without_an_account_is_refused_in_one_sentence(app: Flask, cast: Cast, run: Run) -> None:
    done = run("nobody@example.org")
    assert done.exit_code == 1
    assert done.output == "Error: Nobody has an account with nobody@example.org. Sign up on the web first.\n"
    assert trail(app) == []


def test_the_audit_page_shows_it(cast: Cast, run: Run, login_as: Callable[[Person], FlaskClient]) -> None:
    run(cast.ana.email)
    page = login_as(cast.ada).get("/audit").text
    assert "changed the roles of" in page
    assert "from the shell" in page
