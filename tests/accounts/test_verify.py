"""Before a seat is taken the address is proven; the seat that was wanted is not lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import NotVerified
from catalog.courses.models import OfferingState
from catalog.enrollment import services
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from tests import factories as make
from tests.accounts.mails import letters, link
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def offering_id(app: Flask, cast: Cast) -> int:
    """One that Ana, who has not confirmed her address, may join."""
    with inside(app):
        db.session.get_one(Person, cast.ana.id).email_verified_at = None
        return make.offering(seats=3).id


def states(app: Flask) -> list[State]:
    with inside(app):
        return list(db.session.scalars(sa.select(Enrollment.state)))


def test_whoever_wants_a_seat_is_asked_and_led_back(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    ana, url = login_as(cast.ana), f"/offerings/{offering_id}"
    asked = ana.post(f"{url}/enrollments", headers={"Referer": f"http://localhost{url}"})
    assert (asked.status_code, asked.location) == (303, f"/account/verify?next={url}")
    assert states(app) == []
    assert "Confirm your address first" in ana.get(asked.location).text
    ana.post("/account/verify", data={"next": url})
    path = link(app, "verify", cast.ana.email)
    assert "This address is mine" in ana.get(path).text
    done = ana.post(path)
    assert (done.status_code, done.location) == (303, url)
    ana.post(f"{url}/enrollments")
    assert states(app) == [State.SEATED]


def test_htmx_is_led_there_too(cast: Cast, login_as: LoginAs, offering_id: int, htmx: dict[str, str]) -> None:
    answer = login_as(cast.ana).post(f"/offerings/{offering_id}/enrollments", headers=htmx)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/account/verify?next=/")


@pytest.mark.parametrize("fields", [{"seats": 1}, {"needs_approval": True}, {"seats": None}])
def test_waiting_and_asking_are_ways_to_a_seat(
    app: Flask, cast: Cast, offering_id: int, fields: dict[str, object]
) -> None:
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        offering = make.offering(**fields)  # type: ignore[arg-type]
        with pytest.raises(NotVerified):
            services.enroll(ana, offering, by=ana)
    assert states(app) == []


def test_a_coordinator_seats_anybody(app: Flask, cast: Cast, offering_id: int) -> None:
    with inside(app):
        ana, mira = (db.session.get_one(Person, person.id) for person in (cast.ana, cast.mira))
        services.add(ana, make.offering(), by=mira)
    assert states(app) == [State.SEATED]


def test_an_offer_is_a_way_to_a_seat(app: Flask, cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    with inside(app):
        ana, mira = (db.session.get_one(Person, person.id) for person in (cast.ana, cast.mira))
        mine = services.add(ana, make.offering(), by=mira)
        mine.state, mine.offer_ends_at = State.OFFERED, clock.now() + timedelta(days=1)
        db.session.flush()
        number = mine.id
    answer = login_as(cast.ana).post(f"/enrollments/{number}/accept")
    assert answer.location.startswith("/account/verify")
    assert states(app) == [State.OFFERED]


def test_another_session_instead_is_a_way_to_a_seat(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    with inside(app):
        ana, mira = (db.session.get_one(Person, person.id) for person in (cast.ana, cast.mira))
        off = make.offering()
        number = services.add(ana, off, by=mira).id
        off.state, off.cancelled_at = OfferingState.CANCELLED, clock.now()
    answer = login_as(cast.ana).post(f"/enrollments/{number}/switch", data={"to": offering_id})
    assert answer.location.startswith("/account/verify")
    assert len(states(app)) == 1


def test_the_link_is_of_its_address(app: Flask, cast: Cast, login_as: LoginAs, offering_id: int) -> None:
    ana = login_as(cast.ana)
    ana.post("/account/verify")
    with inside(app):
        db.session.get_one(Person, cast.ana.id).email = "other@example.org"
    assert ana.post(link(app, "verify")).status_code == 410
    with inside(app):
        assert not db.session.get_one(Person, cast.ana.id).is_verified


def test_looking_at_it_changes_nothing_and_saying_it_twice_is_the_same(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int
) -> None:
    ana = login_as(cast.ana)
    ana.post("/account/verify")
    path = link(app, "verify")
    app.test_client().get(path)
    with inside(app):
        assert not db.session.get_one(Person, cast.ana.id).is_verified
    assert [app.test_client().post(path).status_code for _ in range(2)] == [303, 303]
    with inside(app):
        assert db.session.get_one(Person, cast.ana.id).is_verified


@pytest.mark.parametrize(("hours", "status"), [(23.9, 200), (24.1, 410)])
def test_it_lasts_a_day(
    app: Flask, cast: Cast, login_as: LoginAs, offering_id: int, hours: float, status: int
) -> None:
    ana = login_as(cast.ana)
    ana.post("/account/verify")
    path = link(app, "verify")
    with clock.at(clock.now() + timedelta(hours=hours)):
        assert ana.get(path).status_code == status


def test_whoever_has_confirmed_it_gets_no_letter(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    otto = login_as(cast.otto)
    otto.post("/account/verify")
    assert letters(app) == []
    assert "Your address is confirmed" in otto.get("/account/verify").text


def test_strangers_are_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/account/verify").location.startswith("/sign-in")
    assert client.post("/account/verify").location.startswith("/sign-in")


@pytest.mark.parametrize("key", ["x", "WzEsImEiXQ.aaaa.bbbb", "é"])
def test_a_forged_link_opens_nothing(client: FlaskClient, key: str) -> None:
    assert client.get(f"/verify/{key}").status_code == 410
    assert client.post(f"/verify/{key}").status_code == 410
