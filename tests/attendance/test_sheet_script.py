"""The script that keeps taps: small, our own, on one page, and without a name of anybody."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from tests.attendance import sheets
from tests.attendance.sheets import Scene
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
SCRIPT = (Path(__file__).parents[2] / "static" / "sheet.js").read_text()


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return sheets.scene(app, cast)


def test_it_is_small_and_writes_no_markup() -> None:
    assert len(SCRIPT.splitlines()) <= 170
    assert not re.search(r"https?://|eval\(|innerHTML|insertAdjacentHTML|import\b", SCRIPT)


def test_only_the_sheet_loads_it(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    assert "sheet.js" in browser.get(scene.url).text
    assert "sheet.js" not in browser.get("/").text


def test_what_is_kept_belongs_to_one_person_and_one_session(scene: Scene, login_as: LoginAs) -> None:
    page = login_as(scene.cast.ivo).get(scene.url).text
    assert f'data-keep="taps {scene.cast.ivo.id} {scene.offering_id}"' in page
