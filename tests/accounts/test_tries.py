"""How often a password may be tried and a letter sent: strictly for one account from one network."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock, limits
from catalog.accounts import passwords, tries
from catalog.accounts.models import Person
from catalog.accounts.tries import Limit
from catalog.extensions import db
from catalog.limits import Tally, TooOften
from tests.accounts.mails import letters, link
from tests.accounts.people import NEW, OLD, signed_in, with_password
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.servers import Browser, at_once, running


@pytest.fixture
def ana(app: Flask, cast: Cast) -> str:
    return with_password(app, cast)


def guess(client: FlaskClient, email: str, password: str = "wrong", address: str = "192.0.2.1") -> int:
    answer = client.post(
        "/sign-in",
        data={"email": email, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )
    return answer.status_code


def test_after_ten_guesses_even_the_right_one_waits(client: FlaskClient, ana: str) -> None:
    assert [guess(client, ana) for _ in range(12)] == [422] * 10 + [429] * 2
    assert guess(client, ana, OLD) == 429


def test_the_refusal_says_how_long_and_what_else_leads_in(client: FlaskClient, ana: str) -> None:
    for _ in range(10):
        guess(client, ana)
    answer = client.post(
        "/sign-in", data={"email": ana, "password": OLD}, environ_overrides={"REMOTE_ADDR": "192.0.2.1"}
    )
    assert 0 < int(answer.headers["Retry-After"]) <= 901
    assert "tried too often" in answer.text
    assert "choose a new password by mail" in answer.text
    assert ana in answer.text


def test_no_password_is_looked_at_any_more(
    client: FlaskClient, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        guess(client, ana)
    monkeypatch.setattr(passwords, "is_right", None)
    assert guess(client, ana, OLD) == 429


def test_it_looks_the_same_for_an_address_without_an_account(client: FlaskClient) -> None:
    assert [guess(client, "nobody@example.org") for _ in range(11)] == [422] * 10 + [429]


def test_an_address_in_other_letters_is_the_same(client: FlaskClient, ana: str) -> None:
    assert [guess(client, email) for email in (ana, ana.upper(), ana.title()) * 4] == [422] * 10 + [429] * 2


def test_the_time_is_over_after_a_quarter_of_an_hour(client: FlaskClient, ana: str) -> None:
    for _ in range(11):
        guess(client, ana)
    with clock.at(clock.now() + timedelta(minutes=15, seconds=1)):
        assert guess(client, ana, OLD) == 303


def test_those_who_get_it_right_are_not_counted(app: Flask, client: FlaskClient, ana: str) -> None:
    assert {guess(app.test_client(), ana, OLD) for _ in range(15)} == {303}
    with inside(app):
        assert db.session.scalars(sa.select(Tally.failures)).all() == [0, 0, 0]


def test_whoever_guesses_elsewhere_locks_nobody_out(client: FlaskClient, ana: str) -> None:
    for _ in range(15):
        guess(client, ana, address="198.51.100.7")
    assert guess(client, ana, OLD, "192.0.2.1") == 303


class TestSmallLimits:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        window = timedelta(minutes=15)
        monkeypatch.setattr(tries, "PASSWORD", (Limit(3, window), Limit(6, window), Limit(8, window)))

    def test_one_account_from_everywhere(self, client: FlaskClient, ana: str) -> None:
        statuses = [guess(client, ana, address=f"198.51.100.{turn}") for turn in range(8)]
        assert statuses == [422] * 6 + [429] * 2

    def test_even_then_the_mailed_link_leads_in(self, app: Flask, client: FlaskClient, ana: str) -> None:
        for turn in range(8):
            guess(client, ana, address=f"198.51.100.{turn}")
        assert guess(client, ana, OLD) == 429
        client.post("/reset", data={"email": ana})
        assert client.post(link(app, "reset"), data={"password": NEW}).status_code == 303

    def test_one_network_at_many_accounts(self, client: FlaskClient, ana: str) -> None:
        statuses = [guess(client, f"person{turn}@example.org") for turn in range(10)]
        assert statuses == [422] * 8 + [429] * 2
        assert guess(client, ana, OLD, "198.51.100.7") == 303

    def test_a_network_of_ipv6_is_one(self, client: FlaskClient, ana: str) -> None:
        statuses = [guess(client, ana, address=f"2001:db8:0:1::{turn:x}") for turn in range(1, 6)]
        assert statuses == [422] * 3 + [429] * 2
        assert guess(client, ana, OLD, "2001:db8:0:2::1") == 303

    def test_ones_own_account_buys_no_guesses_at_others(
        self, client: FlaskClient, cast: Cast, ana: str
    ) -> None:
        statuses = []
        for turn in range(10):
            statuses.append(guess(client, f"person{turn}@example.org"))
            guess(client, ana, OLD)
        assert statuses[-1] == 429

    def test_what_somebody_says_of_their_address_is_not_believed(self, client: FlaskClient, ana: str) -> None:
        statuses = [
            client.post(
                "/sign-in",
                data={"email": ana, "password": "wrong"},
                headers={"X-Forwarded-For": f"203.0.113.{turn}"},
            ).status_code
            for turn in range(5)
        ]
        assert statuses == [422] * 3 + [429] * 2


@pytest.mark.parametrize("path", ["/sign-up", "/reset"])
def test_a_mailbox_is_not_filled_by_strangers(app: Flask, client: FlaskClient, ana: str, path: str) -> None:
    for email in (ana, "nobody@example.org"):
        statuses = [client.post(path, data={"email": email}).status_code for _ in range(5)]
        assert statuses == [303] * 3 + [429] * 2
    answer = client.post(path, data={"email": ana})
    assert 0 < int(answer.headers["Retry-After"]) <= 901
    assert "tried too often" in answer.text
    assert len(letters(app)) == 6


def test_nor_by_asking_for_another_address_again_and_again(app: Flask, ana: str) -> None:
    browser = signed_in(app, ana)
    data = {"email": "somebody@example.com", "current": OLD}
    statuses = [browser.post("/account/address", data=data).status_code for _ in range(5)]
    assert statuses == [303] * 3 + [429] * 2
    assert len([one for one in letters(app) if one["to"] == "somebody@example.com"]) == 3


def test_nor_by_asking_for_the_confirmation_again_and_again(app: Flask, cast: Cast, ana: str) -> None:
    with inside(app):
        db.session.get_one(Person, cast.ana.id).email_verified_at = None
    browser = signed_in(app, ana)
    assert [browser.post("/account/verify").status_code for _ in range(5)] == [303] * 3 + [429] * 2
    assert len(letters(app)) == 3


def test_nor_from_many_places(app: Flask, client: FlaskClient, ana: str) -> None:
    statuses = [
        client.post(
            "/reset", data={"email": ana}, environ_overrides={"REMOTE_ADDR": f"198.51.100.{turn}"}
        ).status_code
        for turn in range(12)
    ]
    assert statuses == [303] * 10 + [429] * 2


def test_the_counts_are_no_list_of_addresses(app: Flask, client: FlaskClient, ana: str) -> None:
    guess(client, ana)
    client.post("/reset", data={"email": ana})
    with inside(app):
        keys = db.session.scalars(sa.select(Tally.key)).all()
        assert len(keys) == 6
        assert not [key for key in keys if "@" in key or ana.partition("@")[0] in key]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
        (None, "nowhere"),
        ("", "nowhere"),
        ("x", "nowhere"),
    ],
)
def test_whom_an_address_is_counted_with(address: str | None, network: str) -> None:
    assert limits.network(address) == network


@pytest.mark.usefixtures("context")
class TestCountingTries:
    def test_so_many_and_no_more(self) -> None:
        for _ in range(2):
            limits.count_try("a", 2, timedelta(minutes=1))
        with pytest.raises(TooOften):
            limits.count_try("a", 2, timedelta(minutes=1))

    def test_what_is_given_back_may_be_spent_again(self) -> None:
        limits.count_try("a", 1, timedelta(minutes=1))
        limits.give_back("a")
        limits.give_back("a")
        limits.count_try("a", 1, timedelta(minutes=1))
        with pytest.raises(TooOften):
            limits.count_try("a", 1, timedelta(minutes=1))


@pytest.mark.race
def test_many_guesses_at_once_are_no_more_than_one_after_the_other(ana: str, database_url: str) -> None:
    with running(database_url) as ports:
        browsers = [Browser(ports[turn % 2]) for turn in range(16)]
        for browser in browsers:
            browser.get("/sign-in")
        answers = at_once(
            [partial(browser.post, "/sign-in", email=ana, password="wrong") for browser in browsers]
        )
    assert sorted(answer.status for answer in answers) == [422] * 10 + [429] * 6
