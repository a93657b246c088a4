"""The pages on which accounts are joined and taken apart, and what they refuse."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog.accounts.models import Person
from catalog.coordinating.models import Merge
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.coordinating.accounts import PASSWORD, two
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
Pair = tuple[int, int]


@pytest.fixture
def pair(app: Flask, cast: Cast) -> Pair:
    """Two accounts of Ana; the one that is gone has a seat, an old name and a county."""
    with inside(app):
        kept, gone, _ = two(county="01101")
        enrollment.enroll(gone, make.offering(make.course("Attachment")), by=gone)
        return kept.id, gone.id


def url(pair: Pair) -> str:
    return f"/people/{pair[0]}/merge/{pair[1]}"


def join(browser: FlaskClient, pair: Pair) -> TestResponse:
    found = re.search(r'name="seen"[^>]*value="(\w+)"', browser.get(url(pair)).text)
    return browser.post(url(pair), data={"seen": found[1] if found else ""})


def merged(app: Flask, person_id: int) -> int | None:
    with inside(app):
        return db.session.get_one(Person, person_id).merged_into_id


def test_the_preview_says_what_would_change_hands(cast: Cast, login_as: LoginAs, pair: Pair) -> None:
    page = login_as(cast.mira).get(url(pair)).text
    assert "1 place on a session" in page
    assert "the county" in page
    assert "Keep the other one instead" in page
    assert f'href="/people/{pair[1]}/merge/{pair[0]}"' in page


def test_two_accounts_are_joined(app: Flask, cast: Cast, login_as: LoginAs, pair: Pair) -> None:
    answer = join(login_as(cast.mira), pair)
    assert answer.status_code == 303
    assert merged(app, pair[1]) == pair[0]
    with inside(app):
        assert set(db.session.scalars(sa.select(Enrollment.person_id))) == {pair[0]}


def test_the_merge_stands_in_the_list_and_is_undone(
    app: Flask, cast: Cast, login_as: LoginAs, pair: Pair
) -> None:
    browser = login_as(cast.mira)
    one = join(browser, pair).location
    assert one in browser.get("/people/merges").text
    page = browser.get(one).text
    assert "1 place on a session" in page
    answer = browser.post(f"{one}/undo")
    assert (answer.status_code, answer.location) == (303, one)
    assert merged(app, pair[1]) is None
    assert "Take them apart again" not in browser.get(one).text


def test_undoing_twice_is_refused_on_the_page(cast: Cast, login_as: LoginAs, pair: Pair) -> None:
    browser = login_as(cast.mira)
    one = join(browser, pair).location
    browser.post(f"{one}/undo")
    answer = browser.post(f"{one}/undo")
    assert answer.status_code == 409
    assert "has been undone already" in answer.text


def test_an_old_page_is_refused_with_how_it_stands_now(
    app: Flask, cast: Cast, login_as: LoginAs, pair: Pair
) -> None:
    answer = login_as(cast.mira).post(url(pair), data={"seen": "0" * 16})
    assert answer.status_code == 409
    assert "look once more" in answer.text
    assert "1 place on a session" in answer.text
    assert merged(app, pair[1]) is None


def test_both_on_one_session_are_told_before_anything_is_sent(
    app: Flask, cast: Cast, login_as: LoginAs, pair: Pair
) -> None:
    with inside(app):
        offering = db.session.scalars(sa.select(Enrollment)).one().offering
        enrollment.enroll(db.session.get_one(Person, pair[0]), offering, by=cast.mira)
    page = login_as(cast.mira).get(url(pair)).text
    assert "Both accounts have a place on “Attachment” on" in page
    assert "Join the two accounts</button>" not in page
    assert join(login_as(cast.mira), pair).status_code == 409


def test_a_coordinator_joins_no_administrator(cast: Cast, login_as: LoginAs) -> None:
    assert "Only an administrator" in login_as(cast.mira).get(url((cast.ana.id, cast.ada.id))).text
    assert join(login_as(cast.mira), (cast.ana.id, cast.ada.id)).status_code == 409


def test_an_account_is_not_joined_with_itself(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).get(url((cast.ana.id, cast.ana.id))).status_code == 409


def test_roles_of_the_joined_account_are_shown_and_not_given(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.mira)
    assert (
        "is a trainer under the account that is joined" in browser.get(url((cast.ana.id, cast.ivo.id))).text
    )
    join(browser, (cast.ana.id, cast.ivo.id))
    with inside(app):
        assert not db.session.get_one(Person, cast.ana.id).is_trainer


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    return client.post("/sign-in", data={"email": email, "password": password})


def test_the_right_password_of_the_old_account_leads_to_the_new_one(
    client: FlaskClient, cast: Cast, login_as: LoginAs, pair: Pair
) -> None:
    join(login_as(cast.mira), pair)
    answer = sign_in(client, "ana.old@example.org")
    assert answer.status_code == 422
    assert "joined with another one of yours. Sign in with the address a…@e….org" in answer.text
    assert "ana@example.org" not in answer.text
    assert sign_in(client, "ana@example.org").status_code == 303


def test_a_wrong_password_learns_nothing(
    client: FlaskClient, cast: Cast, login_as: LoginAs, pair: Pair
) -> None:
    join(login_as(cast.mira), pair)
    answer = sign_in(client, "ana.old@example.org", "some other words")
    assert "do not belong together" in answer.text
    assert "joined" not in answer.text


def test_whoever_is_signed_in_to_the_old_account_is_asked_to_sign_in_again(
    app: Flask, cast: Cast, login_as: LoginAs, pair: Pair
) -> None:
    with inside(app):
        gone = db.session.get_one(Person, pair[1])
    browser = login_as(gone)
    assert browser.get("/account").status_code == 200
    join(login_as(cast.mira), pair)
    assert browser.get("/account").location.startswith("/sign-in")


def test_the_old_address_adds_the_person_to_a_roster(
    app: Flask, cast: Cast, login_as: LoginAs, pair: Pair
) -> None:
    join(login_as(cast.mira), pair)
    with inside(app):
        offering = make.offering()
    login_as(cast.mira).post(f"/offerings/{offering.id}/roster/people", data={"email": "ana.old@example.org"})
    with inside(app):
        on = sa.select(Enrollment.person_id).where(Enrollment.offering_id == offering.id)
        assert db.session.scalars(on).all() == [pair[0]]


def test_the_page_of_the_old_account_leads_to_the_new_one(cast: Cast, login_as: LoginAs, pair: Pair) -> None:
    browser = login_as(cast.mira)
    join(browser, pair)
    page = browser.get(f"/people/{pair[1]}").text
    assert "This account was joined with another one" in page
    assert f'href="/people/{pair[0]}"' in page


def test_joined_accounts_are_listed_under_their_own_filter_alone(
    cast: Cast, login_as: LoginAs, pair: Pair
) -> None:
    browser = login_as(cast.mira)
    join(browser, pair)
    assert "ana.old@example.org" not in browser.get("/people").text
    page = browser.get("/people?role=merged").text
    assert "Joined with another (1)" in page
    assert f'href="/people/{pair[1]}"' in page


def test_the_other_account_is_looked_for_by_hand(cast: Cast, login_as: LoginAs, pair: Pair) -> None:
    browser = login_as(cast.mira)
    page = browser.get(f"/people/{cast.ana.id}/merge?words=ana.old").text
    assert f'href="/people/{cast.ana.id}/merge/{pair[1]}"' in page
    assert "Nobody else is found" in browser.get(f"/people/{cast.ana.id}/merge?words=nobody").text


PAGES = ["/people/{0}/merge/{1}", "/people/{0}/merge", "/people/merges"]


@pytest.mark.parametrize("page", PAGES)
def test_people_are_asked_to_sign_in(client: FlaskClient, pair: Pair, page: str) -> None:
    assert client.get(page.format(*pair)).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("who", ["ana", "ivo"])
def test_they_are_for_coordinators(app: Flask, cast: Cast, login_as: LoginAs, pair: Pair, who: str) -> None:
    one = join(login_as(cast.mira), pair).location
    browser = login_as(getattr(cast, who))
    assert {browser.get(page.format(*pair)).status_code for page in (*PAGES, one)} == {403}
    for page in (url(pair), f"{one}/undo"):
        assert browser.post(page).status_code == 403
    assert merged(app, pair[1]) == pair[0]


@pytest.mark.parametrize("page", ["/people/{0}/merge/99999", "/people/99999/merge", "/people/merges/99999"])
def test_what_is_not_there_is_not_found(cast: Cast, login_as: LoginAs, pair: Pair, page: str) -> None:
    assert login_as(cast.mira).get(page.format(*pair)).status_code == 404


def test_nothing_is_undone_by_reading(cast: Cast, login_as: LoginAs, pair: Pair) -> None:
    browser = login_as(cast.mira)
    assert browser.get(f"{join(browser, pair).location}/undo").status_code == 405


def test_merges_come_in_pages(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        for _ in range(60):
            one, other = make.person(), make.person()
            now = one.created_at
            db.session.add(
                Merge(kept_id=one.id, gone_id=other.id, merged_at=now, merged_by_id=cast.mira.id, moved={})
            )
    browser = login_as(cast.mira)
    assert [browser.get(f"/people/merges?page={n}").text.count('<th scope="row">') for n in (1, 2)] == [
        50,
        10,
    ]
