"""Typing a number: what is not there, and guessing."""

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.certificates.models import Certificate
from catalog.certificates.views.public import MOST_MISSES, WINDOW
from tests.attendance.sheets import inside
from tests.certificates.papers import closed, issued
from tests.factories import Cast

MISSING, MALFORMED = "0000-0000-0000", "nobody's%20number"


@pytest.fixture
def certificate(app: Flask, client: FlaskClient) -> Certificate:
    with inside(app):
        return issued(closed())


def test_the_page_asks_for_the_number(client: FlaskClient) -> None:
    assert 'name="number"' in client.get("/certificates").text


def test_a_number_leads_to_its_page_however_it_is_typed(
    client: FlaskClient, certificate: Certificate
) -> None:
    answer = client.get("/certificates", query_string={"number": certificate.number.lower()})
    assert (answer.status_code, answer.location) == (303, f"/c/{certificate.number}")


def test_a_number_that_is_not_there_and_one_that_cannot_be_look_the_same(client: FlaskClient) -> None:
    missing, malformed = client.get(f"/c/{MISSING}"), client.get(f"/c/{MALFORMED}")
    assert (
        (missing.status_code, missing.data) == (malformed.status_code, malformed.data) == (404, missing.data)
    )
    # Each request has a number of its own.
    for answer in (missing, malformed):
        answer.headers.pop("X-Request-Id")
    assert dict(missing.headers) == dict(malformed.headers)


def test_the_form_says_the_same_of_both_and_keeps_what_was_typed(client: FlaskClient) -> None:
    missing, malformed = (
        client.get("/certificates", query_string={"number": typed}) for typed in (MISSING, "sixteen candles")
    )
    assert missing.status_code == malformed.status_code == 404
    assert missing.text.replace(MISSING, "") == malformed.text.replace("sixteen candles", "")
    assert 'value="sixteen candles"' in malformed.text


def test_guessing_is_stopped_and_also_hides_what_is_there(
    client: FlaskClient, certificate: Certificate
) -> None:
    for _ in range(MOST_MISSES):
        assert client.get(f"/c/{MISSING}").status_code == 404
    assert client.get(f"/c/{MALFORMED}").status_code == 429
    answer = client.get(f"/c/{certificate.number}")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_misses_of_both_kinds_and_places_are_counted_together(client: FlaskClient) -> None:
    for _ in range(MOST_MISSES // 2):
        client.get(f"/c/{MALFORMED}")
        client.get("/certificates", query_string={"number": MISSING})
    assert client.get("/certificates", query_string={"number": MISSING}).status_code == 429


def test_another_address_is_not_stopped(client: FlaskClient, certificate: Certificate) -> None:
    for _ in range(MOST_MISSES):
        client.get(f"/c/{MISSING}")
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get(f"/c/{certificate.number}", environ_base=elsewhere).status_code == 200


def test_after_a_while_one_may_try_again(client: FlaskClient) -> None:
    for _ in range(MOST_MISSES):
        client.get(f"/c/{MISSING}")
    with time_machine.travel(clock.now() + WINDOW):
        assert client.get(f"/c/{MISSING}").status_code == 404


def test_whoever_finds_what_they_look_for_is_not_counted(
    client: FlaskClient, certificate: Certificate
) -> None:
    answers = {client.get(f"/c/{certificate.number}").status_code for _ in range(MOST_MISSES + 5)}
    assert answers == {200}


def test_signed_in_people_see_the_same(
    login_as: Callable[[Person], FlaskClient], cast: Cast, certificate: Certificate
) -> None:
    assert login_as(cast.otto).get(f"/c/{MALFORMED}").status_code == 404
