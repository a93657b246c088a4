"""Giving and taking roles: administrators do, the trail remembers, and somebody always administers."""

from collections.abc import Callable
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.accounts.services import LastAdministrator
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from catalog.records import services
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


def post(browser: FlaskClient, person: Person, seen: str, **roles: str) -> tuple[int, str]:
    answer = browser.post(f"/people/{person.id}/roles", data={"seen": seen, **roles})
    return answer.status_code, answer.text


def roles_of(app: Flask, person: Person) -> tuple[bool, bool, bool]:
    with inside(app):
        now = db.session.get_one(Person, person.id)
        return now.is_trainer, now.coordinates, now.is_administrator


def test_an_administrator_makes_somebody_a_trainer(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    assert post(login_as(cast.ada), cast.ana, "000", is_trainer="y")[0] == 303
    assert roles_of(app, cast.ana) == (True, False, False)


def test_the_trail_says_what_the_roles_were_before(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    post(login_as(cast.ada), cast.ivo, "100", coordinates="y")
    with inside(app):
        entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.by_id, entry.person_id) == ("person.roles", cast.ada.id, cast.ivo.id)
    assert entry.details["before"] == {"is_trainer": True, "coordinates": False, "is_administrator": False}
    assert entry.details["after"] == {"is_trainer": False, "coordinates": True, "is_administrator": False}


def test_roles_ask_for_a_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert client.post(f"/people/{cast.ana.id}/roles").headers["Location"].startswith("/sign-in")


def test_an_unknown_person_has_no_roles(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.ada).post("/people/999999/roles").status_code == 404


@pytest.mark.parametrize("who", ["ana", "ivo", "mira"])
def test_nobody_else_changes_roles(app: Flask, cast: Cast, login_as: LoginAs, who: str) -> None:
    assert post(login_as(getattr(cast, who)), cast.ana, "000", is_administrator="y")[0] == 403
    assert roles_of(app, cast.ana) == (False, False, False)


def test_coordinators_are_not_shown_the_form(cast: Cast, login_as: LoginAs) -> None:
    assert "Change roles" not in login_as(cast.mira).get(f"/people/{cast.ana.id}").text
    assert "Change roles" in login_as(cast.ada).get(f"/people/{cast.ana.id}").text


def test_the_last_administrator_stays(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    status, page = post(login_as(cast.ada), cast.ada, "001")
    assert status == 422
    assert "Make another person administrator first" in page
    assert roles_of(app, cast.ada) == (False, False, True)


def test_an_administrator_may_step_down_when_there_is_another(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        make.person("Eva Sample", is_administrator=True)
    assert post(login_as(cast.ada), cast.ada, "001")[0] == 303
    assert roles_of(app, cast.ada) == (False, False, False)


def test_an_old_page_does_not_undo_what_was_changed_since(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        db.session.get_one(Person, cast.ana.id).coordinates = True
    status, page = post(login_as(cast.ada), cast.ana, "000", is_trainer="y")
    assert status == 409
    assert "Somebody else changed these roles meanwhile" in page
    assert roles_of(app, cast.ana) == (False, True, False)


def test_two_administrators_who_step_down_at_once_do_not_both(app: Flask, cast: Cast) -> None:
    with inside(app):
        eva = make.person("Eva Sample", is_administrator=True)
    refused: list[LastAdministrator] = []

    def step_down(person: Person) -> None:
        services.change_roles(
            db.session.get_one(Person, person.id),
            by=person,
            is_trainer=False,
            coordinates=False,
            is_administrator=False,
        )

    def other() -> None:
        try:
            with inside(app):
                step_down(eva)
        except LastAdministrator as refusal:
            refused.append(refusal)

    with inside(app):
        step_down(cast.ada)
        thread = Thread(target=other)
        thread.start()
        thread.join(0.5)
        db.session.commit()
    thread.join(20)
    assert len(refused) == 1
    assert roles_of(app, eva)[2]


def test_roles_are_not_changed_by_a_link(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.ada).get(f"/people/{cast.ana.id}/roles").status_code == 405
