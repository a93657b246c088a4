"""Passkeys: whose they are, what they sign, and for how long a question to them is good."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts import claims
from catalog.accounts.models import Person
from catalog.extensions import db, writing
from catalog.factors.models import Asking, Challenge, Passkey
from catalog.factors.services import passkeys
from tests import factories as make
from tests.factories import Cast
from tests.factors.device import PRESENT, Device, text
from tests.factors.keys import Signer, letters_to, trail_of

LoginAs = Callable[[Person], FlaskClient]
KEYS = "/account/second-step/passkeys"
ALONE = "/sign-in/passkey"


@pytest.fixture
def device(app: Flask) -> Device:
    return Device(app.config["CATALOG"].site_url)


@pytest.fixture
def ana(cast: Cast, login_as: LoginAs, device: Device) -> FlaskClient:
    """Signed in, with one passkey."""
    ana = login_as(cast.ana)
    assert add(ana, device) == 200
    return ana


def ask(browser: FlaskClient, path: str = KEYS) -> str:
    return browser.post(f"{path}/options").text


def add(browser: FlaskClient, device: Device, name: str = "My phone") -> int:
    return browser.post(KEYS, data={"credential": device.make(ask(browser)), "name": name}).status_code


def enter(browser: FlaskClient, answer: str, path: str = ALONE) -> int:
    return browser.post(path, data={"credential": answer}).status_code


def names(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Passkey.name).order_by(Passkey.id)))


def test_the_first_one_comes_with_recovery_codes(
    ana: FlaskClient, cast: Cast, app: Flask, device: Device
) -> None:
    assert names(app) == ["My phone"]
    with app.app_context():
        assert trail_of(cast.ana.id) == ["factor.passkey_added", "factor.codes_made"]
        assert letters_to(cast.ana.id) == ["Your sign-in: a passkey was added"]


def test_it_opens_the_account_alone(ana: FlaskClient, app: Flask, device: Device) -> None:
    stranger = app.test_client()
    assert enter(stranger, device.sign(ask(stranger, ALONE))) == 303
    assert "Ana Sample" in stranger.get("/account").text


def test_several_are_added_and_the_same_one_once(ana: FlaskClient, app: Flask, device: Device) -> None:
    assert add(ana, Device(device.origin), "My computer") == 303
    assert add(ana, device, "My phone again") == 422
    assert names(app) == ["My phone", "My computer"]


def test_an_answer_is_good_once(ana: FlaskClient, app: Flask, device: Device) -> None:
    stranger, thief = app.test_client(), app.test_client()
    answer = device.sign(ask(stranger, ALONE))
    session = stranger.get_cookie("session")
    assert session is not None
    thief.set_cookie("session", session.value)
    assert enter(stranger, answer) == 303
    assert enter(thief, answer) == 422


def test_a_wrong_answer_uses_the_question_up(ana: FlaskClient, app: Flask, device: Device) -> None:
    stranger = app.test_client()
    question = ask(stranger, ALONE)
    session = stranger.get_cookie("session")
    assert session is not None
    assert enter(stranger, "{}") == 422
    stranger.set_cookie("session", session.value)
    assert enter(stranger, device.sign(question)) == 422


def test_a_question_is_good_for_five_minutes(ana: FlaskClient, app: Flask, device: Device) -> None:
    stranger = app.test_client()
    answer = device.sign(ask(stranger, ALONE))
    with clock.at(clock.now() + timedelta(minutes=5, seconds=1)):
        assert enter(stranger, answer) == 422


def test_a_question_is_answered_in_the_browser_it_was_put_to(
    ana: FlaskClient, app: Flask, device: Device
) -> None:
    asked, other = app.test_client(), app.test_client()
    answer = device.sign(ask(asked, ALONE))
    assert enter(other, answer) == 422
    ask(other, ALONE)
    assert enter(other, answer) == 422


def test_a_question_to_add_one_lets_nobody_in(ana: FlaskClient, app: Flask, device: Device) -> None:
    question = ask(ana)
    assert enter(ana, device.sign(question)) == 422


def test_another_sites_answer_is_refused(ana: FlaskClient, app: Flask, device: Device) -> None:
    for origin in ("https://evil.example", f"{device.origin}.evil.example", "http://localhost:1"):
        stranger = app.test_client()
        device.origin = origin
        assert enter(stranger, device.sign(ask(stranger, ALONE))) == 422


def test_the_host_of_a_request_decides_nothing(ana: FlaskClient, app: Flask, device: Device) -> None:
    stranger = app.test_client()
    question = stranger.post(f"{ALONE}/options", headers={"Host": "localhost"}).text
    assert f'"rpId": "{device.site}"' in question
    assert "localhost" not in question


def test_another_sites_key_is_refused(ana: FlaskClient, app: Flask, device: Device) -> None:
    stranger = app.test_client()
    device.site = "evil.example"
    assert enter(stranger, device.sign(ask(stranger, ALONE))) == 422


def test_it_must_have_checked_who_holds_it(ana: FlaskClient, app: Flask, device: Device) -> None:
    stranger = app.test_client()
    device.flags = PRESENT
    assert enter(stranger, device.sign(ask(stranger, ALONE))) == 422


def test_another_key_by_the_same_number_is_refused(ana: FlaskClient, app: Flask, device: Device) -> None:
    stranger, forged = app.test_client(), Device(device.origin)
    forged.number, forged.count = device.number, 50
    assert enter(stranger, forged.sign(ask(stranger, ALONE))) == 422


def test_a_copy_that_counts_behind_is_refused_and_told(
    ana: FlaskClient, app: Flask, device: Device, cast: Cast
) -> None:
    stranger = app.test_client()
    enter(stranger, device.sign(ask(stranger, ALONE)))
    device.count -= 1
    copy = app.test_client()
    assert enter(copy, device.sign(ask(copy, ALONE))) == 422
    assert copy.get("/account").status_code == 303
    with app.app_context():
        assert letters_to(cast.ana.id)[-1] == "Your sign-in: a passkey was refused"
        assert trail_of(cast.ana.id)[-1] == "factor.passkey_refused"


def test_one_that_never_counts_is_accepted(ana: FlaskClient, app: Flask, device: Device) -> None:
    """Passkeys that several devices of a person share do not count."""
    for _ in range(2):
        stranger = app.test_client()
        device.count = -1
        assert enter(stranger, device.sign(ask(stranger, ALONE))) == 303


@pytest.mark.parametrize(
    "answer",
    ["", "null", "[]", "{}", '{"id": 7}', '{"id": "x"}', '{"id": "x", "response": {}}', "[" * 5000, "é" * 50],
)
def test_what_is_no_answer_is_refused(ana: FlaskClient, app: Flask, answer: str) -> None:
    stranger = app.test_client()
    ask(stranger, ALONE)
    assert enter(stranger, answer) == 422
    ask(ana)
    assert enter(ana, answer, KEYS) == 422


def test_a_broken_answer_of_a_known_key_is_refused(ana: FlaskClient, app: Flask, device: Device) -> None:
    stranger = app.test_client()
    answer = device.sign(ask(stranger, ALONE)).replace('"signature": "', '"signature": "AAAA')
    assert enter(stranger, answer) == 422


def test_the_key_of_another_is_no_second_step(
    ana: FlaskClient, with_app: Signer, app: Flask, device: Device, login_as: LoginAs
) -> None:
    browser = app.test_client()
    browser.post("/sign-in", data={"email": with_app, "password": "four plain words here"})
    step = "/sign-in/second-step/passkey"
    assert enter(browser, device.sign(ask(browser, step)), step) == 422
    assert browser.get("/account").status_code == 303


def test_only_ones_own_are_named_and_removed(
    ana: FlaskClient, app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with app.app_context():
        number = db.session.scalars(sa.select(Passkey.id)).one()
    otto = login_as(cast.otto)
    assert otto.post(f"{KEYS}/{number}", data={"name": "Mine"}).status_code == 404
    assert otto.post(f"{KEYS}/{number}/remove").status_code == 404
    assert ana.post(f"{KEYS}/{number}", data={"name": ""}).status_code == 422
    assert ana.post(f"{KEYS}/{number}", data={"name": "My old phone"}).status_code == 303
    assert names(app) == ["My old phone"]
    assert ana.post(f"{KEYS}/{number}/remove").status_code == 303
    assert names(app) == []
    with app.app_context():
        assert letters_to(cast.ana.id)[-1] == "Your sign-in: a passkey was removed"
        assert db.session.get_one(Person, cast.ana.id).second_step_since is None


def test_questions_that_are_over_do_not_pile_up(ana: FlaskClient, app: Flask) -> None:
    ask(app.test_client(), ALONE)
    with clock.at(clock.now() + timedelta(minutes=6)):
        ask(app.test_client(), ALONE)
    with app.app_context():
        assert len(db.session.scalars(sa.select(Challenge)).all()) == 1


def test_an_address_may_ask_only_so_often(client: FlaskClient) -> None:
    statuses = [client.post(f"{ALONE}/options").status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]


@pytest.mark.parametrize("closed", ["merged", "left"])
def test_the_passkey_of_an_account_that_is_closed_opens_nothing(
    ana: FlaskClient, cast: Cast, app: Flask, device: Device, closed: str
) -> None:
    with app.app_context():
        writing.set(True)
        person = db.session.get_one(Person, cast.ana.id)
        if closed == "merged":
            person.merged_into_id = cast.otto.id
        else:
            person.left_at = clock.now()
        db.session.commit()
    stranger = app.test_client()
    assert enter(stranger, device.sign(ask(stranger, ALONE))) == 422


def test_a_device_that_does_not_check_who_holds_it_is_not_added(
    cast: Cast, login_as: LoginAs, app: Flask, device: Device
) -> None:
    device.flags = PRESENT
    assert add(login_as(cast.ana), device) == 422
    assert names(app) == []


def test_a_browser_is_told_which_devices_are_known(ana: FlaskClient, device: Device) -> None:
    assert [one["id"] for one in json.loads(ask(ana))["excludeCredentials"]] == [text(device.number)]


def test_nobody_has_more_than_twenty(ana: FlaskClient, cast: Cast, app: Flask, device: Device) -> None:
    with app.app_context():
        writing.set(True)
        (first,) = db.session.scalars(sa.select(Passkey))
        for number in range(19):
            more = {"handle": first.handle, "public_key": b"k", "sign_count": 0, "name": "One more"}
            given = {**more, "person_id": cast.ana.id, "added_at": clock.now()}
            db.session.add(Passkey(credential_id=text(bytes([number]) * 16), **given))
        db.session.commit()
    assert add(ana, Device(device.origin), "One too many") == 422
    assert len(names(app)) == 20


@pytest.mark.usefixtures("context")
class TestTakingAQuestion:
    def test_it_is_for_one_purpose(self) -> None:
        ana = make.person()
        number = passkeys.ask(Asking.CONFIRM, ana).number
        assert passkeys.take(number, Asking.STEP, ana) is None
        assert passkeys.take(number, Asking.CONFIRM, ana) is not None

    def test_it_is_for_one_person(self) -> None:
        ana, otto = make.person(), make.person()
        number = passkeys.ask(Asking.CONFIRM, ana).number
        assert passkeys.take(number, Asking.CONFIRM, otto) is None
        assert passkeys.take(number, Asking.CONFIRM, None) is None
        assert passkeys.take(number, Asking.CONFIRM, ana) is not None


def test_whoever_has_one_has_an_account_that_is_claimed(ana: FlaskClient, cast: Cast, app: Flask) -> None:
    with app.app_context():
        assert not claims.is_unclaimed(db.session.get_one(Person, cast.ana.id))
        assert claims.is_unclaimed(db.session.get_one(Person, cast.otto.id))
