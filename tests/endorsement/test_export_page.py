"""The page of the export: what is in it, what is left out and why."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.endorsement import applications
from tests.endorsement.applications import Scene
from tests.endorsement.goals import goal
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return applications.scene(app, cast)


def words(browser: FlaskClient, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text.split("<main")[1]).split())


def test_the_page_says_what_is_in_it(cast: Cast, login_as: LoginAs, scene: Scene) -> None:
    text = words(login_as(cast.ana), scene.url())
    assert "Category IFS, IMH-E®" in text
    assert "3 trainings: 4 h 40 min verified, 1 h 30 min not looked at yet." in text
    assert "2 lines of RSC: 3 h verified, on a sheet of their own" in text
    assert "1 certificate as PDF. The PDF of one is not made yet; it is made for the ZIP." in text
    assert "check with First 5 Alabama" in text


def test_the_page_says_what_is_left_out_and_why(cast: Cast, login_as: LoginAs, scene: Scene) -> None:
    left_out = words(login_as(cast.ana), scene.url()).split("What is left out, and why")[1]
    assert "A coordinator sent it back: No proof of it" in left_out
    assert "Booked: a seat is held, and nothing is earned yet." in left_out
    assert "Peer groups without a provider do not count." in left_out


def test_what_was_taken_back_or_corrected_is_nowhere(cast: Cast, login_as: LoginAs, scene: Scene) -> None:
    text = words(login_as(cast.ana), scene.url())
    assert "Withdrawn" not in text
    assert "Old" not in text


def test_it_never_says_that_somebody_is_eligible(cast: Cast, login_as: LoginAs, scene: Scene) -> None:
    text = words(login_as(cast.ana), scene.url()).lower()
    assert not re.search("eligib|approved|certified|congrat|level", text)
    assert "first 5 alabama decides what counts" in text


def test_there_is_one_main_action_and_every_file_is_offered(
    cast: Cast, login_as: LoginAs, scene: Scene
) -> None:
    text = login_as(cast.ana).get(scene.url()).text
    assert text.split("<main")[1].count('class="button main"') == 1
    for ending in (".xlsx", ".pdf", ".csv", "-rsc.csv", ".zip"):
        assert f'href="{scene.url(ending)}"' in text


def test_with_nothing_to_export_it_says_so(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        otto = db.session.get_one(Person, cast.otto.id)
        empty = goal(otto, make.category("IFS")).id
    browser = login_as(cast.otto)
    assert "There is nothing to export yet" in words(browser, f"/goal/{empty}/export")
    for ending in (".xlsx", ".pdf", ".csv", "-rsc.csv", ".zip"):
        assert browser.get(f"/goal/{empty}/export{ending}").status_code == 200


def test_a_coordinator_reads_it_and_is_not_offered_to_share_it(
    cast: Cast, login_as: LoginAs, scene: Scene
) -> None:
    text = login_as(cast.mira).get(scene.url()).text
    assert "Ana Sample" in text
    assert "/share" not in text
    assert f"/goal/{scene.goal_id}/share" in login_as(cast.ana).get(scene.url()).text
