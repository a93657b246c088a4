"""Signing in through an organisation: who gets in, to which account, and with what."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts import claims
from catalog.accounts.models import Person
from catalog.extensions import db, writing
from catalog.notices.models import Job
from catalog.organisation.models import Identity
from tests.factors.keys import PASSWORD, app_of, letters_to, somebody, trail_of
from tests.organisation.conftest import Through
from tests.organisation.provider import Provider

LINKS = "/account/organisation"


def people(site: Flask) -> list[Person]:
    with site.app_context():
        return list(db.session.scalars(sa.select(Person)))


def identities(site: Flask) -> list[tuple[str, int]]:
    with site.app_context():
        return [(one.subject, one.person_id) for one in db.session.scalars(sa.select(Identity))]


@pytest.fixture
def nia(site: Flask) -> int:
    """She has an account here with the address that the provider knows."""
    return made(site, email="nia@university.example")


def made(site: Flask, *, with_app: bool = False, **fields: object) -> int:
    with site.app_context():
        writing.set(True)
        person = somebody("Nia Sample", **fields)
        if with_app:
            app_of(person)
        db.session.commit()
        return person.id


def sign_in(browser: FlaskClient) -> None:
    browser.post("/sign-in", data={"email": "nia@university.example", "password": PASSWORD})


def test_the_sign_in_page_offers_it(browser: FlaskClient) -> None:
    assert "Sign in through The University" in browser.get("/sign-in").text


def test_without_a_provider_nothing_is_offered(client: FlaskClient) -> None:
    assert "Sign in through" not in client.get("/sign-in").text
    for path in ("/sign-in/organisation", "/sign-in/organisation/back"):
        assert client.get(path).status_code == 404


def test_somebody_new_gets_an_account(through: Through, site: Flask, browser: FlaskClient) -> None:
    answer = through()
    assert (answer.status_code, answer.location) == (303, "/learning")
    assert "Nia Sample" in browser.get("/account").text
    (person,) = people(site)
    assert (person.email, person.password_hash) == ("nia@university.example", None)
    with site.app_context():
        assert trail_of(person.id) == ["person.signed_up", "identity.linked"]


def test_the_second_time_it_is_the_same_account(through: Through, site: Flask) -> None:
    through()
    through(site.test_client())
    assert len(people(site)) == 1


def test_the_account_follows_the_subject_and_not_the_address(
    through: Through, site: Flask, provider: Provider
) -> None:
    through()
    provider.says["email"] = "nia.married@university.example"
    assert through(site.test_client()).location == "/learning"
    provider.says = {**provider.says, "sub": "person-2", "email": "nia@university.example"}
    assert "Which account is yours?" in through(site.test_client()).text
    assert [subject for subject, _ in identities(site)] == ["person-1"]


def test_the_address_may_be_told_at_the_other_place(
    through: Through, site: Flask, provider: Provider
) -> None:
    provider.only_at_userinfo = True
    assert through().location == "/learning"
    assert people(site)[0].email == "nia@university.example"


def test_no_role_comes_from_the_provider(through: Through, site: Flask, provider: Provider) -> None:
    provider.says |= {"roles": ["administrator"], "is_administrator": True, "groups": ["coordinators"]}
    through()
    (person,) = people(site)
    assert (person.is_administrator, person.coordinates, person.is_trainer) == (False, False, False)


@pytest.mark.parametrize("verified", [False, None, "false", 1])
def test_an_address_that_is_not_confirmed_makes_no_account(
    through: Through, site: Flask, provider: Provider, verified: object
) -> None:
    provider.says["email_verified"] = verified
    answer = through()
    assert "has not confirmed" in answer.text
    assert people(site) == []


def test_the_page_does_not_tell_who_has_an_account(
    nia: int, through: Through, provider: Provider, site: Flask
) -> None:
    provider.says["email_verified"] = False
    taken = through(site.test_client()).text
    provider.says |= {"email": "free@university.example"}
    assert through(site.test_client()).text.replace("free@", "nia@") == taken


def test_an_account_that_is_there_is_not_opened(
    nia: int, through: Through, browser: FlaskClient, site: Flask
) -> None:
    answer = through()
    assert "Which account is yours?" in answer.text
    assert browser.get("/account").status_code == 303
    assert identities(site) == []


def test_it_is_linked_by_whoever_signs_in_to_it(
    nia: int, through: Through, browser: FlaskClient, site: Flask
) -> None:
    through()
    sign_in(browser)
    assert "Is this you?" in browser.get(LINKS).text
    assert browser.post(LINKS).status_code == 303
    assert identities(site) == [("person-1", nia)]
    assert through(site.test_client()).location == "/learning"
    with site.app_context():
        assert letters_to(nia) == ["Your sign-in: another way to sign in"]
        assert trail_of(nia) == ["identity.linked"]


def test_looking_at_the_page_links_nothing(
    nia: int, through: Through, browser: FlaskClient, site: Flask
) -> None:
    through()
    sign_in(browser)
    browser.get(LINKS)
    assert identities(site) == []


def test_whoever_waits_too_long_begins_again(
    nia: int, through: Through, browser: FlaskClient, site: Flask
) -> None:
    through()
    with clock.at(clock.now() + timedelta(minutes=15, seconds=2)):
        sign_in(browser)
        assert "Is this you?" not in browser.get(LINKS).text
        assert browser.post(LINKS).status_code == 404
    assert identities(site) == []


def test_what_another_provider_said_is_not_linked(
    nia: int, through: Through, browser: FlaskClient, site: Flask
) -> None:
    through()
    sign_in(browser)
    settings = site.config["CATALOG"]
    organisation = replace(settings.organisation, issuer="https://another.example.org")
    site.config["CATALOG"] = replace(settings, organisation=organisation)
    assert "Is this you?" not in browser.get(LINKS).text
    assert browser.post(LINKS).status_code == 404
    assert identities(site) == []


def test_to_be_on_the_way_is_not_to_have_come_back(nia: int, browser: FlaskClient, site: Flask) -> None:
    browser.get("/sign-in/organisation")
    sign_in(browser)
    assert browser.get(LINKS).status_code == 200
    assert browser.post(LINKS).status_code == 404


def test_who_signed_in_a_while_ago_shows_who_they_are_before_anything_is_linked(
    nia: int, through: Through, browser: FlaskClient, site: Flask
) -> None:
    sign_in(browser)
    with site.app_context():
        writing.set(True)
        linked(nia, subject="person-2")
        db.session.commit()
        number = db.session.scalars(sa.select(Identity.id)).one()
    through()
    with clock.at(clock.now() + timedelta(minutes=11)):
        for path in (LINKS, f"{LINKS}/{number}/unlink"):
            assert browser.post(path).location.startswith("/account/confirm?"), path
    assert identities(site) == [("person-2", nia)]


def test_no_script_reads_what_a_browser_carries_and_no_plain_address_gets_it(
    site: Flask, browser: FlaskClient
) -> None:
    site.config["SESSION_COOKIE_SECURE"] = True
    cookie = browser.get("/sign-in/organisation").headers["Set-Cookie"]
    assert cookie.startswith("organisation=")
    assert {"HttpOnly", "Secure", "SameSite=Lax"} <= set(cookie.split("; "))


def test_another_browser_carries_nothing_to_link(nia: int, through: Through, site: Flask) -> None:
    through()
    other = site.test_client()
    sign_in(other)
    assert "Is this you?" not in other.get(LINKS).text
    assert other.post(LINKS).status_code == 404
    assert identities(site) == []


def test_whoever_is_signed_in_is_asked_before_it_is_linked(
    through: Through, browser: FlaskClient, site: Flask, provider: Provider
) -> None:
    person = made(site, email="nia@university.example")
    sign_in(browser)
    provider.says["email"] = "quite.another@university.example"
    assert through().location == LINKS
    page = browser.get(LINKS).text
    assert "Is this you?" in page
    assert "quite.another@university.example" in page
    assert identities(site) == []
    browser.post(LINKS)
    assert identities(site) == [("person-1", person)]
    assert browser.get_cookie("organisation") is None, "what was waiting is over"


def test_what_is_linked_to_one_account_is_not_linked_to_another(
    through: Through, browser: FlaskClient, site: Flask, provider: Provider
) -> None:
    made(site, email="nia@university.example")
    provider.says["email"] = "other@university.example"
    waiting = site.test_client()
    sign_in(waiting)
    through(waiting)
    through()
    assert waiting.post(LINKS).status_code == 409
    assert len(identities(site)) == 1


def test_an_account_without_a_password_gets_its_letter(site: Flask, through: Through) -> None:
    with site.app_context():
        writing.set(True)
        person = somebody("Nia Sample", email="nia@university.example")
        person.password_hash = None
        db.session.commit()
    assert "Which account is yours?" in through().text
    with site.app_context():
        (letter,) = db.session.scalars(sa.select(Job).order_by(Job.id))
        assert letter.payload["to"] == "nia@university.example"
        assert "/claim/" in letter.payload["text"]
    assert identities(site) == []


def test_whoever_comes_through_the_provider_has_nothing_to_claim(site: Flask, through: Through) -> None:
    with site.app_context():
        writing.set(True)
        person = somebody("Nia Sample", email="nia@university.example")
        person.password_hash = None
        linked(person.id)
        token = claims.token_for(person)
        db.session.commit()
    stranger = site.test_client()
    stranger.post("/sign-up", data={"email": "nia@university.example"})
    assert stranger.get(f"/claim/{token}").status_code == 410
    with site.app_context():
        (letter,) = db.session.scalars(sa.select(Job).order_by(Job.id))
        assert "/claim/" not in letter.payload["text"]
        assert "/sign-in" in letter.payload["text"]


def test_the_second_step_is_asked_for_all_the_same(
    through: Through, browser: FlaskClient, site: Flask
) -> None:
    person = made(site, with_app=True, email="elsewhere@example.org")
    with site.app_context():
        writing.set(True)
        linked(person)
        db.session.commit()
    assert through().location.startswith("/sign-in/second-step")
    assert browser.get("/account").status_code == 303


def linked(person_id: int, issuer: str = "", subject: str = "person-1") -> None:
    issuer = issuer or current_app.config["CATALOG"].organisation.issuer
    db.session.add(Identity(issuer=issuer, subject=subject, person_id=person_id, linked_at=clock.now()))


@pytest.mark.parametrize("how", ["joined", "left"])
def test_an_account_that_is_closed_is_not_opened(
    site: Flask, through: Through, browser: FlaskClient, provider: Provider, how: str
) -> None:
    number, kept = made(site, email="closed@example.org"), made(site, email="kept@example.org")
    with site.app_context():
        writing.set(True)
        person = db.session.get_one(Person, number)
        person.merged_into_id = kept if how == "joined" else None
        person.left_at = clock.now() if how == "left" else None
        linked(number)
        db.session.commit()
    provider.says["email_verified"] = False
    assert "Which account is yours?" in through().text
    assert browser.get("/account").status_code == 303


def test_the_same_number_at_another_provider_is_somebody_else(
    site: Flask, through: Through, provider: Provider
) -> None:
    person = made(site, email="elsewhere@example.org")
    with site.app_context():
        writing.set(True)
        linked(person, "https://another.example.org")
        db.session.commit()
    provider.says["email_verified"] = False
    assert "Which account is yours?" in through().text


def test_another_number_at_the_same_provider_is_somebody_else(
    site: Flask, through: Through, provider: Provider
) -> None:
    person = made(site, email="elsewhere@example.org")
    with site.app_context():
        writing.set(True)
        linked(person, subject="person-2")
        db.session.commit()
    provider.says["email_verified"] = False
    assert "Which account is yours?" in through().text


@pytest.mark.parametrize(
    ("trusted", "says", "leads_to"),
    [
        (True, {"amr": ["pwd", "mfa"]}, "/learning"),
        (True, {"amr": ["pwd"]}, "/sign-in/second-step"),
        (True, {}, "/sign-in/second-step"),
        (False, {"amr": ["pwd", "mfa"]}, "/sign-in/second-step"),
    ],
)
def test_the_providers_second_factor_counts_where_that_is_set(
    site: Flask, through: Through, provider: Provider, trusted: bool, says: dict[str, object], leads_to: str
) -> None:
    settings = site.config["CATALOG"]
    organisation = replace(settings.organisation, vouches_for_factor=trusted)
    site.config["CATALOG"] = replace(settings, organisation=organisation)
    person = made(site, with_app=True, email="elsewhere@example.org")
    with site.app_context():
        writing.set(True)
        linked(person)
        db.session.commit()
    provider.says |= says
    assert through().location.startswith(leads_to)


@pytest.mark.parametrize(("says", "opens"), [({"amr": ["pwd", "mfa"]}, True), ({"amr": ["pwd"]}, False)])
def test_a_coordinator_who_showed_a_second_factor_at_the_provider_sets_up_no_other_one(
    site: Flask,
    through: Through,
    provider: Provider,
    browser: FlaskClient,
    says: dict[str, object],
    opens: bool,
) -> None:
    settings = site.config["CATALOG"]
    organisation = replace(settings.organisation, vouches_for_factor=True)
    site.config["CATALOG"] = replace(settings, organisation=organisation, second_factor="required")
    person = made(site, email="elsewhere@example.org", coordinates=True)
    with site.app_context():
        writing.set(True)
        linked(person)
        db.session.commit()
    provider.says |= says
    through()
    answer = browser.get("/people")
    assert (answer.status_code, answer.location) == ((200, None) if opens else (303, "/account/second-step"))


def test_unlinking(nia: int, through: Through, browser: FlaskClient, site: Flask) -> None:
    through()
    sign_in(browser)
    browser.post(LINKS)
    with site.app_context():
        number = db.session.scalars(sa.select(Identity.id)).one()
    stranger = site.test_client()
    assert stranger.post(f"{LINKS}/{number}/unlink").location.startswith("/sign-in?")
    made(site, email="otto@example.org")
    stranger.post("/sign-in", data={"email": "otto@example.org", "password": PASSWORD})
    assert stranger.post(f"{LINKS}/{number}/unlink").status_code == 404
    assert browser.get(f"{LINKS}/{number}/unlink").status_code == 405
    assert browser.post(f"{LINKS}/{number}/unlink").status_code == 303
    assert identities(site) == []


def test_the_only_way_in_stays(through: Through, browser: FlaskClient, site: Flask) -> None:
    through()
    with site.app_context():
        number = db.session.scalars(sa.select(Identity.id)).one()
    assert browser.post(f"{LINKS}/{number}/unlink").status_code == 409


def test_strangers_sign_in_before_they_link(browser: FlaskClient) -> None:
    assert browser.get(LINKS).location.startswith("/sign-in?")
    assert browser.post(LINKS).location.startswith("/sign-in?")
