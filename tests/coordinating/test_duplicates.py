"""Accounts that may be one person's: what finds them, what does not, and what is remembered."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.accounts.services import begin_sign_in
from catalog.coordinating import services
from catalog.coordinating.models import NotSame
from catalog.coordinating.queries import desk, doubles
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests import factories as make
from tests.attendance.sheets import inside
from tests.coordinating.accounts import joined, undone
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
URL = "/people/duplicates"


def reasons() -> list[tuple[str, ...]]:
    db.session.flush()
    return [pair.reasons for pair in doubles.found(99).pairs]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana.sample@example.org", "anasample@example.org"),
        ("ana+work@example.org", "ana@example.org"),
        ("a.n.a+x+y@example.org", "ana+z@example.org"),
    ],
)
def test_addresses_of_one_mailbox_find_each_other(one: str, other: str) -> None:
    make.person("Ana Sample", email=one)
    make.person("Somebody Else", email=other)
    assert reasons() == [(doubles.BY_ADDRESS,)]


@pytest.mark.usefixtures("context")
def test_an_address_finds_whose_second_one_it_is() -> None:
    make.person("Ana Sample", email="ana@example.org")
    make.person("A. Sample", email="work@example.com", second_email="Ana@Example.org")
    assert reasons() == [(doubles.BY_ADDRESS,)]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Sample", "ana  SAMPLE"),
        ("Élise Sample", "Elise Sample"),
        ("Sample, Ana Maria", "Ana Maria Sample"),
        ("Ana-Maria Sample", "Ana Maria Sample"),
    ],
)
def test_a_name_in_one_county_finds_the_same_name(one: str, other: str) -> None:
    for name in (one, other):
        make.person(name, county="01101")
    assert reasons() == [(doubles.BY_NAME,)]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("counties", [("01101", "01003"), ("01101", None), (None, None)])
def test_the_same_name_elsewhere_is_somebody_else(counties: tuple[str | None, ...]) -> None:
    for county in counties:
        make.person("Ana Sample", county=county)
    assert reasons() == []


@pytest.mark.usefixtures("context")
def test_a_licence_finds_the_same_number() -> None:
    make.person("Ana Sample", licence="LPC 01-234")
    make.person("A. Other", licence="lpc01234")
    assert reasons() == [(doubles.BY_LICENCE,)]


@pytest.mark.usefixtures("context")
def test_a_word_that_many_typed_finds_no_crowd() -> None:
    for _ in range(50):
        make.person(licence="none yet")
    assert len(reasons()) == doubles.MOST_ALIKE * (doubles.MOST_ALIKE - 1) // 2


@pytest.mark.usefixtures("context")
def test_a_licence_too_short_to_tell_finds_nobody() -> None:
    for _ in range(2):
        make.person(licence="n/a")
    assert reasons() == []


@pytest.mark.usefixtures("context")
def test_what_agrees_in_more_stands_first() -> None:
    for _ in range(2):
        make.person("Ana Sample", county="01101")
    for sign in ("", "+work"):
        make.person("Ivo Sample", county="01101", email=f"ivo{sign}@example.org")
    assert reasons() == [(doubles.BY_ADDRESS, doubles.BY_NAME), (doubles.BY_NAME,)]


@pytest.mark.usefixtures("context")
def test_two_who_were_joined_or_told_apart_are_not_found_again() -> None:
    mira = make.person("Mira Sample", coordinates=True)
    one, other, third = (make.person("Ana Sample", county="01101") for _ in range(3))
    joined(one, other, mira)
    assert len(reasons()) == 1
    services.not_the_same(third, one, by=mira)
    assert reasons() == []


@pytest.mark.usefixtures("context")
def test_an_account_that_was_joined_is_found_again_once_that_is_undone() -> None:
    mira = make.person("Mira Sample", coordinates=True)
    one, other = (make.person("Ana Sample", county="01101", licence=number) for number in (None, "A 12345"))
    third = make.person(licence="a12345")
    made = joined(one, other, mira)
    # The kept account took the licence over.
    assert [(pair.low, pair.high, pair.reasons) for pair in doubles.found(99).pairs] == [
        (one.id, third.id, (doubles.BY_LICENCE,))
    ]
    undone(made, mira)
    assert {(pair.low, pair.high) for pair in doubles.found(99).pairs} == {
        (one.id, other.id),
        (other.id, third.id),
    }


@pytest.mark.usefixtures("context")
def test_a_change_finds_somebody_and_another_one_loses_them() -> None:
    one, other = make.person("Ana Sample", county="01101"), make.person("Ana Sample", county="01003")
    assert reasons() == []
    other.county = "01101"
    assert reasons() == [(doubles.BY_NAME,)]
    one.name = "Eva Sample"
    assert reasons() == []


@pytest.mark.usefixtures("context")
def test_of_many_groups_the_first_are_read_and_the_rest_once_those_are_settled() -> None:
    mira = make.person("Mira Sample", coordinates=True)
    for number in range(5):
        for sign in ("", "+x"):
            make.person(email=f"zoe{number}{sign}@example.org")
    first = doubles.found(3)
    assert (len(first.pairs), first.is_more) == (3, True)
    for pair in first.pairs:
        low, high = (db.session.get_one(Person, one) for one in (pair.low, pair.high))
        services.not_the_same(low, high, by=mira)
    rest = doubles.found(3)
    assert (len(rest.pairs), rest.is_more) == (2, False)
    assert not {pair.low for pair in first.pairs} & {pair.low for pair in rest.pairs}


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("apart", [0, 1, 2])
def test_who_was_told_apart_from_two_leaves_those_two(apart: int) -> None:
    mira = make.person("Mira Sample", coordinates=True)
    people = [make.person("Ana Sample", county="01101") for _ in "123"]
    one = people.pop(apart)
    for other in people:
        services.not_the_same(one, other, by=mira)
    assert [(pair.low, pair.high) for pair in doubles.found(99).pairs] == [(people[0].id, people[1].id)]


@pytest.mark.usefixtures("context")
def test_a_pair_is_told_all_it_has_in_common_though_not_every_group_was_read() -> None:
    for name in ("Ana", "Eva", "Zoe"):
        for sign in ("", "+x"):
            address = (
                f"zoe{sign}@example.org" if name == "Zoe" else make.person().email.replace("@", f"{sign}@")
            )
            make.person(f"{name} Sample", county="01101", email=f"of.{address}")
    found = doubles.found(1)
    assert found.is_more
    assert found.pairs[0].reasons == (doubles.BY_ADDRESS, doubles.BY_NAME)


@pytest.mark.usefixtures("context")
def test_what_some_of_a_crowd_were_told_apart_of_does_not_bring_in_others() -> None:
    mira = make.person("Mira Sample", coordinates=True)
    people = [make.person(licence="none yet") for _ in range(10)]
    services.not_the_same(people[0], people[1], by=mira)
    pairs = doubles.found(99).pairs
    assert len(pairs) == doubles.MOST_ALIKE * (doubles.MOST_ALIKE - 1) // 2 - 1
    assert max(pair.high for pair in pairs) == people[doubles.MOST_ALIKE - 1].id


@pytest.mark.usefixtures("context")
def test_the_one_that_was_signed_in_to_is_proposed_to_be_kept() -> None:
    old, new = (make.person("Ana Sample", password_hash="x") for _ in range(2))
    begin_sign_in(new)
    held = doubles.holds([old.id, new.id])
    assert doubles.first_kept(old.id, new.id, held, {old.id: True, new.id: True}) == new.id
    assert doubles.first_kept(old.id, new.id, held, {old.id: True, new.id: False}) == old.id


@pytest.mark.usefixtures("context")
def test_finding_them_takes_one_statement() -> None:
    for _ in range(20):
        make.person("Ana Sample", county="01101", licence="A 12345")
    db.session.flush()
    with counted() as seen:
        doubles.found(99)
    assert len(seen) == 1


def pair(app: Flask) -> tuple[int, int]:
    with inside(app):
        one, other = (make.person("Eva Sample", county="01101") for _ in range(2))
        enrollment.enroll(other, make.offering(), by=other)
    return one.id, other.id


def test_a_pair_stands_side_by_side_with_what_each_has(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    pair(app)
    page = login_as(cast.mira).get(URL).text
    assert "1 pair" in page
    assert page.count("<dt>Places on sessions</dt><dd>1</dd>") == 1
    assert page.count("<dt>Places on sessions</dt><dd>0</dd>") == 1
    assert doubles.BY_NAME in page


def test_not_the_same_person_is_remembered(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    one, other = pair(app)
    browser = login_as(cast.mira)
    for _ in "12":
        answer = browser.post(f"{URL}/not-the-same", data={"one": other, "other": one})
        assert (answer.status_code, answer.location) == (303, URL)
    assert "No two accounts look like one person" in browser.get(URL).text
    with inside(app):
        said = db.session.scalars(sa.select(NotSame)).one()
        assert (said.low_id, said.high_id, said.said_by_id) == (one, other, cast.mira.id)
        actions = db.session.scalars(sa.select(AuditEntry.action)).all()
        assert actions.count("person.not_same") == 1


@pytest.mark.parametrize(
    "data", [{}, {"one": "x", "other": "1"}, {"one": "1"}, {"one": "9999", "other": "1"}]
)
def test_people_who_are_not_there_are_not_found(cast: Cast, login_as: LoginAs, data: dict[str, str]) -> None:
    assert login_as(cast.mira).post(f"{URL}/not-the-same", data=data).status_code == 404


def test_nobody_is_told_apart_from_themself(cast: Cast, login_as: LoginAs) -> None:
    data = {"one": cast.ana.id, "other": cast.ana.id}
    assert login_as(cast.mira).post(f"{URL}/not-the-same", data=data).status_code == 409


def test_many_pairs_come_in_pages(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        for number in range(25):
            for sign in ("", "+x"):
                make.person(email=f"zoe{number}{sign}@example.org")
    browser = login_as(cast.mira)
    pages = [browser.get(f"{URL}?page={number}").text for number in (1, 2, 99)]
    assert [page.count("See what joining them does") for page in pages] == [20, 5, 5]


def test_a_page_says_that_not_all_are_shown(
    app: Flask, cast: Cast, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((doubles, "MOST_GROUPS"), (desk, "FEW_DOUBLES")):
        monkeypatch.setattr(module, name, 22)
    with inside(app):
        for number in range(25):
            for sign in ("", "+x"):
                make.person(email=f"zoe{number}{sign}@example.org")
    browser = login_as(cast.mira)
    assert "At least 22 pairs of accounts may be one person’s" in browser.get("/desk").text
    first, second = (browser.get(f"{URL}?page={number}").text for number in (1, 2))
    assert "The first 22 pairs; once some of these are settled, more are shown" in first
    assert [page.count("See what joining them does") for page in (first, second)] == [20, 2]


def test_a_page_asks_as_often_for_twenty_pairs_as_for_one(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    asked = []
    for many in (1, 19):
        with inside(app):
            for _ in range(many):
                address = f"twin{make.person().id}"
                for sign in ("", "+x"):
                    make.person(email=f"{address}{sign}@example.com")
        with counted() as seen:
            browser.get(URL)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_people_are_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get(URL).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("who", ["ana", "ivo"])
def test_it_is_for_coordinators(cast: Cast, login_as: LoginAs, who: str) -> None:
    browser = login_as(getattr(cast, who))
    assert browser.get(URL).status_code == 403
    assert browser.post(f"{URL}/not-the-same", data={"one": 1, "other": 2}).status_code == 403


def test_saying_so_is_no_reading(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).get(f"{URL}/not-the-same").status_code == 405
