"""The keys by which accounts of one person are found follow whatever the account says."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts import alike, services
from catalog.accounts.models import AccountKey, AddressChange, KeyKind, Person
from catalog.cli.work import daily, handlers
from catalog.config import Settings
from catalog.extensions import db
from catalog.notices import services as notices
from catalog.notices.models import Job
from tests import factories as make
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("context")


def keys(person: Person) -> set[tuple[str, str]]:
    db.session.flush()
    found = sa.select(AccountKey.kind, AccountKey.key).where(AccountKey.person_id == person.id)
    return {(str(kind), key) for kind, key in db.session.execute(found)}


def ana(**fields: Any) -> Person:
    said = {"email": "ana.s+work@example.org", "county": "01101", "licence": "LPC 01-234"}
    return make.person("Sample, Ána", **said | fields)


FIRST = {("address", "anas@example.org"), ("name", "01101 ana sample"), ("licence", "LPC01234")}


def test_an_account_has_its_keys_from_the_beginning() -> None:
    assert keys(ana()) == FIRST
    assert keys(services.add_unclaimed("Nia Sample", "Nia@Example.org")) == {("address", "nia@example.org")}


def test_two_addresses_of_one_mailbox_are_one_key() -> None:
    assert keys(ana(second_email="ana.s@example.org")) == FIRST


def test_an_account_that_is_written_closed_has_none_from_the_beginning() -> None:
    """The demo and what moves from elsewhere may write them so."""
    assert keys(ana(left_at=clock.now())) == set()
    assert keys(ana(email="gone@example.org", merged_into_id=make.person().id)) == set()


def edited(person: Person, **fields: Any) -> None:
    said = {name: getattr(person, name) for name in ("name", "county", "zone", "licence")}
    services.change_account(person, **said | fields)


CHANGES: dict[str, tuple[Callable[[Person], None], set[tuple[str, str]]]] = {
    "name": (
        lambda one: edited(one, name="Ana Other"),
        {("name", "01101 ana other")} | FIRST - {("name", "01101 ana sample")},
    ),
    "county": (
        lambda one: edited(one, county="01003"),
        {("name", "01003 ana sample")} | FIRST - {("name", "01101 ana sample")},
    ),
    "no county": (lambda one: edited(one, county=None), FIRST - {("name", "01101 ana sample")}),
    "licence": (
        lambda one: services.set_licence(one, "B 99999"),
        {("licence", "B99999")} | FIRST - {("licence", "LPC01234")},
    ),
    "no licence": (lambda one: services.set_licence(one, ""), FIRST - {("licence", "LPC01234")}),
    "second address": (
        lambda one: notices.change_second_address(one, "A.Home@example.com"),
        {("address", "ahome@example.com"), *FIRST},
    ),
    "second address of the same mailbox": (
        lambda one: notices.change_second_address(one, "ana.s@example.org"),
        FIRST,
    ),
    "zone": (lambda one: edited(one, zone="America/New_York"), FIRST),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_key_follows_what_is_changed(what: str) -> None:
    change, after = CHANGES[what]
    person = ana()
    change(person)
    assert keys(person) == after


def change_of(person: Person, email: str) -> AddressChange:
    services.ask_for_address(person, email)
    return db.session.scalars(sa.select(AddressChange).order_by(AddressChange.id.desc()).limit(1)).one()


def test_an_address_is_found_once_it_is_confirmed_and_not_when_that_was_not_them() -> None:
    person = ana()
    change = change_of(person, "new@example.com")
    assert keys(person) == FIRST
    services.confirm_address(change)
    assert keys(person) == {("address", "new@example.com")} | FIRST - {("address", "anas@example.org")}
    services.revoke_address(change)
    assert keys(person) == FIRST


@pytest.mark.parametrize("closed", ["merged_into_id", "left_at"])
def test_an_account_that_is_closed_has_none(closed: str) -> None:
    person = ana()
    setattr(person, closed, make.person().id if closed == "merged_into_id" else clock.now())
    assert keys(person) == set()
    setattr(person, closed, None)
    assert keys(person) == FIRST


def seconds() -> list[int]:
    db.session.flush()
    return list(
        db.session.scalars(
            sa.select(AccountKey.person_id).where(AccountKey.is_second).order_by(AccountKey.person_id)
        )
    )


def test_whoever_has_what_somebody_had_before_is_marked() -> None:
    first = make.person(licence="A 12345")
    assert seconds() == []
    second, third = (make.person(licence="a12345") for _ in "12")
    assert seconds() == [second.id, third.id]
    # Of all that have the same at most one is without a mark.
    first.licence = None
    db.session.flush()
    first.licence = "A-12345"
    assert seconds() == [first.id, second.id, third.id]


def test_of_a_crowd_the_first_few_are_marked() -> None:
    people = [make.person(licence="none yet") for _ in range(12)]
    assert seconds() == [one.id for one in people[1 : alike.MOST_ALIKE]]


def test_two_of_one_flush_are_both_marked() -> None:
    people = [
        Person(name="Ana Sample", email=f"ana+{one}@example.org", created_at=clock.now()) for one in "12"
    ]
    db.session.add_all(people)
    assert seconds() == sorted(one.id for one in people)


def test_what_no_key_is_made_of_asks_nothing_more() -> None:
    person = ana()
    with counted() as seen:
        person.zone = "America/New_York"
        db.session.flush()
    assert [one for one in seen if "account_key" in one] == []


def test_a_long_name_of_joined_letters_is_cut() -> None:
    person = make.person("\ufdfa" * 120, county="01101")
    ((_, key),) = (one for one in keys(person) if one[0] == KeyKind.NAME)
    assert len(key) == alike.LONGEST


def test_people_who_are_written_past_the_session_are_given_theirs() -> None:
    many = [
        {"name": "Ana Sample", "email": f"a{number}@example.org", "created_at": clock.now()}
        for number in range(1200)
    ]
    past = db.session.connection()
    past.execute(sa.insert(Person), many)
    ids = past.scalars(sa.select(Person.id)).all()
    services.follow_keys(past, ids)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AccountKey)) == 1200


def test_two_who_came_in_the_same_moment_are_marked_within_a_day(settings: Settings) -> None:
    people = [make.person(licence="A 12345") for _ in "12"]
    make.person(licence="B 12345")
    db.session.execute(sa.update(AccountKey).values(is_second=False))
    db.session.commit()
    daily()
    daily()
    (job,) = db.session.scalars(sa.select(Job).where(Job.kind == "accounts_alike"))
    handlers(settings)[job.kind](job.id, job.payload)
    assert seconds() == [one.id for one in people]


def test_looking_for_them_writes_nothing_where_nobody_was_missed() -> None:
    for _ in "12":
        make.person(licence="A 12345")
    db.session.commit()
    with counted() as seen:
        services.look_for_alike()
    assert [one for one in seen if one.startswith("UPDATE")] == []
