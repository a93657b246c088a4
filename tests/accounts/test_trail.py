"""What people do with their own accounts stands in the trail, without their address and password."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests.accounts.mails import link
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
EVA = {"name": "Eva Sample", "password": "a few plain words"}


def sign_up(app: Flask, client: FlaskClient) -> str:
    client.post("/sign-up", data={"email": "eva@example.org"})
    return link(app, "sign_up")


def trail(app: Flask) -> list[AuditEntry]:
    with inside(app):
        return list(db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))


def test_signing_up_is_written_down(app: Flask, client: FlaskClient) -> None:
    client.post(sign_up(app, client), data=EVA)
    [entry] = trail(app)
    assert (entry.action, entry.by_id, entry.details) == ("person.signed_up", entry.person_id, {})


def test_an_address_that_is_taken_leaves_no_second_trace(app: Flask, client: FlaskClient) -> None:
    path = sign_up(app, client)
    for status in (303, 410):
        assert client.post(path, data=EVA).status_code == status
    assert len(trail(app)) == 1


def test_a_changed_account_is_written_down_with_what_it_was(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    login_as(cast.ana).post("/account", data={"name": "Ana Example", "county": "01109", "zone": ""})
    [entry] = trail(app)
    assert (entry.action, entry.by_id, entry.person_id) == (
        "person.account_edited",
        cast.ana.id,
        cast.ana.id,
    )
    assert entry.details["before"] == {
        "name": "Ana Sample",
        "county": "",
        "zone": None,
        "licence": None,
    }
    assert entry.details["after"] == {
        "name": "Ana Example",
        "county": "Pike County",
        "zone": None,
        "licence": None,
    }


def test_an_account_that_is_saved_as_it_was_leaves_no_trace(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    login_as(cast.ana).post("/account", data={"name": "Ana Sample", "county": "", "zone": ""})
    assert trail(app) == []


def test_coordinators_read_it(cast: Cast, login_as: LoginAs) -> None:
    login_as(cast.ana).post("/account", data={"name": "Ana Example", "county": "01109", "zone": ""})
    page = login_as(cast.mira).get("/audit").text
    assert "changed their own account" in page
    assert "Pike County" in page
