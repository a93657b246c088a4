"""The pages of the reports: who may see them, what they are asked for, and the files they become."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.reports import desk
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
KEYS = [question.key for question in desk.ALL]


@pytest.mark.parametrize("key", KEYS)
def test_a_report_opens(cast: Cast, login_as: LoginAs, key: str) -> None:
    answer = login_as(cast.mira).get(f"/reports/{key}")
    assert answer.status_code == 200
    assert desk.question(key).title in answer.text  # type: ignore[union-attr]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("ending", ["", ".csv", ".xlsx", "/rows"])
def test_only_coordinators_see_it(
    cast: Cast, login_as: LoginAs, client: FlaskClient, key: str, ending: str
) -> None:
    assert client.get(f"/reports/{key}{ending}").location.startswith("/sign-in")
    for person in (cast.ana, cast.ivo):
        assert login_as(person).get(f"/reports/{key}{ending}").status_code == 403


def test_an_unknown_report_is_not_there(cast: Cast, login_as: LoginAs) -> None:
    for url in (
        "/reports/nothing",
        "/reports/nothing.csv",
        "/reports/hours/rows",
        "/reports/hours.csv?table=x",
    ):
        assert login_as(cast.mira).get(url).status_code == 404


def test_bad_days_are_refused_beside_their_field(cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.mira).get("/reports/hours?from=2026-13-01&to=2026-12-31&county=99999")
    assert answer.status_code == 422
    assert 'value="2026-13-01"' in answer.text
    assert "Not a valid date" in answer.text


def test_an_end_before_the_beginning_is_refused(cast: Cast, login_as: LoginAs) -> None:
    answer = login_as(cast.mira).get("/reports/hours?from=2026-12-31&to=2026-01-01")
    assert answer.status_code == 422
    assert "This is before the first day." in answer.text


def test_a_file_is_refused_where_the_address_cannot_be_read(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).get("/reports/hours.csv?from=yesterday").status_code == 400


def test_nothing_is_posted(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).post("/reports/hours").status_code == 405
