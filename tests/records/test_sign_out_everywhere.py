"""A lost phone is reported by telephone: a coordinator ends every sign-in of somebody else."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests.accounts.people import is_in
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.factors.keys import letters_to

LoginAs = Callable[[Person], FlaskClient]


def url(person: Person) -> str:
    return f"/people/{person.id}/sign-out"


@pytest.mark.parametrize("who", ["mira", "ada"])
def test_every_device_is_signed_out_and_nobody_elses(cast: Cast, login_as: LoginAs, who: str) -> None:
    phone, desk, otto, staff = map(login_as, (cast.ana, cast.ana, cast.otto, getattr(cast, who)))
    answer = staff.post(url(cast.ana))
    assert (answer.status_code, answer.location) == (303, f"/people/{cast.ana.id}")
    assert [is_in(one) for one in (phone, desk, otto, staff)] == [False, False, True, True]


def test_the_trail_says_who_did_it_and_the_person_is_told(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    login_as(cast.ana)
    login_as(cast.mira).post(url(cast.ana))
    with inside(app):
        (entry,) = db.session.scalars(sa.select(AuditEntry))
        assert (entry.action, entry.by_id, entry.person_id) == (
            "person.signed_out",
            cast.mira.id,
            cast.ana.id,
        )
        assert entry.details == {"how_many": 1}
        assert letters_to(cast.ana.id) == ["Your sign-in: you were signed out everywhere"]


def test_whoever_is_signed_in_nowhere_is_told_nothing(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    mira = login_as(cast.mira)
    mira.post(url(cast.ana))
    assert "They were signed in nowhere." in mira.get(f"/people/{cast.ana.id}").text
    with inside(app):
        assert letters_to(cast.ana.id) == []


def test_the_page_says_what_the_button_does(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.mira).get(f"/people/{cast.ana.id}").text
    assert f'action="{url(cast.ana)}"' in page
    assert "It cannot be taken back" in page


def test_ones_own_are_ended_elsewhere(cast: Cast, login_as: LoginAs) -> None:
    mira = login_as(cast.mira)
    assert mira.post(url(cast.mira)).status_code == 409
    assert is_in(mira)
    assert url(cast.mira) not in mira.get(f"/people/{cast.mira.id}").text


@pytest.mark.parametrize("who", ["ana", "ivo", "otto"])
def test_others_may_not(cast: Cast, login_as: LoginAs, who: str) -> None:
    ana = login_as(cast.ana)
    assert login_as(getattr(cast, who)).post(url(cast.ana)).status_code == 403
    assert is_in(ana)


def test_strangers_are_asked_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert client.post(url(cast.ana)).location.startswith("/sign-in")


def test_looking_ends_nothing(cast: Cast, login_as: LoginAs) -> None:
    ana = login_as(cast.ana)
    assert login_as(cast.mira).get(url(cast.ana)).status_code == 405
    assert is_in(ana)


def test_without_the_forms_token_nothing_ends(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    ana, mira = login_as(cast.ana), login_as(cast.mira)
    app.config["WTF_CSRF_ENABLED"] = True
    assert mira.post(url(cast.ana)).status_code == 400
    assert is_in(ana)


@pytest.mark.parametrize("column", ["merged_into_id", "left_at"])
def test_of_an_account_that_is_closed_there_are_none(
    app: Flask, cast: Cast, login_as: LoginAs, column: str
) -> None:
    mira = login_as(cast.mira)
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        setattr(ana, column, cast.otto.id if column == "merged_into_id" else clock.now())
    assert mira.post(url(cast.ana)).status_code == 404
    assert mira.post("/people/700001/sign-out").status_code == 404
    with inside(app):
        assert db.session.scalars(sa.select(SignIn.person_id)).all() == [cast.mira.id]
