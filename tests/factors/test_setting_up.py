"""One's own second step: setting up, changing and removing it, and showing first that it is you."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.extensions import db, writing
from catalog.factors import services
from catalog.factors.models import AuthenticatorApp, RecoveryCode
from tests.factories import Cast
from tests.factors.keys import PASSWORD, Signer, app_of, codes_of, shown

LoginAs = Callable[[Person], FlaskClient]
INDEX = "/account/second-step"
CHANGES = [
    f"{INDEX}/app",
    f"{INDEX}/app/remove",
    f"{INDEX}/passkeys",
    f"{INDEX}/passkeys/1",
    f"{INDEX}/codes",
]
CHANGES += [f"{INDEX}/passkeys/1/remove", f"{INDEX}/passkeys/options"]


def age(app: Flask, minutes: int = 11) -> None:
    """All sign-ins were opened so long ago."""
    with app.app_context():
        writing.set(True)
        db.session.execute(sa.update(SignIn).values(proved_at=clock.now() - timedelta(minutes=minutes)))
        db.session.commit()


@pytest.mark.parametrize("path", [INDEX, f"{INDEX}/app", "/account/confirm"])
def test_strangers_sign_in_first(client: FlaskClient, path: str) -> None:
    assert client.get(path).location.startswith("/sign-in?")


@pytest.mark.parametrize("path", CHANGES)
def test_strangers_change_nothing(client: FlaskClient, path: str) -> None:
    assert client.post(path).location.startswith("/sign-in?")


@pytest.mark.parametrize("path", CHANGES[1:])
def test_nothing_is_changed_by_a_link(cast: Cast, login_as: LoginAs, path: str) -> None:
    assert login_as(cast.ana).get(path).status_code == 405


@pytest.mark.parametrize("path", CHANGES)
def test_a_sign_in_of_a_while_ago_asks_once_more(
    cast: Cast, login_as: LoginAs, app: Flask, path: str
) -> None:
    ana = login_as(cast.ana)
    age(app)
    assert ana.post(path).location.startswith("/account/confirm?next=")


def test_the_picture_and_the_letters_say_the_same_secret(cast: Cast, login_as: LoginAs, app: Flask) -> None:
    page = login_as(cast.ana).get(f"{INDEX}/app").text
    sealed = page.split('name="sealed" value="')[1].split('"')[0]
    with app.app_context():
        secret = services.apps.offered(cast.ana, sealed)
    assert secret in page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    assert "<svg" in page


def test_looking_at_the_page_changes_nothing(cast: Cast, login_as: LoginAs, app: Flask) -> None:
    login_as(cast.ana).get(f"{INDEX}/app")
    with app.app_context():
        assert db.session.scalars(sa.select(AuthenticatorApp)).all() == []


def test_wrong_digits_leave_the_same_picture(cast: Cast, login_as: LoginAs, app: Flask) -> None:
    ana = login_as(cast.ana)
    with app.app_context():
        sealed = services.apps.offer(cast.ana)
    answer = ana.post(f"{INDEX}/app", data={"sealed": sealed, "code": "abc"})
    assert answer.status_code == 422
    assert f'value="{sealed}"' in answer.text


def test_a_secret_of_ones_own_making_is_refused(cast: Cast, login_as: LoginAs, app: Flask) -> None:
    answer = login_as(cast.ana).post(f"{INDEX}/app", data={"sealed": "A" * 40, "code": "123456"})
    assert answer.status_code == 422
    assert "open for too long" in answer.text


def test_ones_own_page_shows_what_is_set_up(client: FlaskClient, with_app: Signer) -> None:
    client.post("/sign-in", data={"email": with_app, "password": PASSWORD})
    client.post("/sign-in/second-step", data={"code": shown(with_app.secret)})
    page = client.get(INDEX).text
    assert "<b>10</b> of your codes are left" in page
    assert client.post(f"{INDEX}/app/remove").status_code == 303
    assert "Set up an app" in client.get(INDEX).text


def test_new_codes_are_shown_once(cast: Cast, login_as: LoginAs, app: Flask) -> None:
    ana = login_as(cast.ana)
    with app.app_context():
        writing.set(True)
        app_of(db.session.get_one(Person, cast.ana.id))
        db.session.commit()
    ana = login_as(cast.ana)
    page = ana.post(f"{INDEX}/codes").text
    code = page.split("<li><code>")[1].split("<")[0]
    assert 'download="recovery-codes.txt"' in page
    assert code not in ana.get(INDEX).text


def test_without_a_second_step_there_are_no_codes(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.ana).post(f"{INDEX}/codes").status_code == 404


def test_where_it_is_only_offered_coordinators_may_do_without(
    cast: Cast, login_as: LoginAs, app: Flask
) -> None:
    with app.app_context():
        writing.set(True)
        app_of(db.session.get_one(Person, cast.mira.id))
        db.session.commit()
    assert login_as(cast.mira).post(f"{INDEX}/app/remove").status_code == 303
    with app.app_context():
        assert db.session.scalars(sa.select(AuthenticatorApp)).all() == []


class TestConfirming:
    """Showing once more that it is you."""

    @pytest.fixture
    def old(self, client: FlaskClient, with_app: Signer, app: Flask) -> FlaskClient:
        client.post("/sign-in", data={"email": with_app, "password": PASSWORD})
        client.post("/sign-in/second-step", data={"code": shown(with_app.secret, -1)})
        age(app)
        return client

    @pytest.mark.parametrize("way", ["password", "code", "recovery"])
    def test_by(self, old: FlaskClient, with_app: Signer, way: str) -> None:
        path = "/account/confirm" + ("" if way == "password" else "/code")
        data = {
            "password": {"password": PASSWORD},
            "code": {"code": shown(with_app.secret)},
            "recovery": {"code": with_app.codes[0]},
        }[way]
        assert old.post(path, data={**data, "next": f"{INDEX}/app"}).location == f"{INDEX}/app"
        assert old.get(f"{INDEX}/app").status_code == 200

    @pytest.mark.parametrize(
        ("path", "data"),
        [("", {"password": "wrong"}), ("", {}), ("/code", {"code": "000000"}), ("/code", {})],
    )
    def test_wrong(self, old: FlaskClient, path: str, data: dict[str, str]) -> None:
        assert old.post(f"/account/confirm{path}", data=data).status_code == 422
        assert old.get(f"{INDEX}/app").status_code == 303

    def test_guessing_a_password_ends(self, old: FlaskClient) -> None:
        answers = [old.post("/account/confirm", data={"password": "wrong"}).status_code for _ in range(6)]
        assert answers == [422] * 5 + [429]

    def test_a_passkey_that_nobody_has_is_not_asked_for(self, old: FlaskClient) -> None:
        assert old.post("/account/confirm/passkey/options").status_code == 404


class TestForgetting:
    """An administrator takes somebody's second step away."""

    @pytest.fixture
    def ana(self, cast: Cast, app: Flask) -> int:
        with app.app_context():
            writing.set(True)
            ana = db.session.get_one(Person, cast.ana.id)
            app_of(ana)
            codes_of(ana)
            db.session.commit()
        return cast.ana.id

    def test_works(self, ana: int, cast: Cast, login_as: LoginAs, app: Flask) -> None:
        theirs, ada = login_as(cast.ana), login_as(cast.ada)
        answer = ada.post(f"/people/{ana}/second-step", data={"reason": "She showed me her ID."})
        assert answer.status_code == 303
        with app.app_context():
            person = db.session.get_one(Person, ana)
            assert person.second_step_since is None
            assert db.session.scalars(sa.select(AuthenticatorApp)).all() == []
            from tests.factors.keys import letters_to, trail_of

            assert trail_of(ana)[-1] == "factor.forgotten"
            assert letters_to(ana)[-1] == "Your sign-in: your second step was taken away"
        assert theirs.get("/account").status_code == 303, "they are signed out everywhere"

    def test_that_of_others_stays(self, ana: int, cast: Cast, login_as: LoginAs, app: Flask) -> None:
        with app.app_context():
            writing.set(True)
            app_of(db.session.get_one(Person, cast.otto.id))
            codes_of(db.session.get_one(Person, cast.otto.id))
            db.session.commit()
        login_as(cast.ada).post(f"/people/{ana}/second-step", data={"reason": "She showed me her ID."})
        with app.app_context():
            assert set(db.session.scalars(sa.select(AuthenticatorApp.person_id))) == {cast.otto.id}
            assert set(db.session.scalars(sa.select(RecoveryCode.person_id))) == {cast.otto.id}
            assert db.session.get_one(Person, cast.otto.id).second_step_since is not None

    def test_an_account_that_was_joined_with_another_is_not_found(
        self, ana: int, cast: Cast, login_as: LoginAs, app: Flask
    ) -> None:
        with app.app_context():
            writing.set(True)
            db.session.get_one(Person, ana).merged_into_id = cast.otto.id
            db.session.commit()
        ada = login_as(cast.ada)
        assert ada.get(f"/people/{ana}/second-step").status_code == 404
        assert ada.post(f"/people/{ana}/second-step", data={"reason": "x"}).status_code == 404
        with app.app_context():
            assert db.session.scalars(sa.select(AuthenticatorApp.person_id)).all() == [ana]

    @pytest.mark.parametrize(("who", "status"), [("otto", 403), ("mira", 403), ("ivo", 403)])
    def test_others_may_not(self, ana: int, cast: Cast, login_as: LoginAs, who: str, status: int) -> None:
        browser = login_as(getattr(cast, who))
        assert browser.get(f"/people/{ana}/second-step").status_code == status
        assert browser.post(f"/people/{ana}/second-step", data={"reason": "x"}).status_code == status

    def test_strangers_sign_in_first(self, ana: int, client: FlaskClient) -> None:
        assert client.post(f"/people/{ana}/second-step").location.startswith("/sign-in?")

    def test_needs_a_reason(self, ana: int, cast: Cast, login_as: LoginAs) -> None:
        assert login_as(cast.ada).post(f"/people/{ana}/second-step", data={"reason": " "}).status_code == 422

    def test_not_for_oneself(self, cast: Cast, login_as: LoginAs) -> None:
        answer = login_as(cast.ada).post(f"/people/{cast.ada.id}/second-step", data={"reason": "Me."})
        assert answer.status_code == 409

    def test_nobody_is_not_found(self, cast: Cast, login_as: LoginAs) -> None:
        assert login_as(cast.ada).get("/people/999999/second-step").status_code == 404

    def test_a_sign_in_of_a_while_ago_asks_once_more(
        self, ana: int, cast: Cast, login_as: LoginAs, app: Flask
    ) -> None:
        ada = login_as(cast.ada)
        age(app)
        answer = ada.post(f"/people/{ana}/second-step", data={"reason": "x"})
        assert answer.location == f"/account/confirm?next=/people/{ana}/second-step"
