"""Searching, changing and telling too much is answered with 429 and how long to wait, in every process alike."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import limits
from catalog.accounts.models import Person
from catalog.config import Settings
from catalog.extensions import db
from catalog.limits import Tally, TooOften
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
MINUTE = timedelta(minutes=1)


def spend(times: int, most: int = 20, key: str = "search a") -> int:
    """How many of so many were let through."""
    through = 0
    for _ in range(times):
        try:
            limits.spend(key, most, MINUTE)
        except TooOften:
            continue
        through += 1
    return through


@pytest.mark.usefixtures("context")
class TestSpending:
    def test_so_many_are_let_through_and_no_more(self) -> None:
        assert spend(50) == 20
        with pytest.raises(TooOften) as refused:
            limits.spend("search a", 20, MINUTE)
        assert 1 <= refused.value.seconds <= 61

    def test_each_key_is_counted_by_itself(self) -> None:
        spend(50)
        assert spend(5, key="search b") == 5

    def test_nothing_is_without_end_unless_it_is_said(self) -> None:
        assert spend(500, most=0) == 500
        assert tallies() == []

    def test_a_process_learns_what_another_has_written_down(self) -> None:
        """To forget is to be another process."""
        assert spend(20) == 20
        limits.forget()
        assert spend(50) <= 2, "it has used up its own slack before it asks"
        limits.forget()
        assert spend(50, key="search b") == 20

    def test_little_is_never_written_down(self) -> None:
        spend(1)
        assert tallies() == []
        spend(9)
        assert tallies() == [10]

    def test_after_its_minute_counting_begins_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        spend(50)
        later = monotonic() + 61
        monkeypatch.setattr(limits, "monotonic", lambda: later)
        db.session.execute(sa.delete(Tally))
        db.session.commit()
        assert spend(50) == 20

    def test_ever_new_keys_do_not_fill_the_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MOST_KEYS", 100)
        for number in range(1000):
            spend(1, key=f"search {number}")
        assert len(limits._spent) <= 100


def tallies() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Tally.failures)))


@pytest.fixture
def limited(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Flask:
    few = replace(settings, searches_a_minute=10, changes_a_minute=10)
    monkeypatch.setitem(app.config, "CATALOG", few)
    return app


def test_an_address_searches_so_often(limited: Flask, client: FlaskClient) -> None:
    assert [client.get(f"/?q=word{n}").status_code for n in range(12)] == [200] * 10 + [429] * 2
    answer = client.get("/?q=word")
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Wait" in answer.text
    assert client.get("/").status_code == 200, "to look without searching costs nothing"


def test_a_fragment_says_it_among_the_messages(
    limited: Flask, client: FlaskClient, htmx: dict[str, str]
) -> None:
    answers = [client.get("/?q=word", headers=htmx) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["HX-Retarget"] == "#flashes"
    assert answers[-1].headers["Retry-After"]
    assert answers[-1].text.strip().startswith('<div id="flashes"')
    assert "tried too often" in answers[-1].text


def test_a_person_changes_so_much(limited: Flask, cast: Cast, login_as: LoginAs) -> None:
    ana, otto = login_as(cast.ana), login_as(cast.otto)
    answers = [ana.post("/account", data={"name": f"Ana {n}"}).status_code for n in range(12)]
    assert 429 not in answers[:10]
    assert answers[10:] == [429, 429]
    assert otto.post("/account", data={"name": "Otto"}).status_code != 429
    assert ana.get("/account").status_code == 200
    with inside(limited):
        assert db.session.get_one(Person, cast.ana.id).name == "Ana 9"


def test_leaving_is_always_possible(limited: Flask, cast: Cast, login_as: LoginAs) -> None:
    ana = login_as(cast.ana)
    for _ in range(12):
        ana.post("/account", data={"name": "Ana"})
    assert ana.post("/sign-out").status_code != 429


def test_a_search_within_the_limit_costs_no_statement(limited: Flask, client: FlaskClient) -> None:
    client.get("/?q=word")
    limits.forget()
    with limited.app_context(), counted() as statements:
        limits.spend("search a", 120, MINUTE)
    assert len(statements) == 0


def test_guesses_at_the_secret_of_the_mail_provider_end(
    app: Flask, settings: Settings, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "a secret that only the mail provider knows"
    monkeypatch.setitem(app.config, "CATALOG", replace(settings, bounce_secret=secret))
    guess = {"Authorization": "Bearer guess"}
    told = {"address": "a@example.org", "reason": "no", "permanent": True}
    answers = [client.post("/mail/bounces", json=told, headers=guess).status_code for _ in range(22)]
    assert answers == [403] * 20 + [429] * 2
    known = client.post("/mail/bounces", json=told, headers={"Authorization": f"Bearer {secret}"})
    assert known.status_code == 429, "for this address even the right one, until its window ends"


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/?q=word", 10),
        ("/c/XXXX-XXXX-XXXX", 20),
        ("/certificates?number=XXXX-XXXX-XXXX", 20),
        ("/shared/guess", 20),
        ("/feeds/guess.ics", 20),
        ("/in/guess", 10),
    ],
)
def test_whoever_has_a_whole_network_of_addresses_is_one(
    limited: Flask, client: FlaskClient, path: str, most: int
) -> None:
    """Of IPv6 every household has a /64, from which each try may come with another address."""

    def ask(address: str) -> int:
        return client.get(path, environ_overrides={"REMOTE_ADDR": address}).status_code

    answers = [ask(f"2001:db8:0:1::{turn:x}") for turn in range(1, most + 3)]
    assert 429 not in answers[:most]
    assert answers[most:] == [429, 429]
    assert ask("2001:db8:0:2::1") != 429


def test_no_address_is_counted_as_it_stands(app: Flask) -> None:
    """`web.network` shortens it, and so do the tries of passwords and letters, which are handed it."""
    used = {
        f"{path.relative_to(app.root_path)}: {line.strip()}"
        for path in Path(app.root_path, "catalog").rglob("*.py")
        for line in path.read_text().splitlines()
        if "remote_addr" in line and "tries." not in line and "limits.network(" not in line
    }
    assert used == set()
