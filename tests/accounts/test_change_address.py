"""Another address: it is confirmed there, and whoever reads mail at the old one can say that it was not them."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import AddressChange, Person
from catalog.accounts.services import addresses
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests.accounts.mails import letters, link
from tests.accounts.people import NEW, OLD, can_sign_in, is_in, signed_in, with_password
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.servers import Browser, at_once, running

THERE = "ana@example.com"


@pytest.fixture
def ana(app: Flask, cast: Cast) -> str:
    return with_password(app, cast)


@pytest.fixture
def browser(app: Flask, ana: str) -> FlaskClient:
    return signed_in(app, ana)


@pytest.fixture
def asked(browser: FlaskClient) -> FlaskClient:
    answer = browser.post("/account/address", data={"email": THERE, "current": OLD})
    assert answer.status_code == 303, answer.text
    return browser


def email_of(app: Flask, cast: Cast) -> str:
    with inside(app):
        return db.session.get_one(Person, cast.ana.id).email


def test_it_changes_once_it_is_confirmed_there(
    app: Flask, cast: Cast, ana: str, asked: FlaskClient, client: FlaskClient
) -> None:
    assert email_of(app, cast) == ana
    path = link(app, "address_new", THERE)
    client.get(path)
    assert email_of(app, cast) == ana
    assert client.post(path).status_code == 303
    assert email_of(app, cast) == THERE
    assert is_in(asked)
    assert can_sign_in(app, THERE, OLD)
    assert not can_sign_in(app, ana, OLD)


@pytest.mark.usefixtures("asked")
def test_the_old_address_is_told_and_the_new_one_learns_no_name(app: Flask, ana: str) -> None:
    new, old = letters(app)
    assert (new["to"], new["name"]) == (THERE, "")
    assert "Sample" not in new["text"]
    assert old["to"] == ana
    assert "a…@e….com" in old["text"]
    assert THERE not in old["text"]


@pytest.mark.usefixtures("asked")
def test_that_was_not_me_before_it_is_confirmed(
    app: Flask, cast: Cast, ana: str, client: FlaskClient
) -> None:
    confirm = link(app, "address_new")
    client.get(path := link(app, "address_old"))
    assert can_sign_in(app, ana, OLD)
    assert "Your address stays" in client.post(path).text
    assert client.get(confirm).status_code == 410
    assert client.post(confirm).status_code == 410
    assert email_of(app, cast) == ana


def test_that_was_not_me_afterwards_brings_the_address_back(
    app: Flask, cast: Cast, ana: str, asked: FlaskClient, client: FlaskClient
) -> None:
    client.post(link(app, "address_new"))
    client.post(link(app, "address_old"))
    assert email_of(app, cast) == ana
    assert not is_in(asked), "whoever it was is signed out"
    assert not can_sign_in(app, ana, OLD), "and knows no password any more"
    assert client.post(link(app, "reset", ana), data={"password": NEW}).status_code == 303
    assert can_sign_in(app, ana, NEW)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("kind", ["address_new", "address_old"])
def test_each_link_works_once(app: Flask, client: FlaskClient, kind: str) -> None:
    path = link(app, kind)
    assert client.post(path).status_code in (200, 303)
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(("kind", "hours"), [("address_new", 24), ("address_old", 24 * 7)])
def test_each_link_ends(app: Flask, client: FlaskClient, kind: str, hours: int) -> None:
    path, now = link(app, kind), clock.now()
    with clock.at(now + timedelta(hours=hours - 0.1)):
        assert client.get(path).status_code == 200
    with clock.at(now + timedelta(hours=hours + 0.1)):
        assert client.get(path).status_code == 410


@pytest.mark.usefixtures("asked")
def test_neither_link_does_what_the_other_does(app: Flask, client: FlaskClient) -> None:
    new, old = (link(app, kind).rpartition("/")[2] for kind in ("address_new", "address_old"))
    assert client.post(f"/not-me/{new}").status_code == 410
    assert client.post(f"/address/{old}").status_code == 410


def test_whether_somebody_has_it_is_said_there_alone(
    app: Flask, cast: Cast, ana: str, browser: FlaskClient
) -> None:
    shown = set()
    for email in (cast.otto.email, "nobody@example.org"):
        answer = browser.post("/account/address", data={"email": email, "current": OLD})
        # The tokens of its forms say when they were made.
        page = re.sub(r'name="csrf_token"[^>]*', "", browser.get(answer.location).text)
        shown.add((answer.status_code, page))
    assert len(shown) == 1
    assert [one["to"] for one in letters(app, "address_taken")] == [cast.otto.email]
    assert [one["to"] for one in letters(app, "address_new")] == ["nobody@example.org"]
    assert email_of(app, cast) == ana


@pytest.mark.usefixtures("asked")
def test_an_address_that_was_taken_meanwhile_is_not_taken_twice(
    app: Flask, cast: Cast, ana: str, client: FlaskClient
) -> None:
    with inside(app):
        db.session.get_one(Person, cast.otto.id).email = THERE
    assert client.post(link(app, "address_new")).status_code == 410
    assert email_of(app, cast) == ana


def test_a_newer_change_that_is_confirmed_ends_the_one_before(
    app: Flask, cast: Cast, asked: FlaskClient, client: FlaskClient
) -> None:
    first = link(app, "address_new", THERE)
    asked.post("/account/address", data={"email": "third@example.com", "current": OLD})
    client.post(link(app, "address_new", "third@example.com"))
    assert client.get(first).status_code == 410
    assert client.post(first).status_code == 410
    assert email_of(app, cast) == "third@example.com"


def test_a_link_that_was_used_stays_used_when_the_old_address_is_back(
    app: Flask, cast: Cast, ana: str, asked: FlaskClient, client: FlaskClient
) -> None:
    first = link(app, "address_new", THERE)
    client.post(first)
    asked.post("/account/address", data={"email": ana, "current": OLD})
    client.post(link(app, "address_new", ana))
    assert email_of(app, cast) == ana
    assert client.get(first).status_code == 410


def test_that_was_not_me_ends_whatever_else_was_asked_for_and_nothing_of_others(
    app: Flask, cast: Cast, ana: str, asked: FlaskClient, client: FlaskClient
) -> None:
    asked.post("/account/address", data={"email": "third@example.com", "current": OLD})
    with inside(app):
        otto = db.session.get_one(Person, cast.otto.id)
        theirs = AddressChange(
            person=otto, old_email=otto.email, new_email="otto@example.com", asked_at=clock.now()
        )
        db.session.add(theirs)
        db.session.flush()
        of_otto = theirs.id
    client.post(link(app, "address_old"))
    with inside(app):
        changes = db.session.scalars(sa.select(AddressChange)).all()
        assert [one.id for one in changes if one.revoked_at is None] == [of_otto]


def change_of(app: Flask) -> AddressChange:
    return db.session.scalars(sa.select(AddressChange)).one()


@pytest.mark.usefixtures("asked")
def test_of_two_at_the_same_moment_the_second_is_refused(app: Flask, cast: Cast) -> None:
    """Both links were good when they were looked at."""
    with inside(app):
        addresses.confirm_address(change_of(app))
        db.session.get_one(Person, cast.ana.id).email = change_of(app).old_email
        db.session.flush()
        with pytest.raises(addresses.UsedAlready):
            addresses.confirm_address(change_of(app))
        addresses.revoke_address(change_of(app))
        for again in (addresses.revoke_address, addresses.confirm_address):
            with pytest.raises(addresses.UsedAlready):
                again(change_of(app))


@pytest.mark.usefixtures("asked")
def test_what_was_taken_back_is_not_confirmed_at_the_same_moment(app: Flask, cast: Cast) -> None:
    with inside(app):
        addresses.revoke_address(change_of(app))
        with pytest.raises(addresses.UsedAlready):
            addresses.confirm_address(change_of(app))


@pytest.mark.usefixtures("asked")
def test_an_address_that_is_another_one_by_now_is_not_replaced(app: Flask, cast: Cast) -> None:
    with inside(app):
        db.session.get_one(Person, cast.ana.id).email = "fourth@example.com"
        db.session.flush()
        with pytest.raises(addresses.UsedAlready):
            addresses.confirm_address(change_of(app))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"current": "wrong"}, "not the password you have now"),
        ({"current": ""}, "Enter the password you have now"),
        ({"email": "not an address"}, "Enter an address like"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    app: Flask, browser: FlaskClient, change: dict[str, str], said: str
) -> None:
    answer = browser.post("/account/address", data={"email": THERE, "current": OLD} | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert letters(app) == []


def test_the_address_one_has_is_refused(app: Flask, ana: str, browser: FlaskClient) -> None:
    answer = browser.post("/account/address", data={"email": ana.upper(), "current": OLD})
    assert answer.status_code == 422
    assert "the address you have" in answer.text


def test_without_a_password_one_is_chosen_first(
    app: Flask, cast: Cast, login_as: Callable[[Person], FlaskClient]
) -> None:
    otto = login_as(cast.otto)
    assert "has no password yet" in otto.get("/account/address").text
    assert otto.post("/account/address", data={"email": THERE, "current": "x"}).status_code == 422
    assert letters(app) == []


def test_strangers_are_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/account/address").location.startswith("/sign-in")
    assert client.post("/account/address").location.startswith("/sign-in")


def test_the_trail_names_no_address(app: Flask, cast: Cast, asked: FlaskClient, client: FlaskClient) -> None:
    client.post(link(app, "address_new"))
    client.post(link(app, "address_old"))
    with inside(app):
        rows = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [row.action for row in rows] == [
            "person.address_asked",
            "person.address_changed",
            "person.address_revoked",
        ]
        assert "@" not in str([row.details for row in rows])


@pytest.mark.usefixtures("asked")
def test_what_was_confirmed_while_it_was_being_taken_back_is_taken_back(
    app: Flask, cast: Cast, ana: str
) -> None:
    with inside(app):
        change = db.session.scalars(sa.select(AddressChange)).one()
        assert change.confirmed_at is None
        for statement in (
            sa.update(AddressChange).values(confirmed_at=clock.now()),
            sa.update(Person).where(Person.id == cast.ana.id).values(email=THERE),
        ):
            db.session.execute(statement.execution_options(synchronize_session=False))
        addresses.revoke_address(change)
    assert email_of(app, cast) == ana


@pytest.mark.race
@pytest.mark.usefixtures("asked")
def test_confirming_and_taking_back_at_once_leaves_one_of_them(
    app: Flask, cast: Cast, ana: str, database_url: str
) -> None:
    new, old = link(app, "address_new"), link(app, "address_old")
    with running(database_url) as ports:
        browsers = [Browser(ports[turn % 2]) for turn in range(6)]
        for browser in browsers:
            browser.get("/sign-in")
        answers = at_once(
            [partial(browser.post, path) for browser, path in zip(browsers, [new, old] * 3, strict=True)]
        )
    statuses = [answer.status for answer in answers]
    assert statuses[1::2].count(200) == 1, statuses
    assert statuses[0::2].count(303) <= 1, statuses
    assert email_of(app, cast) == ana
    with inside(app):
        change = db.session.scalars(sa.select(AddressChange)).one()
        assert change.revoked_at
