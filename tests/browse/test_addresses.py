"""Any address is answered: what it cannot mean is left out, with a sentence, and what it means has one spelling."""

import random
import re
import string
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from catalog.browse.filters import Filters
from catalog.browse.forms import read
from catalog.browse.vocabulary import Name, Vocabulary
from tests import factories as make
from tests.browse.pages import found, inside, total

VOCABULARY = Vocabulary(areas=(Name("TF", "Foundations"),), languages=("English",))


def asked(query: str) -> Filters:
    pairs = [pair.split("=", 1) for pair in query.split("&")]
    return read(MultiDict((key, value) for key, value in pairs), VOCABULARY)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=tomorrow", "“tomorrow” is not a date"),
        ("to=2027-02-30", "is not a date"),
        ("min_hours=many", "is not a number of hours"),
        ("max_hours=-1", "is not a number of hours"),
        ("price=cheap", "is not a price"),
        ("area=XX", "“XX” is not known here"),
        ("county=<b>", "is not known here"),
        ("weekday=someday", "is not known here"),
        ("q=--", "no word to search for"),
        ("from=2027-02-01&to=2027-01-01", "the other way round"),
    ],
)
def test_what_cannot_be_meant_is_left_out_and_said(query: str, said: str) -> None:
    assert said in " ".join(asked(query).problems)


def test_a_bad_date_is_a_message_on_the_page_and_the_rest_holds(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("Still here"))
    text = client.get("/?from=soon").text
    assert "“soon” is not a date such as 2027-01-31 and was left out." in text
    assert total(text) == 1


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("q=&kind=&county=&from=&page=1&sort=date", ""),
        ("page=0", ""),
        ("page=99999999", ""),
        ("page=three", ""),
        ("sort=price", ""),
        ("sort=relevance", ""),
        ("q=a+b&sort=relevance", "?q=a%2Bb&sort=relevance"),
        ("format=virtual&kind=in_service&kind=in_service", "?kind=in_service&format=virtual"),
        ("min_hours=1.50", "?min_hours=1.5"),
        ("price=free", "?price=0"),
        ("show=courses&county=01109&sort=date", "?show=courses"),
        ("from=0020-01-01", ""),
    ],
)
def test_a_state_has_one_spelling(query: str, canonical: str) -> None:
    assert asked(query).query == canonical


def test_reading_what_was_written_gives_the_same_state() -> None:
    state = asked(
        "q=early&area=TF&county=01109&county=online&from=2027-01-01&max_hours=3&price=25&sort=hours&page=2"
    )
    assert asked(state.query.removeprefix("?")) == state


@pytest.mark.parametrize(
    "query",
    [
        "?q=" + quote("'\"; DROP TABLE course; --"),
        "?q=" + quote("AND OR NOT ( * : ^"),
        "?q=%FF%FE",
        "?q=" + "x" * 3000,
        "?q=" + quote("word " * 400),
        "?page=-1&page=2&page[]=3",
        "?kind=in_service&" * 300,
        "?area=" + quote("TF' OR 1=1"),
        "?show=everything&sort=;&price=1e9&min_hours=1e9",
        "?from=9999-12-31&to=0001-01-01",
        "?weekday=mon,tue&evening=yes&seats=0",
        "?" + "&".join(f"{letter}={letter}" for letter in string.ascii_lowercase),
    ],
)
def test_hostile_addresses_are_answered(
    query: str, app: Flask, client: FlaskClient, htmx: dict[str, str]
) -> None:
    with inside(app):
        make.offering(make.course("Here"))
    assert client.get("/" + query).status_code == 200
    assert client.get("/" + query, headers=htmx).status_code == 200


def test_random_noise_is_answered(client: FlaskClient) -> None:
    dice = random.Random(3)
    names = (
        "q",
        "kind",
        "area",
        "topic",
        "category",
        "age",
        "county",
        "from",
        "to",
        "min_hours",
        "price",
        "sort",
        "page",
    )
    for _ in range(60):
        pairs = [
            (dice.choice(names), "".join(dice.choices(string.printable, k=dice.randrange(9))))
            for _ in range(4)
        ]
        query = "&".join(f"{name}={quote(value)}" for name, value in pairs)
        assert client.get("/?" + query).status_code == 200, query


def test_a_chip_takes_away_its_own_value_only(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("Pike", areas=("TF",)), county="01109")
    text = client.get("/?area=TF&county=01109&county=online&q=").text
    links = re.findall(r'<a class="chip" href="([^"]*)"', text)
    assert links == [
        "/?county=online&amp;county=01109",
        "/?area=TF&amp;county=01109",
        "/?area=TF&amp;county=online",
    ]


def test_nothing_found_says_which_filter_to_loosen(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        for _ in range(3):
            make.offering(make.course("Pike"), county="01109")
        make.offering(make.course("Evening"), county="01101", is_evening=True)
    text = client.get("/?county=01109&evening=1").text
    assert "Leave out “Evenings”" in text
    assert "there are 3" in text
    assert found(client, "?county=01109") == ["Pike"] * 3


def test_a_search_without_hits_can_be_cleared(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("Pike"))
    text = client.get("/?q=zebra").text
    assert "Leave out “zebra”" in text
    assert "there is 1" in text


def test_the_form_sends_back_what_was_typed(client: FlaskClient) -> None:
    text = client.get("/?q=%22quoted%22&from=2031-03-04&min_hours=1.5&price=37").text
    assert 'value="&#34;quoted&#34;"' in text
    assert "value=2031-03-04" in text
    assert "value=1.5" in text
    assert re.search(r"<option value=37 selected>At most \$37", text)
