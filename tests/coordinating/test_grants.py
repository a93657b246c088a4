"""The coordinator's role for a part or for a while: given, handed on, ended, and gone by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person, RoleGrant
from catalog.courses.models import Offering
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
MONTGOMERY, MOBILE = "01101", "01097"


def days(number: int) -> str:
    return str(clock.today("America/Chicago") + timedelta(days=number))


def give(browser: FlaskClient, to: Person, **data: object) -> int:
    form = {"email": to.email, "until": days(7), "reason": "On leave", **data}
    return browser.post("/roles", data={key: value for key, value in form.items() if value}).status_code


@pytest.fixture
def sessions(app: Flask, cast: Cast) -> dict[str, int]:
    """One in each of two counties; the one in Mobile is a provider's."""
    with inside(app):
        here = make.offering(make.course("In Montgomery"), county=MONTGOMERY)
        there = make.offering(make.course("In Mobile", provider="A university"), county=MOBILE)
        return {"here": here.id, "there": there.id}


def status(browser: FlaskClient, session: int) -> int:
    return browser.get(f"/offerings/{session}/roster").status_code


def only_grant() -> RoleGrant:
    return db.session.scalars(sa.select(RoleGrant)).one()


def test_a_county_is_coordinated_and_no_other(
    cast: Cast, login_as: LoginAs, sessions: dict[str, int]
) -> None:
    assert give(login_as(cast.ada), cast.otto, counties=[MONTGOMERY], until="") == 303
    browser = login_as(cast.otto)
    assert (status(browser, sessions["here"]), status(browser, sessions["there"])) == (200, 403)


def test_a_provider_is_coordinated_and_no_other(
    cast: Cast, login_as: LoginAs, sessions: dict[str, int]
) -> None:
    assert give(login_as(cast.ada), cast.otto, providers=["A university"]) == 303
    browser = login_as(cast.otto)
    assert (status(browser, sessions["here"]), status(browser, sessions["there"])) == (403, 200)


def test_where_both_are_said_both_must_fit(cast: Cast, login_as: LoginAs, sessions: dict[str, int]) -> None:
    give(login_as(cast.ada), cast.otto, providers=["A university"], counties=[MONTGOMERY])
    browser = login_as(cast.otto)
    assert (status(browser, sessions["here"]), status(browser, sessions["there"])) == (403, 403)


def test_the_lists_show_what_is_theirs(cast: Cast, login_as: LoginAs, sessions: dict[str, int]) -> None:
    give(login_as(cast.ada), cast.otto, counties=[MONTGOMERY])
    page = login_as(cast.otto).get("/rosters").text
    assert ("In Montgomery" in page, "In Mobile" in page) == (True, False)


def test_the_desk_counts_what_is_theirs(
    app: Flask, cast: Cast, login_as: LoginAs, sessions: dict[str, int]
) -> None:
    with inside(app):
        for number in sessions.values():
            offering = db.session.get_one(Offering, number)
            offering.minimum, offering.decide_on = 3, clock.today("UTC")
    give(login_as(cast.ada), cast.otto, counties=[MONTGOMERY])
    browser = login_as(cast.otto)
    assert "1 session has fewer people" in browser.get("/desk").text
    page = browser.get("/desk/minimum").text
    assert ("In Montgomery" in page, "In Mobile" in page) == (True, False)
    assert browser.get("/desk/bounces").status_code == 404


def test_nobody_is_moved_to_where_they_do_not_coordinate(
    app: Flask, cast: Cast, login_as: LoginAs, sessions: dict[str, int]
) -> None:
    give(login_as(cast.ada), cast.otto, counties=[MONTGOMERY])
    browser = login_as(cast.otto)
    added = {"email": cast.ana.email, "reason": "By phone"}
    assert browser.post(f"/offerings/{sessions['here']}/roster/people", data=added).status_code == 303
    with inside(app):
        seat = db.session.scalar(sa.text("SELECT id FROM enrollment"))
    data = {"to": sessions["there"], "reason": "She asked for it"}
    assert browser.post(f"/enrollments/{seat}/move", data=data).status_code == 422
    with inside(app):
        assert db.session.scalar(sa.text("SELECT offering_id FROM enrollment")) == sessions["here"]


def test_a_part_of_the_state_opens_nothing_of_the_whole(cast: Cast, login_as: LoginAs) -> None:
    give(login_as(cast.ada), cast.otto, counties=[MONTGOMERY])
    browser = login_as(cast.otto)
    for path in ("/people", "/reports", "/audit", "/review", "/mail", f"/people/{cast.ana.id}"):
        assert browser.get(path).status_code == 403, path


def test_a_role_holds_from_the_next_request_on(
    app: Flask, cast: Cast, login_as: LoginAs, sessions: dict[str, int]
) -> None:
    browser = login_as(cast.otto)
    assert status(browser, sessions["here"]) == 403
    give(login_as(cast.ada), cast.otto)
    assert status(browser, sessions["here"]) == 200
    with inside(app):
        number = only_grant().id
    assert login_as(cast.ada).post(f"/roles/{number}/end").status_code == 303
    assert status(browser, sessions["here"]) == 403


def test_a_flag_that_is_taken_is_gone_with_the_next_request(
    app: Flask, cast: Cast, login_as: LoginAs, sessions: dict[str, int]
) -> None:
    browser = login_as(cast.mira)
    assert browser.get("/people").status_code == 200
    assert login_as(cast.ada).post(f"/people/{cast.mira.id}/roles", data={"seen": "010"}).status_code == 303
    assert browser.get("/people").status_code == 403


def test_what_was_handed_on_for_a_while_ends_by_itself(
    app: Flask, cast: Cast, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert give(login_as(cast.mira), cast.otto) == 303
    browser = login_as(cast.otto)
    assert browser.get("/people").status_code == 200
    later: datetime = clock.now() + timedelta(days=9)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert browser.get("/people").status_code == 403
    with inside(app):
        assert only_grant().ended_at is None


def test_a_coordinator_says_until_when(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    assert give(login_as(cast.mira), cast.otto, until="") == 422
    with inside(app):
        assert db.session.scalars(sa.select(RoleGrant)).all() == []


def test_what_was_handed_on_is_not_handed_on_again(cast: Cast, login_as: LoginAs) -> None:
    give(login_as(cast.mira), cast.otto)
    assert give(login_as(cast.otto), cast.ana, until=days(3)) == 422


@pytest.mark.parametrize(
    ("counties", "until", "answer"),
    [
        ([MONTGOMERY], 3, 303),
        ([MOBILE], 3, 422),
        ([], 3, 422),
        ([MONTGOMERY], 30, 422),
    ],
)
def test_of_a_part_no_more_is_handed_on_than_that_part(
    cast: Cast, login_as: LoginAs, counties: list[str], until: int, answer: int
) -> None:
    give(login_as(cast.ada), cast.otto, counties=[MONTGOMERY], until=days(20))
    assert give(login_as(cast.otto), cast.ana, counties=counties, until=days(until)) == answer


@pytest.mark.parametrize(("provider", "answer"), [("A university", 303), ("Another one", 422), ("", 422)])
def test_of_a_provider_no_other_is_handed_on(
    app: Flask, cast: Cast, login_as: LoginAs, sessions: dict[str, int], provider: str, answer: int
) -> None:
    with inside(app):
        make.course("Elsewhere", provider="Another one")
    give(login_as(cast.ada), cast.otto, providers=["A university"])
    assert give(login_as(cast.otto), cast.ana, providers=[provider] if provider else []) == answer


def test_what_was_handed_on_ends_with_the_role_of_who_did(cast: Cast, login_as: LoginAs) -> None:
    give(login_as(cast.mira), cast.otto)
    browser = login_as(cast.otto)
    assert browser.get("/people").status_code == 200
    login_as(cast.ada).post(f"/people/{cast.mira.id}/roles", data={"seen": "010"})
    assert browser.get("/people").status_code == 403


def test_what_was_handed_on_of_a_part_ends_with_that_part(
    app: Flask, cast: Cast, login_as: LoginAs, sessions: dict[str, int]
) -> None:
    give(login_as(cast.ada), cast.otto, counties=[MONTGOMERY], until=days(20))
    with inside(app):
        number = only_grant().id
    give(login_as(cast.otto), cast.ana, counties=[MONTGOMERY])
    browser = login_as(cast.ana)
    assert status(browser, sessions["here"]) == 200
    login_as(cast.ada).post(f"/roles/{number}/end")
    assert status(browser, sessions["here"]) == 403


def test_what_was_handed_on_ends_when_the_account_of_who_did_is_joined_with_another(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    give(login_as(cast.mira), cast.otto)
    browser = login_as(cast.otto)
    assert browser.get("/people").status_code == 200
    with inside(app):
        db.session.get_one(Person, cast.mira.id).merged_into_id = cast.ada.id
    assert browser.get("/people").status_code == 403


def test_a_role_of_tomorrow_opens_nothing_today(cast: Cast, app: Flask, login_as: LoginAs) -> None:
    give(login_as(cast.ada), cast.otto)
    browser = login_as(cast.otto)
    with inside(app):
        only_grant().begins_at = clock.now() + timedelta(days=1)
    assert browser.get("/people").status_code == 403


def test_of_a_part_one_sees_what_one_has_and_gave_and_ends_nothing_else(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    give(login_as(cast.ada), cast.ivo, counties=[MOBILE], reason="A concern of Ivo's")
    with inside(app):
        number = only_grant().id
    give(login_as(cast.ada), cast.otto, counties=[MONTGOMERY], reason="A concern of Otto's")
    browser = login_as(cast.otto)
    page = browser.get("/roles").text
    assert ("Otto Sample" in page, "Ivo Sample" in page) == (True, False)
    assert browser.post(f"/roles/{number}/end").status_code == 404
    with inside(app):
        assert db.session.get_one(RoleGrant, number).ended_at is None


def test_nobody_gives_themself_a_role(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    assert give(login_as(cast.mira), cast.mira) == 422


def test_every_grant_and_end_is_in_the_trail_and_told_by_letter(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.ada)
    give(browser, cast.otto, counties=[MONTGOMERY])
    with inside(app):
        number = only_grant().id
    browser.post(f"/roles/{number}/end")
    with inside(app):
        entries = db.session.execute(
            sa.select(AuditEntry.action, AuditEntry.by_id, AuditEntry.person_id)
        ).all()
        assert sorted(entries) == [
            (action, cast.ada.id, cast.otto.id) for action in ("role.ended", "role.granted")
        ]
        letters = db.session.scalars(sa.select(Job.payload).where(Job.person_id == cast.otto.id)).all()
        assert len(letters) == 2
        ended = only_grant()
        assert (ended.ended_by_id, ended.counties) == (cast.ada.id, [MONTGOMERY])


def test_no_role_ends_before_it_begins(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    give(login_as(cast.ada), cast.otto)
    with inside(app):
        made = only_grant()
        made.until = made.begins_at
        with pytest.raises(IntegrityError, match=r"days|CHECK"):
            db.session.flush()
        db.session.rollback()


def test_the_lists_show_what_is_of_ones_provider(
    cast: Cast, login_as: LoginAs, sessions: dict[str, int]
) -> None:
    give(login_as(cast.ada), cast.otto, providers=["A university"])
    page = login_as(cast.otto).get("/rosters").text
    assert ("In Montgomery" in page, "In Mobile" in page) == (False, True)


def test_what_has_ended_is_not_ended_again(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    give(login_as(cast.ada), cast.otto)
    with inside(app):
        number = only_grant().id
    browser = login_as(cast.ada)
    assert [browser.post(f"/roles/{number}/end").status_code for _ in range(2)] == [303, 409]


def test_whoever_has_it_may_give_it_back(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    give(login_as(cast.ada), cast.otto, counties=[MONTGOMERY])
    with inside(app):
        number = only_grant().id
    assert login_as(cast.otto).post(f"/roles/{number}/end").location == "/account"


def test_the_page_shows_what_runs_and_what_ended(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.ada)
    give(browser, cast.otto, counties=[MONTGOMERY])
    assert "Montgomery" in browser.get("/roles").text
    with inside(app):
        number = only_grant().id
    browser.post(f"/roles/{number}/end")
    assert "1 that ended" in browser.get("/roles").text


@pytest.mark.parametrize(
    "data", [{"email": "nobody@example.org"}, {"until": days(-1)}, {"until": days(500)}, {"reason": ""}]
)
def test_what_cannot_be_read_is_said_beside_its_field(
    cast: Cast, login_as: LoginAs, data: dict[str, object]
) -> None:
    assert give(login_as(cast.ada), cast.otto, **data) == 422


def test_who_does_not_coordinate_hands_nothing_on(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    assert give(login_as(cast.ivo), cast.otto) == 403
