"""Another password, for whoever knows the one there is."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts import services
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests.accounts.mails import letters
from tests.accounts.people import NEW, OLD, can_sign_in, is_in, signed_in, with_password
from tests.attendance.sheets import inside
from tests.factories import Cast

URL = "/account/password"


@pytest.fixture
def ana(app: Flask, cast: Cast) -> str:
    return with_password(app, cast)


def test_it_changes_and_every_other_sign_in_ends(app: Flask, ana: str) -> None:
    here, there = signed_in(app, ana), signed_in(app, ana)
    before = here.get_cookie("sign_in")
    answer = here.post(URL, data={"current": OLD, "password": NEW})
    assert (answer.status_code, answer.location) == (303, "/account")
    after = here.get_cookie("sign_in")
    assert (is_in(here), is_in(there)) == (True, False)
    assert before
    assert after
    assert before.value != after.value
    assert can_sign_in(app, ana, NEW)
    assert not can_sign_in(app, ana, OLD)


def test_a_copy_of_the_cookie_in_use_opens_nothing_afterwards(app: Flask, ana: str) -> None:
    here = signed_in(app, ana)
    copy, cookie = app.test_client(), here.get_cookie("sign_in")
    copy.set_cookie("sign_in", cookie.value if cookie else "")
    here.post(URL, data={"current": OLD, "password": NEW})
    assert not is_in(copy)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": "wrong", "password": NEW}, "not the password you have now"),
        ({"current": "", "password": NEW}, "Enter the password you have now"),
        ({"current": OLD, "password": "short"}, "at least 12 characters"),
        ({"current": OLD, "password": "ana sample ana sample"}, "too much"),
    ],
)
def test_bad_input_is_said_and_changes_nothing(
    app: Flask, ana: str, fields: dict[str, str], said: str
) -> None:
    here, there = signed_in(app, ana), signed_in(app, ana)
    answer = here.post(URL, data=fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert is_in(there)
    assert can_sign_in(app, ana, OLD)


def test_guesses_at_it_are_counted(app: Flask, ana: str) -> None:
    here = signed_in(app, ana)
    statuses = [here.post(URL, data={"current": "wrong", "password": NEW}).status_code for _ in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert here.post(URL, data={"current": OLD, "password": NEW}).status_code == 429


@pytest.mark.usefixtures("ana")
def test_of_two_who_choose_one_at_the_same_moment_the_second_is_refused(app: Flask, cast: Cast) -> None:
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        assert ana.password_hash
        other = sa.update(Person).where(Person.id == cast.ana.id).values(password_hash="another")
        db.session.execute(other.execution_options(synchronize_session=False))
        with pytest.raises(services.Overtaken):
            services.change_password(ana, "a third")
        db.session.refresh(ana)
        assert ana.password_hash == "another"


@pytest.mark.parametrize(("what", "path"), [("verify", URL), ("hash", URL), ("verify", "/account/address")])
def test_one_that_somebody_else_chose_meanwhile_stays(
    app: Flask, cast: Cast, ana: str, monkeypatch: pytest.MonkeyPatch, what: str, path: str
) -> None:
    """To check one and to hash one takes a while; whoever else is quicker is not overwritten."""
    here = signed_in(app, ana)
    slow = getattr(PasswordHasher, what)

    def overtaken(self: PasswordHasher, *given: str) -> object:
        with app.app_context(), db.engine.begin() as other:
            other.execute(sa.update(Person).where(Person.id == cast.ana.id).values(password_hash="another"))
        return slow(self, *given)

    monkeypatch.setattr(PasswordHasher, what, overtaken)
    answer = here.post(path, data={"current": OLD, "password": NEW, "email": "new@example.com"})
    assert answer.status_code in (409, 422)
    assert letters(app) == []
    with inside(app):
        assert db.session.get_one(Person, cast.ana.id).password_hash == "another"


def test_the_owner_is_told_and_the_trail_keeps_nothing_secret(app: Flask, cast: Cast, ana: str) -> None:
    signed_in(app, ana).post(URL, data={"current": OLD, "password": NEW})
    assert [one["to"] for one in letters(app, "password_changed")] == [ana]
    with inside(app):
        (entry,) = db.session.scalars(sa.select(AuditEntry)).all()
        assert (entry.action, entry.by_id, entry.details) == ("person.password_changed", cast.ana.id, {})


def test_an_account_without_a_password_is_shown_the_way(
    cast: Cast, login_as: Callable[[Person], FlaskClient]
) -> None:
    otto = login_as(cast.otto)
    assert "Your account has no password" in otto.get(URL).text
    assert otto.post(URL, data={"current": "x", "password": NEW}).status_code == 422


def test_strangers_are_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get(URL).location.startswith("/sign-in")
    assert client.post(URL).location.startswith("/sign-in")
