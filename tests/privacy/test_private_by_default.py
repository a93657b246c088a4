"""Rosters, what people need to take part, evidence, disputes and membership of groups: nobody sees them by default.

Every page, fragment, list, feed and file is asked for by a stranger and by somebody with an account who has no part
in any of it; and by everybody else, each with the words that are not for them."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.disputes.models import DisputeEntry
from catalog.enrollment import services
from catalog.enrollment.models import Enrollment
from catalog.extensions import db, writing
from catalog.records.models import HourEntry
from tests.coordinating.rows import row
from tests.factories import Cast
from tests.test_every_page import numbers  # noqa: F401 - a filled catalog

LogIn = Callable[[Person], FlaskClient]
NAME, NEEDS, ANSWER = "Quilla Zephyrine", "a ramp for quilla", "because quilla asked"
SAID, FILE, TITLE = "quilla was there", "quilla-diploma.pdf", "quilla learned elsewhere"
PRIVATE = (NAME, "quilla@example.org", NEEDS, ANSWER, SAID, FILE, TITLE)
FOR_WHOEVER_HAS_THE_ADDRESS = {"token", "key", "number", "signed", "stay_token"}


@pytest.fixture
def addresses(app: Flask, cast: Cast, numbers: dict[str, int | str]) -> list[str]:  # noqa: F811
    """Every address that can be read, of a catalog in which everything private of one person says so."""
    with app.app_context():
        writing.set(True)
        ana = db.session.get_one(Person, cast.ana.id)
        ana.name, ana.email = NAME, "quilla@example.org"
        place = db.session.get_one(Enrollment, numbers["enrollment_id"])
        place.answer, place.access_request = ANSWER, NEEDS
        services.enroll(ana, _offering(numbers["group_id"]), by=ana)
        db.session.execute(sa.update(DisputeEntry).values(text=SAID))
        evidence = row("evidence", person_id=ana.id, file_name=FILE)["id"]
        db.session.execute(sa.update(HourEntry).values(title=TITLE, evidence_id=evidence))
        db.session.commit()
    return list(_addresses(app, numbers))


def _offering(number: int | str) -> Offering:
    return db.session.get_one(Offering, number)


def _addresses(app: Flask, numbers: dict[str, int | str]) -> Iterator[str]:  # noqa: F811
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static" and _is_for_all(rule):
            values = {name: numbers[name] for name in rule.arguments if name in numbers}
            if set(values) == set(rule.arguments):
                with app.test_request_context():
                    yield app.url_map.bind("").build(rule.endpoint, values)


def _is_for_all(rule: Rule) -> bool:
    return not rule.arguments & FOR_WHOEVER_HAS_THE_ADDRESS


def leaks(browser: FlaskClient, addresses: list[str], words: tuple[str, ...]) -> list[str]:
    """Addresses whose answer, whole or in part, holds one of the words."""
    found = []
    for url in addresses:
        for headers in ({}, {"HX-Request": "true"}):
            text = browser.get(url, headers=headers).get_data().decode("utf-8", "replace")
            found += [f"{url}: {word}" for word in words if word.lower() in text.lower()]
    return found


def test_a_stranger_sees_none_of_it_anywhere(app: Flask, addresses: list[str]) -> None:
    assert leaks(app.test_client(), addresses, PRIVATE) == []


def test_somebody_without_a_part_in_it_sees_none_of_it_anywhere(
    cast: Cast, login_as: LogIn, addresses: list[str]
) -> None:
    assert leaks(login_as(cast.otto), addresses, PRIVATE) == []


def test_another_on_the_same_session_sees_none_of_it(
    app: Flask,
    cast: Cast,
    login_as: LogIn,
    addresses: list[str],
    numbers: dict[str, int | str],  # noqa: F811
) -> None:
    with app.app_context():
        writing.set(True)
        otto = db.session.get_one(Person, cast.otto.id)
        services.enroll(otto, _offering(numbers["offering_id"]), by=otto)
        db.session.commit()
    assert leaks(login_as(cast.otto), addresses, PRIVATE) == []


def test_a_trainer_sees_the_roster_and_not_what_was_earned_elsewhere(
    cast: Cast,
    login_as: LogIn,
    addresses: list[str],
    numbers: dict[str, int | str],  # noqa: F811
) -> None:
    ivo = login_as(cast.ivo)
    assert leaks(ivo, addresses, (FILE, TITLE)) == []
    assert NAME in ivo.get(f"/offerings/{numbers['offering_id']}/roster").text


def test_a_coordinator_sees_no_member_on_the_page_of_a_group(
    cast: Cast,
    login_as: LogIn,
    addresses: list[str],
    numbers: dict[str, int | str],  # noqa: F811
) -> None:
    assert NAME not in login_as(cast.mira).get(f"/groups/{numbers['group_id']}").text


def test_the_person_sees_all_of_theirs(cast: Cast, login_as: LogIn, addresses: list[str]) -> None:
    seen = {one.split(": ", 1)[1] for one in leaks(login_as(cast.ana), addresses, PRIVATE)}
    assert seen >= {NAME, SAID, TITLE}
