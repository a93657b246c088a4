"""An individual session of RSC: written down, confirmed by the provider, and then among the hours."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import KnownBy
from catalog.competencies.models import Ledger
from catalog.extensions import db
from catalog.groups.models import RscSession, RscState
from catalog.notices.models import Job
from catalog.records import services as records
from catalog.records.models import EntryState, HourEntry, Standing
from catalog.records.queries.ledger import ledger
from catalog.records.written import written
from catalog.reports.checking import invariants
from tests.factories import Cast
from tests.groups.circles import inside, qualified

Login = Callable[[Person], FlaskClient]


def last_week() -> date:
    return clock.today("America/Chicago") - timedelta(days=7)


def fields(provider: Person, **typed: str) -> dict[str, str]:
    return {"provider_id": str(provider.id), "held_on": last_week().isoformat(), "minutes": "1.5", **typed}


@pytest.fixture
def provider(app: Flask, cast: Cast) -> Person:
    """Ivo, who may provide RSC."""
    with inside(app):
        qualified(db.session.get_one(Person, cast.ivo.id), category_code="MHS")
    return cast.ivo


@pytest.fixture
def asked(provider: Person, cast: Cast, login_as: Login, app: Flask) -> int:
    """Ana wrote one down."""
    login_as(cast.ana).post("/rsc", data=fields(provider))
    with inside(app):
        return db.session.scalars(sa.select(RscSession.id)).one()


def stands(app: Flask) -> list[tuple[RscState, bool]]:
    with app.app_context():
        return [(one.state, one.entry_id is not None) for one in db.session.scalars(sa.select(RscSession))]


def kinds(app: Flask) -> list[str]:
    with app.app_context():
        return [
            job.payload["kind"]
            for job in db.session.scalars(sa.select(Job).order_by(Job.id))
            if "kind" in job.payload
        ]


def entries(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(HourEntry)) or 0


def test_the_provider_is_asked(app: Flask, asked: int, provider: Person, login_as: Login) -> None:
    assert (stands(app), kinds(app)) == ([(RscState.ASKED, False)], ["rsc.asked"])
    assert "Ana Sample" in login_as(provider).get("/rsc").text


def test_confirmed_it_is_among_the_hours(
    app: Flask, asked: int, provider: Person, cast: Cast, login_as: Login
) -> None:
    assert login_as(provider).post(f"/rsc/{asked}/confirm").status_code == 303
    with app.app_context():
        [line] = ledger(cast.ana.id, clock.now())
    assert line.rsc is not None
    assert (line.ledger, line.minutes, line.on) == (Ledger.RSC, 90, last_week())
    assert (line.known_by, line.counts) == (KnownBy.PROVIDER, True)
    assert line.rsc == (f"person-{provider.id}", Standing.ENDORSED, frozenset({"MHS"}), False)
    assert kinds(app) == ["rsc.asked", "rsc.confirmed"]


def test_confirmed_twice_it_is_one_entry(app: Flask, asked: int, provider: Person, login_as: Login) -> None:
    answers = [login_as(provider).post(f"/rsc/{asked}/confirm").status_code for _ in range(2)]
    assert (answers, entries(app), stands(app)) == ([303, 303], 1, [(RscState.CONFIRMED, True)])


def test_not_right_it_gives_nothing(app: Flask, asked: int, provider: Person, login_as: Login) -> None:
    login_as(provider).post(f"/rsc/{asked}/decline")
    assert (stands(app), entries(app)) == ([(RscState.DECLINED, False)], 0)
    assert login_as(provider).post(f"/rsc/{asked}/confirm").status_code == 409
    assert (entries(app), kinds(app)) == (0, ["rsc.asked", "rsc.declined"])


def test_taken_back_it_cannot_be_confirmed(
    app: Flask, asked: int, provider: Person, cast: Cast, login_as: Login
) -> None:
    login_as(cast.ana).post(f"/rsc/{asked}/withdraw")
    assert login_as(provider).post(f"/rsc/{asked}/confirm").status_code == 409
    assert (stands(app), entries(app)) == ([(RscState.WITHDRAWN, False)], 0)


def test_confirmed_it_is_not_taken_back_here(
    app: Flask, asked: int, provider: Person, cast: Cast, login_as: Login
) -> None:
    login_as(provider).post(f"/rsc/{asked}/confirm")
    assert login_as(cast.ana).post(f"/rsc/{asked}/withdraw").status_code == 409
    assert stands(app) == [(RscState.CONFIRMED, True)]


@pytest.mark.parametrize("verb", ["confirm", "decline"])
@pytest.mark.parametrize("who", ["ana", "mira", "otto", "ada"])
def test_nobody_but_the_provider_answers(
    app: Flask, asked: int, cast: Cast, login_as: Login, who: str, verb: str
) -> None:
    answer = login_as(getattr(cast, who)).post(f"/rsc/{asked}/{verb}")
    assert (answer.status_code, stands(app)) == (404, [(RscState.ASKED, False)])


@pytest.mark.parametrize("who", ["ivo", "mira", "otto"])
def test_nobody_else_takes_it_back(app: Flask, asked: int, cast: Cast, login_as: Login, who: str) -> None:
    answer = login_as(getattr(cast, who)).post(f"/rsc/{asked}/withdraw")
    assert (answer.status_code, stands(app)) == (404, [(RscState.ASKED, False)])


def test_others_see_nothing_of_it(asked: int, cast: Cast, login_as: Login) -> None:
    assert "Ana Sample" not in login_as(cast.otto).get("/rsc").text.split("<main")[1]


def test_the_same_form_sent_twice_writes_it_down_once(
    app: Flask, provider: Person, cast: Cast, login_as: Login
) -> None:
    typed = fields(provider, once="a" * 32)
    answers = [login_as(cast.ana).post("/rsc", data=typed).status_code for _ in range(2)]
    assert (answers, len(stands(app)), kinds(app)) == ([303, 303], 1, ["rsc.asked"])


def test_a_second_one_on_the_same_day_is_refused(
    app: Flask, asked: int, provider: Person, cast: Cast, login_as: Login
) -> None:
    answer = login_as(cast.ana).post("/rsc", data=fields(provider))
    assert (answer.status_code, "on that day already" in answer.text, len(stands(app))) == (422, True, 1)


BAD = {
    "Choose the provider.": {"provider_id": ""},
    "still to come": {"held_on": "2099-01-01"},
    "Write the day it took place": {"held_on": ""},
    "Write how long it was": {"minutes": ""},
    "up to 8 hours": {"minutes": "9"},
}


@pytest.mark.parametrize(("sentence", "typed"), BAD.items())
def test_what_cannot_be_is_said_beside_the_field(
    app: Flask, provider: Person, cast: Cast, login_as: Login, sentence: str, typed: dict[str, str]
) -> None:
    answer = login_as(cast.ana).post("/rsc", data=fields(provider, **typed))
    assert (answer.status_code, sentence in answer.text, stands(app)) == (422, True, [])


def test_a_day_without_a_qualification_is_refused(app: Flask, cast: Cast, login_as: Login) -> None:
    with inside(app):
        qualified(db.session.get_one(Person, cast.ivo.id), held_from=last_week() + timedelta(days=1))
    answer = login_as(cast.ana).post("/rsc", data=fields(cast.ivo))
    assert (answer.status_code, "held no qualification" in answer.text, stands(app)) == (422, True, [])


def test_somebody_without_any_cannot_be_chosen(app: Flask, cast: Cast, login_as: Login) -> None:
    answer = login_as(cast.ana).post("/rsc", data=fields(cast.otto))
    assert (answer.status_code, stands(app)) == (422, [])


def test_nobody_provides_it_to_themself(app: Flask, provider: Person, login_as: Login) -> None:
    answer = login_as(provider).post("/rsc", data=fields(provider))
    assert (answer.status_code, stands(app)) == (422, [])


def test_it_asks_for_a_sign_in(client: FlaskClient) -> None:
    assert client.get("/rsc").location.startswith("/sign-in")
    assert client.post("/rsc").location.startswith("/sign-in")


def test_reading_changes_nothing(asked: int, provider: Person, login_as: Login) -> None:
    assert login_as(provider).get(f"/rsc/{asked}/confirm").status_code == 405


def test_no_form_of_it_has_room_for_notes(provider: Person, cast: Cast, login_as: Login) -> None:
    page = login_as(cast.ana).get("/rsc/new").text.split("<main")[1]
    assert "<textarea" not in page
    assert 'type="text"' in page, "the length is typed"
    assert page.count("<input") == 4, "token, once, day, length"


def test_a_correction_is_another_entry_that_a_coordinator_looks_at(
    app: Flask, asked: int, provider: Person, cast: Cast, login_as: Login
) -> None:
    login_as(provider).post(f"/rsc/{asked}/confirm")
    with inside(app):
        entry = db.session.scalars(sa.select(HourEntry)).one()
        ana = db.session.get_one(Person, cast.ana.id)
        made = records.correct_hours(entry, written(entry), None, by=ana)
        assert made is entry, "as it stands"
        other = written(entry).__class__(
            **{**{name: getattr(written(entry), name) for name in written(entry).__slots__}, "minutes": 60}
        )
        made = records.correct_hours(entry, other, None, by=ana)
        assert (made.state, made.known_by, made.provider_id) == (
            EntryState.PENDING,
            KnownBy.SELF_REPORTED,
            None,
        )


def test_the_audit_of_the_database_finds_nothing(
    app: Flask, asked: int, provider: Person, login_as: Login
) -> None:
    login_as(provider).post(f"/rsc/{asked}/confirm")
    with app.app_context():
        broken = {name for name, _, select in invariants.ALL if db.session.execute(select).first()}
    assert broken == set()
