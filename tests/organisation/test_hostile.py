"""What is not believed: answers that were forged, replayed, meant for somebody else, or led astray."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.organisation import provider as ours
from tests.organisation.conftest import Through
from tests.organisation.provider import SECRET, Provider, unsigned

BACK = "/sign-in/organisation/back"
Twist = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture
def gets_in() -> None:
    """Said by the few tests in which somebody rightly does."""


@pytest.fixture(autouse=True)
def _nobody_gets_in(site: Flask, browser: FlaskClient, request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "gets_in" in request.fixturenames:
        return
    assert browser.get("/account").status_code == 303
    with site.app_context():
        assert db.session.scalars(sa.select(Person)).all() == []


def without(name: str) -> Twist:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def with_(**more: Any) -> Twist:
    return lambda claims: {**claims, **more}


TWISTS: dict[str, Twist] = {
    "another nonce": with_(nonce="of another browser"),
    "no nonce": without("nonce"),
    "another audience": with_(aud="another-program"),
    "several audiences and no party": with_(aud=["catalog", "another-program"]),
    "made for another party": with_(azp="another-program"),
    "no audience": without("aud"),
    "another issuer": with_(iss="https://evil.example"),
    "no issuer": without("iss"),
    "expired": with_(exp=int(time.time()) - 120),
    "never expires": without("exp"),
    "made in the future": with_(iat=int(time.time()) + 1_000_000),
    "made at no time": without("iat"),
    "no subject": without("sub"),
    "an empty subject": with_(sub=""),
    "a subject that is no text": with_(sub=7),
    "a subject that is too long": with_(sub="x" * 256),
}


@pytest.mark.parametrize("twist", TWISTS.values(), ids=TWISTS)
def test_a_token_that_does_not_hold_is_refused(provider: Provider, through: Through, twist: Twist) -> None:
    provider.twist = twist
    answer = through()
    assert answer.status_code == 400
    assert "could not be confirmed" in answer.text


def hs256(key: bytes) -> Callable[[dict[str, Any]], str]:
    """By hand: the library makes no such token with a public key."""

    def sign(claims: dict[str, Any]) -> str:
        start = unsigned(claims, "HS256")
        mac = hmac.new(key, start.removesuffix(".").encode(), hashlib.sha256).digest()
        return start + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

    return sign


def other_key(kid: str) -> Callable[[dict[str, Any]], str]:
    key = RSAKey.generate_key(2048)
    return lambda claims: jwt.encode({"alg": "RS256", "kid": kid}, claims, key)


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        hs256(SECRET.encode()),
        other_key("first"),
        other_key("unheard-of"),
        lambda _: "no.token.at.all",
        lambda _: "",
    ],
    ids=[
        "unsigned",
        "with the shared secret",
        "another key",
        "a key nobody published",
        "no token",
        "nothing",
    ],
)
def test_a_signature_that_is_not_the_providers_is_refused(
    provider: Provider, through: Through, sign: Callable[[dict[str, Any]], str]
) -> None:
    provider.sign = sign
    assert through().status_code == 400


def test_the_public_key_is_no_shared_secret(provider: Provider, through: Through) -> None:
    provider.sign = hs256(provider.key.as_pem(private=False))
    assert through().status_code == 400


@pytest.mark.usefixtures("gets_in")
def test_new_keys_of_the_provider_are_asked_for(provider: Provider, through: Through, site: Flask) -> None:
    through()
    provider.key = RSAKey.generate_key(2048, {"kid": "second", "use": "sig", "alg": "RS256"})
    assert through(site.test_client()).location == "/learning"


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?code=x&state=", "?code=x&state=another", "?error=access_denied"]
)
def test_coming_back_without_ones_own_state_is_refused(
    browser: FlaskClient, provider: Provider, query: str
) -> None:
    browser.get("/sign-in/organisation")
    provider.asked.clear()
    assert browser.get(BACK + query).status_code == 400
    assert provider.asked == [], "nothing was asked of the provider"


def test_an_answer_without_a_code_is_refused_with_the_page_that_says_so(
    browser: FlaskClient, provider: Provider
) -> None:
    """Who says no at the provider comes back with their own state and without a code."""
    own = provider.visit(browser.get("/sign-in/organisation").location).split("state=")[1]
    provider.asked.clear()
    answer = browser.get(f"{BACK}?error=access_denied&state={own}")
    assert answer.status_code == 400
    assert "could not be confirmed" in answer.text
    assert provider.asked == []


def test_a_way_is_good_for_a_quarter_of_an_hour(browser: FlaskClient, provider: Provider) -> None:
    back = provider.visit(browser.get("/sign-in/organisation").location)
    provider.asked.clear()
    with clock.at(clock.now() + timedelta(minutes=15, seconds=2)):
        assert browser.get(back).status_code == 400
    assert provider.asked == []


def test_another_browsers_way_back_is_refused(browser: FlaskClient, provider: Provider, site: Flask) -> None:
    """Somebody lets another person's browser come back as themselves."""
    theirs = provider.visit(site.test_client().get("/sign-in/organisation").location)
    assert browser.get(theirs).status_code == 400
    browser.get("/sign-in/organisation")
    assert browser.get(theirs).status_code == 400


@pytest.mark.usefixtures("gets_in")
def test_a_way_back_is_good_once(browser: FlaskClient, provider: Provider, site: Flask) -> None:
    going = browser.get("/sign-in/organisation")
    cookie = browser.get_cookie("organisation")
    assert cookie is not None
    back = provider.visit(going.location)
    assert browser.get(back).status_code == 303
    thief = site.test_client()
    thief.set_cookie("organisation", cookie.value)
    provider.asked.clear()
    assert thief.get(back).status_code == 400
    assert provider.asked == []
    assert thief.get("/account").status_code == 303


def test_a_code_of_another_way_is_refused(browser: FlaskClient, provider: Provider, site: Flask) -> None:
    """A code that was stolen goes with another verifier."""
    stolen = provider.visit(site.test_client().get("/sign-in/organisation").location).split("code=")[1]
    own = provider.visit(browser.get("/sign-in/organisation").location)
    answer = browser.get(f"{BACK}?code={stolen.split('&')[0]}&state={own.split('state=')[1]}")
    assert answer.status_code == 400


def test_an_answer_of_another_provider_is_refused(browser: FlaskClient, provider: Provider) -> None:
    back = provider.visit(browser.get("/sign-in/organisation").location)
    assert browser.get(f"{back}&iss=https://evil.example").status_code == 400


def test_two_people_in_one_answer_are_refused(provider: Provider, through: Through) -> None:
    provider.only_at_userinfo = True
    provider.userinfo = {"sub": "person-2"}
    assert through().status_code == 400


def test_no_redirect_is_followed(provider: Provider, through: Through) -> None:
    provider.token_redirects_to = f"{provider.issuer}/inside"
    assert through().status_code == 503
    assert "/inside" not in provider.asked


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://10.0.0.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
    ],
)
def test_a_provider_that_leads_astray_is_not_used(
    browser: FlaskClient, provider: Provider, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    answer = browser.get("/sign-in/organisation")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_a_provider_that_calls_itself_by_another_name_is_not_used(
    browser: FlaskClient, provider: Provider
) -> None:
    provider.metadata = {"issuer": f"{provider.issuer}/another"}
    assert browser.get("/sign-in/organisation").status_code == 503


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_provider_elsewhere_leads_nowhere_without_encryption_not_even_to_this_machine(host: str) -> None:
    told = {"issuer": "https://id.example.org", "token_endpoint": f"http://{host}:8080/token"}
    with pytest.raises(ours.ProviderAway):
        ours._safe(told, "token_endpoint")
    here = {**told, "issuer": "http://localhost:8080"}
    assert ours._safe(here, "token_endpoint") == told["token_endpoint"]


@pytest.mark.usefixtures("gets_in")
def test_one_is_never_led_to_another_site(through: Through, browser: FlaskClient) -> None:
    answer = through(browser, "https://evil.example")
    assert answer.location == "/"


def test_what_was_sent_does_not_stand_on_the_page(browser: FlaskClient) -> None:
    answer = browser.get(f"{BACK}?error=<script>alert(1)</script>&error_description=evil")
    assert "alert" not in answer.text
    assert "evil" not in answer.text
