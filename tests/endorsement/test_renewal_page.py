"""What one holds, the meter of its period, and the end of the period."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Condition, HourRule, Ledger, PolicyKind, Purpose
from catalog.courses.services.meetings import sum_up
from catalog.endorsement.models import Endorsed
from catalog.extensions import db, writing
from tests import factories as make
from tests.endorsement import goals
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
NOW = datetime(2026, 11, 28, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def held_id(app: Flask, cast: Cast) -> int:
    """Ana holds IFS until the end of 2026 and has 3 of 15 h; she gives RSC to others."""
    with app.app_context():
        writing.set(True)
        ana = db.session.get_one(Person, cast.ana.id)
        category = make.category("IFS", name="Infant Family Specialist")
        goals.policy(PolicyKind.CYCLE, {"months": 12, "deadline": "12-31", "needs_membership": True})
        goals.rule(category, 15, purpose=Purpose.RENEWAL)
        goals.rule(
            category,
            3,
            purpose=Purpose.RENEWAL,
            tag=make.tag("rsc_provision"),
            condition=Condition.PROVIDES_RSC,
        )
        goals.rule(category, 12, purpose=Purpose.RENEWAL, ledger=Ledger.RSC)
        topic = make.topic("TF.attachment")
        past = make.offering(make.course(topics=("TF.attachment",)), starts=NOW - timedelta(days=270))
        goals.credit(ana, past, topics=(topic,))
        for starts in (datetime(2026, 12, 10, 15, tzinfo=UTC), datetime(2027, 1, 10, 15, tzinfo=UTC)):
            sum_up(make.offering(make.course(f"In {starts:%B}", topics=("TF.attachment",)), starts=starts))
        held = goals.endorsed(ana, category, provides_rsc=True)
        db.session.commit()
        return held.id


def form(app: Flask, **more: str) -> dict[str, str]:
    with app.app_context():
        writing.set(True)
        category = make.category("IFA")
        db.session.commit()
        return {"category_id": str(category.id), "endorsed_on": "2025-03-04", **more}


def held(app: Flask) -> list[Endorsed]:
    with app.app_context():
        return list(db.session.scalars(db.select(Endorsed)))


def test_the_meter_shows_each_ledger_and_tag(cast: Cast, held_id: int, login_as: LoginAs) -> None:
    text = login_as(cast.ana).get(f"/endorsed/{held_id}").text
    assert "33 days left, until Thu 31 Dec 2026." in text
    assert "3 h verified of 15 h" in text
    assert "0 h verified of 3 h" in text
    assert "0 h verified of 12 h" in text
    assert "A current membership is asked for, and none is recorded here." in text


def test_it_says_what_still_fits_and_what_is_out_of_reach(
    cast: Cast, held_id: int, login_as: LoginAs
) -> None:
    text = login_as(cast.ana).get(f"/endorsed/{held_id}").text
    fits = text.partition('id="fits"')[2]
    assert "In December" in fits
    assert "In January" not in fits
    assert "Training hours: 12 h missing, and the open sessions until then give 3 h." in text
    assert "RSC) hours: 12 h missing, and the open sessions until then give 0 h." in text


def test_what_is_asked_only_of_those_who_give_rsc_is_not_asked_of_others(
    app: Flask, cast: Cast, held_id: int, login_as: LoginAs
) -> None:
    with app.app_context():
        writing.set(True)
        db.session.get_one(Endorsed, held_id).provides_rsc = False
        db.session.commit()
    assert "of 3 h" not in login_as(cast.ana).get(f"/endorsed/{held_id}").text


def test_renewed_means_that_the_next_period_begins(
    app: Flask, cast: Cast, held_id: int, login_as: LoginAs
) -> None:
    client = login_as(cast.ana)
    client.post(f"/endorsed/{held_id}/renew", data={"seen": "2026-12-31"})
    assert held(app)[0].valid_until == date(2027, 12, 31)
    again = client.post(f"/endorsed/{held_id}/renew", data={"seen": "2026-12-31"})
    assert again.status_code == 409
    assert held(app)[0].valid_until == date(2027, 12, 31)


def test_without_a_deadline_it_is_the_next_one(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with app.app_context():
        writing.set(True)
        goals.policy(PolicyKind.CYCLE, {"months": 12, "deadline": "12-31"})
        db.session.commit()
    login_as(cast.ana).post("/endorsed/new", data=form(app))
    assert [one.valid_until for one in held(app)] == [date(2026, 12, 31)]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"category_id": ""}, "Choose a category."),
        ({"endorsed_on": ""}, "Enter the day on which you were endorsed."),
        ({"endorsed_on": "2026-11-29"}, "This day is still to come."),
        ({"valid_until": "2025-03-03"}, "This is before the day on which you were endorsed."),
    ],
)
def test_bad_input_is_said_beside_its_field(
    app: Flask, cast: Cast, login_as: LoginAs, more: dict[str, str], sentence: str
) -> None:
    answer = login_as(cast.ana).post("/endorsed/new", data=form(app, **more))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert held(app) == []


def test_the_same_category_is_held_once(app: Flask, cast: Cast, held_id: int, login_as: LoginAs) -> None:
    data = form(app) | {"category_id": str(held(app)[0].category_id)}
    assert login_as(cast.ana).post("/endorsed/new", data=data).status_code == 422
    assert [one.id for one in held(app)] == [held_id]


def test_dates_can_be_changed_and_it_can_be_taken_off(
    app: Flask, cast: Cast, held_id: int, login_as: LoginAs
) -> None:
    client = login_as(cast.ana)
    client.post(f"/endorsed/{held_id}/edit", data={"endorsed_on": "2024-06-01", "valid_until": "2027-12-31"})
    assert (held(app)[0].endorsed_on, held(app)[0].provides_rsc) == (date(2024, 6, 1), False)
    client.post(f"/endorsed/{held_id}/remove")
    assert held(app) == []


def test_it_is_nobodys_but_ones_own(cast: Cast, held_id: int, login_as: LoginAs, client: FlaskClient) -> None:
    for person in (cast.otto, cast.mira):
        browser = login_as(person)
        assert browser.get(f"/endorsed/{held_id}").status_code == 404
        assert browser.get(f"/endorsed/{held_id}/edit").status_code == 404
        for what in ("edit", "renew", "remove"):
            assert browser.post(f"/endorsed/{held_id}/{what}").status_code == 404
    assert client.get(f"/endorsed/{held_id}").status_code == 303
    assert login_as(cast.ana).get(f"/endorsed/{held_id}/remove").status_code == 405


# The home page.


def test_from_october_on_the_home_page_leads_with_it(cast: Cast, held_id: int, login_as: LoginAs) -> None:
    text = login_as(cast.ana).get("/").text
    assert "Renewal of Infant Family Specialist" in text
    assert f'href="/endorsed/{held_id}"' in text


@pytest.mark.parametrize(("on", "leads"), [(date(2026, 9, 30), False), (date(2026, 10, 1), True)])
@pytest.mark.usefixtures("held_id")
def test_before_october_it_does_not(cast: Cast, login_as: LoginAs, on: date, leads: bool) -> None:
    with clock.at(datetime(on.year, on.month, on.day, 15, tzinfo=UTC)):
        assert ("Renewal of" in login_as(cast.ana).get("/").text) is leads


@pytest.mark.usefixtures("held_id")
def test_it_leads_no_list_and_nobody_else(cast: Cast, login_as: LoginAs, client: FlaskClient) -> None:
    assert "Renewal of" not in login_as(cast.ana).get("/?q=attachment").text
    assert "Renewal of" not in login_as(cast.otto).get("/").text
    assert "Renewal of" not in client.get("/").text


def test_it_rests_once_everything_is_there(app: Flask, cast: Cast, held_id: int, login_as: LoginAs) -> None:
    with app.app_context():
        writing.set(True)
        for rule in db.session.scalars(db.select(HourRule)):
            rule.is_enabled = False
        db.session.get_one(Person, cast.ana.id).member_until = date(2026, 12, 31)
        db.session.commit()
    assert "Renewal of" not in login_as(cast.ana).get("/").text


def test_it_leads_with_the_next_one_once_the_first_is_done(
    app: Flask, cast: Cast, held_id: int, login_as: LoginAs
) -> None:
    with app.app_context():
        writing.set(True)
        ana = db.session.get_one(Person, cast.ana.id)
        ana.member_until = date(2026, 12, 31)
        goals.endorsed(ana, make.category("IFA"), valid_until=date(2026, 12, 30))
        db.session.commit()
    assert f'href="/endorsed/{held_id}"' in login_as(cast.ana).get("/").text


def test_a_later_endorsement_without_a_deadline_is_said_beside_it(
    app: Flask, cast: Cast, held_id: int, login_as: LoginAs
) -> None:
    with clock.at(datetime(2027, 3, 1, 15, tzinfo=UTC)):
        answer = login_as(cast.ana).post(
            f"/endorsed/{held_id}/edit", data={"endorsed_on": "2027-02-01", "valid_until": ""}
        )
    assert answer.status_code == 422
    assert "The deadline that is written down is before this day." in answer.text
    assert held(app)[0].endorsed_on.year != 2027
