"""Taps that arrive later than they were made: what was seen last stands, and everything is written down."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Mark, Recording
from catalog.extensions import db
from tests.attendance import sheets
from tests.attendance.sheets import Scene
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
Tap = Callable[..., int]
WORDS = {180: "present", 0: "absent"}


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return sheets.scene(app, cast)


@pytest.fixture
def tap(scene: Scene, login_as: LoginAs, htmx: dict[str, str]) -> Tap:
    """`tap(browser, minutes, age=60, tap="a name of a tap")`; the answer's status."""

    def tap(browser: FlaskClient, minutes: int, **more: object) -> int:
        typed = {f"mark-{scene.ana}": WORDS[minutes], **more}
        return browser.post(scene.mark_url(scene.ana_id), data=typed, headers=htmx).status_code

    return tap


def minutes_now(scene: Scene) -> int:
    return scene.saved()["Ana"]


def recordings(scene: Scene) -> list[tuple[int, bool]]:
    with sheets.inside(scene.app):
        rows = db.session.scalars(sa.select(Recording).order_by(Recording.id))
        return [(row.minutes, row.was_taken) for row in rows]


def test_an_older_tap_that_arrives_later_is_written_down_and_changes_nothing(
    scene: Scene, login_as: LoginAs, tap: Tap
) -> None:
    phone, laptop = login_as(scene.cast.ivo), login_as(scene.cast.mira)
    tap(laptop, 0)
    assert tap(phone, 180, age=600, tap="phone-tap-1") == 200
    assert minutes_now(scene) == 0
    assert recordings(scene) == [(0, True), (180, False)]


def test_a_newer_tap_that_arrives_later_takes_its_place(scene: Scene, login_as: LoginAs, tap: Tap) -> None:
    phone, laptop = login_as(scene.cast.ivo), login_as(scene.cast.mira)
    tap(laptop, 0, age=900, tap="laptop-tap-1")
    tap(phone, 180, age=600, tap="phone-tap-1")
    assert minutes_now(scene) == 180
    assert recordings(scene) == [(0, True), (180, True)]


def test_whoever_only_agreed_was_the_last_to_see(scene: Scene, login_as: LoginAs, tap: Tap) -> None:
    """Ivo: here, ten minutes ago. Mira: here, two minutes ago. An "absent" of five minutes ago comes in."""
    ivo, mira = login_as(scene.cast.ivo), login_as(scene.cast.mira)
    tap(ivo, 180, age=600, tap="ivo-tap-1")
    tap(mira, 180, age=120, tap="mira-tap-1")
    tap(ivo, 0, age=300, tap="ivo-tap-2")
    assert minutes_now(scene) == 180
    assert recordings(scene) == [(180, True), (180, True), (0, False)]


def test_the_same_tap_sent_twice_is_one(scene: Scene, login_as: LoginAs, tap: Tap) -> None:
    phone = login_as(scene.cast.ivo)
    for _ in range(2):
        assert tap(phone, 180, age=5, tap="phone-tap-1") == 200
    assert recordings(scene) == [(180, True)]


def test_a_tap_sent_again_does_not_undo_what_came_after_it(scene: Scene, login_as: LoginAs, tap: Tap) -> None:
    phone = login_as(scene.cast.ivo)
    tap(phone, 180, tap="phone-tap-1")
    tap(phone, 0, tap="phone-tap-2")
    tap(phone, 180, tap="phone-tap-1")
    assert minutes_now(scene) == 0


def test_a_slow_line_does_not_turn_two_taps_of_a_device_around(
    scene: Scene, login_as: LoginAs, tap: Tap
) -> None:
    """The first was three seconds under way, so it seems younger than the second, made one second after it."""
    phone = login_as(scene.cast.ivo)
    tap(phone, 180, age=0, tap="phone-tap-1")
    tap(phone, 0, age=2, tap="phone-tap-2", after="phone-tap-1")
    assert minutes_now(scene) == 0


def test_nothing_was_seen_before_the_doors_opened_or_in_the_future(
    scene: Scene, login_as: LoginAs, tap: Tap
) -> None:
    phone = login_as(scene.cast.ivo)
    tap(phone, 180, age=10**12, tap="phone-tap-1")
    tap(phone, 180, age=-500, tap="phone-tap-2")
    with sheets.inside(scene.app):
        first, second = db.session.scalars(sa.select(Recording.said_at).order_by(Recording.id))
        assert first == scene.offering.meetings[0].starts_at - timedelta(hours=1)
        assert abs(second - clock.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("age", ["nan", "inf", "-inf", "soon", "9" * 400])
def test_an_age_that_is_none_does_no_harm(scene: Scene, login_as: LoginAs, tap: Tap, age: str) -> None:
    assert tap(login_as(scene.cast.ivo), 180, age=age, tap="phone-tap-1") == 200
    assert minutes_now(scene) == 180


@pytest.mark.parametrize("name", ["short", "x" * 41, "<script>alert", "a tap-with-spaces"])
def test_a_tap_has_a_plain_name(scene: Scene, login_as: LoginAs, tap: Tap, name: str) -> None:
    assert tap(login_as(scene.cast.ivo), 180, tap=name) == 400
    assert scene.saved() == {}


def test_a_tap_kept_until_the_roster_was_closed_is_refused(scene: Scene, login_as: LoginAs, tap: Tap) -> None:
    scene.close()
    assert tap(login_as(scene.cast.ivo), 0, age=600, tap="phone-tap-1") == 422
    assert minutes_now(scene) == 180


def test_the_cell_says_how_when_and_by_whom(scene: Scene, login_as: LoginAs, htmx: dict[str, str]) -> None:
    answer = login_as(scene.cast.ivo).post(
        scene.mark_url(scene.ana_id), data={f"mark-{scene.ana}": "present"}, headers=htmx
    )
    assert "Here · roll call, " in answer.text
    assert "Ivo Sample" in answer.text
    assert "recordings" not in answer.text


def test_more_than_one_recording_leads_to_all_of_them(scene: Scene, login_as: LoginAs, tap: Tap) -> None:
    tap(login_as(scene.cast.mira), 0)
    browser = login_as(scene.cast.ivo)
    tap(browser, 180, age=600, tap="phone-tap-1")
    url = f"{scene.mark_url(scene.ana_id)}/recordings"
    assert f'href="{url}">all 2 recordings' in browser.get(scene.url).text
    page = browser.get(url).text
    assert page.index("Stands") < page.index("Came after a later one")
    assert "Mira Sample" in page
    assert "Ivo Sample" in page


def test_recordings_are_for_those_who_keep_the_sheet(
    scene: Scene, login_as: LoginAs, client: FlaskClient
) -> None:
    url = f"{scene.mark_url(scene.ana_id)}/recordings"
    assert client.get(url).headers["Location"].startswith("/sign-in")
    assert login_as(scene.cast.ana).get(url).status_code == 403
    assert login_as(scene.cast.ivo).get(f"{scene.mark_url(999999)}/recordings").status_code == 404
    assert login_as(scene.cast.ivo).post(url).status_code == 405


def test_one_mark_stands_whoever_taps_most(scene: Scene, login_as: LoginAs, tap: Tap) -> None:
    browsers = [login_as(person) for person in (scene.cast.ivo, scene.cast.mira, scene.cast.ada)]
    for number, age in enumerate((30, 10, 20, 40, 0)):
        tap(browsers[number % 3], 180 if number % 2 else 0, age=age, tap=f"tap-number-{number}")
    with sheets.inside(scene.app):
        assert db.session.scalar(sa.select(sa.func.count(Mark.id))) == 1
    assert len(recordings(scene)) == 5
    assert minutes_now(scene) == 0
