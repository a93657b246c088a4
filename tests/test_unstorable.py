"""Numbers and signs that no column holds are answered like any other mistake, never with an error of ours."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
HUGE = "9" * 23


@pytest.mark.parametrize("path", ["/people/{}", "/offerings/{}/attendance", "/offerings/{}/roster"])
def test_an_address_with_a_huge_number_is_not_found(cast: Cast, login_as: LoginAs, path: str) -> None:
    assert login_as(cast.mira).get(path.format(HUGE)).status_code == 404


@pytest.mark.parametrize("name", ["person", "offering", "before", "after"])
def test_a_huge_number_in_a_query_is_no_number(cast: Cast, login_as: LoginAs, name: str) -> None:
    assert login_as(cast.mira).get(f"/audit?{name}={HUGE}").status_code == 200


def test_a_page_number_that_cannot_be_is_the_nearest(cast: Cast, login_as: LoginAs) -> None:
    for number in (HUGE, "-5", "0", "two"):
        assert login_as(cast.mira).get(f"/people?page={number}").status_code == 200


def test_a_nul_is_refused_wherever_it_is_sent(cast: Cast, login_as: LoginAs, client: FlaskClient) -> None:
    assert login_as(cast.mira).get("/people?words=a%00b").status_code == 400
    assert client.post("/sign-up", data={"name": "a\0b", "email": "a@example.org"}).status_code == 400
