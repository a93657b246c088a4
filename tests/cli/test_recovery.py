"""From the shell: the first administrator of an empty catalog, and somebody who cannot get in any more."""

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from catalog.accounts.models import Person
from catalog.accounts.services import recovering
from catalog.extensions import db, writing
from catalog.notices.models import AuditEntry
from tests.accounts.people import NEW, OLD, can_sign_in, is_in, signed_in, with_password
from tests.attendance.sheets import inside
from tests.factories import Cast

Run = Callable[..., Result]
LINK = re.compile(r"http://127\.0\.0\.1:8000(/\S+)")


@pytest.fixture
def run(app: Flask, _rows: None) -> Run:
    def run(*words: str) -> Result:
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():  # as the flask command does
            writing.set(True)
            return app.test_cli_runner().invoke(args=["catalog", *words])

    return run


@pytest.fixture
def _another_way() -> Iterator[None]:
    """A feature that keeps something else which one signs in with."""
    recovering.on_recovery(lambda person: f"{person.name} has no key any more")
    yield
    recovering._recoveries.pop()


def path_in(done: Result) -> str:
    found = LINK.search(done.output)
    assert found, done.output
    return found[1]


def actions(app: Flask) -> list[tuple[str, int | None]]:
    with inside(app):
        rows = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.by_id) for row in rows]


def test_the_first_administrator_is_made_with_an_account(app: Flask, run: Run) -> None:
    done = run("administrator", "Ada@Example.org", "--name", "Ada Sample")
    assert done.exit_code == 0
    assert done.output.startswith("Ada Sample is now an administrator.\n")
    browser = app.test_client()
    assert browser.post(path_in(done), data={"password": NEW}).status_code == 303
    assert browser.get("/people").status_code == 200
    with inside(app):
        ada = db.session.scalars(sa.select(Person)).one()
        assert (ada.email, ada.is_administrator, ada.is_verified) == ("ada@example.org", True, True)
    assert actions(app)[:2] == [("person.added", None), ("person.roles", None)]


def test_somebody_with_a_password_is_promoted_without_a_link(app: Flask, cast: Cast, run: Run) -> None:
    done = run("administrator", with_password(app, cast))
    assert (done.exit_code, done.output) == (0, "Ana Sample is now an administrator.\n")


def test_what_is_no_address_is_refused(app: Flask, run: Run) -> None:
    done = run("administrator", "nobody")
    assert (done.exit_code, done.output) == (1, "Error: nobody is not an address like name@example.org.\n")
    assert actions(app) == []


@pytest.mark.usefixtures("_another_way")
def test_recovery_ends_every_sign_in_and_gives_a_link(app: Flask, cast: Cast, run: Run) -> None:
    ana = with_password(app, cast)
    browsers = [signed_in(app, ana) for _ in range(2)]
    done = run("recover", ana)
    assert done.exit_code == 0
    assert "Ana Sample: 2 sign-ins ended, Ana Sample has no key any more.\n" in done.output
    assert [is_in(browser) for browser in browsers] == [False, False]
    path = path_in(done)
    assert app.test_client().post(path, data={"password": NEW}).status_code == 303
    assert app.test_client().post(path, data={"password": OLD}).status_code == 410
    assert can_sign_in(app, ana, NEW)
    assert actions(app)[0] == ("person.recovered", None)


def test_an_account_without_a_password_is_recovered_by_claiming_it(app: Flask, cast: Cast, run: Run) -> None:
    assert path_in(run("recover", cast.otto.email)).startswith("/claim/")


def test_nobody_is_refused_in_one_sentence(run: Run) -> None:
    done = run("recover", "nobody@example.org")
    assert (done.exit_code, done.output) == (1, "Error: Nobody has an account with nobody@example.org.\n")
