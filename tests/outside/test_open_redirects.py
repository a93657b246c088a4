"""`next` leads to a page of ours or nowhere."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
AWAY = [
    "https://evil.example.org/",
    "//evil.example.org/",
    "///evil.example.org",
    "/\\evil.example.org",
    "\\\\evil.example.org",
    "/\t/evil.example.org",
    "/\n/evil.example.org",
    "http:evil.example.org",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example.org",
    "/%09/evil.example.org\r\nLocation: //evil.example.org",
    "evil.example.org",
    "@evil.example.org",
    "/\u2028/evil.example.org",
    "\x01//evil.example.org",
]


@pytest.mark.parametrize("where", AWAY)
def test_nobody_is_led_away(client: FlaskClient, cast: Cast, login_as: LoginAs, where: str) -> None:
    for browser, path in ((login_as(cast.ana), "/sign-in"), (client, "/sign-in"), (client, "/sign-up")):
        answer = browser.get(f"{path}?{urlencode({'next': where})}")
        if answer.location:
            assert urlsplit(answer.location).netloc in ("", "localhost"), answer.location
            assert answer.location.startswith("/"), answer.location
            assert not answer.location.startswith(("//", "/\\")), answer.location
        assert 'href="//evil' not in answer.text
        assert 'action="//evil' not in answer.text


@pytest.mark.parametrize("where", AWAY)
def test_whoever_is_in_already_is_led_to_our_first_page_instead(
    cast: Cast, login_as: LoginAs, where: str
) -> None:
    answer = login_as(cast.ana).get(f"/sign-in/second-step?{urlencode({'next': where})}")
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_page_of_ours_is_gone_to(cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.ana).get("/sign-in?next=/goal%3Fa%3D1")
    assert answer.status_code in (200, 303)
    if answer.location:
        assert answer.location == "/goal?a=1"


def test_the_way_back_from_a_refusal_is_one_of_ours(cast: Cast, login_as: LoginAs) -> None:
    for referrer in (
        "https://evil.example.org/",
        "http://localhost.evil.example.org/",
        "http://localhost//evil",
    ):
        answer = login_as(cast.ana).post("/sign-out-nowhere", headers={"Referer": referrer})
        assert "evil" not in answer.text


@pytest.mark.parametrize(
    "referrer",
    [
        "https://evil.example.org/",
        "http://localhost.evil.example.org/",
        "http://localhost//evil.example.org",
        "http://localhost@evil.example.org",
    ],
)
def test_nor_does_a_rule_that_says_no_lead_away(cast: Cast, login_as: LoginAs, referrer: str) -> None:
    """Nobody takes their own second step away; the page that says so leads back to where the form stood."""
    url, form = f"/people/{cast.ada.id}/second-step", {"reason": "Me."}
    answer = login_as(cast.ada).post(url, data=form, headers={"Referer": referrer})
    assert answer.status_code == 409
    assert "evil" not in answer.text
